import type { Chapter } from './merchant-case.ts';

/** What becomes of a number that stands there already. */
export const EXISTING_NUMBERS: Chapter = {
  title: 'A shipment that has a number',
  cases: [
    {
      says: 'The number that stands there already is already-tracked, and nothing is sent.',
      orders: [
        {
          incrementId: '100000033',
          items: [{ sku: 'MUG' }],
          shipments: [{ tracks: [{ number: 'OLD1', createdAt: '2026-01-02 03:04:05' }] }],
        },
      ],
      files: [
        {
          rows: ['order_number,tracking_number', '100000033,OLD1'],
          report: ['2 already-tracked: the number stands on shipment S1 already'],
        },
      ],
      after: ['complete: 1 x MUG (1 shipped)', 'S1: 1 x MUG; OLD1'],
      requests: { track: 0 },
    },
    {
      says: 'With onExisting: add, which is the default, it gets one more.',
      orders: [
        {
          incrementId: '100000034',
          items: [{ sku: 'MUG' }],
          shipments: [{ tracks: [{ number: 'OLD1', createdAt: '2026-01-02 03:04:05' }] }],
        },
      ],
      files: [
        {
          rows: ['order_number,tracking_number', '100000034,1Z1'],
          report: ['2 tracked: number added to the shipment'],
        },
      ],
      after: ['complete: 1 x MUG (1 shipped)', 'S1: 1 x MUG; OLD1 and 1Z1'],
      requests: { track: 1 },
    },
    {
      says: 'With onExisting: fill a shipment without a number comes first, and one with a number is left as it is.',
      orders: [
        {
          incrementId: '100000035',
          items: [{ sku: 'MUG' }],
          shipments: [{ tracks: [{ number: 'OLD1', createdAt: '2026-01-02 03:04:05' }] }],
        },
      ],
      settings: 'onExisting: fill',
      files: [
        {
          rows: ['order_number,tracking_number', '100000035,1Z1'],
          report: [
            '2 skipped: shipment S1 has the number OLD1 already (track N); onExisting: fill writes to shipments without a number only',
          ],
        },
      ],
      after: ['complete: 1 x MUG (1 shipped)', 'S1: 1 x MUG; OLD1'],
      requests: { track: 0 },
    },
    {
      says: 'With onExisting: skip it is left as it is.',
      orders: [
        {
          incrementId: '100000036',
          items: [{ sku: 'MUG' }],
          shipments: [{ tracks: [{ number: 'OLD1', createdAt: '2026-01-02 03:04:05' }] }],
        },
      ],
      settings: 'onExisting: skip',
      files: [
        {
          rows: ['order_number,tracking_number', '100000036,1Z1'],
          report: [
            '2 skipped: shipment S1 has the number OLD1 already (track N); onExisting: skip leaves it as it is',
          ],
        },
      ],
      after: ['complete: 1 x MUG (1 shipped)', 'S1: 1 x MUG; OLD1'],
      requests: { track: 0 },
    },
    {
      says: 'With onExisting: replace it gets the new number, and then loses the old one.',
      orders: [
        {
          incrementId: '100000037',
          items: [{ sku: 'MUG' }],
          shipments: [{ tracks: [{ number: 'OLD1', createdAt: '2026-01-02 03:04:05' }] }],
        },
      ],
      settings: 'onExisting: replace',
      files: [
        {
          rows: ['order_number,tracking_number', '100000037,1Z1'],
          report: ['2 replaced: number added to the shipment; it took the place of OLD1 (track N)'],
        },
      ],
      after: ['complete: 1 x MUG (1 shipped)', 'S1: 1 x MUG; 1Z1'],
      requests: { track: 1 },
    },
    {
      says: 'With onExisting: replace a number whose row names its items takes none away: each may be a parcel of that shipment.',
      orders: [
        {
          incrementId: '100000098',
          items: [{ sku: 'MUG' }, { sku: 'TEA' }],
          shipments: [{ tracks: [{ number: 'OLD1', createdAt: '2026-01-02 03:04:05' }] }],
        },
      ],
      settings: 'onExisting: replace',
      files: [
        {
          rows: ['order_number,tracking_number,sku,quantity', '100000098,1Z1,MUG,1'],
          report: ['2 tracked: number added to the shipment'],
        },
        {
          rows: ['order_number,tracking_number,sku,quantity', '100000098,1Z2,TEA,1'],
          report: ['2 tracked: number added to the shipment'],
        },
      ],
      after: [
        'complete: 1 x MUG (1 shipped), 1 x TEA (1 shipped)',
        'S1: 1 x MUG, 1 x TEA; OLD1 and 1Z1 and 1Z2',
      ],
      requests: { track: 2 },
    },
    {
      says: 'With onExisting: fill the number goes onto the shipment that has none.',
      orders: [
        {
          incrementId: '100000071',
          items: [{ sku: 'MUG' }, { sku: 'TEA' }],
          shipments: [{ items: [{ index: 0 }] }, { items: [{ index: 1 }], tracks: [{ number: 'OLD1' }] }],
        },
      ],
      settings: 'onExisting: fill',
      files: [
        {
          rows: ['order_number,tracking_number', '100000071,1Z1'],
          report: ['2 tracked: number added to shipment S1, the only one without a number'],
        },
      ],
      after: ['complete: 1 x MUG (1 shipped), 1 x TEA (1 shipped)', 'S1: 1 x MUG; 1Z1', 'S2: 1 x TEA; OLD1'],
      requests: { track: 1 },
    },
  ],
};
