import fc from 'fast-check';
import type { Fate } from './small-store.ts';

/** A write as it goes out: what becomes of it, and whether the process ends before it hears of that. */
export interface SentWrite {
  readonly fate: Fate;
  readonly crash: boolean;
}

/** Fewer than the attempts allowed, so that a row never ends as given up; an effect comes within `latestMs`. */
export const fatesOf = (latestMs: number): fc.Arbitrary<SentWrite[]> =>
  fc.array(
    fc.record({
      fate: fc.oneof(
        fc.constant<Fate>({ kind: 'answered' }),
        fc.constant<Fate>({ kind: 'lost' }),
        fc.integer({ min: 0, max: latestMs }).map<Fate>((afterMs) => ({ kind: 'effect', afterMs })),
      ),
      crash: fc.boolean(),
    }),
    { maxLength: 5 },
  );
