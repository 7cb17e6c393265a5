import assert from 'node:assert/strict';
import type { RowOutcome } from '../../src/domain/outcome.ts';
import { type BadRow, type Row, skuKey, trackingKey } from '../../src/domain/row.ts';
import { isDummy, isVirtual } from '../../src/sandbox/shippable.ts';
import type { ItemRecord, OrderRecord, ShipmentRecord } from '../../src/sandbox/store.ts';
import type { File } from './files-of-every-kind.ts';
import { placeOf } from './ledger-without-disk.ts';
import { ORDER_NUMBER } from './orders-of-every-kind.ts';
import type { ShopWithoutWire } from './shop-without-wire.ts';

const PUT: ReadonlySet<string> = new Set(['tracked', 'shipped', 'replaced']);
const ON_A_SHIPMENT: ReadonlySet<string> = new Set([...PUT, 'already-tracked']);

/** Holds the ends of a file's rows to what the shop has. */
export class EndJudge {
  readonly #shop: ShopWithoutWire;
  readonly #file: File;
  readonly #areOthersThere: boolean;
  readonly #mailsBefore: number;
  /** How often each number stood on each of the file's orders, by `entityId`. */
  readonly #stoodBefore: ReadonlyMap<number, ReadonlyMap<string, number>>;
  readonly #madeBefore: ReadonlySet<number>;
  /** What was open of each line, and how much of it had left. */
  readonly #linesBefore: ReadonlyMap<ItemRecord, { readonly open: number; readonly shipped: number }>;

  /** To be made before the file is worked on. `areOthersThere`: somebody else works on the orders meanwhile. */
  constructor(shop: ShopWithoutWire, file: File, areOthersThere: boolean) {
    this.#shop = shop;
    this.#file = file;
    this.#areOthersThere = areOthersThere;
    this.#mailsBefore = shop.store.mailbox.sent.length;
    const orders = shop.store.ordersByIncrementId(ORDER_NUMBER);
    this.#stoodBefore = new Map(orders.map((order) => [order.entityId, timesByNumber(order)]));
    this.#madeBefore = new Set(shop.store.shipments.keys());
    this.#linesBefore = new Map(
      orders.flatMap(({ items }) =>
        items.map((item) => [item, { open: openOf(item), shipped: item.qtyShipped }] as const),
      ),
    );
  }

  /** Right when they come, and nobody else has been there since the look that they come from. */
  judge(ends: readonly RowOutcome[]): void {
    const byPlace = new Map(ends.map((end) => [placeOf(end), end]));
    for (const row of this.#file.rows) {
      const end = byPlace.get(placeOf(row));
      if (!end) continue;
      assert.ok(end.message.length > 0, 'every row ends in words');
      const [order, another] = ordersMeant(this.#shop, row, this.#file);
      if (order && !another) this.#judgeOn(order, row, end);
      else if (this.#file.badRows.length === 0 || end.outcome !== 'item-mismatch')
        assert.equal(end.outcome, order ? 'order-ambiguous' : 'order-not-found');
    }
    this.#judgeTogether(ends);
  }

  /** Somebody has been there since the look. */
  know(ends: readonly RowOutcome[]): void {
    for (const { message } of ends) assert.ok(message.length > 0, 'every row ends in words');
  }

  /** Rows of parcels that were shipped in one shipment: it has what all of them name, and not what each does by itself. */
  #judgeTogether(ends: readonly RowOutcome[]): void {
    const shipped = ends.filter(({ outcome }) => outcome === 'shipped');
    for (const [shipmentId, together] of Map.groupBy(shipped, (end) => end.shipmentId)) {
      const shipment = this.#shop.store.shipments.get(shipmentId ?? 0);
      assert.ok(shipment, 'what is shipped stands on a shipment');
      const ended = new Set(together.map(placeOf));
      // Somebody may put one of the numbers on another shipment, too, and that one may have what it names.
      const isElsewhere = ({ trackingNumber }: Row) =>
        shipment.order.shipments.some(
          (other) => other !== shipment && timesOn(other, trackingKey(trackingNumber)) > 0,
        );
      const rows = this.#file.rows.filter((row) => ended.has(placeOf(row)) && !isElsewhere(row));
      assert.ok(holds(shipment, rows), `shipment ${shipmentId} has what its parcels name together`);
    }
  }

  #judgeOn(order: OrderRecord, row: Row, { outcome, message, shipmentId }: RowOutcome): void {
    assert.notEqual(outcome, 'order-not-found');
    const key = trackingKey(row.trackingNumber);
    // Somebody who puts another number in its place looks like a shop that keeps numbers in a form of its own.
    const kept = this.#areOthersThere ? /the shop keeps it as ([^;]+)/.exec(message)?.[1] : undefined;
    const standing = trackingKey(kept ?? row.trackingNumber);
    const on = order.shipments.filter((each) => timesOn(each, standing) > 0);
    const what = `line ${row.line} (${outcome}: ${message})`;
    if (ON_A_SHIPMENT.has(outcome)) {
      assert.ok(
        on.some(({ entityId }) => entityId === shipmentId),
        `${what} stands where it says`,
      );
      const parcel = rowsMeaning(this.#shop, order, this.#file).filter(
        ({ trackingNumber }) => trackingKey(trackingNumber) === key,
      );
      assert.ok(
        on.some((each) => holds(each, parcel)),
        `${what} is on a shipment of its items`,
      );
      return;
    }
    if (outcome === 'gave-up' || this.#stoodBefore.get(order.entityId)?.has(key)) return;
    const isMade = on.some(({ entityId }) => entityId === shipmentId) && outcome === 'item-mismatch';
    assert.ok(on.length === 0 || (this.#areOthersThere && isMade), `${what} failed, and stands nowhere`);
  }

  /** When the file has come to its end. */
  judgeAll(ends: ReadonlyMap<string, RowOutcome>): void {
    const endOf = (row: Row) => ends.get(placeOf(row)) as RowOutcome;
    const { store } = this.#shop;
    for (const order of store.ordersByIncrementId(ORDER_NUMBER)) {
      assertNotOvershipped(order);
      const rows = rowsMeaning(this.#shop, order, this.#file);
      const isGivenUp = rows.some((row) => endOf(row).outcome === 'gave-up');
      if (!this.#areOthersThere && !isGivenUp) this.#assertOpenWhenItCame(order);
      const parcels = Map.groupBy(rows, ({ trackingNumber }) => trackingKey(trackingNumber));
      for (const [key, parcel] of parcels) {
        const outcomes = parcel.map((row) => endOf(row).outcome);
        assert.ok(
          outcomes.every((each) => each === outcomes[0] || ON_A_SHIPMENT.has(each)),
          'one parcel, one end',
        );
        if (this.#areOthersThere || outcomes.includes('gave-up')) continue;
        const times = order.shipments.reduce((sum, each) => sum + timesOn(each, key), 0);
        const before = this.#stoodBefore.get(order.entityId)?.get(key) ?? 0;
        assert.ok(times <= Math.max(before, 1), `${key} stands ${times} times`);
      }
    }
    this.#judgeMails(endOf);
  }

  /** Magento takes pieces that were refunded before anything left for open again, once others are shipped. */
  #assertOpenWhenItCame({ items }: OrderRecord): void {
    for (const item of items.filter((line) => !isDummy(line))) {
      const { open, shipped } = this.#linesBefore.get(item) ?? { open: 0, shipped: 0 };
      assert.ok(item.qtyShipped - shipped <= open + 1e-9, `${item.sku} was open when the file came`);
    }
  }

  #stoodSomewhere({ trackingNumber }: Row): boolean {
    return [...this.#stoodBefore.values()].some((times) => times.has(trackingKey(trackingNumber)));
  }

  #judgeMails(endOf: (row: Row) => RowOutcome): void {
    const { rows, policy } = this.#file;
    const { store } = this.#shop;
    const sent = store.mailbox.sent.slice(this.#mailsBefore);
    for (const [{ entityId }, mails] of Map.groupBy(sent, ({ shipment }) => shipment)) {
      assert.ok(mails.length <= 1, 'no customer is mailed twice');
      assert.notEqual(policy.notify, 'never');
      if (policy.notify === 'shipment') assert.ok(!this.#madeBefore.has(entityId), 'only new shipments mail');
    }
    const tellingOf = ({ trackingNumber }: Row) =>
      sent.filter(({ trackNumbers }) => trackNumbers.includes(trackingNumber));
    for (const row of rows) {
      const { mail, outcome, shipmentId } = endOf(row);
      const telling = tellingOf(row);
      if (policy.notify === 'shipment' && !this.#stoodSomewhere(row) && this.#stoodBefore.size === 1)
        assert.ok(telling.length <= 1, `line ${row.line} is told of once`);
      const about = sent.filter(({ shipment }) => shipment.entityId === shipmentId);
      const told = telling.some((each) => about.includes(each));
      // Somebody may have deleted the number just before the mail; one that was shipped twice may be told of with either.
      const isMailed =
        told || (this.#areOthersThere && about.length > 0) || (outcome === 'gave-up' && telling.length > 0);
      if (mail === 'mailed') assert.ok(isMailed, `line ${row.line} says that the customer was mailed`);
      if (mail !== undefined || !PUT.has(outcome)) continue;
      // The cron mails late, and of all numbers that stand there by then; so does a mail before somebody deletes one of these.
      if (store.mailbox.byCron || (this.#areOthersThere && this.#stoodSomewhere(row))) continue;
      assert.ok(!told, `line ${row.line} says that no mail told of it`);
      if (!this.#areOthersThere) assert.notEqual(policy.notify, 'always', `line ${row.line} is mailed about`);
    }
  }
}

/** The rows of a file that mean this order of those that have the number. */
export function rowsMeaning(shop: ShopWithoutWire, order: OrderRecord, file: File): readonly Row[] {
  return file.rows.filter((row) => {
    const [meant, another] = ordersMeant(shop, row, file);
    return meant === order && !another;
  });
}

/** The unreadable rows of a file that may mean this order. */
export function badRowsMeaning(shop: ShopWithoutWire, order: OrderRecord, file: File): readonly BadRow[] {
  return file.badRows.filter((row) => ordersMeant(shop, row, file).includes(order));
}

function ordersMeant(
  shop: ShopWithoutWire,
  row: Row | BadRow,
  { policy }: Pick<File, 'policy'>,
): readonly OrderRecord[] {
  const view = row.storeView ?? policy.storeView;
  return shop.store
    .ordersByIncrementId(ORDER_NUMBER)
    .filter(({ storeId }) => view === null || view === storeId);
}

/** Nobody ships more of a line than was ordered, and nothing that cannot be sent. */
function assertNotOvershipped({ items }: OrderRecord): void {
  for (const item of items) {
    // A separate bundle is counted once for each shipment that has a part of it.
    const counted = item.parent || item.productType !== 'bundle' || !item.shipSeparately;
    if (counted) assert.ok(item.qtyShipped <= item.qtyOrdered + 1e-9, `${item.sku} was ordered`);
    if (isVirtual(item)) assert.equal(item.qtyShipped, 0, 'what is virtual never ships');
  }
}

/** What can still be shipped of a line by itself. */
export function openOf(item: ItemRecord): number {
  if (isVirtual(item) || isDummy(item) || item.isLocked) return 0;
  const { qtyOrdered, qtyShipped, qtyRefunded, qtyCanceled } = item;
  const open = qtyOrdered - Math.max(qtyShipped, qtyRefunded) - qtyCanceled;
  return Math.max(Math.round(open * 1e8) / 1e8, 0);
}

/** Keys of all numbers that stand on the order. */
export function numbersOn(order: OrderRecord): ReadonlySet<string> {
  return new Set(timesByNumber(order).keys());
}

function timesByNumber({ shipments }: OrderRecord): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const { trackNumber } of shipments.flatMap(({ tracks }) => tracks)) {
    const key = trackingKey(trackNumber);
    times.set(key, (times.get(key) ?? 0) + 1);
  }
  return times;
}

function timesOn({ tracks }: ShipmentRecord, key: string): number {
  return tracks.filter(({ trackNumber }) => trackingKey(trackNumber) === key).length;
}

/** Whether the shipment has what the rows name, each SKU by itself; a row that stands there twice for a number names it once. */
export function holds(shipment: ShipmentRecord, rows: readonly Row[]): boolean {
  const on = articlesOn(shipment);
  for (const bundle of shipment.order.items.filter(({ productType }) => productType === 'bundle'))
    on.set(skuKey(bundle.sku), (on.get(skuKey(bundle.sku)) ?? 0) + setsOn(shipment, bundle));
  const distinct = new Map(
    rows.map(({ item, record, trackingNumber }) => [
      JSON.stringify([trackingKey(trackingNumber), item?.sku, item?.quantity, record]),
      item,
    ]),
  );
  const named = Map.groupBy(
    [...distinct.values()].filter((item) => item !== null),
    ({ sku }) => skuKey(sku),
  );
  return [...named].every(
    ([sku, items]) => (on.get(sku) ?? 0) >= items.reduce((sum, { quantity }) => sum + quantity, 0) - 1e-6,
  );
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
