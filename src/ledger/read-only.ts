import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { DropState } from '../domain/drop.ts';
import { isLedgerTrouble, ledgerUnusable } from './database.ts';

/**
 * Asks a ledger that another process may be writing; undefined where there is none, or none with that table yet.
 * @throws TrackdropError `ledger-unusable` when it, or the way to it, cannot be read.
 */
export function readOnly<T>(ledgerFile: string, table: string, ask: (db: DatabaseSync) => T): T | undefined {
  if (!isThere(ledgerFile)) return undefined;
  try {
    using db = new DatabaseSync(ledgerFile, { readOnly: true, timeout: 2_000 });
    const known = db.prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?`).get(table);
    return known && ask(db);
  } catch (error) {
    throw isLedgerTrouble(error) ? ledgerUnusable(ledgerFile, error) : error;
  }
}

/** Unlike existsSync it tells a file that is not there from one that cannot be got at. */
function isThere(file: string): boolean {
  try {
    statSync(file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw ledgerUnusable(file, error);
  }
}

/** How many drops are in each state. */
export function countDrops(ledgerFile: string): Partial<Record<DropState, number>> | undefined {
  return readOnly(ledgerFile, 'drops', (db) => {
    const rows = db.prepare('SELECT state, count(*) AS n FROM drops GROUP BY state ORDER BY min(seq)').all();
    return Object.fromEntries(rows.map(({ state, n }) => [state as DropState, Number(n)]));
  });
}
