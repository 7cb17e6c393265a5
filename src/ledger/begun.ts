import type { DatabaseSync } from 'node:sqlite';

/** When the history began that the ledger holds, by the wall clock; it is written down when the ledger is made. */
export function begunAtMs(db: DatabaseSync): number {
  const facts = db.prepare('SELECT begun_at_ms FROM ledger_facts').get();
  if (facts === undefined) throw new Error('the ledger does not say when it was begun');
  return Number(facts.begun_at_ms);
}
