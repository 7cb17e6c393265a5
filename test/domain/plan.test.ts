import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BundleForms } from '../../src/domain/bundle.ts';
import type { Order } from '../../src/domain/order.ts';
import { Others } from '../../src/domain/others.ts';
import { plan } from '../../src/domain/plan.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { Row } from '../../src/domain/row.ts';
import { wishesOf } from '../../src/domain/wish.ts';
import { item, order, policy, row, shipAll, shipment, standing, track } from './orders.ts';

const NEVER_SHIP: Policy = policy({ createShipments: false });
const MAY_SHIP: Policy = policy();

function planFor(subject: Order, rows: readonly Row[], policy: Policy = MAY_SHIP) {
  const { outcomes, actions } = plan(subject, wishesOf(rows), policy, {
    siblings: [],
    placesOf: standing(subject),
    refusals: new Map(),
    forms: new BundleForms(subject, [], []),
    isAnyLost: false,
    others: new Others(wishesOf(rows), [], null),
  });
  return {
    outcomes: outcomes.map(({ line, outcome }) => `${line}: ${outcome}`),
    messages: outcomes.map(({ message }) => message),
    actions: actions.map(({ action }) => action),
  };
}

describe('An order with a shipment', () => {
  it('gets the number added to its shipment', () => {
    const { actions } = planFor(order({ shipments: [shipment(7)] }), [row(2, '1Z1')]);
    assert.deepEqual(actions, [
      {
        kind: 'track',
        orderId: 1,
        shipmentId: 7,
        trackingNumber: '1Z1',
        carrierCode: 'custom',
        title: 'Parcel',
      },
    ]);
  });

  it('gets each of several numbers added, whatever its state', () => {
    const closed = order({ state: 'closed', shipments: [shipment(7)] });
    const { actions } = planFor(closed, [row(2, '1Z1'), row(9, '1Z2')], NEVER_SHIP);
    assert.deepEqual(
      actions.map((action) => action.kind === 'track' && action.trackingNumber),
      ['1Z1', '1Z2'],
    );
  });

  it('takes the number on its latest shipment, or on the first where the inbox says so', () => {
    const twice = order({ shipments: [shipment(7), shipment(8)] });
    const shipmentOf = (policy: Policy) => planFor(twice, [row(2, '1Z1')], policy).actions[0];
    assert.partialDeepStrictEqual(shipmentOf(MAY_SHIP), { shipmentId: 8 });
    assert.partialDeepStrictEqual(shipmentOf({ ...MAY_SHIP, attach: 'first' }), { shipmentId: 7 });
  });

  it('needs no write for a number that stands there, in whatever case and spacing', () => {
    const tracked = order({ shipments: [shipment(7, track(70, '1z 999 aa1')), shipment(8)] });
    assert.deepEqual(planFor(tracked, [row(2, '1Z999AA1')]), {
      outcomes: ['2: already-tracked'],
      messages: ['the number stands on shipment S7 already'],
      actions: [],
    });
  });

  it('takes a number once that stands on several rows', () => {
    const { actions, outcomes } = planFor(order({ shipments: [shipment(7)] }), [
      row(2, '1Z1'),
      row(5, '1Z1'),
    ]);
    assert.equal(actions.length, 1);
    assert.deepEqual(outcomes, []);
  });
});

describe('An order without a shipment', () => {
  it('is shipped in one call with all its numbers where the inbox may create shipments', () => {
    const { actions } = planFor(order(), [row(2, '1Z1'), row(3, '1Z2'), row(9, '1Z1')]);
    assert.deepEqual(actions, [
      shipAll(1, [
        { trackingNumber: '1Z1', carrierCode: 'custom', title: 'Parcel' },
        { trackingNumber: '1Z2', carrierCode: 'custom', title: 'Parcel' },
      ]),
    ]);
  });

  it('fails as no-shipment where it may not, and the message names the key that allows it', () => {
    const { outcomes, messages, actions } = planFor(order(), [row(2, '1Z1')], NEVER_SHIP);
    assert.deepEqual([outcomes, actions], [['2: no-shipment'], []]);
    assert.match(messages[0] ?? '', /shipments\.create: true/);
  });

  const virtual = item({ isVirtual: true, productType: 'virtual' });
  const shipped = item({ qtyShipped: 1 });
  const cases: readonly [string, Partial<Order>, string][] = [
    [
      'canceled',
      { state: 'canceled', status: 'canceled', items: [item({ qtyCanceled: 1 })] },
      'order-closed',
    ],
    ['closed and refunded', { state: 'closed', items: [item({ qtyRefunded: 1 })] }, 'order-closed'],
    ['locked', { items: [item({ isLocked: true })] }, 'order-closed'],
    ['complete with nothing open', { state: 'complete', items: [shipped] }, 'order-closed'],
    ['on hold', { state: 'holded', status: 'holded' }, 'order-held'],
    ['in payment review', { state: 'payment_review', status: 'fraud' }, 'order-held'],
    ['unpaid', { state: 'pending_payment', status: 'pending_payment' }, 'order-held'],
    ['virtual', { state: 'complete', status: 'complete', items: [virtual] }, 'nothing-to-ship'],
  ];
  for (const [name, facts, outcome] of cases) {
    it(`that is ${name} ends as ${outcome}, and nothing is sent`, () => {
      const { outcomes, actions } = planFor(order(facts), [row(2, '1Z1'), row(3, '1Z1')]);
      assert.deepEqual([outcomes, actions], [[`2: ${outcome}`, `3: ${outcome}`], []]);
    });
  }

  it('and all of whose items the shop keeps from being shipped is told so, a bundle by its own name', () => {
    const items = [
      item({ itemId: 11, sku: 'SET', productType: 'bundle', isLocked: true }),
      item({ itemId: 12, sku: 'MUG', parentItemId: 11, qtyOrdered: 2, isLocked: true }),
      item({ itemId: 13, sku: 'CUP', qtyShipped: 1, isLocked: true }),
    ];
    const { outcomes, messages } = planFor(order({ items }), [row(2, '1Z1')]);
    assert.deepEqual(outcomes, ['2: order-closed']);
    assert.match(messages[0] ?? '', /; the shop keeps 1 x SET from being shipped \(locked_do_ship\)$/);
  });

  for (const state of ['new', 'processing', 'complete']) {
    it(`that is ${state} with something open is shipped`, () => {
      const { actions } = planFor(order({ state, items: [shipped, item({ itemId: 12 })] }), [row(2, '1Z1')]);
      assert.equal(actions[0]?.kind, 'ship');
    });
  }

  it('is shipped when virtual items stand beside real ones', () => {
    assert.equal(planFor(order({ items: [virtual, item()] }), [row(2, '1Z1')]).actions[0]?.kind, 'ship');
  });
});
