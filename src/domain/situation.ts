import type { EarlierReadings } from './cut-off.ts';
import type { Look } from './order.ts';
import type { Writers } from './others.ts';
import type { RowOutcome } from './outcome.ts';
import type { PlannedAction } from './plan.ts';
import type { Policy } from './policy.ts';
import type { BadRow, Row } from './row.ts';
import { isMark, type Write } from './write.ts';

/** How patient to be with a write whose fate is unknown; each delay counts from the write's intent. */
export interface Patience {
  readonly looksMs: readonly number[];
  readonly repeatTrackAfterMs: number;
  readonly repeatShipAfterMs: number;
  readonly verifyAfterMs: number;
  /** Attempts that count against a row before it is given up. */
  readonly attempts: number;
}

/** All that a plan for one order is made from. */
export interface Situation {
  readonly look: Look;
  /** Rows of one drop for one order number that have no outcome yet. */
  readonly rows: readonly Row[];
  /** Rows of the same drop and order that have an outcome and name an item. */
  readonly endedRows: readonly Row[];
  /** Rows of the same drop and order that could not be read. */
  readonly badRows: readonly BadRow[];
  /** Writes of this drop to the order, and recent uncertain ones of other drops; oldest first. */
  readonly writes: readonly Write[];
  /**
   * Writes of this drop that are on no record may have been sent up to then, ms of the clock, as after a power cut; null
   * where every one is.
   */
  readonly unrecordedUntilMs: number | null;
  /** See `mark`: of writes that are on record as other drops'; only where some of this one's may not be. */
  readonly othersMarks: ReadonlySet<string>;
  /** Null where no number can have been cut off. */
  readonly earlier: EarlierReadings | null;
  /** By the order's entity id; null where the policy does not ask for it. */
  readonly writers: ReadonlyMap<number, Writers> | null;
  readonly policy: Policy;
  readonly patience: Patience;
  /** The name under which the file came that the rows are of. */
  readonly dropName: string;
  /**
   * Somebody took the file of the rows out of the folder waiting: what was begun is brought to its end, and nothing else is
   * written; absent: it lies there.
   */
  readonly isWithdrawn?: boolean;
}

/** What to do next for an order: record the outcomes, then write, or wait and look again, or be done. */
export interface Step {
  readonly outcomes: readonly RowOutcome[];
  readonly actions: readonly PlannedAction[];
  /** When to look again, ms of the wall clock; null when nothing is waited for. */
  readonly lookAgainAtMs: number | null;
}

/** What is to become of one wish, as its history and the look have it. */
export type Verdict =
  | { readonly kind: 'end'; readonly outcomes: readonly RowOutcome[] }
  | { readonly kind: 'wait'; readonly untilMs: number }
  | { readonly kind: 'correct'; readonly action: PlannedAction }
  /** Deletions by track id, for when everything that the drop wants of the order stands. */
  | { readonly kind: 'clear'; readonly deletions: ReadonlyMap<number, PlannedAction> }
  /** `refusal`: the store's words, where it would not ship it. */
  | { readonly kind: 'plan'; readonly refusal?: string };

/**
 * When an uncertain write is to be looked for next, ms of the wall clock; undefined once the look is so late that
 * it does not land any more, and may be repeated.
 */
export function nextLookAtMs(
  write: Pick<Write, 'kind' | 'atMs'>,
  { look, patience }: Pick<Situation, 'look' | 'patience'>,
): number | undefined {
  const repeatAfterMs = mayLandForMs(write, patience);
  return [...patience.looksMs.filter((delayMs) => delayMs < repeatAfterMs), repeatAfterMs]
    .map((delayMs) => write.atMs + delayMs)
    .find((atMs) => atMs > look.atMs);
}

/** How long after its intent a write may still land, ms. */
export function mayLandForMs({ kind }: Pick<Write, 'kind'>, patience: Patience): number {
  return kind === 'ship' ? patience.repeatShipAfterMs : patience.repeatTrackAfterMs;
}

/** How long after the last of so many tries (from 1) that were told no, ms, the next one may follow. */
export function pauseAfter(tries: number, { looksMs, repeatTrackAfterMs }: Patience): number {
  return looksMs[tries - 1] ?? looksMs.at(-1) ?? repeatTrackAfterMs;
}

/** Whether a track with this description may be of a write of the drop that is on no record. */
export function mayBeUnrecorded(
  description: string | null,
  { unrecordedUntilMs, othersMarks }: Pick<Situation, 'unrecordedUntilMs' | 'othersMarks'>,
): boolean {
  return unrecordedUntilMs !== null && isMark(description) && !othersMarks.has(description ?? '');
}

/** Open at a look means: cut off by the end of the process, so it may have landed as well. */
export function mayHaveLanded(write: Write): boolean {
  return write.state === 'open' || write.state === 'uncertain' || write.state === 'done';
}
