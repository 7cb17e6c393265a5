import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../runtime/clock.ts';
import { refuseDamaged } from './damage.ts';
import { isLedgerTrouble, ledgerUnusable, openFile } from './database.ts';
import { type Brought, bringUpToDate } from './migrate.ts';

/** A commit writes every page that it touched, and a row touches a few bytes in each of six: small ones cost less. */
const PAGE_BYTES = 1_024;

/**
 * Pages of the write-ahead log after which SQLite folds it back into the file: 4 MB. With fewer, pages that nearly
 * every commit changes again are folded back too often; with 16 MB each row costs an eighth more than with this.
 */
const FOLDED_BACK_PAGES = 4_000;

/**
 * So long the process stands still where another program is writing; one that takes longer is waited for as a full disk is
 * (see room.ts), and requests and signals get their turn meanwhile.
 */
const BUSY_FOR_MS = 500;

/** A ledger's file that is open, and what was found in it. */
export interface Opened extends Brought {
  readonly db: DatabaseSync;
}

/**
 * Opens the ledger's file, and makes it where there is none. Write-ahead log: a killed process loses nothing
 * that was committed; after a power cut the last commits may be missing, which the once rule allows for.
 * @throws UsageError when a newer program wrote the file; TrackdropError `ledger-unusable` when SQLite cannot use it, by
 * a cause of which `isDamage` tells whether the file is at fault; what `bringUpToDate` throws.
 */
export function openDatabase(file: string, clock: Clock): Opened {
  const db = openFile(file, file, { timeout: BUSY_FOR_MS });
  try {
    // Counts for a new file only, and only before the log is there.
    db.exec(`PRAGMA page_size = ${PAGE_BYTES}`);
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = OFF;');
    db.exec(`PRAGMA wal_autocheckpoint = ${FOLDED_BACK_PAGES}`);
    if (wasCutOff(db)) refuseDamaged(db, file);
    const brought = bringUpToDate(db, file, clock);
    // Not before: a table that is made anew takes the rows of others with it when the old one is dropped.
    db.exec('PRAGMA foreign_keys = ON');
    return { db, ...brought };
  } catch (error) {
    db.close();
    throw isLedgerTrouble(error) ? ledgerUnusable(file, error) : error;
  }
}

/** Its writer did not end in order: the last sign of life is still there. */
function wasCutOff(db: DatabaseSync): boolean {
  const isKnown = db.prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'heartbeat'`).get();
  return isKnown !== undefined && db.prepare('SELECT 1 FROM heartbeat').get() !== undefined;
}
