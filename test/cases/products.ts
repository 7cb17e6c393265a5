import type { ItemSeed } from '../../src/sandbox/seed.ts';
import type { Chapter } from './merchant-case.ts';

/** Two bundles, with a mug and two cups in each. */
function twoSets(shipment: 'together' | 'separately'): ItemSeed {
  const children = [
    { sku: 'MUG', qty: 2 },
    { sku: 'CUP', qty: 4 },
  ];
  return { sku: 'SET', type: 'bundle', shipment, qty: 2, children };
}

/** What ships by itself, with its parts, in parts of a piece, or never. */
export const PRODUCTS: Chapter = {
  title: 'Kinds of products',
  cases: [
    {
      says: 'A configurable product is shipped by the SKU of the variant that was bought.',
      orders: [
        {
          incrementId: '100000011',
          items: [{ sku: 'SHIRT-RED', type: 'configurable', qty: 2, children: [{ sku: 'SHIRT-RED' }] }],
        },
      ],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number,sku,quantity', '100000011,1Z1,SHIRT-RED,1'],
          report: ['2 shipped: shipment created with this number; still open: 1 x SHIRT-RED'],
        },
      ],
      after: ['processing: 2 x configurable SHIRT-RED (1 shipped)', 'S1: 1 x SHIRT-RED; 1Z1'],
      requests: { ship: 1 },
    },
    {
      says: 'Where its line has more than that, as custom options add it, the variant of the child is enough.',
      orders: [
        {
          incrementId: '100000095',
          items: [{ sku: 'SHIRT-M-gift', type: 'configurable', qty: 2, children: [{ sku: 'SHIRT-M' }] }],
        },
      ],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number,sku,quantity', '100000095,1Z1,SHIRT-M,1'],
          report: ['2 shipped: shipment created with this number; still open: 1 x SHIRT-M-gift'],
        },
      ],
      after: ['processing: 2 x configurable SHIRT-M-gift (1 shipped)', 'S1: 1 x SHIRT-M-gift; 1Z1'],
      requests: { ship: 1 },
    },
    {
      says: 'A product that was bought out of a group is one like any other.',
      orders: [{ incrementId: '100000012', items: [{ sku: 'MUG', type: 'grouped', qty: 2 }] }],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number,sku,quantity', '100000012,1Z1,MUG,1'],
          report: ['2 shipped: shipment created with this number; still open: 1 x MUG'],
        },
      ],
      after: ['processing: 2 x grouped MUG (1 shipped)', 'S1: 1 x MUG; 1Z1'],
      requests: { ship: 1 },
    },
    {
      says: 'A bundle that ships together is shipped by its own SKU, whole ones of it.',
      orders: [
        {
          incrementId: '100000013',
          items: [twoSets('together')],
        },
      ],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number,sku,quantity', '100000013,1Z1,SET,1'],
          report: ['2 shipped: shipment created with this number; still open: 1 x SET'],
        },
      ],
      after: [
        'complete: 2 x bundle SET of [2 x MUG (1 shipped), 4 x CUP (2 shipped)] (1 shipped)',
        'S1: 1 x SET; 1Z1',
      ],
      requests: { ship: 1 },
    },
    {
      says: 'Rows that name all parts of a bundle that ships together ship the bundle; the shop is asked twice, since it does not tell beforehand.',
      orders: [
        {
          incrementId: '100000014',
          items: [twoSets('together')],
        },
      ],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number,sku,quantity', '100000014,1Z1,MUG,1', '100000014,1Z1,CUP,2'],
          report: [
            '2 shipped: shipment created with this number; still open: 1 x SET',
            '3 shipped: shipment created with this number; still open: 1 x SET',
          ],
        },
      ],
      after: [
        'complete: 2 x bundle SET of [2 x MUG (1 shipped), 4 x CUP (2 shipped)] (1 shipped)',
        'S1: 1 x SET; 1Z1',
      ],
      requests: { ship: 2 },
    },
    {
      says: 'A part alone of a bundle that ships together cannot be shipped.',
      orders: [
        {
          incrementId: '100000015',
          items: [twoSets('together')],
          shipments: [{ items: [{ index: 0, qty: 1 }], tracks: [{ number: 'OLD1' }] }],
        },
      ],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number,sku,quantity', '100000015,1Z1,MUG,1'],
          report: [
            '2 item-mismatch: bundle SET ships as a whole, with 1 x MUG and 2 x CUP in each; the rows name only part of it: 1 x MUG',
          ],
        },
      ],
      after: [
        'processing: 2 x bundle SET of [2 x MUG (1 shipped), 4 x CUP (2 shipped)] (1 shipped)',
        'S1: 1 x SET; OLD1',
      ],
      requests: { ship: 0 },
    },
    {
      says: 'Parts of a bundle that ships separately are shipped one by one.',
      orders: [
        {
          incrementId: '100000016',
          items: [twoSets('separately')],
        },
      ],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number,sku,quantity', '100000016,1Z1,CUP,3'],
          report: ['2 shipped: shipment created with this number; still open: 2 x MUG and 1 x CUP'],
        },
        {
          rows: ['order_number,tracking_number,sku,quantity', '100000016,1Z2,MUG,2', '100000016,1Z2,CUP,1'],
          report: [
            '2 shipped: shipment created with this number',
            '3 shipped: shipment created with this number',
          ],
        },
      ],
      after: [
        'complete: 2 x bundle SET of [2 x MUG (2 shipped), 4 x CUP (4 shipped)] (2 shipped)',
        'S1: 1 x SET, 3 x CUP; 1Z1',
        'S2: 1 x SET, 2 x MUG, 1 x CUP; 1Z2',
      ],
      requests: { ship: 2 },
    },
    {
      says: 'Of an order with virtual items the others are shipped.',
      orders: [
        {
          incrementId: '100000017',
          items: [
            { sku: 'VOUCHER', type: 'virtual' },
            { sku: 'MUG', qty: 2 },
          ],
        },
      ],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number', '100000017,1Z1'],
          report: ['2 shipped: shipment created with this number'],
        },
      ],
      after: ['complete: 1 x virtual VOUCHER, 2 x MUG (2 shipped)', 'S1: 2 x MUG; 1Z1'],
      requests: { ship: 1 },
    },
    {
      says: 'What is sold by measure is shipped in parts of a piece.',
      orders: [{ incrementId: '100000018', items: [{ sku: 'CLOTH', qty: 2.5, decimal: true }] }],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number,sku,quantity', '100000018,1Z1,CLOTH,0.3'],
          report: ['2 shipped: shipment created with this number; still open: 2.2 x CLOTH'],
        },
        {
          rows: ['order_number,tracking_number,sku,quantity', '100000018,1Z2,CLOTH,2.2'],
          report: ['2 shipped: shipment created with this number'],
        },
      ],
      after: ['complete: 2.5 x CLOTH (2.5 shipped)', 'S1: 0.3 x CLOTH; 1Z1', 'S2: 2.2 x CLOTH; 1Z2'],
      requests: { ship: 2 },
    },
    {
      says: 'Part of a piece of what is sold by the piece is refused before anything is sent.',
      orders: [{ incrementId: '100000019', items: [{ sku: 'MUG', qty: 2 }] }],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number,sku,quantity', '100000019,1Z1,MUG,0.5'],
          report: ['2 item-mismatch: MUG is sold by the piece, and 0.5 x MUG is no whole number of them'],
        },
      ],
      after: ['processing: 2 x MUG'],
      requests: { ship: 0 },
    },
  ],
};
