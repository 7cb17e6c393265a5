import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nextStep } from '../../src/domain/next-step.ts';
import type { Order } from '../../src/domain/order.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { Row } from '../../src/domain/row.ts';
import { item, order, policy, row, shipment, situation, track } from './orders.ts';

function stepFor(subject: Order, rows: readonly Row[], with_: Partial<Policy> = {}) {
  const look = { orders: [subject], atMs: 0 };
  return nextStep(situation({ look, rows, policy: policy({ requirePaid: true, ...with_ }) }));
}

/** As `ship 1Z1` and `2: order-held for payment`. */
function become(subject: Order, rows: readonly Row[], with_: Partial<Policy> = {}): readonly string[] {
  const { outcomes, actions } = stepFor(subject, rows, with_);
  return [
    ...outcomes.map(({ line, outcome, heldFor }) => `${line}: ${outcome}${heldFor ? ` for ${heldFor}` : ''}`),
    ...actions.map(
      ({ action, wishes }) => `${action.kind} ${wishes.map((each) => each.rows[0].trackingNumber)}`,
    ),
  ];
}

const HELD = ['2: order-held for payment'];
const SHIPPED = ['ship 1Z1'];
const of = (line: number, number: string, sku: string, quantity: number) =>
  row(line, number, { item: { sku, quantity } });
/** Five mugs, of which so many are invoiced and shipped, and something is left to pay. */
const mugs = (qtyInvoiced: number, qtyShipped = 0, with_: Partial<Order> = {}) =>
  order({ totalDue: 10, items: [item({ qtyOrdered: 5, qtyInvoiced, qtyShipped })], ...with_ });

describe('An inbox that requires payment', () => {
  it('ships what is invoiced and lets the rest wait', () => {
    assert.deepEqual(become(mugs(5), [row(2, '1Z1')]), SHIPPED);
    assert.deepEqual(become(mugs(4), [row(2, '1Z1')]), HELD);
    assert.deepEqual(become(mugs(0), [row(2, '1Z1')]), HELD);
    assert.deepEqual(become(mugs(3, 1), [of(2, '1Z1', 'MUG', 2)]), SHIPPED);
    assert.deepEqual(become(mugs(3, 2), [of(2, '1Z1', 'MUG', 2)]), HELD);
  });

  it('ships where nothing is left to pay, and not where the shop does not say', () => {
    assert.deepEqual(become(mugs(0, 0, { totalDue: 0 }), [row(2, '1Z1')]), SHIPPED);
    assert.deepEqual(become(mugs(0, 0, { totalDue: null }), [row(2, '1Z1')]), HELD);
    assert.deepEqual(become(mugs(0, 0, { totalDue: -0.01 }), [row(2, '1Z1')]), SHIPPED);
  });

  it('takes what was invoiced and given back for paid no more', () => {
    const items = [item({ qtyOrdered: 5, qtyInvoiced: 3, qtyRefunded: 1 })];
    const subject = order({ totalDue: 10, items });
    assert.deepEqual(become(subject, [of(2, '1Z1', 'MUG', 3)]), HELD);
    assert.deepEqual(become(subject, [of(2, '1Z1', 'MUG', 2)]), SHIPPED);
  });

  it('holds the other parts of a bundle of which one has left by itself', () => {
    const set = { itemId: 20, sku: 'SET', productType: 'bundle', qtyShipped: 1 };
    const part = (itemId: number, sku: string, qtyShipped: number) =>
      item({ itemId, parentItemId: 20, sku, qtyInvoiced: qtyShipped, qtyShipped });
    const sent = shipment(7, track(70, '1Z0'));
    const first = { ...sent, items: [20, 21].map((orderItemId) => ({ orderItemId, qty: 1 })) };
    const subject = order({
      totalDue: 10,
      items: [item(set), part(21, 'CUP', 1), part(22, 'PLATE', 0)],
      shipments: [first],
    });
    assert.deepEqual(become(subject, [row(2, '1Z1')], { onPartlyShipped: 'ship' }), HELD);
  });

  it('does not look at what no parcel holds: virtual items, and what is canceled', () => {
    const items = [
      item({ qtyOrdered: 5, qtyInvoiced: 3, qtyCanceled: 2 }),
      item({ itemId: 12, sku: 'CARD', isVirtual: true, productType: 'virtual' }),
    ];
    assert.deepEqual(become(order({ totalDue: 10, items }), [row(2, '1Z1')]), SHIPPED);
  });

  it('puts numbers on shipments that stand there, paid or not', () => {
    assert.deepEqual(become(mugs(0, 5, { shipments: [shipment(7)] }), [row(2, '1Z1')]), ['track 1Z1']);
  });

  it('says what is not invoiced and which key asks for it', () => {
    const message = stepFor(mugs(3), [row(2, '1Z1')]).outcomes[0]?.message ?? '';
    assert.equal(
      message,
      '2 x MUG would have to be shipped, not invoiced yet (status processing), and shipments.requirePaid is on',
    );
  });

  it('ships the parcels that are invoiced, and lets the others wait', () => {
    const items = [
      item({ itemId: 11, sku: 'MUG', qtyOrdered: 2, qtyInvoiced: 2 }),
      item({ itemId: 12, sku: 'CUP', qtyOrdered: 1 }),
    ];
    const rows = [of(2, '1Z1', 'MUG', 2), of(3, '1Z2', 'CUP', 1)];
    assert.deepEqual(become(order({ totalDue: 10, items }), rows), ['3: order-held for payment', 'ship 1Z1']);
  });

  it('ships the first parcels of those that are too much only together, as the file has them', () => {
    const rows = [of(2, '1Z1', 'MUG', 2), of(3, '1Z2', 'MUG', 2), of(4, '1Z3', 'MUG', 1)];
    assert.deepEqual(become(mugs(3), rows), ['3: order-held for payment', 'ship 1Z1,1Z3']);
    assert.match(
      stepFor(mugs(3), rows).outcomes[0]?.message ?? '',
      /^1 x MUG would have to be shipped, not invoiced yet/,
    );
  });

  it('takes what is invoiced of a SKU first, on whichever line of the order it is', () => {
    const items = [
      item({ itemId: 11, qtyOrdered: 2 }),
      item({ itemId: 12, qtyOrdered: 2, qtyInvoiced: 1 }),
      item({ itemId: 13, qtyOrdered: 1, qtyInvoiced: 1 }),
    ];
    const subject = order({ totalDue: 10, items });
    const linesShipped = (rows: readonly Row[], with_: Partial<Policy> = {}) =>
      stepFor(subject, rows, with_).actions.flatMap(({ action }) =>
        action.kind === 'ship' ? action.items.map(({ orderItemId, qty }) => `${qty} of ${orderItemId}`) : [],
      );
    const two = [of(2, '1Z1', 'MUG', 1), of(3, '1Z2', 'MUG', 1)];
    assert.deepEqual(linesShipped(two), ['1 of 12', '1 of 13']);
    assert.deepEqual(linesShipped(two, { requirePaid: false }), ['2 of 11']);
    assert.deepEqual(become(subject, [...two, of(4, '1Z3', 'MUG', 1)]), [
      '4: order-held for payment',
      'ship 1Z1,1Z2',
    ]);
  });

  it('takes the bundle that is invoiced before the one that is not', () => {
    const set = (itemId: number, qtyInvoiced: number) => [
      item({ itemId, sku: 'SET', productType: 'bundle', qtyInvoiced }),
      item({ itemId: itemId + 1, parentItemId: itemId, sku: 'MUG', qtyInvoiced }),
    ];
    const lines = [10, 20].map((orderItemId) => ({ orderItemId, qty: 1 }));
    const both = { ...shipment(7, track(70, 'OLD')), items: lines };
    const twice = [...set(10, 0), ...set(20, 1)].map((line) => ({
      ...line,
      qtyOrdered: 2,
      qtyInvoiced: line.qtyInvoiced + 1,
      qtyShipped: 1,
    }));
    const subject = order({ totalDue: 10, items: twice, shipments: [both] });
    assert.deepEqual(become(subject, [of(2, '1Z1', 'MUG', 1)]), SHIPPED);
    assert.deepEqual(become(subject, [of(2, '1Z1', 'MUG', 1), of(3, '1Z2', 'MUG', 1)]), [
      '3: order-held for payment',
      'ship 1Z1',
    ]);
  });

  it('lets parcels wait together that only together make up a bundle', () => {
    const items = [
      item({ itemId: 11, sku: 'SET', productType: 'bundle' }),
      item({ itemId: 12, parentItemId: 11, sku: 'MUG' }),
      item({ itemId: 13, parentItemId: 11, sku: 'CUP' }),
    ];
    const sent = { ...shipment(7), items: [{ orderItemId: 11, qty: 1 }], tracks: [track(70, 'OLD')] };
    const two = items.map((line) => ({ ...line, qtyOrdered: 2, qtyInvoiced: 1, qtyShipped: 1 }));
    const subject = order({ totalDue: 10, items: two, shipments: [sent] });
    const rows = [of(2, '1Z1', 'MUG', 1), of(3, '1Z2', 'CUP', 1)];
    assert.deepEqual(become(subject, rows), ['2: order-held for payment', '3: order-held for payment']);
  });

  it('ends a row once that was refused, whatever else waits', () => {
    const items = [item({ qtyOrdered: 2, qtyInvoiced: 0 })];
    const rows = [of(2, '1Z1', 'CUP', 1), of(3, '1Z2', 'MUG', 1)];
    assert.deepEqual(become(order({ totalDue: 10, items }), rows), [
      '2: item-mismatch',
      '3: order-held for payment',
    ]);
  });

  for (const counted of ['the bundle', 'its parts'] as const) {
    it(`takes a bundle for invoiced where Magento counts that on ${counted}`, () => {
      const [ofBundle, ofParts] = counted === 'the bundle' ? [1, 0] : [0, 2];
      const bundle = (invoiced: { readonly whole: number; readonly parts: number }) =>
        order({
          totalDue: 10,
          items: [
            item({
              itemId: 11,
              sku: 'SET',
              productType: 'bundle',
              qtyOrdered: 2,
              qtyInvoiced: invoiced.whole,
            }),
            item({ itemId: 12, parentItemId: 11, sku: 'MUG', qtyOrdered: 4, qtyInvoiced: invoiced.parts }),
            item({ itemId: 13, parentItemId: 11, sku: 'CUP', qtyOrdered: 4, qtyInvoiced: invoiced.parts }),
          ],
        });
      const one = { whole: ofBundle, parts: ofParts };
      assert.deepEqual(become(bundle(one), [of(2, '1Z1', 'SET', 1)]), SHIPPED);
      assert.deepEqual(become(bundle(one), [of(2, '1Z1', 'MUG', 2)]), SHIPPED);
      assert.deepEqual(become(bundle(one), [of(2, '1Z1', 'SET', 2)]), HELD);
      assert.deepEqual(become(bundle(one), [of(2, '1Z1', 'MUG', 3)]), HELD);
      assert.deepEqual(become(bundle(one), [row(2, '1Z1')]), HELD);
      assert.deepEqual(become(bundle({ whole: 2 * ofBundle, parts: 2 * ofParts }), [row(2, '1Z1')]), SHIPPED);
    });
  }

  it('takes a bundle for invoiced by its parts only where each of them is', () => {
    const items = [
      item({ itemId: 11, sku: 'SET', productType: 'bundle' }),
      item({ itemId: 12, parentItemId: 11, sku: 'MUG', qtyInvoiced: 1 }),
      item({ itemId: 13, parentItemId: 11, sku: 'CUP' }),
    ];
    const subject = order({ totalDue: 10, items });
    assert.deepEqual(become(subject, [of(2, '1Z1', 'SET', 1)]), HELD);
    assert.match(stepFor(subject, [row(2, '1Z1')]).outcomes[0]?.message ?? '', /^1 x SET would have to be/);
  });

  it('takes a configurable product for invoiced where its own line is', () => {
    const items = [
      item({ itemId: 11, sku: 'SHIRT-M', productType: 'configurable', qtyInvoiced: 1 }),
      item({ itemId: 12, sku: 'SHIRT-M', parentItemId: 11, qtyInvoiced: 0 }),
    ];
    assert.deepEqual(become(order({ totalDue: 10, items }), [row(2, '1Z1')]), SHIPPED);
  });
});

describe('An order that must be shipped', () => {
  const states: readonly [string, Partial<Order>, readonly string[]][] = [
    ['new', {}, SHIPPED],
    ['processing', {}, SHIPPED],
    ['complete', {}, SHIPPED],
    ['closed', {}, SHIPPED],
    ['canceled', { items: [item({ qtyCanceled: 1 })] }, ['2: order-closed']],
    ['closed', { items: [item({ qtyRefunded: 1 })] }, ['2: order-closed']],
    ['complete', { items: [item({ qtyShipped: 1 })] }, ['2: order-closed']],
    ['holded', {}, ['2: order-held']],
    ['payment_review', {}, ['2: order-held']],
    ['pending_payment', {}, HELD],
  ];
  for (const [state, facts, expected] of states) {
    const open = facts.items ? 'nothing' : 'something';
    it(`and is ${state} with ${open} open: ${expected.join()}`, () => {
      const subject = order({ state, status: state, totalDue: 10, ...facts });
      assert.deepEqual(become(subject, [row(2, '1Z1')], { requirePaid: false }), expected);
    });
  }

  it('goes by its state, and is told by the status that the shop has made up', () => {
    const packing = order({ state: 'holded', status: 'waiting_for_stock' });
    const [end] = stepFor(packing, [row(2, '1Z1')]).outcomes;
    assert.equal(end?.outcome, 'order-held');
    assert.match(end?.message ?? '', /while its status is waiting_for_stock$/);
    const ready = order({ state: 'processing', status: 'holded' });
    assert.deepEqual(become(ready, [row(2, '1Z1')]), SHIPPED);
  });

  it('and waits for its payment does so with nothing left to pay, and where payment is not required', () => {
    for (const requirePaid of [true, false]) {
      const subject = order({ state: 'pending_payment', status: 'pending_payment', totalDue: 0 });
      assert.deepEqual(become(subject, [row(2, '1Z1')], { requirePaid }), HELD);
    }
  });
});
