import type { DatabaseSync } from 'node:sqlite';
import { placeInClaims } from './claim-order.ts';

/** A drop whose file lies in `waiting/`, none of its rows being looked at. */
export interface WaitingDrop {
  readonly seq: number;
  readonly id: string;
  readonly inbox: string;
  /** See Drop. */
  readonly nextLookAtMs: number;
}

/** Some 5 ms of work. */
const ROWS_AT_A_TIME = 1_000;

/** Drops that wait for the same orders. */
export function openWaitingOrders(db: DatabaseSync) {
  const inTurn = db.prepare(
    `SELECT d.seq, d.id, d.inbox, d.next_look_at_ms AS nextLookAtMs FROM drops d INDEXED BY drops_unsettled
     WHERE d.state <> 'settled' AND d.state = 'waiting' AND d.inbox IN (SELECT value FROM json_each(?))
       AND d.next_look_at_ms IS NOT NULL AND d.is_set_aside = 0
     ORDER BY ${placeInClaims('d')}`,
  );
  const page = db.prepare(
    `SELECT line, part FROM rows WHERE drop_seq = ? AND (line, part) > (?, ?)
     ORDER BY line, part LIMIT 1 OFFSET ${ROWS_AT_A_TIME - 1}`,
  );
  const sharing = db.prepare(
    `SELECT DISTINCT o.drop_seq AS seq FROM rows r CROSS JOIN rows o INDEXED BY rows_waiting_by_order
     WHERE r.drop_seq = ?1 AND (r.line, r.part) > (?2, ?3) AND (r.line, r.part) <= (?4, ?5) AND r.outcome = 'waiting'
       AND o.order_key = r.order_key AND o.outcome = 'waiting' AND o.drop_seq <> ?1`,
  );
  return {
    /** Drops of some inboxes that wait, in the order in which their files were claimed. */
    inTurn: (inboxes: readonly string[]): readonly WaitingDrop[] =>
      inTurn.all(JSON.stringify(inboxes)) as unknown as readonly WaitingDrop[],
    /** Seqs of drops, of whatever store, with rows that wait for an order for which this one's do; a page of its rows at a time. */
    *sharingInPages(seq: number): Generator<readonly number[]> {
      const last = { line: Number.MAX_SAFE_INTEGER, part: 0 };
      for (let from = { line: 0, part: 0 }; ; ) {
        const found = page.get(seq, from.line, from.part);
        const to = found ? { line: Number(found.line), part: Number(found.part) } : last;
        yield sharing.all(seq, from.line, from.part, to.line, to.part).map((row) => Number(row.seq));
        if (!found) return;
        from = to;
      }
    },
  };
}

/** See `openWaitingOrders`. */
export type WaitingOrders = ReturnType<typeof openWaitingOrders>;
