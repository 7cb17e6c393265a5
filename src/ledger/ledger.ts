import type { DatabaseSync } from 'node:sqlite';
import { Commits } from './commits.ts';
import { isLedgerTrouble, openDatabase } from './database.ts';
import { openDrops } from './drops.ts';
import { type Heartbeat, writeHeartbeat } from './heartbeat.ts';
import { type Originals, openOriginals } from './originals.ts';
import { openRefusals, type Refusals } from './refusals.ts';
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
  /** Resolves once all of `work` is kept; nothing of it is where it rejects. See `Commits`. */
  together<T>(work: () => T): Promise<T>;
  beat(heartbeat: Heartbeat): void;
  /** The daemon has ended in order: nobody is to take it for active until its last beat is old. */
  endBeat(): void;
}

/** @throws see openDatabase */
export function openLedger(file: string): Ledger {
  const db: DatabaseSync = openDatabase(file);
  const commits = new Commits(db);
  return {
    drops: openDrops(db),
    rows: openRows(db),
    writes: openWrites(db),
    originals: openOriginals(db),
    refusals: openRefusals(db),
    together: (work) => commits.add(work),
    beat: (heartbeat) => writeHeartbeat(db, heartbeat),
    endBeat() {
      try {
        db.exec('DELETE FROM heartbeat');
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
