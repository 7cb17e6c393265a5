import assert from 'node:assert/strict';
import { fulfilled, nextStep } from '../../src/domain/next-step.ts';
import type { RowOutcome } from '../../src/domain/outcome.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { type Row, trackingKey } from '../../src/domain/row.ts';
import { type Action, bringsNumbers, numbersOf, type Ship, type Write } from '../../src/domain/write.ts';
import { isDummy, isVirtual } from '../../src/sandbox/shippable.ts';
import type { ItemRecord, OrderRecord } from '../../src/sandbox/store.ts';
import { situation } from './orders.ts';
import { ORDER_NUMBER } from './orders-of-every-kind.ts';
import type { ShopWithoutWire, Way } from './shop-without-wire.ts';

/** What a write meets; `late`: it is done a while after nobody waits for its answer any more; `crash`: the process ends before the answer is on record. */
export interface Fate {
  readonly way: Way | 'late';
  readonly crash: boolean;
}

/** What became of a file. */
export interface Played {
  readonly ends: ReadonlyMap<string, RowOutcome>;
  /** Oldest first, answered or not. */
  readonly sent: readonly Action[];
}

/** Before anything is repeated; see PATIENCE. */
const LATE_MS = 20_000;

/** More than any generated file needs: each of its writes with every look after it. */
const MOST_LOOKS = 120;

/**
 * Brings one file to its end as the pipeline does, by the clock of the test, and judges each shipment as it is made.
 * `earlier` is the file before it.
 */
export function play(
  shop: ShopWithoutWire,
  rows: readonly Row[],
  policy: Policy,
  { fates = [], earlier }: { readonly fates?: readonly Fate[]; readonly earlier?: Played } = {},
): Played {
  const ends = new Map<string, RowOutcome>();
  const writes: Write[] = [];
  const sent: Action[] = [];
  const claimedAtMs = Date.UTC(2026, 10, 22);
  const before = new Set(earlier?.sent.flatMap(numbersOf).map(trackingKey));
  let nowMs = claimedAtMs;
  let late: { readonly kind: Action['kind']; readonly atMs: number; readonly land: () => unknown }[] = [];
  const end = (outcomes: readonly RowOutcome[]) => {
    for (const outcome of outcomes) {
      assert.ok(!ends.has(placeOf(outcome)), `row ${placeOf(outcome)} ends once`);
      ends.set(placeOf(outcome), outcome);
    }
  };
  for (let looks = 0; ends.size < rows.length; looks += 1) {
    assert.ok(looks < MOST_LOOKS, 'the file comes to an end');
    const landing = late.filter(({ atMs }) => atMs <= nowMs);
    for (const { land } of landing) land();
    late = late.filter((each) => !landing.includes(each));
    const look = shop.look(ORDER_NUMBER, nowMs);
    const step = nextStep(
      situation({
        look,
        rows: rows.filter((row) => !ends.has(placeOf(row))),
        endedRows: rows.filter((row) => ends.has(placeOf(row)) && row.item !== null),
        writes,
        writers: new Map(
          look.orders.map(({ entityId }) => [
            entityId,
            { cameAtMs: claimedAtMs, own: new Set<string>(), earlier: before, later: new Set<string>() },
          ]),
        ),
        policy,
      }),
    );
    end(step.outcomes);
    for (const planned of step.actions) {
      const { action } = planned;
      const { way, crash } = fates[sent.length] ?? { way: 'answered', crash: false };
      const id = shop.newWriteId();
      sent.push(action);
      const send = (how: Way) =>
        action.kind === 'ship' ? shipped(shop, action, id, how) : shop.write(action, id, how);
      if (way === 'late')
        late.push({ kind: action.kind, atMs: nowMs + LATE_MS, land: () => send('unheard') });
      const answer = send(way === 'late' ? 'lost' : way);
      writes.push({
        id,
        kind: action.kind,
        orderId: action.orderId,
        shipmentId: action.kind === 'ship' ? null : action.shipmentId,
        trackId: answer.kind === 'done' && !crash ? answer.trackId : null,
        trackingNumbers: numbersOf(action),
        mails: action.kind === 'mail' || (action.kind === 'ship' && action.mails),
        state: crash ? 'open' : answer.kind,
        message: answer.kind === 'done' ? '' : answer.message,
        atMs: nowMs,
        answeredAtMs: crash ? null : nowMs + 1,
        counts: true,
        isOwn: true,
      });
      nowMs += 2;
      if (crash || answer.kind !== 'done') break;
      end(fulfilled(planned, answer));
    }
    nowMs = Math.max(nowMs + 1, step.lookAgainAtMs ?? 0);
  }
  for (const { kind, land } of late) {
    assert.ok(!bringsNumbers({ kind }), 'no row ends while a number of it may land');
    land();
  }
  return { ends, sent };
}

/** Asks for a shipment, and sees that the shop made what was asked for and nothing else, or nothing. */
function shipped(shop: ShopWithoutWire, action: Ship, id: string, way: Way) {
  const order = orderIn(shop);
  const openBefore = new Map(order.items.map((item) => [item, openOf(item)]));
  const shipments = order.shipments.length;
  const answer = shop.write(action, id, way);
  const [made] = order.shipments.slice(shipments);
  if (!made) {
    assert.notEqual(answer.kind, 'done');
    if (answer.kind === 'refused') assertAboutBundle(order, answer.message);
    return answer;
  }
  const held = new Map(
    made.items.filter(({ item }) => !isDummy(item)).map(({ item, qty }) => [item.itemId, qty]),
  );
  const asked =
    action.items.length > 0
      ? new Map(action.items.map(({ orderItemId, qty }) => [orderItemId, qty]))
      : new Map([...openBefore].filter(([, qty]) => qty > 0).map(([item, qty]) => [item.itemId, qty]));
  assert.deepEqual(sorted(held), sorted(asked), 'the shop ships what was asked for, no more and no less');
  for (const { item, qty } of made.items) {
    if (!isDummy(item)) assert.ok(qty <= (openBefore.get(item) ?? 0) + 1e-9, `${item.sku} was open`);
  }
  assert.deepEqual(
    made.tracks.map(({ trackNumber }) => trackNumber),
    action.parcels.map(({ trackingNumber }) => trackingNumber),
  );
  return answer;
}

/** The only refusal that is not foreseen: how a bundle ships, of which no shipment has told. */
function assertAboutBundle({ items, shipments }: OrderRecord, message: string): void {
  assert.match(message, /has shipment type/);
  const held = new Set(shipments.flatMap((shipment) => shipment.items.map(({ item }) => item)));
  assert.ok(
    items.some((item) => item.productType === 'bundle' && !held.has(item)),
    'no bundle is tried in a form that its shipments deny',
  );
}

/** What can still be shipped of a line by itself. */
export function openOf(item: ItemRecord): number {
  if (isVirtual(item) || isDummy(item)) return 0;
  const { qtyOrdered, qtyShipped, qtyRefunded, qtyCanceled } = item;
  const open = qtyOrdered - Math.max(qtyShipped, qtyRefunded) - qtyCanceled;
  return Math.max(Math.round(open * 1e8) / 1e8, 0);
}

export function orderIn(shop: ShopWithoutWire): OrderRecord {
  const [order] = shop.store.ordersByIncrementId(ORDER_NUMBER);
  assert.ok(order);
  return order;
}

export function placeOf({ line, part }: { readonly line: number; readonly part: number }): string {
  return `${line}.${part}`;
}

function sorted(quantities: ReadonlyMap<number, number>): readonly (readonly [number, number])[] {
  return [...quantities].sort(([a], [b]) => a - b);
}
