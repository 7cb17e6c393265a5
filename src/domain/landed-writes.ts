import { sourceOf } from './named-source.ts';
import { PLACED, type RowOutcome } from './outcome.ts';
import { placeKey, trackingKey } from './row.ts';
import type { Situation } from './situation.ts';
import { type Wish, wishesOf } from './wish.ts';
import type { Write } from './write.ts';
import type { WriteKind } from './write-kind.ts';

/** A write that came through, though no answer said so. */
interface LandedWrite {
  readonly kind: WriteKind;
  /** Until when it did at the latest as far as is known: when its answer was given up, ms of the clock. */
  readonly atMs: number;
}

/** Writes of this drop whose answers were lost, and which prove by the ends of their rows to have come through. */
export function landedWrites(
  { rows, writes, policy }: Pick<Situation, 'rows' | 'writes' | 'policy'>,
  outcomes: readonly RowOutcome[],
): readonly LandedWrite[] {
  const placed = new Set(outcomes.filter(({ outcome }) => PLACED.has(outcome)).map(placeKey));
  return wishesOf(rows).flatMap((wish) => {
    const last = wish.rows.some((row) => placed.has(placeKey(row))) ? lastOf(wish, writes) : undefined;
    // One that was answered said when it was that it came through, which may be long ago.
    if (last?.state !== 'uncertain' && last?.state !== 'open') return [];
    const kind: WriteKind =
      last.kind === 'ship' ? { writes: 'ship', source: sourceOf(wish, policy) } : { writes: 'track' };
    return [{ kind, atMs: last.answeredAtMs ?? last.atMs }];
  });
}

/** The last write of ours that may have put the number there; a refusal may be the first one's echo. */
function lastOf({ key }: Wish, writes: readonly Write[]): Write | undefined {
  return writes.findLast(
    ({ kind, state, isOwn, trackingNumbers }) =>
      isOwn &&
      (kind === 'track' || kind === 'ship') &&
      state !== 'refused' &&
      state !== 'unsent' &&
      trackingNumbers.some((number) => trackingKey(number) === key),
  );
}
