import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { outcomeClass, type RowOutcome } from '../../src/domain/outcome.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { type Row, skuKey, trackingKey } from '../../src/domain/row.ts';
import { totalDue } from '../../src/sandbox/order-totals.ts';
import { isVirtual } from '../../src/sandbox/shippable.ts';
import type { ItemRecord, ShipmentRecord } from '../../src/sandbox/store.ts';
import { runs } from '../runs.ts';
import { type Fate, orderIn, type Played, placeOf, play } from './law-of-the-plan.ts';
import { type OrderPlan, orderAndFiles, policies, putOrder } from './orders-of-every-kind.ts';
import { ShopWithoutWire } from './shop-without-wire.ts';

const ON_A_SHIPMENT: ReadonlySet<string> = new Set(['tracked', 'shipped', 'replaced', 'already-tracked']);

function shopWith(plan: OrderPlan): ShopWithoutWire {
  const shop = new ShopWithoutWire();
  shop.store.sources = ['default', 'east'];
  putOrder(shop.store, plan);
  return shop;
}

/** All that a merchant could look at, so that two looks can be compared. */
function shown({ store }: ShopWithoutWire) {
  const [order] = store.orders.values();
  return {
    state: order?.state,
    items: order?.items.map(({ sku, qtyShipped }) => `${sku} ${qtyShipped}`),
    shipments: order?.shipments.map(shownOf),
    mails: store.mailbox.sent.length,
  };
}

function shownOf({ entityId, items, tracks, mails }: ShipmentRecord) {
  return {
    entityId,
    items: items.map(({ item, qty }) => [item.itemId, qty]),
    numbers: tracks.map(({ trackNumber }) => trackNumber),
    mails,
  };
}

/** How much of each SKU is on a shipment, a bundle that ships together by its parts. */
function articlesOn({ items, order }: ShipmentRecord): Map<string, number> {
  const sums = new Map<string, number>();
  const add = (sku: string, qty: number) => sums.set(skuKey(sku), (sums.get(skuKey(sku)) ?? 0) + qty);
  for (const { item, qty } of items) {
    if (item.productType !== 'bundle') add(item.sku, qty);
    else if (!item.shipSeparately)
      for (const part of order.items.filter(({ parent }) => parent === item))
        add(part.sku, (qty * part.qtyOrdered) / item.qtyOrdered);
  }
  return sums;
}

/** How many whole ones of a bundle are on a shipment. */
function setsOn({ items, order }: ShipmentRecord, bundle: ItemRecord): number {
  const qtyOf = (item: ItemRecord) => items.find((line) => line.item === item)?.qty ?? 0;
  if (!bundle.shipSeparately) return qtyOf(bundle);
  const parts = order.items.filter((item) => item.parent === bundle && !isVirtual(item));
  return Math.min(...parts.map((part) => (qtyOf(part) * bundle.qtyOrdered) / part.qtyOrdered));
}

/** Whether the shipment has what the rows of one number name, each SKU by itself. */
function holds(shipment: ShipmentRecord, rows: readonly Row[]): boolean {
  const on = articlesOn(shipment);
  for (const bundle of shipment.order.items.filter(({ productType }) => productType === 'bundle'))
    on.set(skuKey(bundle.sku), (on.get(skuKey(bundle.sku)) ?? 0) + setsOn(shipment, bundle));
  const distinct = new Map(rows.map(({ item }) => [`${item?.sku} ${item?.quantity}`, item]));
  const named = Map.groupBy(
    [...distinct.values()].filter((item) => item !== null),
    ({ sku }) => skuKey(sku),
  );
  return [...named].every(
    ([sku, items]) => (on.get(sku) ?? 0) >= items.reduce((sum, { quantity }) => sum + quantity, 0) - 1e-6,
  );
}

interface Scene {
  readonly plan: OrderPlan;
  readonly rows: readonly Row[];
  readonly policy: Policy;
}

const scene: fc.Arbitrary<Scene & { readonly laterRows: readonly Row[] }> = fc
  .tuple(orderAndFiles, policies)
  .map(([made, policy]) => ({ ...made, policy }));

const fates: fc.Arbitrary<readonly Fate[]> = fc.array(
  fc.record({
    way: fc.constantFrom<Fate['way']>('answered', 'answered', 'unheard', 'lost', 'late'),
    crash: fc.nat(4).map((n) => n === 0),
  }),
  { maxLength: 4 },
);

/** What holds of every file when it has come to its end, whatever was lost on the way. */
function judge(
  before: ReturnType<typeof shown>,
  shop: ShopWithoutWire,
  { rows, policy }: Scene,
  { ends }: Played,
) {
  const order = orderIn(shop);
  const endOf = (row: Row) => ends.get(placeOf(row)) as RowOutcome;
  for (const row of rows) assert.ok(endOf(row).message.length > 0, 'every row ends in words');

  for (const item of order.items) {
    const counted = item.parent || item.productType !== 'bundle' || !item.shipSeparately;
    if (counted) assert.ok(item.qtyShipped <= item.qtyOrdered + 1e-9, `${item.sku} was ordered`);
    if (isVirtual(item)) assert.equal(item.qtyShipped, 0, 'what is virtual never ships');
  }
  const stayed = policy.onExisting === 'replace' ? [] : (before.shipments ?? []);
  for (const { entityId, items, numbers } of stayed) {
    const now = order.shipments.find((shipment) => shipment.entityId === entityId);
    assert.ok(now);
    assert.deepEqual(shownOf(now).items, items);
    assert.deepEqual(shownOf(now).numbers.slice(0, numbers.length), numbers, 'earlier numbers stay');
  }
  for (const [key, ofNumber] of Map.groupBy(rows, ({ trackingNumber }) => trackingKey(trackingNumber))) {
    const on = order.shipments.filter(({ tracks }) =>
      tracks.some((track) => trackingKey(track.trackNumber) === key),
    );
    const outcomes = ofNumber.map((row) => endOf(row).outcome);
    if (outcomes.every((outcome) => ON_A_SHIPMENT.has(outcome))) {
      assert.deepEqual(
        shownOf(on[0] as ShipmentRecord).numbers.filter((number) => trackingKey(number) === key).length,
        1,
      );
      assert.equal(on.length, 1, `${key} stands on one shipment`);
      assert.ok(holds(on[0] as ShipmentRecord, ofNumber), `${key} is on a shipment of its items`);
    } else {
      assert.ok(
        outcomes.every((outcome) => outcome === outcomes[0] || ON_A_SHIPMENT.has(outcome)),
        'one parcel, one end',
      );
      const stoodBefore = before.shipments?.some(({ numbers }) =>
        numbers.some((number) => trackingKey(number) === key),
      );
      if (!stoodBefore && !outcomes.includes('gave-up'))
        assert.equal(on.length, 0, `${key} failed, and stands nowhere`);
    }
  }
  const made = order.shipments.filter(
    ({ entityId }) => !before.shipments?.some((one) => one.entityId === entityId),
  );
  if (policy.requirePaid && totalDue(order) > 0) {
    const plain = made
      .flatMap(({ items }) => items)
      .filter(({ item }) => !item.parent && item.productType !== 'bundle');
    for (const { item } of plain) assert.ok(item.qtyShipped <= item.qtyInvoiced, `${item.sku} was invoiced`);
  }
  if (!policy.createShipments) assert.equal(made.length, 0);
  if (HELD.has(before.state ?? '')) assert.equal(made.length, 0);
  const sent = shop.store.mailbox.sent.slice(before.mails);
  for (const { entityId } of order.shipments) {
    const mails = sent.filter(({ shipment }) => shipment.entityId === entityId).length;
    assert.ok(mails <= 1, 'no customer is mailed twice');
    if (policy.notify === 'never') assert.equal(mails, 0);
    if (policy.notify === 'shipment' && !made.some((one) => one.entityId === entityId))
      assert.equal(mails, 0);
  }
  for (const row of rows) {
    const { mail, outcome } = endOf(row);
    const told = sent.some(({ trackNumbers }) => trackNumbers.includes(row.trackingNumber));
    if (mail === 'mailed') assert.ok(told, `line ${row.line} says that the customer was mailed`);
    if (mail !== undefined || !PUT.has(outcome)) continue;
    assert.ok(!told, `line ${row.line} says that no mail told of it`);
    assert.notEqual(policy.notify, 'always', `line ${row.line} is mailed about`);
  }
}

const PUT: ReadonlySet<string> = new Set(['tracked', 'shipped', 'replaced']);
const HELD: ReadonlySet<string> = new Set(['holded', 'payment_review', 'pending_payment', 'canceled']);

it('any file for an order of any kind is done or refused as it says, and there is nothing left to do', () => {
  fc.assert(
    fc.property(scene, (scene) => {
      const shop = shopWith(scene.plan);
      const before = shown(shop);
      const played = play(shop, scene.rows, scene.policy);
      judge(before, shop, scene, played);

      const done = scene.rows.filter(
        (row) => outcomeClass(played.ends.get(placeOf(row))?.outcome ?? 'gave-up') === 'done',
      );
      if (done.length > 0) {
        const again = play(shop, done, scene.policy);
        assert.deepEqual(again.sent, [], 'what is done is not asked for again');
        for (const end of again.ends.values()) assert.equal(outcomeClass(end.outcome), 'done', end.message);
      }
    }),
    runs(500),
  );
});

it('the same holds where answers are lost, writes come late or never, and the process ends in between', () => {
  fc.assert(
    fc.property(scene, fates, (scene, met) => {
      const shop = shopWith(scene.plan);
      const before = shown(shop);
      judge(before, shop, scene, play(shop, scene.rows, scene.policy, { fates: met }));
    }),
    runs(250),
  );
});

it('it holds for a later file of the same order, too, whatever its inbox', () => {
  fc.assert(
    fc.property(scene, policies, fates, (scene, policy, met) => {
      const shop = shopWith(scene.plan);
      const earlier = play(shop, scene.rows, scene.policy);
      const before = shown(shop);
      const later = { plan: scene.plan, rows: scene.laterRows, policy };
      judge(before, shop, later, play(shop, later.rows, policy, { fates: met, earlier }));
    }),
    runs(250),
  );
});
