import type { DatabaseSync } from 'node:sqlite';
import { prepareChange } from './transaction.ts';

/**
 * When it was last found that the ledger may miss commits: a power cut, or a ledger that was begun anew. The disk may have
 * lost with them that a file was taken out of its inbox, so that one whose rows were sent lies there as if it were new.
 * Kept until another time takes its place: a process that ends before it has taken such a file must not take the reason
 * with it. `Lease.take` sets it.
 */
export function openDoubt(db: DatabaseSync) {
  const get = db.prepare('SELECT doubted_at_ms AS atMs FROM ledger_facts');
  const clear = prepareChange(db, 'UPDATE ledger_facts SET doubted_at_ms = NULL');
  return {
    /** Ms of the wall clock; null where nothing is missing. */
    sinceMs(): number | null {
      const atMs = get.get()?.atMs ?? null;
      return atMs === null ? null : Number(atMs);
    },
    /** Nobody wrote before this ledger was begun. */
    clear: (): void => void clear.run(),
  };
}

/** See `openDoubt`. */
export type Doubt = ReturnType<typeof openDoubt>;
