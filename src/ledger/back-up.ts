import { closeSync, existsSync, fsyncSync, openSync, rmSync } from 'node:fs';
import { backup, DatabaseSync } from 'node:sqlite';
import { UsageError } from '../domain/failure.ts';
import { requireSound } from './damage.ts';
import { isLedgerTrouble, ledgerUnusable } from './database.ts';
import { refuseOtherVersion } from './migrate.ts';

/** Where the copy goes, and who hears how far it is. */
interface BackUpOptions {
  /** Must not be there: the copy is made here, and is nothing before the function returns. */
  readonly target: string;
  /** In pages of the ledger, after each portion. */
  readonly onProgress: (done: number, all: number) => void;
}

/** What a copy holds. */
export interface BackedUp {
  readonly drops: number;
  readonly rows: number;
  readonly writes: number;
}

/** 4 MB: the daemon is kept from nothing meanwhile, but the portions show how far it is. */
const PAGES_AT_A_TIME = 4_000;

/**
 * Copies a ledger as it is at one moment, while a daemon may go on writing it, and checks the copy. The copy is one file,
 * without a log of its own.
 * @throws TrackdropError `ledger-unusable`, also where the copy proves to be damaged; UsageError `no-ledger`, `ledger-too-new`
 * or `ledger-too-old`; the file system's own error where the target is there or cannot be made. Nothing is left of it then.
 */
export async function backUp(ledgerFile: string, { target, onProgress }: BackUpOptions): Promise<BackedUp> {
  if (!existsSync(ledgerFile)) {
    throw new UsageError('no-ledger', `there is no ledger ${ledgerFile}`, {
      facts: { file: ledgerFile },
      hint: 'trackdrop run makes it; --config says of which configuration.',
    });
  }
  closeSync(openSync(target, 'wx', 0o640));
  try {
    using db = new DatabaseSync(ledgerFile, { readOnly: true, timeout: 5_000 });
    refuseOtherVersion(db, ledgerFile);
    // Held to the end: without it SQLite begins again with each commit of the daemon, and never ends.
    db.exec('BEGIN; SELECT 1 FROM drops LIMIT 1');
    await backup(db, target, {
      rate: PAGES_AT_A_TIME,
      progress: ({ totalPages, remainingPages }) => onProgress(totalPages - remainingPages, totalPages),
    });
    const found = checked(target);
    flush(target);
    return found;
  } catch (error) {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${target}${suffix}`, { force: true });
    throw isLedgerTrouble(error) ? ledgerUnusable(ledgerFile, error) : error;
  }
}

function checked(target: string): BackedUp {
  using copy = new DatabaseSync(target);
  copy.exec('PRAGMA journal_mode = DELETE');
  requireSound(copy);
  const counts = copy
    .prepare(
      `SELECT (SELECT count(*) FROM drops) AS drops, (SELECT count(*) FROM rows) AS rows,
         (SELECT count(*) FROM writes) AS writes`,
    )
    .get();
  return { ...(counts as unknown as BackedUp) };
}

function flush(target: string): void {
  const handle = openSync(target, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
