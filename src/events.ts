import { EventEmitter } from 'node:events';
import type { OutcomeCounts, RowOutcome } from './domain/outcome.ts';
import type { ChosenProfile } from './domain/profile.ts';
import type { Action, WriteAnswer } from './domain/write.ts';

/** Which drop an event is about. */
export interface DropFacts {
  readonly drop: string;
  readonly inbox: string;
  readonly name: string;
}

/** Which write an event is about. */
export interface WriteFacts {
  readonly store: string;
  /** Its id in the ledger. */
  readonly write: string;
  readonly action: Action;
  /** The order's number as the file has it. */
  readonly order: string;
  /** Lines of the rows that it fulfils; none for one that takes a track back. */
  readonly lines: readonly number[];
}

/**
 * What lies in an inbox and is not taken:
 * - `unmatched`: a file whose name no pattern matches.
 * - `folder`, `link`, `pipe`, `socket`, `device`: no regular file, though its name is wanted.
 * - `not-done`: a file whose done-file is missing; `done-early`: whose done-file is older than itself.
 * - `done-alone`: a done-file without a file.
 * - `old`: a file that lay there long before the first start.
 * - `claimed`: a file under a name that Trackdrop gives to those that it takes, and moves on at once.
 */
export type BystanderKind =
  | 'unmatched'
  | 'folder'
  | 'link'
  | 'pipe'
  | 'socket'
  | 'device'
  | 'not-done'
  | 'done-early'
  | 'done-alone'
  | 'old'
  | 'claimed'
  | 'not-waiting';

/** What a store that is down does not do: answer at all, tell of shipments, or take writes. */
export type Failing = 'everything' | 'shipments' | 'writes';

/**
 * Everything that happens, as one typed map. Logs, progress, metrics and tests subscribe; nobody else needs to
 * be told. Values are plain and never hold a secret.
 */
export interface EventMap {
  /** The ledger is open and this process is the writer. */
  'daemon.active': { readonly pid: number };
  /** Another daemon holds the data folder; this one stands by. */
  'daemon.standby': { readonly holder: string };
  /** Intake has ended; what is on the wire may finish. */
  'daemon.stopping': { readonly reason: string };
  /** Another process writes the ledger: this one stops at once and writes nothing more. */
  'lease.lost': { readonly file: string; readonly message: string };
  /** The ledger cannot be written at the moment, as on a full disk: everything that writes waits. Said once. */
  'ledger.full': { readonly file: string; readonly message: string };
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
  'daemon.stopped': { readonly openDrops: number; readonly openRequests: number };

  /** The first listing of the inbox is done. */
  'inbox.watching': { readonly inbox: string; readonly folder: string };
  /** The folder cannot be listed; it is tried again at every rescan. */
  'inbox.unavailable': { readonly inbox: string; readonly folder: string; readonly message: string };
  'inbox.available': { readonly inbox: string; readonly folder: string };
  /** A file lies still, but may not be all there; said once until it changes. */
  'file.awaited': {
    readonly inbox: string;
    readonly name: string;
    readonly doubt: 'empty' | 'unfinished';
    readonly waitMs: number;
  };
  /** A run that ends by itself does not wait for this file: it is empty, or its done-file is missing. */
  'file.left': { readonly inbox: string; readonly name: string; readonly doubt: 'empty' | 'not-done' };
  /** A file is complete but cannot be taken (owner, mode); said once until that changes. */
  'file.stuck': {
    readonly inbox: string;
    readonly name: string;
    readonly message: string;
    /** What to change. */
    readonly hint: string;
  };
  /** Lies in the inbox and is not taken; said once. An old file at once, all else after an hour. */
  'file.untaken': {
    readonly inbox: string;
    readonly name: string;
    readonly kind: BystanderKind;
    /** When it came there, by the file system's clock. */
    readonly sinceMs: number;
  };
  /** What was said of a file in the inbox holds no more: it is gone, or has changed. */
  'file.cleared': { readonly inbox: string; readonly name: string };

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
  /** A drop of the ledger whose file is no longer in `working/`: somebody took it away, nothing more is done. */
  'drop.vanished': DropFacts & {
    readonly folder: string;
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
   * Nobody looks at waiting rows any more: somebody took their file away, or the file that they came from was read again,
   * and they with it.
   */
  'drop.wait-ended': DropFacts & {
    readonly rows: number;
    readonly folder: string;
    readonly why: 'taken-away' | 'read-again';
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

  /** A window of orders was looked up. */
  'orders.looked-up': { readonly store: string; readonly orders: number; readonly tookMs: number };
  'write.sent': DropFacts & WriteFacts;
  'write.answered': DropFacts &
    WriteFacts & {
      readonly answer: WriteAnswer;
      readonly tookMs: number;
    };

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
  /** The store is well, and yet the writes to several orders failed and none was done: no order is blamed for a while. */
  'store.writes-failing': { readonly store: string; readonly message: string };
  /** A write was done: from now on each order is to blame for its own failures again. */
  'store.writes-working': { readonly store: string };

  /** An error that nobody expects: a bug in Trackdrop. */
  bug: { readonly where: string; readonly error: unknown };
}

export type EventName = keyof EventMap;

/** Typed publish and subscribe over Node's emitter; listeners run synchronously, in the order of subscribing. */
export class Events {
  readonly #emitter = new EventEmitter({ captureRejections: false }).setMaxListeners(0);

  emit<Name extends EventName>(name: Name, facts: EventMap[Name]): void {
    this.#emitter.emit(name, facts);
    this.#emitter.emit(EVERY, name, facts);
  }

  /** Returns the function that ends the subscription. */
  on<Name extends EventName>(name: Name, listener: (facts: EventMap[Name]) => void): () => void {
    this.#emitter.on(name, listener);
    return () => this.#emitter.off(name, listener);
  }

  /** Subscribes to everything. */
  onAny(listener: <Name extends EventName>(name: Name, facts: EventMap[Name]) => void): () => void {
    this.#emitter.on(EVERY, listener);
    return () => this.#emitter.off(EVERY, listener);
  }

  /** Resolves with the first matching event from now on; rejects when the signal fires first. */
  async next<Name extends EventName>(
    name: Name,
    matches: (facts: EventMap[Name]) => boolean = () => true,
    signal?: AbortSignal,
  ): Promise<EventMap[Name]> {
    const { promise, resolve, reject } = Promise.withResolvers<EventMap[Name]>();
    const off = this.on(name, (facts) => {
      if (matches(facts)) resolve(facts);
    });
    const abort = () => reject(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    try {
      return await promise;
    } finally {
      off();
      signal?.removeEventListener('abort', abort);
    }
  }
}

const EVERY = Symbol('every event');
