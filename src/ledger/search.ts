import type { DatabaseSync } from 'node:sqlite';
import { orderKey, trackingKey } from '../domain/row.ts';
import { readOnly } from './existing.ts';
import { refuseOtherVersion } from './migrate.ts';
import { MAIL_TOLD } from './outcomes-in-sql.ts';

/** A row that names the order or the number that was asked for, with the drop that it is of. */
export interface FoundRow {
  /** Id of the drop. */
  readonly drop: string;
  readonly inbox: string;
  readonly store: string;
  /** The name under which its file lay in the inbox. */
  readonly name: string;
  /** See DropState. */
  readonly state: string;
  readonly claimedAtMs: number;
  readonly settledAtMs: number | null;
  /** The folder of its settled files, and the file's name there; null before they were chosen. */
  readonly folder: string | null;
  readonly file: string | null;
  readonly line: number;
  readonly part: number;
  readonly order: string;
  readonly trackingNumber: string;
  /** Null while it has none. */
  readonly outcome: string | null;
  readonly message: string | null;
  readonly note: string | null;
  readonly orderId: number | null;
  readonly shipmentId: number | null;
  readonly trackId: number | null;
  /** As in the report; null where that says nothing. */
  readonly mail: string | null;
  /** Of a failed row that a later drop has done: by which row of which. */
  readonly doneBy: DoneBy | null;
  /** Its drop's writes to its order that carried its number; the oldest first. */
  readonly writes: readonly FoundWrite[];
}

/** The row of a later drop by which a failed one is done. */
export interface DoneBy {
  /** Id of the drop. */
  readonly drop: string;
  readonly name: string;
  readonly claimedAtMs: number;
  /** Null where an older program noted it, which kept no line. */
  readonly line: number | null;
}

/** A write of a row that was found; times are ms of the wall clock. */
export interface FoundWrite {
  readonly write: string;
  readonly kind: string;
  readonly state: string;
  readonly message: string;
  readonly shipmentId: number | null;
  readonly trackId: number | null;
  readonly sentAtMs: number;
  readonly answeredAtMs: number | null;
}

/**
 * Rows of every drop in which the order or the tracking number is what was asked for, compared as Magento compares them,
 * in the order of the drops; undefined where there is no ledger. A row that could not be understood is not found. Of
 * settled drops they are found by their keys; a drop that is under way is read as a whole, half a second for a million rows.
 * @throws TrackdropError `ledger-unusable`; UsageError `ledger-too-new` or `ledger-too-old`.
 */
export function findRows(ledgerFile: string, asked: string): readonly FoundRow[] | undefined {
  return readOnly(ledgerFile, 'drops', (db) => {
    refuseOtherVersion(db, ledgerFile);
    return search(db, asked);
  });
}

function search(db: DatabaseSync, asked: string): readonly FoundRow[] {
  db.function('tracking_key', { deterministic: true }, (number) => trackingKey(String(number)));
  const writes = db.prepare(
    `SELECT w.id AS write, w.kind, w.state, w.message, w.shipment_id AS shipmentId, w.track_id AS trackId,
       w.at_ms AS sentAtMs, w.answered_at_ms AS answeredAtMs
     FROM writes w WHERE w.store = ? AND w.order_id = ? AND w.drop_seq = ?
       AND ? IN (SELECT tracking_key(value) FROM json_each(w.tracking_numbers)) ORDER BY w.seq`,
  );
  const rows = db
    .prepare(
      `WITH places AS (
         SELECT drop_seq, line, part FROM row_keys WHERE key IN (?1, ?2)
         UNION
         SELECT r.drop_seq, r.line, r.part
         FROM drops d INDEXED BY drops_without_keys CROSS JOIN rows r ON r.drop_seq = d.seq
         WHERE d.has_keys = 0 AND (r.order_key = ?1 OR tracking_key(r.tracking_number) = ?2)
       )
       SELECT d.seq, d.id AS "drop", d.inbox, d.store, d.name, d.state, d.claimed_at_ms AS claimedAtMs,
         d.settled_at_ms AS settledAtMs, d.settled_in AS folder, d.settled_as AS file, r.line, r.part,
         r.order_number AS "order", r.tracking_number AS trackingNumber, r.outcome, r.message, r.note,
         r.order_id AS orderId, r.shipment_id AS shipmentId, r.track_id AS trackId,
         ${MAIL_TOLD} AS mail,
         (SELECT json_object('drop', later.id, 'name', later.name, 'claimedAtMs', later.claimed_at_ms, 'line', r.done_by_line)
          FROM drops later WHERE later.seq = r.done_by_seq) AS doneBy
       FROM places p CROSS JOIN rows r ON r.drop_seq = p.drop_seq AND r.line = p.line AND r.part = p.part
         CROSS JOIN drops d ON d.seq = r.drop_seq
       ORDER BY r.drop_seq, r.line, r.part`,
    )
    .all(orderKey(asked), trackingKey(asked));
  return rows.map(({ seq = null, doneBy = null, ...row }) => {
    const { store = null, orderId = null, trackingNumber } = row;
    const written = writes.all(store, orderId, seq, trackingKey(String(trackingNumber)));
    const by = doneBy === null ? null : JSON.parse(String(doneBy));
    return { ...row, doneBy: by, writes: written } as unknown as FoundRow;
  });
}
