import type { OutcomeCounts, RowOutcome } from '../domain/outcome.ts';
import type { ChosenProfile } from '../domain/profile.ts';

/** Which drop an event is about. */
export interface DropFacts {
  readonly drop: string;
  readonly inbox: string;
  readonly name: string;
}

/** What becomes of a drop and of its rows. */
export interface DropEvents {
  'drop.claimed': DropFacts & { readonly bytes: number };
  /** Found in `working/` at start: the process that had it ended before it was done. */
  'drop.resumed': DropFacts;
  /** See `isDoubtful` of Drop: its rows are looked for as if a write of each had been sent just before the start. */
  'drop.doubtful': DropFacts;
  /** Every record is in the ledger. A record that holds several numbers is as many rows. */
  'drop.read': DropFacts & {
    readonly rows: number;
    readonly bad: number;
    readonly skipped: number;
    /** Which profile read it, and why that one; null for a file of nothing but blanks. */
    readonly profile: ChosenProfile | null;
  };
  /** All its long numbers end in zeros, as a spreadsheet leaves them: it is read again, and they are refused. */
  'drop.damaged': DropFacts;
  /** The file grew or changed after the claim, and is read again. */
  'drop.changed': DropFacts;
  /** An older program read the file, which knew fewer columns; it is read again. */
  'drop.outdated': DropFacts;
  /** The file of the drop `earlier` grew or changed after it was settled: its content is a drop of its own now. */
  'drop.grown': DropFacts & { readonly earlier: string };
  /** An earlier drop, the first one, held the same bytes: what it did is found standing. */
  'drop.same-content': DropFacts & {
    readonly earlier: string;
    readonly earlierName: string;
    readonly earlierAtMs: number;
  };
  /** The file cannot be read as a whole. */
  'drop.unreadable': DropFacts & { readonly message: string; readonly line: number };
  /** A drop of the ledger whose file is no longer in `working/`: somebody took it away, or it was put away; nothing more is done. */
  'drop.vanished': DropFacts & {
    readonly folder: string;
    /** Its report, where it was put away without the ledger knowing of it; null where somebody took it. */
    readonly putAway: string | null;
    /** What became of its rows, which stays on record; null where nothing was read. */
    readonly counts: OutcomeCounts | null;
  };
  /** Not settled, and its inbox is no longer configured: it is left as it is. */
  'drop.orphaned': DropFacts;
  'drop.settled': DropFacts & {
    readonly folder: string;
    readonly file: string;
    readonly counts: OutcomeCounts;
  };
  /** Later drops, by these names, have done every failed row of it: its files moved out of `failed/`. */
  'drop.redone': DropFacts & {
    readonly folder: string;
    readonly file: string;
    /** False where somebody took the file itself out of `failed/` before. */
    readonly isThere: boolean;
    readonly by: readonly string[];
  };
  /** Rows of an earlier drop wait for what heals by itself; told when they begin to, and after each look. */
  'drop.waiting': DropFacts & {
    readonly rows: number;
    readonly folder: string;
    /** Ms of the wall clock. */
    readonly nextLookAtMs: number;
  };
  /**
   * Nobody looks at waiting rows any more: somebody took their file away, it was put away unknown to
   * a ledger that is an older copy, or the file that they came from was read again, and they with it.
   */
  'drop.wait-ended': DropFacts & {
    readonly rows: number;
    readonly folder: string;
    readonly why: 'taken-away' | 'put-away' | 'read-again';
  };
  /** The report of waiting rows could not be renewed: somebody holds it open, or put something in its place. */
  'drop.report-kept': DropFacts & { readonly message: string };
  /** Its file or a folder cannot be used at the moment; the step is tried again. */
  'drop.stuck': DropFacts & { readonly message: string };
  /** What it was stuck on has been done. */
  'drop.unstuck': DropFacts;
  'row.settled': DropFacts &
    RowOutcome & {
      readonly order: string;
      readonly trackingNumber: string;
      /** See Row. */
      readonly note: string | null;
    };
}
