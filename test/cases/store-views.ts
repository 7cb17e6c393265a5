import type { Chapter } from './merchant-case.ts';

/** Which of several orders of one number is meant. */
export const STORE_VIEWS: Chapter = {
  title: 'Store views',
  cases: [
    {
      says: 'Where two store views have an order of that number, and nothing says which is meant, a person decides.',
      orders: [
        { incrementId: '100000065', items: [{ sku: 'MUG' }], shipments: [{}] },
        { incrementId: '100000065', storeId: 2, items: [{ sku: 'TEA' }], shipments: [{}] },
      ],
      files: [
        {
          rows: ['order_number,tracking_number', '100000065,1Z1'],
          report: [
            '2 order-ambiguous: several store views have an order 100000065 (id N in store view 1, id N in store view 2), and nothing says which is meant; shipments.storeView of the inbox would, or a column of the file with the store view (columns.storeView of its profile)',
          ],
        },
      ],
      after: [
        'complete: 1 x MUG (1 shipped)',
        'S1: 1 x MUG; no number',
        'complete of store view 2: 1 x TEA (1 shipped)',
        'S1: 1 x TEA; no number',
      ],
      requests: { track: 0 },
    },
    {
      says: 'The inbox may say which.',
      orders: [
        { incrementId: '100000066', items: [{ sku: 'MUG' }], shipments: [{}] },
        { incrementId: '100000066', storeId: 2, items: [{ sku: 'TEA' }], shipments: [{}] },
      ],
      settings: 'storeView: 2',
      files: [
        {
          rows: ['order_number,tracking_number', '100000066,1Z1'],
          report: ['2 tracked: number added to the shipment'],
        },
      ],
      after: [
        'complete: 1 x MUG (1 shipped)',
        'S1: 1 x MUG; no number',
        'complete of store view 2: 1 x TEA (1 shipped)',
        'S1: 1 x TEA; 1Z1',
      ],
      requests: { track: 1 },
    },
    {
      says: 'So may a column of the file, row by row.',
      orders: [
        { incrementId: '100000067', items: [{ sku: 'MUG' }], shipments: [{}] },
        { incrementId: '100000067', storeId: 2, items: [{ sku: 'TEA' }], shipments: [{}] },
      ],
      files: [
        {
          rows: ['order_number,tracking_number,store_view_id', '100000067,1Z1,2', '100000067,1Z2,1'],
          report: ['2 tracked: number added to the shipment', '3 tracked: number added to the shipment'],
        },
      ],
      after: [
        'complete: 1 x MUG (1 shipped)',
        'S1: 1 x MUG; 1Z2',
        'complete of store view 2: 1 x TEA (1 shipped)',
        'S1: 1 x TEA; 1Z1',
      ],
      requests: { track: 2 },
    },
    {
      says: 'One number on several orders is allowed.',
      orders: [
        { incrementId: '100000068', items: [{ sku: 'MUG' }], shipments: [{}] },
        { incrementId: '100000069', items: [{ sku: 'MUG' }], shipments: [{}] },
      ],
      files: [
        {
          rows: ['order_number,tracking_number', '100000068,1Z1', '100000069,1Z1'],
          report: ['2 tracked: number added to the shipment', '3 tracked: number added to the shipment'],
        },
      ],
      after: [
        'complete: 1 x MUG (1 shipped)',
        'S1: 1 x MUG; 1Z1',
        'complete: 1 x MUG (1 shipped)',
        'S1: 1 x MUG; 1Z1',
      ],
      requests: { track: 2 },
    },
  ],
};
