import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nextStep } from '../../src/domain/next-step.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { Row } from '../../src/domain/row.ts';
import type { Write } from '../../src/domain/write.ts';
import { item, order, policy, row, shipment, situation, track } from './orders.ts';

/** One number that three store views share; the second one's order is shipped in part. */
const SHARED = [
  order({ entityId: 1, storeId: 1, shipments: [shipment(7)] }),
  order({
    entityId: 2,
    storeId: 2,
    items: [item({ itemId: 11, qtyOrdered: 3, qtyShipped: 1 })],
    shipments: [shipment(8, track(80, '1Z8'))],
  }),
  order({ entityId: 3, storeId: 3, shipments: [shipment(9)] }),
];

const lost = (orderId: number, atMs: number, number = `1Z${orderId}`): Write => ({
  id: `w${orderId}`,
  kind: 'track',
  orderId,
  shipmentId: 7,
  trackId: null,
  trackingNumbers: [number],
  mails: false,
  state: 'uncertain',
  message: 'no answer',
  atMs,
  answeredAtMs: atMs,
  counts: true,
  isOwn: true,
});

function stepFor(
  rows: readonly Row[],
  with_: Partial<Policy> = {},
  orders = SHARED,
  ended: readonly Row[] = [],
) {
  const look = { orders, atMs: 0 };
  const step = nextStep(situation({ look, rows, endedRows: ended, policy: policy(with_) }));
  return {
    outcomes: step.outcomes.map(({ line, outcome }) => `${line}: ${outcome}`),
    messages: step.outcomes.map(({ message }) => message),
    actions: step.actions.map(({ action, wishes }) => {
      const numbers = wishes.map((wish) => wish.rows[0].trackingNumber).join(', ');
      return `${action.kind} ${numbers} for order ${action.orderId}`;
    }),
  };
}

describe('An order number that several store views share', () => {
  it('means the order of the view that the row names, before the one that the inbox names', () => {
    assert.deepEqual(stepFor([row(2, '1Z1', { storeView: 3 })]).actions, ['track 1Z1 for order 3']);
    const rows = [row(2, '1Z1', { storeView: 3 }), row(3, '1Z2')];
    assert.deepEqual(stepFor(rows, { storeView: 1 }).actions, [
      'track 1Z1 for order 3',
      'track 1Z2 for order 1',
    ]);
  });

  it('means several orders where the rows of one file name different views, each for itself', () => {
    const rows = [
      row(2, '1Z1', { storeView: 1 }),
      row(3, '1Z8', { storeView: 2 }),
      row(4, '1Z3', { storeView: 3 }),
      row(5, '1Z4'),
      row(6, '1Z5', { storeView: 9 }),
      row(7, '1Z6', { storeView: 1 }),
    ];
    const { outcomes, actions } = stepFor(rows);
    assert.deepEqual(actions, ['track 1Z1 for order 1', 'track 1Z6 for order 1', 'track 1Z3 for order 3']);
    assert.deepEqual(outcomes, ['5: order-ambiguous', '6: order-not-found', '3: already-tracked']);
  });

  it('takes one number for two parcels where its rows name two views', () => {
    const rows = [row(2, '1Z1', { storeView: 1 }), row(3, '1Z1', { storeView: 3 })];
    assert.deepEqual(stepFor(rows).actions, ['track 1Z1 for order 1', 'track 1Z1 for order 3']);
  });

  it('means the only order that there is where nothing names a view', () => {
    const only = [order({ storeId: 5, shipments: [shipment(7)] })];
    const rows = [row(2, '1Z1'), row(3, '1Z2', { storeView: 5 }), row(4, '1Z3')];
    assert.deepEqual(stepFor(rows, {}, only).actions, [
      'track 1Z1 for order 1',
      'track 1Z2 for order 1',
      'track 1Z3 for order 1',
    ]);
  });

  it('tells the parcels of one view from those of another, also where they have the same number', () => {
    const of = (line: number, number: string, storeView: number | null) =>
      row(line, number, { storeView, item: { sku: 'MUG', quantity: 1 } });
    const two = (entityId: number, storeId: number) =>
      order({
        entityId,
        storeId,
        items: [item({ qtyOrdered: 3, qtyShipped: 2 })],
        shipments: [{ ...shipment(7, track(70, '1Z1')), items: [{ orderItemId: 11, qty: 2 }] }],
      });
    const orders = [two(1, 1), two(2, 2)];
    // One of the two mugs on its shipment is that of 1Z1, the other one is for 1Z2.
    assert.deepEqual(stepFor([of(3, '1Z2', 1)], {}, orders, [of(2, '1Z1', 1)]).actions, [
      'track 1Z2 for order 1',
    ]);
    // Here 1Z1 is a stranger's, whatever the other view's row of that number says.
    assert.deepEqual(stepFor([of(3, '1Z2', 1)], {}, orders, [of(2, '1Z1', 2)]).actions, [
      'ship 1Z2 for order 1',
    ]);
    // Nobody knows which order a row means that names no view: it accounts for nothing on either.
    assert.deepEqual(stepFor([of(3, '1Z2', 1)], {}, orders, [of(2, '1Z1', null)]).actions, [
      'ship 1Z2 for order 1',
    ]);
  });

  it('is done for one view whatever half a number the other view may have been sent', () => {
    const look = { orders: SHARED, atMs: 10_000 };
    const rows = [row(2, '1Z8', { storeView: 2 })];
    const earlier = (orderId: number) => ({
      writes: [lost(orderId, 9_500, '1Z')],
      wanted: new Set(['1z8']),
    });
    const ofOther = nextStep(situation({ look, rows, earlier: earlier(1) }));
    assert.deepEqual([ofOther.outcomes.length, ofOther.lookAgainAtMs], [1, null]);
    const ofOwn = nextStep(situation({ look, rows, earlier: earlier(2) }));
    assert.deepEqual([ofOwn.outcomes.length, ofOwn.lookAgainAtMs], [0, 11_500]);
  });

  it('is looked at again as soon as one of its orders is to be', () => {
    const rows = [row(2, '1Z1', { storeView: 1 }), row(3, '1Z3', { storeView: 3 })];
    const writes = [lost(1, 9_500), lost(3, 9_000)];
    const { lookAgainAtMs } = nextStep(situation({ look: { orders: SHARED, atMs: 10_000 }, rows, writes }));
    assert.equal(lookAgainAtMs, 11_000);
  });
});

describe('A store view', () => {
  it('that has no such order is named, with the views that have one and where it was said', () => {
    const [ofRow] = stepFor([row(2, '1Z1', { storeView: 9 })]).messages;
    assert.equal(
      ofRow,
      'store view 9 has no order 100000001; store views 1 and 2 and 3 have one each (the store view of the row says which is meant)',
    );
    const [ofInbox] = stepFor([row(2, '1Z1')], { storeView: 9 }).messages;
    assert.match(ofInbox ?? '', /\(shipments\.storeView says which is meant\)$/);
    const [ofBoth] = stepFor([row(2, '1Z1', { storeView: 9 })], { storeView: 1 }).messages;
    assert.match(ofBoth ?? '', /\(the store view of the row, not shipments\.storeView: 1, says which/);
  });

  it('that nothing names is asked for where several have the order, by key and by column', () => {
    const [message = ''] = stepFor([row(2, '1Z1')]).messages;
    assert.match(message, /id 1 in store view 1, id 2 in store view 2, id 3 in store view 3/);
    assert.match(message, /shipments\.storeView of the inbox would, or .*columns\.storeView of its profile/);
  });
});
