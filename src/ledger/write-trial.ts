import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { isBusy, isLedgerTrouble, ledgerUnusable, refuseNewer, versionOf } from './database.ts';

/**
 * Takes SQLite's right to write the ledger and gives it back at once; neither content nor schema change, and no file
 * is made. `none`: there is no ledger yet. `busy`: another process is writing it at the moment.
 * @throws TrackdropError `ledger-unusable`, UsageError `ledger-too-new`.
 */
export function tryToWrite(ledgerFile: string): 'none' | 'writable' | 'busy' {
  const place = pathToFileURL(ledgerFile);
  // Without this SQLite makes the file where there is none.
  place.searchParams.set('mode', 'rw');
  try {
    if (statSync(ledgerFile, { throwIfNoEntry: false }) === undefined) return 'none';
    using db = new DatabaseSync(place, { timeout: 0 });
    refuseNewer(versionOf(db), ledgerFile);
    db.exec('BEGIN IMMEDIATE; ROLLBACK');
    return 'writable';
  } catch (error) {
    if (isBusy(error)) return 'busy';
    const isSystem = error instanceof Error && 'syscall' in error;
    throw isSystem || isLedgerTrouble(error) ? ledgerUnusable(ledgerFile, error) : error;
  }
}
