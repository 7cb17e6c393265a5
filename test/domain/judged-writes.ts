import assert from 'node:assert/strict';
import type { Look } from '../../src/domain/order.ts';
import type { PlannedAction } from '../../src/domain/plan.ts';
import { type Item, type Row, skuKey, trackingKey } from '../../src/domain/row.ts';
import type { Action, Ship, WriteAnswer } from '../../src/domain/write.ts';
import { totalDue } from '../../src/sandbox/order-totals.ts';
import { isDummy, isVirtual } from '../../src/sandbox/shippable.ts';
import {
  collationKey,
  type ItemRecord,
  type OrderRecord,
  type ShipmentRecord,
  type TrackRecord,
} from '../../src/sandbox/store.ts';
import type { File } from './files-of-every-kind.ts';
import { badRowsMeaning, holds, numbersOn, openOf, rowsMeaning } from './judged-ends.ts';
import type { ShopWithoutWire } from './shop-without-wire.ts';

/** What a write was planned from. */
export interface Origin {
  readonly file: File;
  readonly planned: PlannedAction;
  readonly look: Look;
  /** When its file came. */
  readonly claimedAtMs: number;
  /** Somebody else was there between the look and the write. */
  readonly isDisturbed: boolean;
}

/** Sends a write, and sees that it may be sent, and that the shop made of it what was asked for and nothing else, or nothing. */
export function judgeSent(
  shop: ShopWithoutWire,
  action: Action,
  send: () => WriteAnswer,
  origin: Origin,
): WriteAnswer {
  const order = shop.store.orders.get(action.orderId);
  assert.ok(order);
  const { file, planned } = origin;
  const meant = new Set(rowsMeaning(shop, order, file));
  for (const { rows } of planned.wishes)
    for (const row of rows) assert.ok(meant.has(row), `line ${row.line} means another order`);
  switch (action.kind) {
    case 'ship':
      return judgeShip(shop, order, action, send, origin, [...meant]);
    case 'untrack':
      // What somebody takes away just before is for the next look to find.
      if (!origin.isDisturbed) judgeUntrack(shop, order, action.trackId, origin, [...meant]);
      return send();
    case 'mail':
      assert.equal(file.policy.notify, 'always');
      return send();
    case 'track':
      return send();
  }
}

function judgeShip(
  shop: ShopWithoutWire,
  order: OrderRecord,
  action: Ship,
  send: () => WriteAnswer,
  { file, planned, look, isDisturbed }: Origin,
  rows: readonly Row[],
): WriteAnswer {
  const { policy } = file;
  assert.ok(policy.createShipments, 'the inbox may ship');
  assert.ok(!action.mails || policy.notify === 'shipment', 'nobody is mailed whom the inbox does not mail');
  const looked = look.orders.find(({ entityId }) => entityId === order.entityId);
  assert.ok(looked && !HELD.has(looked.state), 'what is held is not shipped');
  const shipping = new Map(planned.wishes.map(({ key, items }) => [key, items]));
  const standing = numbersOn(order);
  for (const { line, trackingNumber, namesItem } of badRowsMeaning(shop, order, file)) {
    const key = trackingKey(trackingNumber);
    assert.ok(!shipping.get(key)?.length, `${key} is not shipped by less than it holds, see line ${line}`);
    const isLost = namesItem && action.items.length === 0 && !standing.has(key) && !isDisturbed;
    assert.ok(!isLost, `everything is shipped, and line ${line} names some of it`);
  }
  if (action.items.length === 0 && !isDisturbed)
    for (const { line, item, trackingNumber } of rows)
      assert.ok(
        item === null ||
          standing.has(trackingKey(trackingNumber)) ||
          isAllShipped(order, item) ||
          mayBeSkipped(order, file, parcelOf(rows, trackingNumber)),
        `everything is shipped, and line ${line} names some of it`,
      );

  const openBefore = new Map(order.items.map((item) => [item, openOf(item)]));
  const dueBefore = totalDue(order);
  const shippedBefore = new Map(order.items.map((item) => [item, item.qtyShipped]));
  const shipments = order.shipments.length;
  const answer = send();
  const [made] = order.shipments.slice(shipments);
  if (!made) {
    assert.notEqual(answer.kind, 'done');
    if (answer.kind === 'refused' && !isDisturbed) assertAboutBundle(order, answer.message);
    return answer;
  }
  const held = new Map(
    made.items.filter(({ item }) => !isDummy(item)).map(({ item, qty }) => [item.itemId, qty]),
  );
  const asked =
    action.items.length > 0
      ? new Map(action.items.map(({ orderItemId, qty }) => [orderItemId, qty]))
      : new Map([...openBefore].filter(([, qty]) => qty > 0).map(([item, qty]) => [item.itemId, qty]));
  if (!isDisturbed)
    assert.deepEqual(sorted(held), sorted(asked), 'the shop ships what was asked for, no more and no less');
  // Of a bundle that somebody refunds just before, Magento counts the parts that were not.
  if (!isDisturbed) assertCountedWithBundles(made, shippedBefore);
  for (const { item, qty } of made.items) {
    if (!isDummy(item)) assert.ok(qty <= (openBefore.get(item) ?? 0) + 1e-9, `${item.sku} was open`);
    assert.ok(!isVirtual(item), 'what is virtual never ships');
    if (
      policy.requirePaid &&
      dueBefore > 0 &&
      !isDisturbed &&
      !item.parent &&
      item.productType !== 'bundle'
    ) {
      const left = Math.max(shippedBefore.get(item) ?? 0, item.qtyRefunded) + qty;
      assert.ok(left <= item.qtyInvoiced, `${item.sku} was invoiced`);
    }
  }
  assert.deepEqual(
    made.tracks.map(({ trackNumber }) => trackingKey(trackNumber)).sort(),
    [...shipping.keys()].sort(),
    'a shipment comes with the numbers that it is made for',
  );
  for (const row of rows.filter(({ trackingNumber }) => shipping.has(trackingKey(trackingNumber)))) {
    const source = row.source ?? sourceOfParcel(rows, row) ?? policy.source ?? 'default';
    assert.equal(collationKey(made.source), collationKey(source), `line ${row.line} left from ${source}`);
  }
  return answer;
}

/** Whether nothing of the article is open, which the order has: then it does not go along with what is. */
function isAllShipped({ items }: OrderRecord, { sku }: Item): boolean {
  const lines = items.filter((line) => skuKey(line.sku) === skuKey(sku));
  const withKin = items.filter((line) =>
    lines.some((each) => each === line || each.parent === line || line.parent === each),
  );
  return lines.length > 0 && withKin.every((line) => openOf(line) === 0);
}

/** Whether a shipment with a number has what these rows name already, and the inbox leaves such a one alone. */
function mayBeSkipped({ shipments }: OrderRecord, { policy }: File, parcel: readonly Row[]): boolean {
  const isLeft = policy.onExisting === 'fill' || policy.onExisting === 'skip';
  return isLeft && shipments.some((each) => each.tracks.length > 0 && holds(each, parcel));
}

function parcelOf(rows: readonly Row[], number: string): readonly Row[] {
  return rows.filter(({ trackingNumber }) => trackingKey(trackingNumber) === trackingKey(number));
}

function sourceOfParcel(rows: readonly Row[], { trackingNumber }: Row): string | null {
  const key = trackingKey(trackingNumber);
  return rows.find((row) => trackingKey(row.trackingNumber) === key && row.source !== null)?.source ?? null;
}

/** A number is taken away where it stands twice, or for one of the file's where the inbox says so and it came before. */
function judgeUntrack(
  shop: ShopWithoutWire,
  order: OrderRecord,
  trackId: number,
  { file: { policy }, claimedAtMs }: Origin,
  rows: readonly Row[],
): void {
  const track = shop.store.tracks.get(trackId);
  if (!track) return;
  const key = trackingKey(track.trackNumber);
  if (rows.some(({ trackingNumber }) => trackingKey(trackingNumber) === key)) {
    const stands = order.shipments.filter((each) => standsOn(each, key));
    const times = stands.flatMap(({ tracks }) =>
      tracks.filter((each) => trackingKey(each.trackNumber) === key),
    );
    assert.ok(times.length > 1, `${key} is wanted, and was about to be taken away`);
    return;
  }
  assert.equal(policy.onExisting, 'replace', `${key} is another's`);
  // The database keeps whole seconds.
  const sinceMs = Math.floor(claimedAtMs / 1000) * 1000;
  assert.ok(createdAtMs(track) < sinceMs, `${key} came before the file`);
  const wanted = new Set(
    rows.flatMap(({ trackingNumber, item }) => (item === null ? trackingKey(trackingNumber) : [])),
  );
  const isAdded = track.shipment.tracks.some(
    (each) => wanted.has(trackingKey(each.trackNumber)) && createdAtMs(each) >= sinceMs,
  );
  assert.ok(isAdded, `the file has put no number onto the shipment that ${key} is taken from`);
}

/** The database writes it as UTC. */
function createdAtMs({ createdAt }: TrackRecord): number {
  return Date.parse(`${createdAt.replace(' ', 'T')}Z`);
}

function standsOn({ tracks }: ShipmentRecord, key: string): boolean {
  return tracks.some(({ trackNumber }) => trackingKey(trackNumber) === key);
}

/** Parts of a bundle that ships together leave with it alone. */
function assertCountedWithBundles(
  { order, items }: ShipmentRecord,
  shippedBefore: ReadonlyMap<ItemRecord, number>,
): void {
  for (const part of order.items.filter((item) => isDummy(item) && item.parent?.productType === 'bundle')) {
    const { parent, qtyOrdered, qtyShipped, sku } = part;
    const bundles = items.find(({ item }) => item === parent)?.qty ?? 0;
    const counted = qtyShipped - (shippedBefore.get(part) ?? 0);
    const most = (bundles * qtyOrdered) / (parent?.qtyOrdered ?? 1);
    assert.ok(counted <= most + 1e-6, `${sku} counts as shipped with a bundle that is on the shipment`);
  }
}

/**
 * The only refusals that are not foreseen: how a bundle ships, of which no shipment has told, be it that it does so by parts that
 * are all locked; and a source that is not there.
 */
function assertAboutBundle({ items, shipments }: OrderRecord, message: string): void {
  assert.match(message, /has shipment type|does not allow a shipment/);
  const held = new Set(shipments.flatMap((shipment) => shipment.items.map(({ item }) => item)));
  assert.ok(
    items.some((item) => item.productType === 'bundle' && !held.has(item)),
    'no bundle is tried in a form that its shipments deny',
  );
}

const HELD: ReadonlySet<string> = new Set(['holded', 'payment_review', 'pending_payment', 'canceled']);

function sorted(quantities: ReadonlyMap<number, number>): readonly (readonly [number, number])[] {
  return [...quantities].sort(([a], [b]) => a - b);
}
