import type { DatabaseSync } from 'node:sqlite';
import { type Drop, dropIdAtMs } from '../domain/drop.ts';
import type { Writers } from '../domain/others.ts';
import { trackingKey } from '../domain/row.ts';

const DONE_OR_OPEN = `(r.outcome IS NULL OR r.outcome IN ('tracked', 'shipped', 'already-tracked', 'replaced'))`;
/**
 * Drops follow each other as their files came; rows that waited are a drop of their own, which came when its file did.
 */
const IS_LATER = '(d.claimed_at_ms, d.seq) > (?1, ?2)';

/** Tells who wrote numbers to an order, and who wants them. */
export function openOrderWriters(db: DatabaseSync) {
  // A drop that is forgotten was settled long ago.
  const written = db.prepare(
    `SELECT w.tracking_numbers AS numbers, d.seq IS NOT NULL AND ${IS_LATER} AS isLater
     FROM writes w LEFT JOIN drops d ON d.seq = w.drop_seq
     WHERE w.order_id = ?3 AND w.store = ?4 AND w.drop_seq <> ?2 AND w.kind IN ('track', 'ship')
       AND w.state IN ('open', 'uncertain', 'done')`,
  );
  const wanted = db.prepare(
    `SELECT r.tracking_number AS number FROM rows r INDEXED BY rows_open_by_order CROSS JOIN drops d
     WHERE r.order_key = ?3 AND r.outcome IS NULL AND d.seq = r.drop_seq AND d.store = ?4 AND ${IS_LATER}
     UNION
     SELECT r.tracking_number FROM row_keys k CROSS JOIN drops d CROSS JOIN rows r
     WHERE k.key = ?3 AND d.seq = k.drop_seq AND d.store = ?4 AND ${IS_LATER}
       AND r.drop_seq = k.drop_seq AND r.line = k.line AND r.part = k.part AND r.order_key = ?3 AND ${DONE_OR_OPEN}`,
  );

  return {
    /**
     * Of an order by its entity id and by its key (see `orderKey`), as seen from a drop. Numbers that a later drop
     * found standing are known once that is settled; those that it wrote, or has open rows for, at once.
     */
    of({ seq, id, store, claimedAtMs }: Drop, orderId: number, key: string): Writers {
      const earlier = new Set<string>();
      const later = new Set<string>();
      for (const { numbers, isLater } of written.all(claimedAtMs, seq, orderId, store)) {
        const keys = (JSON.parse(String(numbers)) as string[]).map(trackingKey);
        for (const each of keys) (isLater === 1 ? later : earlier).add(each);
      }
      for (const { number } of wanted.all(claimedAtMs, seq, key, store))
        later.add(trackingKey(String(number)));
      // A drop that a lost ledger knew is entered anew, as if it had come just now.
      return { claimedAtMs: Math.min(claimedAtMs, dropIdAtMs(id)), earlier, later };
    },
  };
}

/** See `openOrderWriters`. */
export type OrderWriters = ReturnType<typeof openOrderWriters>;
