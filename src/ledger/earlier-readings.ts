import type { DatabaseSync } from 'node:sqlite';
import type { Drop } from '../domain/drop.ts';
import { trackingKey } from '../domain/row.ts';
import type { Write } from '../domain/write.ts';
import type { Witnesses } from './witnesses.ts';
import { WRITE_COLUMNS, writeOf } from './writes.ts';

/** What is on record of a file that was read before its writer had come to its end; see cut-off.ts in domain. */
export function openEarlierReadings(db: DatabaseSync, { rereadBy }: Pick<Witnesses, 'rereadBy'>) {
  const writes = db.prepare(
    `SELECT ${WRITE_COLUMNS}, 1 AS isOwn FROM writes
     WHERE order_id = ? AND store = ? AND drop_seq IN (SELECT value FROM json_each(?)) ORDER BY seq`,
  );
  // Rows of drops that have no keys yet are found by reading the whole drop: few drops, and hardly ever asked for.
  const wanted = db.prepare(
    `SELECT r.tracking_number AS number FROM row_keys k CROSS JOIN drops d CROSS JOIN rows r
     WHERE k.key = ?1 AND d.seq = k.drop_seq AND d.store = ?2 AND d.seq NOT IN (SELECT value FROM json_each(?3))
       AND r.drop_seq = k.drop_seq AND r.line = k.line AND r.part = k.part AND r.order_key = ?1
     UNION
     SELECT r.tracking_number FROM drops d INDEXED BY drops_without_keys CROSS JOIN rows r
     WHERE d.has_keys = 0 AND d.store = ?2 AND d.seq NOT IN (SELECT value FROM json_each(?3))
       AND r.drop_seq = d.seq AND r.order_key = ?1`,
  );

  const parents = db.prepare('SELECT seq FROM drops WHERE waits_as = ?');

  /** Of a drop as it was read: a later reading makes another `Drop` of it. Its rows may be a million, and each asks. */
  const earlier = new WeakMap<Drop, readonly number[]>();
  const seqsOf = (drop: Drop): readonly number[] => {
    const known = earlier.get(drop);
    if (known !== undefined) return known;
    // What waits is of a file that may have been read before.
    const readings = [drop, ...(parents.all(drop.id) as unknown as { readonly seq: number }[])];
    const found = readings.flatMap(rereadBy);
    earlier.set(drop, found);
    return found;
  };

  return {
    /** Writes to an order by the drops whose file this one is again; oldest first, as if they were its own. */
    writesTo(drop: Drop, orderId: number): Write[] {
      const seqs = seqsOf(drop);
      if (seqs.length === 0) return [];
      return writes.all(orderId, drop.store, JSON.stringify(seqs)).map(writeOf);
    },
    /** Keys of the numbers that a row asks for on the order, of any drop of the store but those. */
    wantedOn(drop: Drop, orderKey: string): ReadonlySet<string> {
      const numbers = wanted.all(orderKey, drop.store, JSON.stringify(seqsOf(drop)));
      return new Set(numbers.map(({ number }) => trackingKey(String(number))));
    },
  };
}

/** See `openEarlierReadings`. */
export type EarlierReadingsOf = ReturnType<typeof openEarlierReadings>;
