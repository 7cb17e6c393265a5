import type { Chapter } from './merchant-case.ts';

/** Where new shipments leave from. */
export const SOURCES: Chapter = {
  title: 'Sources of the stock',
  cases: [
    {
      says: "Without more, a shipment leaves from the shop's default source.",
      orders: [{ incrementId: '100000060', items: [{ sku: 'MUG', qty: 2 }] }],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number', '100000060,1Z1'],
          report: ['2 shipped: shipment created with this number'],
        },
      ],
      after: ['complete: 2 x MUG (2 shipped)', 'S1: 2 x MUG; 1Z1'],
    },
    {
      says: 'The inbox may name another one.',
      orders: [{ incrementId: '100000061', items: [{ sku: 'MUG', qty: 2 }] }],
      settings: 'create: true\nsource: east',
      files: [
        {
          rows: ['order_number,tracking_number', '100000061,1Z1'],
          report: ['2 shipped: shipment created with this number'],
        },
      ],
      after: ['complete: 2 x MUG (2 shipped)', 'S1: 2 x MUG; 1Z1; from east'],
    },
    {
      says: 'A column of the file comes before that.',
      orders: [{ incrementId: '100000062', items: [{ sku: 'MUG', qty: 2 }] }],
      settings: 'create: true\nsource: east',
      files: [
        {
          rows: ['order_number,tracking_number,source_code', '100000062,1Z1,west'],
          report: ['2 shipped: shipment created with this number'],
        },
      ],
      after: ['complete: 2 x MUG (2 shipped)', 'S1: 2 x MUG; 1Z1; from west'],
    },
    {
      says: "A profile may say which source a warehouse's own name means.",
      orders: [{ incrementId: '100000063', items: [{ sku: 'MUG', qty: 2 }] }],
      settings: 'create: true',
      profile: 'columns:\n  source: Warehouse\nsources:\n  - says: [Haus Ost]\n    code: east',
      files: [
        {
          rows: ['order_number,tracking_number,Warehouse', '100000063,1Z1,Haus Ost'],
          report: ['2 shipped: shipment created with this number'],
        },
      ],
      after: ['complete: 2 x MUG (2 shipped)', 'S1: 2 x MUG; 1Z1; from east'],
    },
    {
      says: 'Parcels from two sources are two shipments, where they say what they hold.',
      orders: [{ incrementId: '100000064', items: [{ sku: 'MUG', qty: 2 }, { sku: 'TEA' }] }],
      settings: 'create: true',
      files: [
        {
          rows: [
            'order_number,tracking_number,sku,quantity,source_code',
            '100000064,1Z1,MUG,2,east',
            '100000064,1Z2,TEA,1,west',
          ],
          report: [
            '2 shipped: shipment created with this number',
            '3 shipped: shipment created with this number',
          ],
        },
      ],
      after: [
        'complete: 2 x MUG (2 shipped), 1 x TEA (1 shipped)',
        'S1: 2 x MUG; 1Z1; from east',
        'S2: 1 x TEA; 1Z2; from west',
      ],
      requests: { ship: 2 },
    },
    {
      says: 'Where they do not, nobody knows what leaves from where, and nothing is sent.',
      orders: [{ incrementId: '100000210', items: [{ sku: 'MUG', qty: 2 }, { sku: 'TEA' }] }],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number,source_code', '100000210,1Z1,east', '100000210,1Z2,west'],
          report: [
            '2 item-mismatch: the parcels of this order leave from several sources, east and west, so each must say what it holds (columns.sku and columns.quantity of the profile)',
            '3 item-mismatch: the parcels of this order leave from several sources, east and west, so each must say what it holds (columns.sku and columns.quantity of the profile)',
          ],
        },
      ],
      after: ['processing: 2 x MUG, 1 x TEA'],
      requests: { ship: 0 },
    },
    {
      says: 'One number is one parcel, and cannot leave from two.',
      orders: [{ incrementId: '100000211', items: [{ sku: 'MUG', qty: 2 }, { sku: 'TEA' }] }],
      settings: 'create: true',
      files: [
        {
          rows: [
            'order_number,tracking_number,sku,quantity,source_code',
            '100000211,1Z1,MUG,2,east',
            '100000211,1Z1,TEA,1,west',
          ],
          report: [
            '2 item-mismatch: the rows of this number name two sources, east and west',
            '3 item-mismatch: the rows of this number name two sources, east and west',
          ],
        },
      ],
      after: ['processing: 2 x MUG, 1 x TEA'],
      requests: { ship: 0 },
    },
    {
      says: 'A shipment that is there takes the number, and stays with the source that it left from.',
      orders: [{ incrementId: '100000212', items: [{ sku: 'MUG' }], shipments: [{ source: 'west' }] }],
      files: [
        {
          rows: ['order_number,tracking_number,source_code', '100000212,1Z1,east'],
          report: [
            '2 tracked: number added to the shipment; it left from source west, and not from east, which the row names',
          ],
        },
      ],
      after: ['complete: 1 x MUG (1 shipped)', 'S1: 1 x MUG; 1Z1; from west'],
      requests: { ship: 0, track: 1 },
    },
  ],
};
