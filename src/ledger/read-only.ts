import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { DropState } from '../domain/drop.ts';

/**
 * Asks a ledger that another process may be writing; undefined where there is none, or none with that table yet.
 */
export function readOnly<T>(ledgerFile: string, table: string, ask: (db: DatabaseSync) => T): T | undefined {
  if (!existsSync(ledgerFile)) return undefined;
  const db = new DatabaseSync(ledgerFile, { readOnly: true, timeout: 2_000 });
  try {
    const known = db.prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?`).get(table);
    return known && ask(db);
  } finally {
    db.close();
  }
}

/** How many drops are in each state. */
export function countDrops(ledgerFile: string): Partial<Record<DropState, number>> | undefined {
  return readOnly(ledgerFile, 'drops', (db) => {
    const rows = db.prepare('SELECT state, count(*) AS n FROM drops GROUP BY state ORDER BY min(seq)').all();
    return Object.fromEntries(rows.map(({ state, n }) => [state as DropState, Number(n)]));
  });
}
