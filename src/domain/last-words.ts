import { outcomeClass, PLACED, type RowOutcome } from './outcome.ts';
import type { PlannedAction } from './plan.ts';
import type { Step } from './situation.ts';
import type { Wish } from './wish.ts';

/**
 * The ends of rows that fail and whose numbers stand nowhere. They come before anything is sent for others: judged again
 * by a look that shows that, a parcel that did not fit might, or one that does not say what it holds take what is left.
 */
export function endingNow(outcomes: readonly RowOutcome[]): readonly RowOutcome[] {
  return outcomes.filter(({ outcome, trackId }) => outcomeClass(outcome) === 'failed' && trackId === null);
}

/**
 * Ends no row whose number stands, or may, before every write for the order is done: what the open rows want says which
 * numbers are others' (see Others), after a crash too. Deletions come when nothing else is left to do.
 */
export function endingTogether(step: Step, deletions: ReadonlyMap<number, PlannedAction>): Step {
  const outcomes = endingNow(step.outcomes);
  if (step.actions.length > 0 || step.lookAgainAtMs !== null) return { ...step, outcomes };
  if (deletions.size === 0) return step;
  return { outcomes, actions: [...deletions.values()], lookAgainAtMs: null };
}

/**
 * Rows that tell what is still open end after the last shipment of the order: parcels that leave from several sources get
 * one each, and what is open after the first would be told as if no other came.
 */
export function endingWithLastWords(step: Step, wishes: readonly Wish[]): Step {
  if (step.actions.length === 0 && step.lookAgainAtMs === null) return step;
  if (wishes.every(({ items }) => items.length === 0)) return step;
  return { ...step, outcomes: step.outcomes.filter(({ outcome }) => !PLACED.has(outcome)) };
}
