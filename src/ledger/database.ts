import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type DatabaseSyncOptions, type StatementSync } from 'node:sqlite';
import { TrackdropError, UsageError } from '../domain/failure.ts';
import { SCHEMA_STEPS, SCHEMA_VERSION } from './schema.ts';

/** A commit writes every page that it touched, and a row touches a few bytes in each of six: small ones cost less. */
const PAGE_BYTES = 1_024;

/**
 * Pages of the write-ahead log after which SQLite folds it back into the file: 4 MB. With fewer, pages that nearly
 * every commit changes again are folded back too often; with 16 MB each row costs an eighth more than with this.
 */
const FOLDED_BACK_PAGES = 4_000;

/**
 * Opens the ledger's file, and makes it where there is none. Write-ahead log: a killed process loses nothing
 * that was committed; after a power cut the last commits may be missing, which the once rule allows for.
 * @throws UsageError when a newer program wrote the file; TrackdropError `ledger-unusable` when SQLite cannot use it.
 */
export function openDatabase(file: string): DatabaseSync {
  const db = openFile(file, file, { timeout: 5_000 });
  try {
    // Counts for a new file only, and only before the log is there.
    db.exec(`PRAGMA page_size = ${PAGE_BYTES}`);
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = OFF;');
    db.exec(`PRAGMA wal_autocheckpoint = ${FOLDED_BACK_PAGES}`);
    migrate(db, file);
    // Not before: a table that is made anew takes the rows of others with it when the old one is dropped.
    db.exec('PRAGMA foreign_keys = ON');
    return db;
  } catch (error) {
    db.close();
    throw isLedgerTrouble(error) ? ledgerUnusable(file, error) : error;
  }
}

/**
 * Opens the ledger or a file beside it, and makes the folder where there is none.
 * @throws TrackdropError `ledger-unusable`, whatever is wrong with the path.
 */
export function openFile(ledgerFile: string, file: string, options: DatabaseSyncOptions): DatabaseSync {
  try {
    mkdirSync(dirname(file), { recursive: true });
    return new DatabaseSync(file, options);
  } catch (error) {
    throw ledgerUnusable(ledgerFile, error);
  }
}

/** An error of SQLite itself: no room, a damaged file, somebody else who keeps it locked. */
export function isLedgerTrouble(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR';
}

/** SQLITE_BUSY, https://sqlite.org/rescode.html#busy. */
const SQLITE_BUSY = 5;

/** Another process, or another connection of this one, has the lock that was asked for. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}

/** What to tell of such an error. */
export function ledgerUnusable(file: string, error: unknown): TrackdropError {
  const why = error instanceof Error ? error.message : String(error);
  return new TrackdropError('ledger-unusable', `the ledger ${file} cannot be used: ${why}`, {
    facts: { file },
    hint: 'Make room on its disk, put it where it may be written, or move the file away and start again: Magento knows what stands, only history is lost.',
    cause: error,
  });
}

function migrate(db: DatabaseSync, file: string): void {
  const version = versionOf(db);
  if (version === SCHEMA_VERSION) return;
  refuseNewer(version, file);
  inTransaction(db, () => {
    for (const step of SCHEMA_STEPS.slice(version)) db.exec(step);
    db.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`);
  });
}

/** Of the schema; 0 in a file that holds none yet. */
export function versionOf(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.user_version);
}

/** @throws UsageError `ledger-too-new` */
export function refuseNewer(version: number, file: string): void {
  if (version <= SCHEMA_VERSION) return;
  throw new UsageError(
    'ledger-too-new',
    `the ledger ${file} was written by a newer Trackdrop (schema ${version})`,
    {
      facts: { file, version, known: SCHEMA_VERSION },
      hint: 'Run the newer version again, or move the ledger away: Magento knows what stands.',
    },
  );
}

/** Runs `work` in one transaction: all of it is kept, or nothing. Not reentrant. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  const { begin, commit } = boundsOf(db);
  begin.run();
  try {
    const result = work();
    commit.run();
    return result;
  } catch (error) {
    // SQLite takes some of them back by itself, such as one that finds the disk full; a second time would throw
    // in the place of the cause.
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** Prepared once: each write of a drop needs them. */
const bounds = new WeakMap<DatabaseSync, Readonly<Record<'begin' | 'commit', StatementSync>>>();

function boundsOf(db: DatabaseSync): Readonly<Record<'begin' | 'commit', StatementSync>> {
  const known = bounds.get(db);
  if (known) return known;
  const prepared = { begin: db.prepare('BEGIN IMMEDIATE'), commit: db.prepare('COMMIT') };
  bounds.set(db, prepared);
  return prepared;
}
