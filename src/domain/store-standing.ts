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
  /** Since when it is up and no write comes through, and why; null while writes do, or too few were tried to tell. */
  readonly failingWrites: { readonly sinceMs: number; readonly why: string } | null;
}

/** A right that a store refuses, since when (ms of the wall clock), and in whose words. */
export interface MissingRight {
  readonly right: string;
  readonly sinceMs: number;
  readonly why: string;
}
