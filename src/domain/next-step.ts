import { endingBroken, isAnyLostOf } from './broken-parcel.ts';
import { BundleForms } from './bundle.ts';
import { shippedWords, trackedWords } from './done-words.ts';
import { endingTogether, endingWithLastWords } from './last-words.ts';
import { lookedAfter } from './looked-after.ts';
import { Mailing } from './mail.ts';
import type { Order } from './order.ts';
import { type OrderCase, openCase } from './order-case.ts';
import { tellingCarriers } from './other-carrier.ts';
import type { RowOutcome } from './outcome.ts';
import { placesByNumber, placesOn } from './place.ts';
import { type Plan, type PlannedAction, plan } from './plan.ts';
import { trackingKey } from './row.ts';
import { mayHaveLanded, nextLookAtMs, type Situation, type Step } from './situation.ts';
import { spelledAsIn } from './spelled-sku.ts';
import { badRowsOf, ordersMeant, rowsMeaning } from './store-view.ts';
import { type Held, heldForUnrecorded } from './unrecorded.ts';
import { type Verdicts, verdictsOn } from './verdicts.ts';
import { endWish, type Ids } from './wish.ts';
import { withoutWrites } from './withdrawn.ts';
import type { Write } from './write.ts';

/**
 * The once rule, as one pure decision. Magento has no idempotency key, so what to do follows from two things
 * only: what stands in the store now, and which writes of ours may have landed or may land yet. It gives the
 * same answer after a crash as without one, since both are read afresh.
 */
export function nextStep(situation: Situation): Step {
  const { look, rows, endedRows, policy } = situation;
  const { meant, outcomes: lost } = ordersMeant(rows, look.orders, policy);
  const outcomes = endingBroken(lost, rows, situation.badRows);
  const steps = meant.map((each) => {
    const spelled = spelledAsIn(each.order);
    return stepFor(each.order, {
      ...situation,
      rows: each.rows.map(spelled),
      endedRows: rowsMeaning(each.order, endedRows, look.orders, policy).map(spelled),
      badRows: badRowsOf(each.order, situation.badRows, look.orders, policy),
    });
  });
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
  const subject = openCase(order, situation);
  const judged = verdictsOn(subject);
  const mailing = new Mailing(order, subject.wishes, subject.writes, situation);
  const finished = (step: Step) => mailing.decide(ending(subject, judged, step));
  const { outcomes, corrections, waits } = judged;
  if (corrections.length > 0) return finished({ outcomes, actions: corrections, lookAgainAtMs: null });
  // While one write of these numbers may still land, no other is sent: its effect would make the plan wrong.
  if (waits.length > 0) return finished({ outcomes, actions: [], lookAgainAtMs: Math.min(...waits) });

  const whole = planFor(subject, judged);
  const planned = situation.isWithdrawn ? withoutWrites(whole, judged.fresh) : whole;
  const actions = planned.actions.map((each) => mailing.asSent(asRepeat(subject, each)));
  const held = heldForUnrecorded(actions, situation);
  const due = heldForShips(subject, held.actions);
  return finished({
    outcomes: [...outcomes, ...planned.outcomes],
    actions: lookedAfter(due.actions),
    lookAgainAtMs: held.lookAgainAtMs ?? due.lookAgainAtMs,
  });
}

/** The plan for the wishes of which nothing stands, and no write may land any more. */
function planFor(
  { order, situation, siblings, writes, others, placesOf }: OrderCase,
  { fresh, refusals }: Verdicts,
): Plan {
  const { badRows, policy } = situation;
  const named = siblings.flatMap(({ items }) => items);
  const forms = new BundleForms(order, named, refusedShips(writes));
  const isAnyLost = isAnyLostOf(siblings, badRows, fresh, placesOf);
  return plan(order, fresh, policy, { siblings, placesOf, refusals, forms, others, isAnyLost });
}

/** A write of the plan with what earlier ones of its numbers make of it. */
function asRepeat({ writesOf, cutOffs }: OrderCase, planned: PlannedAction): PlannedAction {
  const { wishes } = planned;
  return {
    ...planned,
    isRepeat: wishes.some((wish) => writesOf(wish).some(mayHaveLanded)),
    isReplacing: planned.isReplacing || wishes.some((wish) => cutOffs.concerns(wish)),
  };
}

/** The step with what the ends of its rows tell besides, and without those that something else has to come before. */
function ending({ order, situation, wishes, cutOffs }: OrderCase, { clearings }: Verdicts, step: Step): Step {
  const told = { ...step, outcomes: cutOffs.told(wishes, tellingCarriers(wishes, step.outcomes)) };
  const isChoosing = situation.policy.onExisting !== 'add' || order.shipments.length > 1;
  return isChoosing ? endingTogether(told, clearings) : endingWithLastWords(told, wishes);
}

/**
 * Holds a ship back while an uncertain one to the order may still land, of another drop with other numbers, too: what is open
 * now is shipped by that one, and a second shipment cannot be taken back.
 */
function heldForShips({ order, situation, writes }: OrderCase, actions: readonly PlannedAction[]): Held {
  const others = actions.filter(({ action }) => action.kind !== 'ship');
  if (others.length === actions.length) return { actions, lookAgainAtMs: null };
  const standing = placesByNumber(placesOn(order));
  const looksAtMs = writes
    .filter(({ kind, state }) => kind === 'ship' && (state === 'open' || state === 'uncertain'))
    .filter(({ trackingNumbers }) => !trackingNumbers.some((number) => standing.has(trackingKey(number))))
    .map((write) => nextLookAtMs(write, situation))
    .filter((atMs) => atMs !== undefined);
  if (looksAtMs.length === 0) return { actions, lookAgainAtMs: null };
  return { actions: others, lookAgainAtMs: Math.min(...looksAtMs) };
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
