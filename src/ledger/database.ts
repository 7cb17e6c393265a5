import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type DatabaseSyncOptions } from 'node:sqlite';
import { TrackdropError } from '../domain/failure.ts';
import { isDamage } from './damage.ts';

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
  // The lower byte is the kind.
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === SQLITE_BUSY;
}

/** SQLITE_ERROR, _CONSTRAINT, _MISMATCH, _MISUSE and _RANGE: what a statement of ours must never lead to. */
const OUR_FAULTS = new Set([1, 19, 20, 21, 25]);

/** An error of SQLite that no disk and no other process is to blame for. */
export function isOurFault(error: unknown): boolean {
  // The lower byte is the kind.
  return error instanceof Error && 'errcode' in error && OUR_FAULTS.has(Number(error.errcode) & 0xff);
}

/** What to tell of such an error. */
export function ledgerUnusable(file: string, error: unknown): TrackdropError {
  const why = error instanceof Error ? error.message : String(error);
  return new TrackdropError('ledger-unusable', `the ledger ${file} cannot be used: ${why}`, {
    facts: { file },
    hint: isDamage(error)
      ? 'The next start of trackdrop run sets the file aside and begins a new ledger: Magento knows what stands, only history is lost.'
      : 'Make room on its disk, put it where it may be written, or move the file away and start again: Magento knows what stands, only history is lost.',
    cause: error,
  });
}
