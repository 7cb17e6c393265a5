import type { DatabaseSync } from 'node:sqlite';
import type { Drop } from '../domain/drop.ts';
import type { Outcome, RowOutcome } from '../domain/outcome.ts';
import { type FileRecord, orderKey, type RecordVerdict, type Row } from '../domain/row.ts';
import { inTransaction } from './database.ts';

/** A record of a settled drop, as report and retry file need it. */
export interface EndedRecord extends RowOutcome {
  readonly startByte: number;
  readonly endByte: number;
  readonly fields: readonly string[] | null;
}

/** An order of a drop that still has rows without an outcome. */
export interface OpenOrder {
  readonly orderKey: string;
  /**
   * An earlier drop of the same store still has rows of this order: writes follow the order of the claims. Drops
   * that are set aside do not count.
   */
  readonly blocked: boolean;
}

/** What `rowOf` reads. */
const ROW = `line, order_number AS orderNumber, tracking_number AS trackingNumber, carrier_code AS carrierCode, title,
  sku, quantity`;
const ENDED_AT_A_TIME = 500;
/** Some 10 ms of work, and 40 where SQLite folds its log back into the file. */
const CLEARED_AT_A_TIME = 2_000;

/** The table of rows: every record of every drop, with its outcome once it has one. */
export function openRows(db: DatabaseSync) {
  const clearPage = db.prepare(
    `DELETE FROM rows WHERE drop_seq = ?1 AND line IN (
       SELECT line FROM rows WHERE drop_seq = ?1 ORDER BY line LIMIT ${CLEARED_AT_A_TIME})`,
  );
  const insert = db.prepare(
    `INSERT INTO rows (drop_seq, line, start_byte, end_byte, fields, order_key, order_number, tracking_number,
       carrier_code, title, sku, quantity, outcome, message) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const openOrders = db.prepare(
    `SELECT DISTINCT r.order_key AS orderKey, EXISTS (
       SELECT 1 FROM rows e JOIN drops d ON d.seq = e.drop_seq
       WHERE e.order_key = r.order_key AND e.outcome IS NULL AND e.drop_seq < r.drop_seq AND d.store = ?
         AND d.is_set_aside = 0 AND d.state <> 'claimed'
     ) AS blocked
     FROM rows r WHERE r.drop_seq = ? AND r.outcome IS NULL AND r.order_key > ? ORDER BY r.order_key LIMIT ?`,
  );
  // Left to itself SQLite takes the primary key here, and reads the whole drop for each of its orders.
  const openRowsOf = db.prepare(
    `SELECT order_key AS orderKey, ${ROW} FROM rows INDEXED BY rows_open_by_drop
     WHERE drop_seq = ? AND order_key IN (SELECT value FROM json_each(?)) AND outcome IS NULL ORDER BY line`,
  );
  const endedWithItem = db.prepare(
    `SELECT ${ROW} FROM rows INDEXED BY rows_with_item
     WHERE drop_seq = ? AND order_key = ? AND sku IS NOT NULL AND outcome IS NOT NULL ORDER BY line`,
  );
  const end = db.prepare(
    `UPDATE rows SET outcome = ?, message = ?, order_id = ?, shipment_id = ?, track_id = ?
     WHERE drop_seq = ? AND line = ? AND outcome IS NULL`,
  );
  const heir = db.prepare(
    `SELECT min(r.drop_seq) AS seq FROM rows r JOIN drops d ON d.seq = r.drop_seq
     WHERE r.order_key = ? AND r.outcome IS NULL AND d.store = ? AND d.is_set_aside = 0 AND d.state <> 'claimed'`,
  );
  const anyOpen = db.prepare(
    'SELECT 1 FROM rows INDEXED BY rows_open_by_drop WHERE drop_seq = ? AND outcome IS NULL LIMIT 1',
  );
  const all = db.prepare(
    `SELECT line, start_byte AS startByte, end_byte AS endByte, fields, outcome, message, order_id AS orderId,
       shipment_id AS shipmentId, track_id AS trackId FROM rows WHERE drop_seq = ? AND line > ? ORDER BY line LIMIT ${ENDED_AT_A_TIME}`,
  );

  return {
    /** Enters a batch of records; skipped and bad ones have their outcome at once. */
    add(drop: Drop, records: readonly FileRecord[]): void {
      inTransaction(db, () => {
        for (const { line, startByte, endByte, fields, verdict } of records) {
          const row = verdict.kind === 'row' ? verdict.rows[0] : undefined;
          insert.run(
            drop.seq,
            line,
            startByte,
            endByte,
            fields === null ? null : JSON.stringify(fields),
            row ? orderKey(row.orderNumber) : null,
            row?.orderNumber ?? null,
            row?.trackingNumber ?? null,
            row?.carrierCode ?? null,
            row?.title ?? null,
            row?.item?.sku ?? null,
            row?.item?.quantity ?? null,
            ...endOf(verdict),
          );
        }
      });
    },
    /**
     * Forgets what was read of a drop, before it is read again; a page at a time, so that other work gets a turn in
     * between: of a large file the whole takes half a second. Cut off half-way, it is to be begun again.
     */
    *clearInPages(drop: Drop): Generator<void> {
      while (clearPage.run(drop.seq).changes === CLEARED_AT_A_TIME) yield;
    },
    /** Orders with open rows whose key comes after `afterKey`, at most `limit`, by key. */
    openOrders: (drop: Drop, afterKey: string, limit: number): OpenOrder[] =>
      openOrders
        .all(drop.store, drop.seq, afterKey, limit)
        .map((row) => ({ orderKey: String(row.orderKey), blocked: row.blocked === 1 })),
    /** The earliest drop of the store that still has rows of this order, and is not set aside. */
    heirOf(store: string, key: string): number | undefined {
      const seq = heir.get(key, store)?.seq;
      return typeof seq === 'number' ? seq : undefined;
    },
    /** Rows of these orders without an outcome, by order, in the order of the file. */
    openRowsOf(drop: Drop, keys: readonly string[]): ReadonlyMap<string, readonly Row[]> {
      const byOrder = new Map<string, Row[]>();
      for (const row of openRowsOf.all(drop.seq, JSON.stringify(keys))) {
        const key = String(row.orderKey);
        const rows = byOrder.get(key);
        if (rows) rows.push(rowOf(row));
        else byOrder.set(key, [rowOf(row)]);
      }
      return byOrder;
    },
    /** Rows of the order that name an item and have their outcome. */
    endedWithItemOf: (drop: Drop, key: string): Row[] => endedWithItem.all(drop.seq, key).map(rowOf),
    /** Writes outcomes; a row that has one keeps it. */
    end(drop: Drop, outcomes: readonly RowOutcome[]): void {
      for (const { outcome, message, orderId, shipmentId, trackId, line } of outcomes) {
        end.run(outcome, message, orderId, shipmentId, trackId, drop.seq, line);
      }
    },
    anyOpen: (drop: Drop): boolean => anyOpen.get(drop.seq) !== undefined,
    /** Every record in the order of the file, a page at a time: nothing stays open between two of them. */
    *ended(drop: Drop): Generator<EndedRecord> {
      for (let afterLine = 0; ; ) {
        const page = all.all(drop.seq, afterLine);
        for (const row of page) yield endedRecord(row);
        if (page.length < ENDED_AT_A_TIME) return;
        afterLine = Number(page.at(-1)?.line);
      }
    },
  };
}

function rowOf(row: Record<string, unknown>): Row {
  return {
    line: Number(row.line),
    part: 0,
    note: null,
    orderNumber: String(row.orderNumber),
    trackingNumber: String(row.trackingNumber),
    carrierCode: String(row.carrierCode),
    title: String(row.title),
    item: row.sku === null ? null : { sku: String(row.sku), quantity: Number(row.quantity) },
  };
}

function endedRecord(row: Record<string, unknown>): EndedRecord {
  return {
    line: Number(row.line),
    startByte: Number(row.startByte),
    endByte: Number(row.endByte),
    fields: row.fields === null ? null : (JSON.parse(String(row.fields)) as string[]),
    outcome: row.outcome as Outcome,
    message: String(row.message),
    orderId: row.orderId as number | null,
    shipmentId: row.shipmentId as number | null,
    trackId: row.trackId as number | null,
  };
}

/** Outcome and message of a record that is decided by reading it; nulls for a row. */
function endOf(verdict: RecordVerdict): [Outcome | null, string | null] {
  switch (verdict.kind) {
    case 'row':
      return [null, null];
    case 'skipped':
      return ['skipped', verdict.reason];
    case 'bad':
      return ['bad-row', verdict.message];
  }
}
