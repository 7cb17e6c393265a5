import type { Look, Order } from './order.ts';
import type { RowOutcome } from './outcome.ts';
import {
  alreadyTracked,
  type Place,
  type PlannedAction,
  type Policy,
  placesByNumber,
  placesOn,
  plan,
} from './plan.ts';
import { type Row, trackingKey } from './row.ts';
import { endWish, type Ids, type Wish, wishesOf } from './wish.ts';
import { type Action, mark, type Write } from './write.ts';

/** How patient to be with a write whose fate is unknown; each delay counts from the write's intent. */
export interface Patience {
  readonly looksMs: readonly number[];
  readonly repeatTrackAfterMs: number;
  readonly repeatShipAfterMs: number;
  readonly verifyAfterMs: number;
  /** Attempts that count against a row before it is given up. */
  readonly attempts: number;
}

export interface Situation {
  readonly look: Look;
  /** Rows of one drop for one order number that have no outcome yet. */
  readonly rows: readonly Row[];
  /** Writes of this drop to the order, and recent uncertain ones of other drops; oldest first. */
  readonly writes: readonly Write[];
  readonly policy: Policy;
  readonly patience: Patience;
}

/** What to do next for an order: record the outcomes, then write, or wait and look again, or be done. */
export interface Step {
  readonly outcomes: readonly RowOutcome[];
  readonly actions: readonly PlannedAction[];
  /** When to look again, ms of the wall clock; null when nothing is waited for. */
  readonly lookAgainAtMs: number | null;
}

/**
 * The once rule, as one pure decision. Magento has no idempotency key, so what to do follows from two things
 * only: what stands in the store now, and which writes of ours may have landed or may land yet. It gives the
 * same answer after a crash as without one, since both are read afresh.
 */
export function nextStep(situation: Situation): Step {
  const { look, rows, writes, policy } = situation;
  const wishes = wishesOf(rows);
  const [order, another] = look.orders;
  if (!order) return allEnd(wishes, 'order-not-found', `the shop has no order ${rows[0]?.orderNumber ?? ''}`);
  if (another) return allEnd(wishes, 'order-ambiguous', ambiguity(look.orders));

  const outcomes: RowOutcome[] = [];
  const fresh: Wish[] = [];
  const corrections: PlannedAction[] = [];
  const waits: number[] = [];
  const toOrder = writes.filter((write) => write.orderId === order.entityId);
  const writesOf = writesByNumber(toOrder);
  const placesOf = standingOn(order);
  for (const wish of wishes) {
    const own = writesOf.get(wish.key) ?? [];
    const places = placesOf(wish, own);
    const verdict =
      places.length > 0
        ? judgeStanding(order, wish, places, own, toOrder, situation)
        : judgeMissing(order, wish, own, toOrder, situation);
    if (verdict.kind === 'end') outcomes.push(...verdict.outcomes);
    else if (verdict.kind === 'wait') waits.push(verdict.untilMs);
    else if (verdict.kind === 'correct') corrections.push(verdict.action);
    else fresh.push(wish);
  }
  if (corrections.length > 0) return { outcomes, actions: corrections, lookAgainAtMs: null };
  // While one write to the order may still land, no other is sent: its effect would make the plan wrong.
  if (waits.length > 0) return { outcomes, actions: [], lookAgainAtMs: Math.min(...waits) };
  const planned = plan(order, fresh, policy);
  const actions = planned.actions.map((action) => ({
    ...action,
    isRepeat: action.wishes.some(({ key }) => writesOf.get(key)?.some(mayHaveLanded)),
  }));
  return { outcomes: [...outcomes, ...planned.outcomes], actions, lookAgainAtMs: null };
}

/** The rows that end when the store confirms a write: none for a repeat, which is verified first. */
export function fulfilled({ action, wishes, isRepeat }: PlannedAction, ids: Ids): RowOutcome[] {
  if (action.kind === 'untrack' || isRepeat) return [];
  return wishes.flatMap((wish) =>
    action.kind === 'ship'
      ? endWish(wish, 'shipped', 'shipment created with this number', { orderId: action.orderId, ...ids })
      : endWish(wish, 'tracked', 'number added to the shipment', { orderId: action.orderId, ...ids }),
  );
}

type Verdict =
  | { readonly kind: 'end'; readonly outcomes: readonly RowOutcome[] }
  | { readonly kind: 'wait'; readonly untilMs: number }
  | { readonly kind: 'correct'; readonly action: PlannedAction }
  | { readonly kind: 'plan' };

/** Writes that would make a number stand, by its `trackingKey`. */
function writesByNumber(writes: readonly Write[]): ReadonlyMap<string, readonly Write[]> {
  const byKey = new Map<string, Write[]>();
  for (const write of writes) {
    if (write.kind === 'untrack') continue;
    for (const key of new Set(write.trackingNumbers.map(trackingKey))) {
      const known = byKey.get(key);
      if (known) known.push(write);
      else byKey.set(key, [write]);
    }
  }
  return byKey;
}

/**
 * Where a wish stands, oldest first: its number, and what a write of it has made. A shop may keep a number in
 * a form of its own (an extension that strips hyphens, say), and would be sent it again and again.
 */
function standingOn(order: Order): (wish: Wish, own: readonly Write[]) => Place[] {
  const places = placesOn(order);
  const byNumber = placesByNumber(places);
  const byMark = Map.groupBy(places, ({ description }) => description);
  const byId = Map.groupBy(places, ({ trackId }) => trackId);
  return (wish, own) => {
    const found = new Set(byNumber.get(wish.key));
    for (const { kind, id, trackId } of own) {
      if (kind !== 'track') continue;
      for (const place of byMark.get(mark(id)) ?? []) found.add(place);
      for (const place of (trackId !== null && byId.get(trackId)) || []) found.add(place);
    }
    return [...found].sort((a, b) => a.trackId - b.trackId);
  };
}

/** The number stands. After a repeat both attempts may have landed, or the first may still be on its way. */
function judgeStanding(
  order: Order,
  wish: Wish,
  places: readonly Place[],
  own: readonly Write[],
  writes: readonly Write[],
  { look, patience }: Situation,
): Verdict {
  const landed = own.filter(mayHaveLanded);
  const last = landed.at(-1);
  const [place, ...surplus] = places;
  if (!last || !place) return { kind: 'plan' };

  if (landed.length > 1) {
    const verifyAtMs = last.atMs + patience.verifyAfterMs;
    if (look.atMs < verifyAtMs) return { kind: 'wait', untilMs: verifyAtMs };
    const ours = surplus.findLast((candidate) => isOurs(candidate, landed)) ?? null;
    const takenBack = ours ?? (surplus.length > 0 && isOurs(place, landed) ? place : null);
    if (takenBack) return takeBack(order, wish, takenBack, places, { look, writes, patience });
    const second = secondShipment(order, place, landed, writes);
    if (second)
      return { kind: 'end', outcomes: endWish(wish, 'gave-up', twice(place, second), idsOf(order, place)) };
  }
  // It stood there already when this drop came: the one that wrote it has told so.
  if (!landed.some(({ isOwn }) => isOwn))
    return { kind: 'end', outcomes: alreadyTracked(order, wish, place) };
  const how =
    last.kind === 'ship'
      ? (['shipped', 'shipment created with this number'] as const)
      : (['tracked', 'number added to the shipment'] as const);
  const message = [
    how[1],
    ...(last.state === 'done' ? [] : ["the store's answer was lost, the number was found there"]),
    ...(trackingKey(place.trackNumber) === wish.key ? [] : [`the shop keeps it as ${place.trackNumber}`]),
  ].join('; ');
  return { kind: 'end', outcomes: endWish(wish, how[0], message, idsOf(order, place)) };
}

/** The number does not stand: never tried, may land yet, refused, or to be tried again. */
function judgeMissing(
  order: Order,
  wish: Wish,
  own: readonly Write[],
  writes: readonly Write[],
  { look, patience }: Situation,
): Verdict {
  const last = own.at(-1);
  if (!last) return { kind: 'plan' };

  if (last.state === 'refused') {
    const answeredAtMs = last.answeredAtMs ?? last.atMs;
    const doubtful =
      last.kind === 'ship' || writes.some((write) => mayHaveLanded(write) && write.state !== 'done');
    if (doubtful && look.atMs <= answeredAtMs) return { kind: 'wait', untilMs: answeredAtMs };
    // Somebody else shipped it meanwhile: the number can go onto that shipment.
    if (last.kind === 'ship' && order.shipments.length > 0) return { kind: 'plan' };
    return {
      kind: 'end',
      outcomes: endWish(wish, 'store-refused', last.message, { orderId: order.entityId }),
    };
  }
  if (mayHaveLanded(last)) {
    const repeatAfterMs = last.kind === 'ship' ? patience.repeatShipAfterMs : patience.repeatTrackAfterMs;
    const nextLook = [...patience.looksMs.filter((delayMs) => delayMs < repeatAfterMs), repeatAfterMs]
      .map((delayMs) => last.atMs + delayMs)
      .find((atMs) => atMs > look.atMs);
    if (nextLook !== undefined) return { kind: 'wait', untilMs: nextLook };
  }
  const counted = own.filter(({ counts, state }) => counts || state === 'done');
  if (counted.length >= patience.attempts) {
    const answer =
      last.state === 'done' ? 'the store said that it was done, and it does not show' : last.message;
    const message = `tried ${counted.length} times while the store was well: ${answer}`;
    return { kind: 'end', outcomes: endWish(wish, 'gave-up', message, { orderId: order.entityId }) };
  }
  return { kind: 'plan' };
}

/** Open at a look means: cut off by the end of the process, so it may have landed as well. */
function mayHaveLanded(write: Write): boolean {
  return write.state === 'open' || write.state === 'uncertain' || write.state === 'done';
}

/** By the mark in the description, by the id in the answer, or, for a ship (which carries no mark), by number. */
function isOurs(place: Place, landed: readonly Write[]): boolean {
  return landed.some(
    (write) =>
      place.description === mark(write.id) ||
      (write.trackId !== null && write.trackId === place.trackId) ||
      (write.kind === 'ship' && !place.description),
  );
}

/** Takes a track of ours back, as often as attempts are allowed, and no faster than uncertain writes are looked for. */
function takeBack(
  order: Order,
  wish: Wish,
  place: Place,
  places: readonly Place[],
  { look, writes, patience }: Pick<Situation, 'look' | 'writes' | 'patience'>,
): Verdict {
  const tries = writes.filter(
    ({ kind, trackId, state }) => kind === 'untrack' && trackId === place.trackId && state !== 'unsent',
  );
  const last = tries.at(-1);
  if (last) {
    const counted = tries.filter(({ counts, state }) => counts || state === 'refused' || state === 'done');
    if (counted.length >= patience.attempts) {
      const message = notTakenBack(place, places, counted.length, last);
      return { kind: 'end', outcomes: endWish(wish, 'gave-up', message, idsOf(order, place)) };
    }
    const delayMs =
      patience.looksMs[tries.length - 1] ?? patience.looksMs.at(-1) ?? patience.repeatTrackAfterMs;
    const nextTryAtMs = last.atMs + delayMs;
    if (look.atMs < nextTryAtMs) return { kind: 'wait', untilMs: nextTryAtMs };
  }
  const action: Action = {
    kind: 'untrack',
    orderId: order.entityId,
    shipmentId: place.shipment.entityId,
    trackId: place.trackId,
    trackingNumber: wish.rows[0].trackingNumber,
  };
  return { kind: 'correct', action: { action, wishes: [], isRepeat: false } };
}

function notTakenBack(place: Place, places: readonly Place[], tries: number, last: Write): string {
  const where = places
    .map(({ trackId, shipment }) => `track ${trackId} on shipment ${shipment.incrementId}`)
    .join(' and ');
  const answer = last.state === 'done' ? 'the store said that it is gone, and it stands' : last.message;
  return `the number stands more than once, as ${where}; track ${place.trackId} was to be taken back ${tries} times: ${answer}`;
}

/** The id of a shipment that a repeated ship of ours made besides the one that holds the number. */
function secondShipment(
  order: Order,
  place: Place,
  landed: readonly Write[],
  writes: readonly Write[],
): string | undefined {
  if (landed.filter((write) => write.kind === 'ship').length < 2) return undefined;
  const emptied = writes.filter((write) => write.kind === 'untrack').map((write) => write.shipmentId);
  const second = order.shipments.find(
    ({ entityId }) => entityId !== place.shipment.entityId && emptied.includes(entityId),
  );
  return second?.incrementId;
}

function twice(place: Place, second: string): string {
  return `the order was shipped twice, as ${place.shipment.incrementId} and ${second}: the store lost the first answer and shipped late; the number stands once, the second shipment cannot be taken back`;
}

function idsOf(order: Order, place: Place): Ids {
  return { orderId: order.entityId, shipmentId: place.shipment.entityId, trackId: place.trackId };
}

function allEnd(
  wishes: readonly Wish[],
  outcome: 'order-not-found' | 'order-ambiguous',
  message: string,
): Step {
  return {
    outcomes: wishes.flatMap((wish) => endWish(wish, outcome, message)),
    actions: [],
    lookAgainAtMs: null,
  };
}

function ambiguity(orders: readonly Order[]): string {
  const where = orders.map((order) => `id ${order.entityId} in store view ${order.storeId}`).join(', ');
  return `several store views have an order ${orders[0]?.incrementId ?? ''} (${where}), and nothing says which is meant`;
}
