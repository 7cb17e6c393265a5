import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { isLedgerTrouble, ledgerUnusable } from './database.ts';

/** So long another process may be writing; SQLite keeps this one waiting. */
const BUSY_FOR_MS = 2_000;

/** The address of a ledger's file for SQLite, which then makes none where there is none. */
export function existing(ledgerFile: string): URL {
  const place = pathToFileURL(ledgerFile);
  place.searchParams.set('mode', 'rw');
  return place;
}

/**
 * Asks a ledger that another process may be writing; undefined where there is none, or none with that table yet.
 * @throws TrackdropError `ledger-unusable` when it, or the way to it, cannot be read.
 */
export function readOnly<T>(ledgerFile: string, table: string, ask: (db: DatabaseSync) => T): T | undefined {
  const open = () => new DatabaseSync(ledgerFile, { readOnly: true, timeout: BUSY_FOR_MS });
  return withTable(ledgerFile, table, open, ask);
}

/**
 * Changes a ledger that another process may be writing as well; false where there is none, or none with that table yet.
 * Its schema stays as it is.
 * @throws TrackdropError `ledger-unusable` when it, or the way to it, cannot be used.
 */
export function changeExisting(
  ledgerFile: string,
  table: string,
  change: (db: DatabaseSync) => void,
): boolean {
  const open = () => new DatabaseSync(existing(ledgerFile), { timeout: BUSY_FOR_MS });
  const changed = withTable(ledgerFile, table, open, (db) => {
    change(db);
    return true;
  });
  return changed ?? false;
}

function withTable<T>(
  ledgerFile: string,
  table: string,
  open: () => DatabaseSync,
  use: (db: DatabaseSync) => T,
): T | undefined {
  try {
    if (!isThere(ledgerFile)) return undefined;
    using db = open();
    const known = db.prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?`).get(table);
    return known && use(db);
  } catch (error) {
    const isSystem = error instanceof Error && 'syscall' in error;
    throw isSystem || isLedgerTrouble(error) ? ledgerUnusable(ledgerFile, error) : error;
  }
}

/** Unlike existsSync, and `throwIfNoEntry`, it tells a file that is not there from one that cannot be got at. */
function isThere(file: string): boolean {
  try {
    statSync(file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
