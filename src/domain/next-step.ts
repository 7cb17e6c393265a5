import { endingBroken, isAnyLostOf, openBrokenParcels } from './broken-parcel.ts';
import { BundleForms } from './bundle.ts';
import { ShipmentChoice } from './choose-shipment.ts';
import { CutOffs } from './cut-off.ts';
import { shippedWords, trackedWords } from './done-words.ts';
import { endingTogether, endingWithLastWords } from './last-words.ts';
import { lookedAfter } from './looked-after.ts';
import { Mailing } from './mail.ts';
import { judgeMissing } from './missing.ts';
import { openItemsAfter } from './open-items.ts';
import type { Order } from './order.ts';
import { tellingCarriers } from './other-carrier.ts';
import { Others } from './others.ts';
import type { RowOutcome } from './outcome.ts';
import { placesByNumber, placesOn } from './place.ts';
import { type PlannedAction, plan } from './plan.ts';
import { judgeReplacing } from './replacing.ts';
import { trackingKey } from './row.ts';
import { mayHaveLanded, nextLookAtMs, type Situation, type Step } from './situation.ts';
import { judgeStanding, standingOn } from './standing.ts';
import { badRowsOf, ordersMeant, rowsMeaning } from './store-view.ts';
import { heldForUnrecorded } from './unrecorded.ts';
import { endWish, type Ids, type Wish, wishesOf } from './wish.ts';
import { bringsNumbers, type Write } from './write.ts';

/**
 * The once rule, as one pure decision. Magento has no idempotency key, so what to do follows from two things
 * only: what stands in the store now, and which writes of ours may have landed or may land yet. It gives the
 * same answer after a crash as without one, since both are read afresh.
 */
export function nextStep(situation: Situation): Step {
  const { look, rows, endedRows, policy } = situation;
  const { meant, outcomes: lost } = ordersMeant(rows, look.orders, policy);
  const outcomes = endingBroken(lost, rows, situation.badRows);
  const steps = meant.map((each) =>
    stepFor(each.order, {
      ...situation,
      rows: each.rows,
      endedRows: rowsMeaning(each.order, endedRows, look.orders, policy),
      badRows: badRowsOf(each.order, situation.badRows, look.orders, policy),
    }),
  );
  return together([{ outcomes, actions: [], lookAgainAtMs: null }, ...steps]);
}

/** One step for all orders that share a number. */
function together(steps: readonly Step[]): Step {
  const looksAtMs = steps.map(({ lookAgainAtMs }) => lookAgainAtMs).filter((atMs) => atMs !== null);
  return {
    outcomes: steps.flatMap(({ outcomes }) => outcomes),
    actions: steps.flatMap(({ actions }) => actions),
    lookAgainAtMs: looksAtMs.length === 0 ? null : Math.min(...looksAtMs),
  };
}

/** `nextStep` for rows that mean this order. */
function stepFor(order: Order, situation: Situation): Step {
  const { rows, endedRows, writes, policy } = situation;
  const wishes = wishesOf(rows);
  const outcomes: RowOutcome[] = [];
  const fresh: Wish[] = [];
  const corrections: PlannedAction[] = [];
  const clearings = new Map<number, PlannedAction>();
  const waits: number[] = [];
  const refusals = new Map<string, string>();
  const toOrder = writes.filter((write) => write.orderId === order.entityId);
  const writesOf = writesByNumber(toOrder);
  const placesOf = standingOn(order);
  const stillOpen = openItemsAfter(order, []);
  const cutOffs = new CutOffs(order, toOrder, situation);
  const others = new Others(
    wishes,
    [...cutOffs.writes, ...toOrder],
    situation.writers?.get(order.entityId) ?? null,
  );
  const choice = new ShipmentChoice(order, policy, others);
  const brokenOf = openBrokenParcels(situation.badRows);
  for (const wish of wishes) {
    const own = writesOf.get(wish.key) ?? [];
    const places = placesOf(wish, own);
    const [place] = places;
    let verdict = place
      ? judgeStanding(order, wish, places, own, toOrder, situation, choice, stillOpen)
      : judgeMissing(order, wish, own, toOrder, situation);
    if (place && verdict.kind === 'end' && policy.onExisting === 'replace') {
      const standing = { wish, place, own, outcomes: verdict.outcomes };
      verdict = judgeReplacing(order, standing, others, toOrder, situation);
    }
    if (place && (verdict.kind === 'end' || verdict.kind === 'plan'))
      verdict = cutOffs.judge(wish, place) ?? verdict;
    if (verdict.kind === 'end') outcomes.push(...verdict.outcomes);
    else if (verdict.kind === 'wait') waits.push(verdict.untilMs);
    else if (verdict.kind === 'correct') corrections.push(verdict.action);
    else if (verdict.kind === 'clear') for (const entry of verdict.deletions) clearings.set(...entry);
    else {
      const broken = place ? undefined : brokenOf(wish, { orderId: order.entityId });
      if (broken) outcomes.push(...broken);
      else fresh.push(wish);
      if (verdict.refusal !== undefined) refusals.set(wish.key, verdict.refusal);
    }
  }
  const mailing = new Mailing(order, wishes, toOrder, situation);
  const isChoosing = policy.onExisting !== 'add' || order.shipments.length > 1;
  const end = isChoosing ? endingTogether(clearings) : endingWithLastWords(wishes);
  const asTheyMay = ({ outcomes: ends, ...step }: Step) =>
    mailing.decide(end({ ...step, outcomes: cutOffs.told(wishes, tellingCarriers(wishes, ends)) }));
  if (corrections.length > 0) return asTheyMay({ outcomes, actions: corrections, lookAgainAtMs: null });
  // While one write of these numbers may still land, no other is sent: its effect would make the plan wrong.
  if (waits.length > 0) return asTheyMay({ outcomes, actions: [], lookAgainAtMs: Math.min(...waits) });
  const siblings = wishesOf([...rows, ...endedRows].filter(({ item }) => item !== null));
  const named = siblings.flatMap(({ items }) => items);
  const forms = new BundleForms(order, named, refusedShips(toOrder));
  const isAnyLost = isAnyLostOf(siblings, situation.badRows, fresh, (wish) =>
    placesOf(wish, writesOf.get(wish.key) ?? []),
  );
  const planned = plan(order, fresh, policy, { siblings, refusals, forms, others, isAnyLost });
  const actions = planned.actions.map((action) =>
    mailing.asSent({
      ...action,
      isRepeat: action.wishes.some(({ key }) => writesOf.get(key)?.some(mayHaveLanded)),
      isReplacing: action.isReplacing || action.wishes.some((wish) => cutOffs.concerns(wish)),
    }),
  );
  const held = heldForUnrecorded(actions, situation);
  const shipsHeldUntilMs = held.actions.some(({ action }) => action.kind === 'ship')
    ? shipsMayLandUntilMs(order, toOrder, situation)
    : null;
  return asTheyMay({
    outcomes: [...outcomes, ...planned.outcomes],
    actions: lookedAfter(
      shipsHeldUntilMs === null ? held.actions : held.actions.filter(({ action }) => action.kind !== 'ship'),
    ),
    lookAgainAtMs: held.lookAgainAtMs ?? shipsHeldUntilMs,
  });
}

/**
 * When to look again for uncertain ships to the order that may still land, those of other drops with other numbers
 * too; null when there is none. What is open now is shipped by them, and a second shipment cannot be taken back.
 */
function shipsMayLandUntilMs(order: Order, toOrder: readonly Write[], situation: Situation): number | null {
  const standing = placesByNumber(placesOn(order));
  const atMs = toOrder
    .filter(({ kind, state }) => kind === 'ship' && (state === 'open' || state === 'uncertain'))
    .filter(({ trackingNumbers }) => !trackingNumbers.some((number) => standing.has(trackingKey(number))))
    .map((write) => nextLookAtMs(write, situation))
    .filter((atMs) => atMs !== undefined);
  return atMs.length === 0 ? null : Math.min(...atMs);
}

/** The rows that end when the store confirms a write: none where a later look has the last word. */
export function fulfilled(planned: PlannedAction, ids: Ids): readonly RowOutcome[] {
  const { action, wishes, isRepeat, isReplacing, isLookedAfter, isMailedAfter, words = {} } = planned;
  if (action.kind === 'mail') return planned.ends ?? [];
  if (action.kind === 'untrack' || isRepeat || isReplacing || isLookedAfter || isMailedAfter) return [];
  const all = { orderId: action.orderId, ...ids };
  const ends = wishes.flatMap((wish) =>
    action.kind === 'track'
      ? endWish(wish, 'tracked', trackedWords(words), all)
      : endWish(wish, 'shipped', shippedWords(words), all),
  );
  return tellingCarriers(wishes, ends);
}

/** The store's words for ships of the drop, oldest first. */
function refusedShips(writes: readonly Write[]): readonly string[] {
  const refused = writes.filter(({ kind, state, isOwn }) => isOwn && kind === 'ship' && state === 'refused');
  return refused.map(({ message }) => message);
}

/** Writes that would make a number stand, by its `trackingKey`. */
function writesByNumber(writes: readonly Write[]): ReadonlyMap<string, readonly Write[]> {
  const byKey = new Map<string, Write[]>();
  for (const write of writes) {
    if (!bringsNumbers(write)) continue;
    for (const key of new Set(write.trackingNumbers.map(trackingKey))) {
      const known = byKey.get(key);
      if (known) known.push(write);
      else byKey.set(key, [write]);
    }
  }
  return byKey;
}
