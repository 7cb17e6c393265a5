import { DatabaseSync } from 'node:sqlite';
import { isBusy, isLedgerTrouble, ledgerUnusable, openFile } from './database.ts';

/**
 * Takes the lock beside the ledger that makes this process the only writer, or returns undefined when another
 * one has it. An exclusive SQLite transaction in a file of its own: the kernel frees it when the holder dies,
 * however it dies, so no stale lock can be left behind.
 * @throws TrackdropError `ledger-unusable` when the lock can be neither had nor found taken.
 */
export function takeWriterLock(ledgerFile: string): Disposable | undefined {
  const lockFile = `${ledgerFile}.lock`;
  // Who asks `isWriterLockHeld` has it for an instant.
  const db = openFile(ledgerFile, lockFile, { timeout: 100 });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (isBusy(error)) return undefined;
    throw isLedgerTrouble(error) ? ledgerUnusable(lockFile, error) : error;
  }
  return { [Symbol.dispose]: () => db.close() };
}

/**
 * Whether a process of this machine has the writer's lock, whatever the ledger says of it; false where that cannot be asked, such
 * as where no daemon ever ran.
 */
export function isWriterLockHeld(ledgerFile: string): boolean {
  try {
    using db = new DatabaseSync(`${ledgerFile}.lock`, { readOnly: true, timeout: 0 });
    db.prepare('SELECT 1 FROM sqlite_schema').get();
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    if (isLedgerTrouble(error)) return false;
    throw error;
  }
}
