import type { Chapter } from './merchant-case.ts';

/** Which of several shipments takes a number. */
export const SEVERAL_SHIPMENTS: Chapter = {
  title: 'Several shipments',
  cases: [
    {
      says: 'The shipment that the row names takes the number.',
      orders: [
        {
          incrementId: '100000026',
          items: [{ sku: 'MUG', qty: 2 }, { sku: 'TEA' }],
          shipments: [{ items: [{ index: 0 }] }, { items: [{ index: 1 }] }],
        },
      ],
      files: [
        {
          rows: ['order_number,tracking_number,magento_shipment_number', '100000026,1Z1,S1'],
          report: ['2 tracked: number added to shipment S1, which the row names'],
        },
      ],
      after: [
        'complete: 2 x MUG (2 shipped), 1 x TEA (1 shipped)',
        'S1: 2 x MUG; 1Z1',
        'S2: 1 x TEA; no number',
      ],
      requests: { track: 1 },
    },
    {
      says: 'A shipment that the order does not have is refused.',
      orders: [
        {
          incrementId: '100000027',
          items: [{ sku: 'MUG', qty: 2 }, { sku: 'TEA' }],
          shipments: [{ items: [{ index: 0 }] }, { items: [{ index: 1 }] }],
        },
      ],
      files: [
        {
          rows: ['order_number,tracking_number,magento_shipment_number', '100000027,1Z1,000099999'],
          report: ['2 item-mismatch: the order has no shipment 000099999; it has S1, S2'],
        },
      ],
      after: [
        'complete: 2 x MUG (2 shipped), 1 x TEA (1 shipped)',
        'S1: 2 x MUG; no number',
        'S2: 1 x TEA; no number',
      ],
      requests: { track: 0 },
    },
    {
      says: "Without a name, it is the one that holds the row's items.",
      orders: [
        {
          incrementId: '100000028',
          items: [{ sku: 'MUG', qty: 2 }, { sku: 'TEA' }],
          shipments: [
            { items: [{ index: 0 }], tracks: [{ number: 'OLD1' }] },
            { items: [{ index: 1 }], tracks: [{ number: 'OLD2' }] },
          ],
        },
      ],
      files: [
        {
          rows: ['order_number,tracking_number,sku,quantity', '100000028,1Z1,MUG,1'],
          report: ['2 tracked: number added to shipment S1, which holds its items'],
        },
      ],
      after: [
        'complete: 2 x MUG (2 shipped), 1 x TEA (1 shipped)',
        'S1: 2 x MUG; OLD1 and 1Z1',
        'S2: 1 x TEA; OLD2',
      ],
      requests: { track: 1 },
    },
    {
      says: 'Of several that hold them, it is the one with exactly these.',
      orders: [
        {
          incrementId: '100000202',
          items: [{ sku: 'MUG', qty: 3 }],
          shipments: [
            { items: [{ index: 0, qty: 1 }], tracks: [{ number: 'OLD1' }] },
            { items: [{ index: 0, qty: 2 }], tracks: [{ number: 'OLD2' }] },
          ],
        },
      ],
      files: [
        {
          rows: ['order_number,tracking_number,sku,quantity', '100000202,1Z1,MUG,1'],
          report: [
            '2 tracked: number added to shipment S1, which holds exactly its items; OLD1 (track N) stands there already for the same items',
          ],
        },
      ],
      after: ['complete: 3 x MUG (3 shipped)', 'S1: 1 x MUG; OLD1 and 1Z1', 'S2: 2 x MUG; OLD2'],
      requests: { track: 1 },
    },
    {
      says: 'Also on an order with something open, where nothing of one of its items is.',
      orders: [
        {
          incrementId: '100000203',
          items: [{ sku: 'MUG', qty: 2 }, { sku: 'TEA' }],
          shipments: [{ items: [{ index: 0, qty: 1 }, { index: 1 }], tracks: [{ number: 'OLD1' }] }],
        },
      ],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number,sku,quantity', '100000203,1Z1,MUG,1', '100000203,1Z1,TEA,1'],
          report: [
            '2 tracked: number added to the shipment; OLD1 (track N) stands there already for the same items; still open: 1 x MUG',
            '3 tracked: number added to the shipment; OLD1 (track N) stands there already for the same items; still open: 1 x MUG',
          ],
        },
      ],
      after: ['processing: 2 x MUG (1 shipped), 1 x TEA (1 shipped)', 'S1: 1 x MUG, 1 x TEA; OLD1 and 1Z1'],
      requests: { ship: 0, track: 1 },
    },
    {
      says: 'Without items, it is the one without a number.',
      orders: [
        {
          incrementId: '100000029',
          items: [{ sku: 'MUG', qty: 2 }, { sku: 'TEA' }],
          shipments: [{ items: [{ index: 0 }] }, { items: [{ index: 1 }], tracks: [{ number: 'OLD2' }] }],
        },
      ],
      files: [
        {
          rows: ['order_number,tracking_number', '100000029,1Z1'],
          report: ['2 tracked: number added to shipment S1, the only one without a number'],
        },
      ],
      after: ['complete: 2 x MUG (2 shipped), 1 x TEA (1 shipped)', 'S1: 2 x MUG; 1Z1', 'S2: 1 x TEA; OLD2'],
      requests: { track: 1 },
    },
    {
      says: 'Where that does not decide, it is the latest.',
      orders: [
        {
          incrementId: '100000030',
          items: [{ sku: 'MUG', qty: 2 }, { sku: 'TEA' }],
          shipments: [{ items: [{ index: 0 }] }, { items: [{ index: 1 }] }],
        },
      ],
      files: [
        {
          rows: ['order_number,tracking_number', '100000030,1Z1'],
          report: ['2 tracked: number added to shipment S2, the latest of 2'],
        },
      ],
      after: [
        'complete: 2 x MUG (2 shipped), 1 x TEA (1 shipped)',
        'S1: 2 x MUG; no number',
        'S2: 1 x TEA; 1Z1',
      ],
      requests: { track: 1 },
    },
    {
      says: 'With attach: first it is the first.',
      orders: [
        {
          incrementId: '100000031',
          items: [{ sku: 'MUG', qty: 2 }, { sku: 'TEA' }],
          shipments: [{ items: [{ index: 0 }] }, { items: [{ index: 1 }] }],
        },
      ],
      settings: 'attach: first',
      files: [
        {
          rows: ['order_number,tracking_number', '100000031,1Z1'],
          report: ['2 tracked: number added to shipment S1, the first of 2'],
        },
      ],
      after: [
        'complete: 2 x MUG (2 shipped), 1 x TEA (1 shipped)',
        'S1: 2 x MUG; 1Z1',
        'S2: 1 x TEA; no number',
      ],
      requests: { track: 1 },
    },
    {
      says: 'With attach: refuse a person decides.',
      orders: [
        {
          incrementId: '100000032',
          items: [{ sku: 'MUG', qty: 2 }, { sku: 'TEA' }],
          shipments: [{ items: [{ index: 0 }] }, { items: [{ index: 1 }] }],
        },
      ],
      settings: 'attach: refuse',
      files: [
        {
          rows: ['order_number,tracking_number', '100000032,1Z1'],
          report: [
            '2 order-ambiguous: the order has the shipments S1 and S2, and nothing says which of them gets the number: a column with the number of the shipment would (columns.shipment of the profile), so would the items of the parcel, and shipments.attach: latest or first',
          ],
        },
      ],
      after: [
        'complete: 2 x MUG (2 shipped), 1 x TEA (1 shipped)',
        'S1: 2 x MUG; no number',
        'S2: 1 x TEA; no number',
      ],
      requests: { track: 0 },
    },
  ],
};
