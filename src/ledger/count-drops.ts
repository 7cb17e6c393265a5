import type { DropState } from '../domain/drop.ts';
import { readOnly } from './existing.ts';

/** How many drops are in each state; otherwise as `readOnly`. */
export function countDrops(ledgerFile: string): Partial<Record<DropState, number>> | undefined {
  return readOnly(ledgerFile, 'drops', (db) => {
    const rows = db.prepare('SELECT state, count(*) AS n FROM drops GROUP BY state ORDER BY min(seq)').all();
    return Object.fromEntries(rows.map(({ state, n }) => [state as DropState, Number(n)]));
  });
}
