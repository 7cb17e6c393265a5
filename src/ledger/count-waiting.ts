import { readOnly } from './existing.ts';

/** What waits in a ledger that another process may be writing. */
export interface WaitingCount {
  readonly drops: number;
  readonly rows: number;
  /** The first look that comes, ms of the wall clock; null where nothing waits. */
  readonly nextLookAtMs: number | null;
}

/** What waits for orders that are not there yet, held or unpaid; otherwise as `readOnly`. */
export function countWaiting(ledgerFile: string): WaitingCount | undefined {
  return readOnly(ledgerFile, 'drops', (db) => {
    const known = db.prepare(`SELECT 1 FROM pragma_table_info('drops') WHERE name = 'next_look_at_ms'`).get();
    // Of a ledger that an older program writes.
    if (known === undefined) return { drops: 0, rows: 0, nextLookAtMs: null };
    const found = db
      .prepare(
        `SELECT count(*) AS drops, min(next_look_at_ms) AS nextLookAtMs, coalesce(sum((
           SELECT count(*) FROM rows r WHERE r.drop_seq = d.seq AND r.outcome = 'waiting')), 0) AS rows
         FROM drops d WHERE d.state = 'waiting'`,
      )
      .get();
    const nextLookAtMs = found?.nextLookAtMs ?? null;
    return {
      drops: Number(found?.drops),
      rows: Number(found?.rows),
      nextLookAtMs: nextLookAtMs === null ? null : Number(nextLookAtMs),
    };
  });
}
