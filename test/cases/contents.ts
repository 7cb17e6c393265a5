import type { Chapter } from './merchant-case.ts';

/** Rows that say what a parcel holds. */
export const CONTENTS: Chapter = {
  title: 'What a parcel holds',
  cases: [
    {
      says: 'Rows with SKU and quantity make a shipment of exactly these.',
      orders: [
        {
          incrementId: '100000008',
          items: [
            { sku: 'MUG', qty: 3 },
            { sku: 'TEA', qty: 2 },
          ],
        },
      ],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number,sku,quantity', '100000008,1Z1,MUG,2'],
          report: ['2 shipped: shipment created with this number; still open: 1 x MUG and 2 x TEA'],
        },
      ],
      after: ['processing: 3 x MUG (2 shipped), 2 x TEA', 'S1: 2 x MUG; 1Z1'],
      requests: { ship: 1 },
    },
    {
      says: 'One number over several rows, one for each item, is one parcel.',
      orders: [
        {
          incrementId: '100000009',
          items: [
            { sku: 'MUG', qty: 3 },
            { sku: 'TEA', qty: 2 },
          ],
        },
      ],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number,sku,quantity', '100000009,1Z1,MUG,3', '100000009,1Z1,TEA,1'],
          report: [
            '2 shipped: shipment created with this number; still open: 1 x TEA',
            '3 shipped: shipment created with this number; still open: 1 x TEA',
          ],
        },
      ],
      after: ['processing: 3 x MUG (3 shipped), 2 x TEA (1 shipped)', 'S1: 3 x MUG, 1 x TEA; 1Z1'],
      requests: { ship: 1 },
    },
    {
      says: 'A SKU in other case, or with other blanks, means the item of the order that looks like it; of two that differ by case alone each is named as the order has it.',
      orders: [
        {
          incrementId: '100000231',
          items: [
            { sku: 'RED MUG', qty: 1 },
            { sku: 'TEA-a', qty: 2 },
            { sku: 'TEA-A', qty: 2 },
          ],
        },
      ],
      settings: 'create: true',
      files: [
        {
          rows: [
            'order_number,tracking_number,sku,quantity',
            '100000231,1Z1,red  mug,1',
            '100000231,1Z1,TEA-A,2',
          ],
          report: [
            '2 shipped: shipment created with this number; still open: 2 x TEA-a',
            '3 shipped: shipment created with this number; still open: 2 x TEA-a',
          ],
        },
      ],
      after: [
        'processing: 1 x RED MUG (1 shipped), 2 x TEA-a, 2 x TEA-A (2 shipped)',
        'S1: 1 x RED MUG, 2 x TEA-A; 1Z1',
      ],
      requests: { ship: 1 },
    },
    {
      says: 'A row with the quantity 0 says that nothing of the item is in the parcel, and has the fate of the other rows of its number.',
      orders: [
        {
          incrementId: '100000221',
          items: [
            { sku: 'MUG', qty: 2 },
            { sku: 'TEA', qty: 1 },
          ],
        },
      ],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number,sku,quantity', '100000221,1Z1,MUG,2', '100000221,1Z1,TEA,0'],
          report: [
            '2 shipped: shipment created with this number; still open: 1 x TEA',
            '3 shipped: shipment created with this number; still open: 1 x TEA; quantity 0: nothing of TEA is in this parcel',
          ],
        },
      ],
      after: ['processing: 2 x MUG (2 shipped), 1 x TEA', 'S1: 2 x MUG; 1Z1'],
      requests: { ship: 1 },
    },
    {
      says: 'A number of which every row has the quantity 0 holds nothing: it is not shipped as all that is open.',
      orders: [
        {
          incrementId: '100000222',
          items: [
            { sku: 'MUG', qty: 2 },
            { sku: 'TEA', qty: 1 },
          ],
        },
      ],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number,sku,quantity', '100000222,1Z1,MUG,0'],
          report: [
            '2 item-mismatch: the rows of this number name items, each with the quantity 0, so that nothing is in the parcel; correct a quantity, or leave the rows out; quantity 0: nothing of MUG is in this parcel',
          ],
        },
      ],
      after: ['processing: 2 x MUG, 1 x TEA'],
      requests: { ship: 0 },
    },
    {
      says: 'A parcel that does not say what it holds is not shipped as all that is open where another one fails that does.',
      orders: [
        {
          incrementId: '100000197',
          items: [
            { sku: 'MUG', qty: 3 },
            { sku: 'TEA', qty: 2 },
          ],
        },
      ],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number,sku,quantity', '100000197,1Z1,MUG,4', '100000197,1Z2,,'],
          report: [
            '2 item-mismatch: 4 x MUG would have to be shipped, and only 3 of it is left to ship',
            '3 item-mismatch: other rows of the file for this order say what they hold, and not all of them can be shipped; say what this one holds too (columns.sku and columns.quantity of the profile), since it would be shipped as everything that is open',
          ],
        },
      ],
      after: ['processing: 3 x MUG, 2 x TEA'],
      requests: {},
    },
    {
      says: 'A SKU that stands on several lines of the order is taken from them in their order, and from parts of bundles last.',
      orders: [
        { incrementId: '100000010', items: [{ sku: 'MUG', qty: 1 }, { sku: 'TEA' }, { sku: 'MUG', qty: 2 }] },
      ],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number,sku,quantity', '100000010,1Z1,MUG,2'],
          report: ['2 shipped: shipment created with this number; still open: 1 x TEA and 1 x MUG'],
        },
      ],
      after: ['processing: 1 x MUG (1 shipped), 1 x TEA, 2 x MUG (1 shipped)', 'S1: 1 x MUG, 1 x MUG; 1Z1'],
      requests: { ship: 1 },
    },
    {
      says: 'Rows of one number with the same SKU and quantity add up where they differ in any other cell; one that is the same cell by cell counts once.',
      orders: [
        { incrementId: '100000097', items: [{ sku: 'MUG' }, { sku: 'TEA' }, { sku: 'MUG' }, { sku: 'MUG' }] },
      ],
      settings: 'create: true',
      files: [
        {
          rows: [
            'order_number,tracking_number,sku,quantity,position',
            '100000097,1Z1,MUG,1,1',
            '100000097,1Z1,TEA,1,2',
            '100000097,1Z1,MUG,1,3',
            '100000097,1Z1,MUG,1,1',
          ],
          report: [
            '2 shipped: shipment created with this number; still open: 1 x MUG',
            '3 shipped: shipment created with this number; still open: 1 x MUG',
            '4 shipped: shipment created with this number; still open: 1 x MUG',
            '5 already-tracked: same as line 2, counted once',
          ],
        },
      ],
      after: [
        'processing: 1 x MUG (1 shipped), 1 x TEA (1 shipped), 1 x MUG (1 shipped), 1 x MUG',
        'S1: 1 x MUG, 1 x TEA, 1 x MUG; 1Z1',
      ],
      requests: { ship: 1 },
    },
    {
      says: 'A SKU that is not in the order is refused before anything is sent.',
      orders: [{ incrementId: '100000020', items: [{ sku: 'MUG', qty: 2 }] }],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number,sku,quantity', '100000020,1Z1,PLATE,1'],
          report: ['2 item-mismatch: the order has no item PLATE that can be shipped by itself; it has MUG'],
        },
      ],
      after: ['processing: 2 x MUG'],
      requests: { ship: 0 },
    },
    {
      says: 'More than is open is refused before anything is sent; the shop would ship less without a word.',
      orders: [
        {
          incrementId: '100000021',
          items: [{ sku: 'MUG', qty: 3 }],
          shipments: [{ items: [{ index: 0, qty: 2 }], tracks: [{ number: 'OLD1' }] }],
        },
      ],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number,sku,quantity', '100000021,1Z1,MUG,2'],
          report: ['2 item-mismatch: 2 x MUG would have to be shipped, and only 1 of it is left to ship'],
        },
      ],
      after: ['processing: 3 x MUG (2 shipped)', 'S1: 2 x MUG; OLD1'],
      requests: { ship: 0 },
    },
    {
      says: 'What was refunded or canceled is not open.',
      orders: [{ incrementId: '100000022', items: [{ sku: 'MUG', qty: 3, qtyRefunded: 1, qtyCanceled: 1 }] }],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number,sku,quantity', '100000022,1Z1,MUG,2'],
          report: ['2 item-mismatch: 2 x MUG would have to be shipped, and only 1 of it is left to ship'],
        },
      ],
      after: ['processing: 3 x MUG (1 refunded, 1 canceled)'],
      requests: { ship: 0 },
    },
    {
      says: 'Nor is what the shop keeps from being shipped; it would leave that out without a word.',
      orders: [{ incrementId: '100000204', items: [{ sku: 'MUG' }, { sku: 'TEA', lockedDoShip: true }] }],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number,sku,quantity', '100000204,1Z1,TEA,1', '100000204,1Z2,MUG,1'],
          report: [
            '2 item-mismatch: 1 x TEA would have to be shipped, and none of it is left to ship; the shop keeps 1 x TEA from being shipped (locked_do_ship)',
            '3 shipped: shipment created with this number',
          ],
        },
      ],
      after: ['complete: 1 x MUG (1 shipped), 1 x TEA', 'S1: 1 x MUG; 1Z2'],
      requests: { ship: 1 },
    },
  ],
};
