import type { Chapter } from './merchant-case.ts';

/** Orders without a shipment: whether one is made. */
export const CREATING: Chapter = {
  title: 'An order without a shipment',
  cases: [
    {
      says: 'With create: true one call ships the order with all its numbers of the file.',
      orders: [{ incrementId: '100000001', items: [{ sku: 'MUG', qty: 2 }, { sku: 'TEA' }] }],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number', '100000001,1Z1', '100000001,1Z2'],
          report: [
            '2 shipped: shipment created with this number',
            '3 shipped: shipment created with this number',
          ],
        },
      ],
      after: ['complete: 2 x MUG (2 shipped), 1 x TEA (1 shipped)', 'S1: 2 x MUG, 1 x TEA; 1Z1 and 1Z2'],
      requests: { ship: 1, track: 0 },
    },
    {
      says: 'With create: false, which is the default, its rows fail as no-shipment, and the message names the key.',
      orders: [{ incrementId: '100000002', items: [{ sku: 'MUG' }] }],
      files: [
        {
          rows: ['order_number,tracking_number', '100000002,1Z1'],
          report: [
            '2 no-shipment: the order has no shipment yet; shipments.create: true would let Trackdrop ship it',
          ],
        },
      ],
      after: ['processing: 1 x MUG'],
      requests: { ship: 0, track: 0 },
    },
    {
      says: 'An order of virtual items alone never ships.',
      orders: [
        {
          incrementId: '100000003',
          items: [
            { sku: 'VOUCHER', type: 'virtual' },
            { sku: 'PDF', type: 'downloadable' },
          ],
        },
      ],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number', '100000003,1Z1'],
          report: [
            '2 nothing-to-ship: the order holds only virtual or downloadable items, so nothing of it is ever shipped',
          ],
        },
      ],
      after: ['complete: 1 x virtual VOUCHER, 1 x downloadable PDF'],
      requests: { ship: 0 },
    },
  ],
};
