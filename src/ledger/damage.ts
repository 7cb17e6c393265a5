import { closeSync, openSync, renameSync, statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { passed } from '../runtime/step.ts';
import { stampOf } from '../runtime/utc.ts';

/** SQLITE_CORRUPT and SQLITE_NOTADB, https://sqlite.org/rescode.html. */
const DAMAGE_CODES = new Set([11, 26]);

/**
 * A ledger is read as a whole after an unclean end where it is smaller than this: some 0.4 s. One of a million rows
 * (360 MB) would keep the work waiting for more than 2 s each time that a container is killed.
 */
const CHECKED_WHOLE_BYTES = 64 * 2 ** 20;
/**
 * What is read of a larger one: what every start needs, in each version. Damage elsewhere shows when its page is read.
 */
const CHECKED_TABLES = ['drops', 'heartbeat'];

/** What `PRAGMA quick_check` found, as SQLite says it where it comes upon it by itself. */
class DamageFoundError extends Error {
  readonly code = 'ERR_SQLITE_ERROR';
  readonly errcode = 11;
}

/**
 * True where the file itself is at fault, and not its disk, its rights or another process: the error, or its cause, is one of
 * SQLite's about a damaged file, or one about a file that is no database.
 */
export function isDamage(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // The lower byte is the kind.
  if ('errcode' in error && DAMAGE_CODES.has(Number(error.errcode) & 0xff)) return true;
  return isDamage(error.cause);
}

/**
 * Looks for damage in a ledger whose writer did not end in order: a power cut, or a disk that failed, can leave it. Of what
 * stands in a row only its form is checked: SQLite keeps no sums by which a changed letter would show.
 * @throws an error for which `isDamage` is true
 */
export function refuseDamaged(db: DatabaseSync, file: string): void {
  if (statSync(file).size < CHECKED_WHOLE_BYTES) requireSound(db);
  else for (const table of CHECKED_TABLES) requireSound(db, table);
}

/**
 * Of one table, or of everything.
 * @throws an error for which `isDamage` is true
 */
export function requireSound(db: DatabaseSync, table?: string): void {
  const [found] = db.prepare(`PRAGMA quick_check(${table ?? 1})`).all();
  if (found?.quick_check !== 'ok') throw new DamageFoundError(String(found?.quick_check));
}

const LOGS = ['-wal', '-shm'] as const;

/**
 * Renames a ledger to `<file>.damaged-<time>`, with its write-ahead log, so that a new one can be begun; nothing is
 * deleted or overwritten. Nobody may have it open. Returns the new path.
 */
export function setAside(file: string, nowMs: number): string {
  const stamp = stampOf(nowMs);
  for (let copy = 1; ; copy += 1) {
    const aside = `${file}.damaged-${stamp}${copy === 1 ? '' : `-${copy}`}`;
    if (!isReserved(aside)) continue;
    passed('ledger.aside-reserved');
    if (sizeOf(file) > 0) renameSync(file, aside);
    passed('ledger.aside-renamed');
    setLogsAside(file, aside);
    return aside;
  }
}

/**
 * A write-ahead log lies there whose ledger is gone: SQLite would delete it, or take it for that of the next ledger.
 */
export function isStrayLog(file: string): boolean {
  return sizeOf(file) === 0 && sizeOf(`${file}-wal`) > 0;
}

function setLogsAside(file: string, aside: string): void {
  for (const log of LOGS) {
    if (sizeOf(`${file}${log}`) > 0 && isReserved(`${aside}${log}`))
      renameSync(`${file}${log}`, `${aside}${log}`);
  }
}

/** Makes an empty file of that name, for a rename to replace; false where there is something already. */
function isReserved(path: string): boolean {
  try {
    closeSync(openSync(path, 'wx', 0o640));
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** 0 where there is nothing. */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
