import type { DatabaseSync } from 'node:sqlite';
import { type Coming, cameBefore, firstFileOf, shareFile, UNKNOWN_FILE } from '../domain/coming.ts';
import { type Drop, dropIdAtMs } from '../domain/drop.ts';
import type { Writers } from '../domain/others.ts';
import { trackingKey } from '../domain/row.ts';
import { type CameBy, comingOf, filesOf } from './came-by.ts';

/** An order of a drop's store. */
interface OrderAsked {
  /** Magento's entity id. */
  readonly orderId: number;
  /** See `orderKey`. */
  readonly orderKey: string;
}

/** Tells who wrote numbers to an order, and who wants them. */
export function openOrderWriters(db: DatabaseSync, cameBy: CameBy) {
  // A drop that is forgotten keeps its place in the order of the claims.
  const written = db.prepare(
    `SELECT w.tracking_numbers AS numbers, w.drop_seq AS seq, ${filesOf('w.drop_seq')} AS files FROM writes w
     WHERE w.order_id = ?1 AND w.store = ?2 AND w.drop_seq <> ?3 AND w.kind IN ('track', 'ship')
       AND w.state IN ('open', 'uncertain', 'done')`,
  );
  const wanted = db.prepare(
    `SELECT r.tracking_number AS number, d.seq, ${filesOf('d.seq')} AS files
     FROM rows r INDEXED BY rows_open_by_order CROSS JOIN drops d
     WHERE r.order_key = ?1 AND r.outcome IS NULL AND d.seq = r.drop_seq AND d.store = ?2 AND d.seq <> ?3
     UNION ALL
     SELECT r.tracking_number, d.seq, ${filesOf('d.seq')}
     FROM rows r INDEXED BY rows_found_by_order CROSS JOIN drops d
     WHERE r.order_key = ?1 AND r.outcome = 'already-tracked' AND d.seq = r.drop_seq AND d.store = ?2 AND d.seq <> ?3`,
  );
  const claim = db.prepare('SELECT id, claimed_at_ms AS atMs FROM drops WHERE seq = ?');
  const claimsAfter = db.prepare(
    'SELECT max(seq) AS toSeq, min(claimed_at_ms) AS atMs FROM drops WHERE seq > ?',
  );

  /** Of a drop as it was read: a later reading makes another `Drop` of it. Its rows may be a million, and each asks. */
  const comings = new WeakMap<Drop, Coming>();
  function comingOfDrop(drop: Drop): Coming {
    const known = comings.get(drop) ?? cameBy.of(drop);
    comings.set(drop, known);
    return known;
  }

  /** When the drop's file had come at the latest, by the claims up to `toSeq`. */
  const seen = new WeakMap<Drop, { readonly toSeq: number; readonly atMs: number }>();
  /**
   * A drop that a lost ledger knew is entered anew, as if it had come just now; its id tells when it was claimed. That the
   * clock was ahead at the claim shows in any later time that is before it.
   */
  function cameAtMs(drop: Drop, nowMs: number): number {
    const file = firstFileOf(comingOfDrop(drop));
    const first = file === UNKNOWN_FILE ? undefined : claim.get(file);
    // Nobody knows any more when it came.
    if (first === undefined) return Number.NEGATIVE_INFINITY;
    const before = seen.get(drop) ?? {
      toSeq: file,
      atMs: Math.min(Number(first.atMs), dropIdAtMs(String(first.id))),
    };
    const { toSeq, atMs } = claimsAfter.get(before.toSeq) ?? {};
    const now = typeof toSeq === 'number' ? { toSeq, atMs: Math.min(before.atMs, Number(atMs)) } : before;
    seen.set(drop, now);
    return Math.min(now.atMs, drop.waitingSinceMs ?? now.atMs, nowMs);
  }

  return {
    /** Of an order, as seen from a drop. `nowMs` is of the wall clock. */
    of(drop: Drop, { orderId, orderKey }: OrderAsked, nowMs: number): Writers {
      const coming = comingOfDrop(drop);
      const own = new Set<string>();
      const earlier = new Set<string>();
      const later = new Set<string>();
      for (const { numbers, seq, files } of written.all(orderId, drop.store, drop.seq)) {
        const other = comingOf(Number(seq), files);
        const keys = (JSON.parse(String(numbers)) as string[]).map(trackingKey);
        if (shareFile(coming, other)) for (const key of keys) own.add(key);
        else if (cameBefore(coming, other)) for (const key of keys) later.add(key);
        else if (cameBefore(other, coming)) for (const key of keys) earlier.add(key);
      }
      for (const { number, seq, files } of wanted.all(orderKey, drop.store, drop.seq)) {
        const other = comingOf(Number(seq), files);
        if (shareFile(coming, other)) own.add(trackingKey(String(number)));
        else if (cameBefore(coming, other)) later.add(trackingKey(String(number)));
      }
      return { cameAtMs: cameAtMs(drop, nowMs), own, earlier, later };
    },
  };
}

export type OrderWriters = ReturnType<typeof openOrderWriters>;
