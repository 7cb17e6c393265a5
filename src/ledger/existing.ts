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
 * Changes a ledger that another process may be writing as well; false where there is none, or none with that table yet.
 * Its schema stays as it is.
 * @throws TrackdropError `ledger-unusable` when it, or the way to it, cannot be used.
 */
export function changeExisting(
  ledgerFile: string,
  table: string,
  change: (db: DatabaseSync) => void,
): boolean {
  try {
    if (statSync(ledgerFile, { throwIfNoEntry: false }) === undefined) return false;
    using db = new DatabaseSync(existing(ledgerFile), { timeout: BUSY_FOR_MS });
    const known = db.prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?`).get(table);
    if (known) change(db);
    return known !== undefined;
  } catch (error) {
    const isSystem = error instanceof Error && 'syscall' in error;
    throw isSystem || isLedgerTrouble(error) ? ledgerUnusable(ledgerFile, error) : error;
  }
}
