import type { UnwritableCause } from '../domain/unwritable-cause.ts';

/** What becomes of the ledger, and whose it is. */
export interface LedgerEvents {
  /** Another process writes the ledger: this one stops at once and writes nothing more. */
  'lease.lost': { readonly file: string; readonly message: string };
  /** The ledger cannot be written at the moment: everything that writes waits. Said once. */
  'ledger.unwritable': {
    readonly file: string;
    readonly cause: UnwritableCause;
    readonly message: string;
  };
  /** It can, and what waited goes on. */
  'ledger.writable-again': { readonly file: string };
  /** It is damaged, and lies at `aside` now; a new one is begun. */
  'ledger.set-aside': { readonly file: string; readonly aside: string; readonly message: string };
  /** There was none. `leftFiles`: so many files of earlier drops lie in the folders working and waiting. */
  'ledger.begun': { readonly file: string; readonly leftFiles: number };
  /** An older program wrote it; `copy` is as it was. */
  'ledger.migrated': {
    readonly file: string;
    readonly fromVersion: number;
    readonly toVersion: number;
    readonly copy: string;
  };
  /** What was too old to be kept is gone: files of drops, drops of the ledger, and rows of those. */
  'ledger.pruned': { readonly files: number; readonly drops: number; readonly rows: number };
  /** Old files in this folder cannot be looked at or removed; tried again in a day. */
  'ledger.unpruned': { readonly folder: string; readonly message: string };
  /** Nothing is removed, since the clock is far beyond the last time that is known; ms of the wall clock. */
  'ledger.clock-doubted': { readonly knownMs: number; readonly nowMs: number };
  /** What is old is removed again. */
  'ledger.clock-believed': Record<string, never>;
}
