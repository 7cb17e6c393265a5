import { openBrokenParcels } from './broken-parcel.ts';
import { endEmpty } from './empty-parcel.ts';
import { judgeMissing } from './missing.ts';
import type { OrderCase } from './order-case.ts';
import type { RowOutcome } from './outcome.ts';
import type { PlannedAction } from './plan.ts';
import { judgeReplacing } from './replacing.ts';
import type { Verdict } from './situation.ts';
import { judgeStanding } from './standing.ts';
import type { Wish } from './wish.ts';

/** What is to become of the wishes of an order, by their verdicts. */
export interface Verdicts {
  readonly outcomes: readonly RowOutcome[];
  /** Deletions of what the drop has written too much; they come before anything else. */
  readonly corrections: readonly PlannedAction[];
  /** Deletions of others' numbers, by track id, for when everything that the drop wants of the order stands. */
  readonly clearings: ReadonlyMap<number, PlannedAction>;
  /** When to look again for writes that may still land, ms of the wall clock. */
  readonly waits: readonly number[];
  /** Wishes to plan for. */
  readonly fresh: readonly Wish[];
  /** The store's words where it would not ship one of them, by its key. */
  readonly refusals: ReadonlyMap<string, string>;
}

/** Judges each wish of the order by what stands and what was written. */
export function verdictsOn(subject: OrderCase): Verdicts {
  const outcomes: RowOutcome[] = [];
  const corrections: PlannedAction[] = [];
  const clearings = new Map<number, PlannedAction>();
  const waits: number[] = [];
  const fresh: Wish[] = [];
  const refusals = new Map<string, string>();
  const brokenOf = openBrokenParcels(subject.situation.badRows);
  const ids = { orderId: subject.order.entityId };
  for (const wish of subject.wishes) {
    const verdict = verdictOn(subject, wish, (each) => brokenOf(each, ids));
    switch (verdict.kind) {
      case 'end':
        outcomes.push(...verdict.outcomes);
        break;
      case 'wait':
        waits.push(verdict.untilMs);
        break;
      case 'correct':
        corrections.push(verdict.action);
        break;
      case 'clear':
        for (const entry of verdict.deletions) clearings.set(...entry);
        break;
      case 'plan':
        fresh.push(wish);
        if (verdict.refusal !== undefined) refusals.set(wish.key, verdict.refusal);
        break;
      default:
        verdict satisfies never;
    }
  }
  return { outcomes, corrections, clearings, waits, fresh, refusals };
}

function verdictOn(
  subject: OrderCase,
  wish: Wish,
  brokenOf: (wish: Wish) => readonly RowOutcome[] | undefined,
): Verdict {
  const [place, ...more] = subject.placesOf(wish);
  if (!place) {
    const verdict = judgeMissing(subject, wish);
    if (verdict.kind !== 'plan') return verdict;
    const outcomes = brokenOf(wish) ?? endEmpty(wish, { orderId: subject.order.entityId });
    return outcomes ? { kind: 'end', outcomes } : verdict;
  }
  const standing = { wish, places: [place, ...more] } as const;
  const judged = judgeStanding(subject, standing);
  const isReplacing = judged.kind === 'end' && subject.situation.policy.onExisting === 'replace';
  const verdict = isReplacing ? judgeReplacing(subject, standing, judged.outcomes) : judged;
  if (verdict.kind !== 'end' && verdict.kind !== 'plan') return verdict;
  return subject.cutOffs.judge(wish, place) ?? verdict;
}
