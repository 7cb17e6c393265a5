import fc from 'fast-check';
import type { Fate } from './small-store.ts';

/** A write as it goes out: what becomes of it, and whether the process ends before it hears of that. */
export interface SentWrite {
  readonly fate: Fate;
  readonly crash: boolean;
}

/** What becomes of one; an effect comes within `latestMs`. */
export const fate = (latestMs: number): fc.Arbitrary<Fate> =>
  fc.oneof(
    fc.constant<Fate>({ kind: 'answered' }),
    fc.constant<Fate>({ kind: 'lost' }),
    fc.integer({ min: 0, max: latestMs }).map<Fate>((afterMs) => ({ kind: 'effect', afterMs })),
  );

/** Fewer than the attempts allowed, so that a row never ends as given up. */
export const fatesOf = (
  latestMs: number,
  of: (latestMs: number) => fc.Arbitrary<Fate> = fate,
): fc.Arbitrary<SentWrite[]> =>
  fc.array(fc.record({ fate: of(latestMs), crash: fc.boolean() }), { maxLength: 5 });
