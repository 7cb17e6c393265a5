import type { DatabaseSync } from 'node:sqlite';
import { Commits } from './commits.ts';
import { isLedgerTrouble, openDatabase } from './database.ts';
import { openDrops } from './drops.ts';
import { Lease } from './lease.ts';
import { type Originals, openOriginals } from './originals.ts';
import { openRefusals, type Refusals } from './refusals.ts';
import type { Room } from './room.ts';
import { openRows } from './rows.ts';
import { openWrites } from './writes.ts';

/**
 * What Trackdrop remembers: drops, their rows, and the writes with intent and answer. Losing it loses history,
 * never correctness.
 */
export interface Ledger extends Disposable {
  readonly drops: ReturnType<typeof openDrops>;
  readonly rows: ReturnType<typeof openRows>;
  readonly writes: ReturnType<typeof openWrites>;
  readonly originals: Originals;
  readonly refusals: Refusals;
  readonly lease: Lease;
  /** Resolves once all of `work` is kept; nothing of it is where it rejects. See `Commits`. */
  together<T>(work: () => T): Promise<T>;
  /** The daemon has ended in order: nobody is to take it for active, or to doubt what it did. */
  endBeat(): void;
}

/**
 * Without `room` nothing waits for a disk that is full.
 * @throws see openDatabase
 */
export function openLedger(file: string, room?: Room): Ledger {
  const db: DatabaseSync = openDatabase(file);
  const lease = new Lease(db, file);
  const commits = new Commits(db, { lease, room });
  return {
    drops: openDrops(db),
    rows: openRows(db),
    writes: openWrites(db),
    originals: openOriginals(db),
    refusals: openRefusals(db),
    lease,
    together: (work) => commits.add(work),
    endBeat() {
      try {
        lease.end();
      } catch (error) {
        // It grows old by itself, and what keeps the ledger from being written has been told by others.
        if (!isLedgerTrouble(error)) throw error;
      }
    },
    [Symbol.dispose]() {
      commits[Symbol.dispose]();
      db.close();
    },
  };
}
