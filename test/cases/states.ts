import type { Chapter, MerchantCase } from './merchant-case.ts';

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
    shippedCase(
      'One that is closed with something open is.',
      { incrementId: '100000040', state: 'closed', items: [{ sku: 'MUG', qty: 2, qtyRefunded: 0 }] },
      'closed: 2 x MUG (2 shipped)',
    ),
    waitingCase('One on hold waits.', '100000041', 'holded'),
    waitingCase('One whose payment is reviewed waits.', '100000042', 'payment_review'),
    waitingCase(
      'One whose payment is pending waits, although the shop would ship it.',
      '100000043',
      'pending_payment',
      { invoiced: false },
    ),
    shippedCase(
      'A new one is shipped, and is in processing then.',
      { incrementId: '100000044', state: 'new', invoiced: false, items: [{ sku: 'MUG', qty: 2 }] },
      'processing: 2 x MUG (2 shipped, 2 not invoiced)',
    ),
    shippedCase(
      'One in processing is shipped, and complete then.',
      { incrementId: '100000045', items: [{ sku: 'MUG', qty: 2 }] },
      'complete: 2 x MUG (2 shipped)',
    ),
    shippedCase(
      'One that is complete with something open is shipped.',
      { incrementId: '100000046', state: 'complete', items: [{ sku: 'MUG', qty: 2 }] },
      'complete: 2 x MUG (2 shipped)',
    ),
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
    numberTakenBy('canceled', 'is canceled', '100000049', 'canceled: 1 x MUG (1 shipped)'),
    numberTakenBy('closed', 'is closed', '100000050', 'closed: 1 x MUG (1 shipped, 1 refunded)'),
    numberTakenBy('holded', 'is on hold', '100000051', 'holded: 1 x MUG (1 shipped)'),
    numberTakenBy(
      'payment_review',
      'is in payment review',
      '100000052',
      'payment_review: 1 x MUG (1 shipped)',
    ),
    numberTakenBy('complete', 'is complete', '100000053', 'complete: 1 x MUG (1 shipped)'),
  ],
};

/** A shipment takes a number in any state of its order, by a file of the default inbox. */
function numberTakenBy(state: string, which: string, incrementId: string, after: string): MerchantCase {
  return {
    says: `A shipment of an order that ${which} takes a number.`,
    orders: [{ incrementId, state, items: [{ sku: 'MUG' }], shipments: [{}] }],
    files: [
      {
        rows: ['order_number,tracking_number', `${incrementId},1Z1`],
        report: ['2 tracked: number added to the shipment'],
      },
    ],
    after: [after, 'S1: 1 x MUG; 1Z1'],
    requests: { ship: 0, track: 1 },
  };
}

/** An order that is not shipped in its state now, and may be later. */
function waitingCase(
  says: string,
  incrementId: string,
  state: string,
  { invoiced = true }: { readonly invoiced?: boolean } = {},
): MerchantCase {
  return {
    says,
    orders: [{ incrementId, state, invoiced, items: [{ sku: 'MUG', qty: 2 }] }],
    settings: 'create: true',
    files: [
      {
        rows: ['order_number,tracking_number', `${incrementId},1Z1`],
        report: [
          `2 waiting: the order has no shipment, and it cannot be shipped while its status is ${state}; looked at again at TIME, until TIME (UTC); it waits in ${incrementId}-0.waiting.csv in the folder waiting`,
        ],
      },
    ],
    after: [`${state}: 2 x MUG${invoiced ? '' : ' (2 not invoiced)'}`],
    requests: { ship: 0 },
  };
}

/** Two mugs that all leave at once. */
function shippedCase(says: string, order: MerchantCase['orders'][number], after: string): MerchantCase {
  return {
    says,
    orders: [order],
    settings: 'create: true',
    files: [
      {
        rows: ['order_number,tracking_number', `${order.incrementId},1Z1`],
        report: ['2 shipped: shipment created with this number'],
      },
    ],
    after: [after, 'S1: 2 x MUG; 1Z1'],
    requests: { ship: 1 },
  };
}
