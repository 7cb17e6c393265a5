import type { Chapter } from './merchant-case.ts';

/** What a row becomes where some is shipped and some is open. */
export const PARTLY_SHIPPED: Chapter = {
  title: 'An order that is shipped in part',
  cases: [
    {
      says: 'A shipment with exactly these items and no number gets the number, and no second one is made.',
      orders: [
        {
          incrementId: '100000023',
          items: [{ sku: 'MUG', qty: 3 }],
          shipments: [{ items: [{ index: 0, qty: 2 }] }],
        },
      ],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number,sku,quantity', '100000023,1Z1,MUG,2'],
          report: ['2 tracked: number added to the shipment; still open: 1 x MUG'],
        },
      ],
      after: ['processing: 3 x MUG (2 shipped)', 'S1: 2 x MUG; 1Z1'],
      requests: { ship: 0, track: 1 },
    },
    {
      says: 'So does one that holds more than these, where none holds exactly these.',
      orders: [
        {
          incrementId: '100000099',
          items: [{ sku: 'MUG', qty: 3 }],
          shipments: [{ items: [{ index: 0, qty: 2 }] }],
        },
      ],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number,sku,quantity', '100000099,1Z1,MUG,1'],
          report: ['2 tracked: number added to the shipment; still open: 1 x MUG'],
        },
      ],
      after: ['processing: 3 x MUG (2 shipped)', 'S1: 2 x MUG; 1Z1'],
      requests: { ship: 0, track: 1 },
    },
    {
      says: 'Without items, on an order that is shipped in part, the number is one more of the shipment, and the message names what is open.',
      orders: [
        {
          incrementId: '100000024',
          items: [{ sku: 'MUG', qty: 3 }],
          shipments: [{ items: [{ index: 0, qty: 1 }], tracks: [{ number: 'OLD1' }] }],
        },
      ],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number', '100000024,1Z1'],
          report: ['2 tracked: number added to the shipment; still open: 2 x MUG'],
        },
      ],
      after: ['processing: 3 x MUG (1 shipped)', 'S1: 1 x MUG; OLD1 and 1Z1'],
      requests: { ship: 0, track: 1 },
    },
    {
      says: 'One file ships no more than what was open when it came: what was refunded before is not shipped by it.',
      orders: [{ incrementId: '100000300', items: [{ sku: 'MUG', qty: 3, qtyRefunded: 2 }, { sku: 'TEA' }] }],
      settings: 'create: true\nnotify: always',
      files: [
        {
          rows: ['order_number,tracking_number,sku,quantity', '100000300,1Z1,MUG,1', '100000300,1Z2,MUG,1'],
          report: [
            '2 shipped, mailed: shipment created with this number; still open: 1 x TEA',
            '3 item-mismatch: 1 x MUG would have to be shipped, and none of it is left to ship',
          ],
        },
      ],
      after: ['processing: 3 x MUG (1 shipped, 2 refunded), 1 x TEA', 'S1: 1 x MUG; 1Z1; mailed about 1Z1'],
      requests: { ship: 1, emails: 1 },
    },
    {
      says: 'So it is beside a row with items for which a new shipment is made, or is skipped as it would be alone.',
      orders: [
        {
          incrementId: '100000301',
          items: [{ sku: 'MUG', qty: 3 }],
          shipments: [{ items: [{ index: 0, qty: 1 }], tracks: [{ number: 'OLD1' }] }],
        },
      ],
      settings: 'create: true\nonExisting: skip',
      files: [
        {
          rows: ['order_number,tracking_number,sku,quantity', '100000301,1Z1,MUG,2', '100000301,1Z2,,'],
          report: [
            '2 shipped: shipment created with this number',
            '3 skipped: shipment S1 has the number OLD1 already (track N); onExisting: skip leaves it as it is',
          ],
        },
      ],
      after: ['complete: 3 x MUG (3 shipped)', 'S1: 1 x MUG; OLD1', 'S2: 2 x MUG; 1Z1'],
      requests: { ship: 1, track: 0 },
    },
    {
      says: 'With onPartlyShipped: ship it is that of a new shipment of all that is open.',
      orders: [
        {
          incrementId: '100000025',
          items: [{ sku: 'MUG', qty: 3 }],
          shipments: [{ items: [{ index: 0, qty: 1 }], tracks: [{ number: 'OLD1' }] }],
        },
      ],
      settings: 'create: true\nonPartlyShipped: ship',
      files: [
        {
          rows: ['order_number,tracking_number', '100000025,1Z1'],
          report: ['2 shipped: shipment created with this number'],
        },
      ],
      after: ['complete: 3 x MUG (3 shipped)', 'S1: 1 x MUG; OLD1', 'S2: 2 x MUG; 1Z1'],
      requests: { ship: 1, track: 0 },
    },
  ],
};
