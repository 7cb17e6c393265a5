import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { isBusy, isLedgerTrouble, ledgerUnusable } from './database.ts';
import { existing } from './existing.ts';
import { refuseNewer, versionOf } from './migrate.ts';

/**
 * Takes SQLite's right to write the ledger and gives it back at once; neither content nor schema change, and no file
 * is made. `none`: there is no ledger yet. `busy`: another process is writing it at the moment.
 * @throws TrackdropError `ledger-unusable`, UsageError `ledger-too-new`.
 */
export function tryToWrite(ledgerFile: string): 'none' | 'writable' | 'busy' {
  try {
    if (statSync(ledgerFile, { throwIfNoEntry: false }) === undefined) return 'none';
    using db = new DatabaseSync(existing(ledgerFile), { timeout: 0 });
    refuseNewer(versionOf(db), ledgerFile);
    db.exec('BEGIN IMMEDIATE; ROLLBACK');
    return 'writable';
  } catch (error) {
    if (isBusy(error)) return 'busy';
    const isSystem = error instanceof Error && 'syscall' in error;
    throw isSystem || isLedgerTrouble(error) ? ledgerUnusable(ledgerFile, error) : error;
  }
}
