import { isBusy, isLedgerTrouble, ledgerUnusable, openFile } from './database.ts';

/**
 * Takes the lock beside the ledger that makes this process the only writer, or returns undefined when another
 * one has it. An exclusive SQLite transaction in a file of its own: the kernel frees it when the holder dies,
 * however it dies, so no stale lock can be left behind.
 * @throws TrackdropError `ledger-unusable` when the lock can be neither had nor found taken.
 */
export function takeWriterLock(ledgerFile: string): Disposable | undefined {
  const lockFile = `${ledgerFile}.lock`;
  const db = openFile(ledgerFile, lockFile, { timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (isBusy(error)) return undefined;
    throw isLedgerTrouble(error) ? ledgerUnusable(lockFile, error) : error;
  }
  return { [Symbol.dispose]: () => db.close() };
}
