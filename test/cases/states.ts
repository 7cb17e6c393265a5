import type { Chapter } from './merchant-case.ts';

/** Whether an order in each of its states is shipped. */
export const STATES: Chapter = {
  title: 'States of an order',
  cases: [
    {
      says: 'A canceled order is not shipped.',
      orders: [{ incrementId: '100000038', state: 'canceled', items: [{ sku: 'MUG', qty: 2 }] }],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number', '100000038,1Z1'],
          report: ['2 order-closed: the order is canceled and has no shipment'],
        },
      ],
      after: ['canceled: 2 x MUG (2 canceled)'],
      requests: { ship: 0 },
    },
    {
      says: 'Nor is one that is closed, with nothing open.',
      orders: [{ incrementId: '100000039', state: 'closed', items: [{ sku: 'MUG', qty: 2 }] }],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number', '100000039,1Z1'],
          report: ['2 order-closed: the order has no shipment and nothing left to ship (status closed)'],
        },
      ],
      after: ['closed: 2 x MUG (2 refunded)'],
      requests: { ship: 0 },
    },
    {
      says: 'One that is closed with something open is.',
      orders: [
        { incrementId: '100000040', state: 'closed', items: [{ sku: 'MUG', qty: 2, qtyRefunded: 0 }] },
      ],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number', '100000040,1Z1'],
          report: ['2 shipped: shipment created with this number'],
        },
      ],
      after: ['closed: 2 x MUG (2 shipped)', 'S1: 2 x MUG; 1Z1'],
      requests: { ship: 1 },
    },
    {
      says: 'One on hold waits.',
      orders: [{ incrementId: '100000041', state: 'holded', items: [{ sku: 'MUG', qty: 2 }] }],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number', '100000041,1Z1'],
          report: [
            '2 waiting: the order has no shipment, and it cannot be shipped while its status is holded; looked at again at TIME, until TIME (UTC); it waits in 100000041-0.waiting.csv in the folder waiting',
          ],
        },
      ],
      after: ['holded: 2 x MUG'],
      requests: { ship: 0 },
    },
    {
      says: 'One whose payment is reviewed waits.',
      orders: [{ incrementId: '100000042', state: 'payment_review', items: [{ sku: 'MUG', qty: 2 }] }],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number', '100000042,1Z1'],
          report: [
            '2 waiting: the order has no shipment, and it cannot be shipped while its status is payment_review; looked at again at TIME, until TIME (UTC); it waits in 100000042-0.waiting.csv in the folder waiting',
          ],
        },
      ],
      after: ['payment_review: 2 x MUG'],
      requests: { ship: 0 },
    },
    {
      says: 'One whose payment is pending waits, although the shop would ship it.',
      orders: [
        {
          incrementId: '100000043',
          state: 'pending_payment',
          invoiced: false,
          items: [{ sku: 'MUG', qty: 2 }],
        },
      ],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number', '100000043,1Z1'],
          report: [
            '2 waiting: the order has no shipment, and it cannot be shipped while its status is pending_payment; looked at again at TIME, until TIME (UTC); it waits in 100000043-0.waiting.csv in the folder waiting',
          ],
        },
      ],
      after: ['pending_payment: 2 x MUG (2 not invoiced)'],
      requests: { ship: 0 },
    },
    {
      says: 'A new one is shipped, and is in processing then.',
      orders: [{ incrementId: '100000044', state: 'new', invoiced: false, items: [{ sku: 'MUG', qty: 2 }] }],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number', '100000044,1Z1'],
          report: ['2 shipped: shipment created with this number'],
        },
      ],
      after: ['processing: 2 x MUG (2 shipped, 2 not invoiced)', 'S1: 2 x MUG; 1Z1'],
      requests: { ship: 1 },
    },
    {
      says: 'One in processing is shipped, and complete then.',
      orders: [{ incrementId: '100000045', items: [{ sku: 'MUG', qty: 2 }] }],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number', '100000045,1Z1'],
          report: ['2 shipped: shipment created with this number'],
        },
      ],
      after: ['complete: 2 x MUG (2 shipped)', 'S1: 2 x MUG; 1Z1'],
      requests: { ship: 1 },
    },
    {
      says: 'One that is complete with something open is shipped.',
      orders: [{ incrementId: '100000046', state: 'complete', items: [{ sku: 'MUG', qty: 2 }] }],
      settings: 'create: true',
      files: [
        {
          rows: ['order_number,tracking_number', '100000046,1Z1'],
          report: ['2 shipped: shipment created with this number'],
        },
      ],
      after: ['complete: 2 x MUG (2 shipped)', 'S1: 2 x MUG; 1Z1'],
      requests: { ship: 1 },
    },
    {
      says: 'With requirePaid: true one that is not invoiced waits.',
      orders: [{ incrementId: '100000047', invoiced: false, items: [{ sku: 'MUG', qty: 2 }] }],
      settings: 'create: true\nrequirePaid: true',
      files: [
        {
          rows: ['order_number,tracking_number', '100000047,1Z1'],
          report: [
            '2 waiting: 2 x MUG would have to be shipped, not invoiced yet (status processing), and shipments.requirePaid is on; looked at again at TIME, until TIME (UTC); it waits in 100000047-0.waiting.csv in the folder waiting',
          ],
        },
      ],
      after: ['processing: 2 x MUG (2 not invoiced)'],
      requests: { ship: 0 },
    },
    {
      says: 'With requirePaid: true what is invoiced of an order is shipped.',
      orders: [{ incrementId: '100000048', items: [{ sku: 'MUG', qty: 2, qtyInvoiced: 1 }] }],
      settings: 'create: true\nrequirePaid: true',
      files: [
        {
          rows: ['order_number,tracking_number,sku,quantity', '100000048,1Z1,MUG,1'],
          report: ['2 shipped: shipment created with this number; still open: 1 x MUG'],
        },
      ],
      after: ['processing: 2 x MUG (1 shipped, 1 not invoiced)', 'S1: 1 x MUG; 1Z1'],
      requests: { ship: 1 },
    },
    {
      says: 'A shipment of an order that is canceled takes a number.',
      orders: [{ incrementId: '100000049', state: 'canceled', items: [{ sku: 'MUG' }], shipments: [{}] }],
      files: [
        {
          rows: ['order_number,tracking_number', '100000049,1Z1'],
          report: ['2 tracked: number added to the shipment'],
        },
      ],
      after: ['canceled: 1 x MUG (1 shipped)', 'S1: 1 x MUG; 1Z1'],
      requests: { ship: 0, track: 1 },
    },
    {
      says: 'A shipment of an order that is closed takes a number.',
      orders: [{ incrementId: '100000050', state: 'closed', items: [{ sku: 'MUG' }], shipments: [{}] }],
      files: [
        {
          rows: ['order_number,tracking_number', '100000050,1Z1'],
          report: ['2 tracked: number added to the shipment'],
        },
      ],
      after: ['closed: 1 x MUG (1 shipped, 1 refunded)', 'S1: 1 x MUG; 1Z1'],
      requests: { ship: 0, track: 1 },
    },
    {
      says: 'A shipment of an order that is on hold takes a number.',
      orders: [{ incrementId: '100000051', state: 'holded', items: [{ sku: 'MUG' }], shipments: [{}] }],
      files: [
        {
          rows: ['order_number,tracking_number', '100000051,1Z1'],
          report: ['2 tracked: number added to the shipment'],
        },
      ],
      after: ['holded: 1 x MUG (1 shipped)', 'S1: 1 x MUG; 1Z1'],
      requests: { ship: 0, track: 1 },
    },
    {
      says: 'A shipment of an order that is in payment review takes a number.',
      orders: [
        { incrementId: '100000052', state: 'payment_review', items: [{ sku: 'MUG' }], shipments: [{}] },
      ],
      files: [
        {
          rows: ['order_number,tracking_number', '100000052,1Z1'],
          report: ['2 tracked: number added to the shipment'],
        },
      ],
      after: ['payment_review: 1 x MUG (1 shipped)', 'S1: 1 x MUG; 1Z1'],
      requests: { ship: 0, track: 1 },
    },
    {
      says: 'A shipment of an order that is complete takes a number.',
      orders: [{ incrementId: '100000053', state: 'complete', items: [{ sku: 'MUG' }], shipments: [{}] }],
      files: [
        {
          rows: ['order_number,tracking_number', '100000053,1Z1'],
          report: ['2 tracked: number added to the shipment'],
        },
      ],
      after: ['complete: 1 x MUG (1 shipped)', 'S1: 1 x MUG; 1Z1'],
      requests: { ship: 0, track: 1 },
    },
  ],
};
