import type { DatabaseSync } from 'node:sqlite';
import type { Drop } from '../domain/drop.ts';

/** A file that came earlier. */
interface EarlierFile {
  readonly drop: string;
  readonly name: string;
  /** Ms of the wall clock. */
  readonly claimedAtMs: number;
}

/**
 * Finds the first drop of the same store whose file held the same bytes, and could be read. Undefined where there is none, for a file
 * without a row, and for one that is read again since its writer went on: that it comes twice is no news.
 */
export function openSameContent(db: DatabaseSync): (drop: Drop) => EarlierFile | undefined {
  const first = db.prepare(
    `SELECT e.id AS "drop", e.name, e.claimed_at_ms AS claimedAtMs
     FROM drops d JOIN drops e ON e.sha256 = d.sha256 AND e.store = d.store AND e.seq < d.seq
     WHERE d.seq = ? AND d.rereads_seq IS NULL AND e.failure IS NULL
       AND EXISTS (SELECT 1 FROM rows r WHERE r.drop_seq = d.seq AND r.order_key IS NOT NULL)
     ORDER BY e.seq LIMIT 1`,
  );
  return (drop) => first.get(drop.seq) as EarlierFile | undefined;
}
