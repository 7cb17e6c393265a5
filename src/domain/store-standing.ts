import type { Writes } from './write-kind.ts';

/** How it stands with one store, as far as the daemon has learnt. Times are ms of the wall clock. */
export interface StoreStanding {
  readonly store: string;
  /** `refused`: it takes no credentials of ours, so that nothing is asked. */
  readonly state: 'up' | 'down' | 'refused';
  /** Null while there was no other state since the start. */
  readonly sinceMs: number | null;
  /** In words for a person; empty while it is up. */
  readonly why: string;
  /** Calls that need one of them wait. */
  readonly missingRights: readonly MissingRight[];
  /** It is up, and these do not come through; none while they do, or too few were tried to tell. */
  readonly failingWrites: readonly FailingWrites[];
}

/** Writes that a store does not take, since when (ms of the wall clock), and what there is to look at. */
export interface FailingWrites {
  readonly kind: Writes;
  readonly sinceMs: number;
  readonly why: string;
}

/** A right that a store refuses, since when (ms of the wall clock), and in whose words. */
export interface MissingRight {
  readonly right: string;
  readonly sinceMs: number;
  readonly why: string;
}
