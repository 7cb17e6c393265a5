import type { Chapter } from './merchant-case.ts';

/** Several numbers of one order, in one file and in later ones. */
export const PARCELS: Chapter = {
  title: 'Several parcels',
  cases: [
    {
      says: 'All rows of an order in one file go onto one new shipment, however far apart they stand.',
      orders: [
        { incrementId: '100000004', items: [{ sku: 'MUG', qty: 3 }] },
        { incrementId: '100000005', items: [{ sku: 'TEA' }] },
      ],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number', '100000004,1Z1', '100000005,1Z9', '100000004,1Z2'],
          report: [
            '2 shipped: shipment created with this number',
            '3 shipped: shipment created with this number',
            '4 shipped: shipment created with this number',
          ],
        },
      ],
      after: [
        'complete: 3 x MUG (3 shipped)',
        'S1: 3 x MUG; 1Z1 and 1Z2',
        'complete: 1 x TEA (1 shipped)',
        'S1: 1 x TEA; 1Z9',
      ],
      requests: { ship: 2, track: 0 },
    },
    {
      says: 'Parcels of later files are added to the shipment that is there.',
      orders: [{ incrementId: '100000006', items: [{ sku: 'MUG', qty: 3 }] }],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number', '100000006,1Z1'],
          report: ['2 shipped: shipment created with this number'],
        },
        {
          rows: ['order_number,tracking_number', '100000006,1Z2', '100000006,1Z1'],
          report: [
            '2 tracked: number added to the shipment',
            '3 already-tracked: the number stands on shipment S1 already',
          ],
        },
      ],
      after: ['complete: 3 x MUG (3 shipped)', 'S1: 3 x MUG; 1Z1 and 1Z2'],
      requests: { ship: 1, track: 1 },
    },
    {
      says: 'One that brings a second number for the same items is added, too, and the message names the first.',
      orders: [{ incrementId: '100000201', items: [{ sku: 'MUG' }] }],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number,sku,quantity', '100000201,1Z1,MUG,1'],
          report: ['2 shipped: shipment created with this number'],
        },
        {
          rows: ['order_number,tracking_number,sku,quantity', '100000201,1Z2,MUG,1'],
          report: [
            '2 tracked: number added to the shipment; 1Z1 (track N) stands there already for the same items',
          ],
        },
      ],
      after: ['complete: 1 x MUG (1 shipped)', 'S1: 1 x MUG; 1Z1 and 1Z2'],
      requests: { ship: 1, track: 1 },
    },
    {
      says: 'The same row twice is one parcel.',
      orders: [{ incrementId: '100000007', items: [{ sku: 'MUG' }], shipments: [{}] }],
      files: [
        {
          rows: ['order_number,tracking_number', '100000007,1Z1', '100000007,1Z1'],
          report: ['2 tracked: number added to the shipment', '3 already-tracked: same as line 2'],
        },
      ],
      after: ['complete: 1 x MUG (1 shipped)', 'S1: 1 x MUG; 1Z1'],
      requests: { ship: 0, track: 1 },
    },
  ],
};
