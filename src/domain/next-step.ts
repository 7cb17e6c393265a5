import { CutOffs } from './cut-off.ts';
import { judgeMissing } from './missing.ts';
import type { Order } from './order.ts';
import { Others } from './others.ts';
import type { RowOutcome } from './outcome.ts';
import { placesByNumber, placesOn } from './place.ts';
import { type PlannedAction, plan } from './plan.ts';
import { judgeReplacing } from './replacing.ts';
import { trackingKey } from './row.ts';
import { mayHaveLanded, nextLookAtMs, type Situation } from './situation.ts';
import { judgeStanding, standingOn } from './standing.ts';
import { heldForUnrecorded } from './unrecorded.ts';
import { endWish, type Ids, type Wish, wishesOf } from './wish.ts';
import type { Write } from './write.ts';

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
  const { look, rows, endedRows, writes, policy } = situation;
  const wishes = wishesOf(rows);
  const { storeView } = policy;
  const [order, another] = look.orders.filter(({ storeId }) => storeView === null || storeId === storeView);
  if (!order) return allEnd(wishes, 'order-not-found', absence(rows[0]?.orderNumber ?? '', situation));
  if (another) return allEnd(wishes, 'order-ambiguous', ambiguity(look.orders));

  const outcomes: RowOutcome[] = [];
  const fresh: Wish[] = [];
  const corrections: PlannedAction[] = [];
  const clearings = new Map<number, PlannedAction>();
  const waits: number[] = [];
  const refusals = new Map<string, string>();
  const toOrder = writes.filter((write) => write.orderId === order.entityId);
  const writesOf = writesByNumber(toOrder);
  const placesOf = standingOn(order);
  const cutOffs = new CutOffs(order, toOrder, situation);
  const others = new Others(wishes, [...cutOffs.writes, ...toOrder], situation.writers);
  for (const wish of wishes) {
    const own = writesOf.get(wish.key) ?? [];
    const places = placesOf(wish, own);
    const [place] = places;
    let verdict = place
      ? judgeStanding(order, wish, places, own, toOrder, situation)
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
      fresh.push(wish);
      if (verdict.refusal !== undefined) refusals.set(wish.key, verdict.refusal);
    }
  }
  const end = policy.onExisting === 'add' ? (step: Step) => step : endingTogether(clearings);
  const asTheyMay = (step: Step) => end({ ...step, outcomes: cutOffs.told(wishes, step.outcomes) });
  if (corrections.length > 0) return asTheyMay({ outcomes, actions: corrections, lookAgainAtMs: null });
  // While one write of these numbers may still land, no other is sent: its effect would make the plan wrong.
  if (waits.length > 0) return asTheyMay({ outcomes, actions: [], lookAgainAtMs: Math.min(...waits) });
  const siblings = wishesOf([...rows, ...endedRows].filter(({ item }) => item !== null));
  const planned = plan(order, fresh, policy, { siblings, refusals, others });
  const actions = planned.actions.map((action) => ({
    ...action,
    isRepeat: action.wishes.some(({ key }) => writesOf.get(key)?.some(mayHaveLanded)),
    isReplacing: action.isReplacing || action.wishes.some((wish) => cutOffs.concerns(wish)),
  }));
  const held = heldForUnrecorded(actions, situation);
  const shipsHeldUntilMs = held.actions.some(({ action }) => action.kind === 'ship')
    ? shipsMayLandUntilMs(order, toOrder, situation)
    : null;
  return asTheyMay({
    outcomes: [...outcomes, ...planned.outcomes],
    actions:
      shipsHeldUntilMs === null ? held.actions : held.actions.filter(({ action }) => action.kind !== 'ship'),
    lookAgainAtMs: held.lookAgainAtMs ?? shipsHeldUntilMs,
  });
}

/**
 * Ends no row before every write for the order is done: what the open rows want says which numbers are others' (see
 * Others), after a crash too. Deletions come when nothing else is left to do.
 */
function endingTogether(deletions: ReadonlyMap<number, PlannedAction>): (step: Step) => Step {
  return (step) => {
    if (step.actions.length > 0 || step.lookAgainAtMs !== null) return { ...step, outcomes: [] };
    if (deletions.size === 0) return step;
    return { outcomes: [], actions: [...deletions.values()], lookAgainAtMs: null };
  };
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
export function fulfilled({ action, wishes, isRepeat, isReplacing }: PlannedAction, ids: Ids): RowOutcome[] {
  if (action.kind === 'untrack' || isRepeat || isReplacing) return [];
  return wishes.flatMap((wish) =>
    action.kind === 'ship'
      ? endWish(wish, 'shipped', 'shipment created with this number', { orderId: action.orderId, ...ids })
      : endWish(wish, 'tracked', 'number added to the shipment', { orderId: action.orderId, ...ids }),
  );
}

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

function absence(orderNumber: string, { look, policy }: Situation): string {
  const others = look.orders.map(({ storeId }) => storeId).join(' and ');
  if (others === '') return `the shop has no order ${orderNumber}`;
  const elsewhere =
    look.orders.length === 1 ? `store view ${others} has one` : `store views ${others} have one each`;
  return `store view ${policy.storeView} has no order ${orderNumber}; ${elsewhere} (shipments.storeView says which is meant)`;
}

function ambiguity(orders: readonly Order[]): string {
  const where = orders.map((order) => `id ${order.entityId} in store view ${order.storeId}`).join(', ');
  return `several store views have an order ${orders[0]?.incrementId ?? ''} (${where}), and nothing says which is meant; shipments.storeView of the inbox would`;
}
