import type { Writes } from '../domain/write-kind.ts';

/** What a store that is down does not do: answer at all, tell of shipments, or take writes. */
export type Failing = 'everything' | 'shipments' | 'writes';

/** How it stands with a store. */
export interface StoreEvents {
  /** A look failed and will be sent again, or every request rests because the store asked for it. */
  'store.retry': {
    readonly store: string;
    readonly message: string;
    readonly attempt: number;
    readonly delayMs: number;
  };
  /** The store has too much to do (429, 503): at most `workers` requests at once from now on. */
  'store.slower': { readonly store: string; readonly workers: number; readonly message: string };
  /** Everything came through for a while: one more request at once is tried. */
  'store.faster': { readonly store: string; readonly workers: number };
  /** A call failed in a way that may be the store's: everything waits while a probe asks whether it is up. */
  'store.probing': { readonly store: string; readonly message: string };
  /** The probe was answered: the store is up, and the failure was the call's own. */
  'store.well': { readonly store: string };
  /** The store does not answer, or nothing but some questions: everything waits, a probe asks in growing pauses. */
  'store.down': { readonly store: string; readonly message: string; readonly failing: Failing };
  /** The probe failed again, for so many times in this outage. */
  'store.still-down': {
    readonly store: string;
    readonly message: string;
    readonly failing: Failing;
    readonly nextProbeMs: number;
    readonly times: number;
  };
  'store.up': { readonly store: string; readonly downForMs: number };
  /** The credentials themselves are refused: nothing is asked for an hour, and every row waits. Told each time. */
  'store.sign-in-refused': { readonly store: string; readonly message: string };
  /** This run ends without it, since it cannot be used; its files wait for the next one. */
  'store.left-out': { readonly store: string; readonly message: string };
  /** A sign-in waits for the next one-time code, since the present one was used: longer than a moment. */
  'store.code-awaited': { readonly store: string; readonly delayMs: number };
  /** A call was refused for want of a right: those that need it wait while it is asked for. */
  'store.right-doubted': { readonly store: string; readonly right: string; readonly message: string };
  /** The question was answered: the right is there, and the refusal was the call's own. */
  'store.right-there': { readonly store: string; readonly right: string };
  /** A right is refused: calls of this kind stop and their rows wait; it is asked for in growing pauses. */
  'store.right-missing': { readonly store: string; readonly right: string; readonly message: string };
  /** It was asked for and is still refused, or the store did not answer, for so many times since it is missing. */
  'store.right-still-missing': {
    readonly store: string;
    readonly right: string;
    readonly message: string;
    readonly nextAskMs: number;
    readonly times: number;
  };
  'store.right-granted': { readonly store: string; readonly right: string };
  /**
   * The store is well, and yet the writes to several orders failed and none such was done: no order is blamed for a while,
   * and one of them is tried after each pause.
   */
  'store.writes-failing': {
    readonly store: string;
    readonly message: string;
    /** Of these none comes through; others may. */
    readonly kind: Writes;
  };
  /** Such a write was done: from now on each order is to blame for its own failures again. */
  'store.writes-working': { readonly store: string; readonly kind: Writes };
}
