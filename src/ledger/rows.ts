import type { DatabaseSync } from 'node:sqlite';
import type { Drop } from '../domain/drop.ts';
import type { RowOutcome } from '../domain/outcome.ts';
import type { Row, RowPlace } from '../domain/row.ts';
import { openBadRows, skuColumn } from './bad-rows.ts';
import { placeInClaims } from './claim-order.ts';
import { endedRecords } from './ended-records.ts';
import { enterRecords } from './enter-records.ts';
import { forgetPages } from './forget-pages.ts';
import { recordCells } from './record-cells.ts';
import { prepareChange } from './transaction.ts';

/** An order of a drop that still has rows without an outcome. */
interface OpenOrder {
  readonly orderKey: string;
  /** Of these the first. */
  readonly first: RowPlace;
  /**
   * An earlier drop of the same store still has rows of this order: writes follow the order of the claims. Drops
   * that are set aside do not count.
   */
  readonly blocked: boolean;
}

/** What `rowsOf` reads; the first part has the fields for all. */
const ROW = `line, part, order_number AS orderNumber, tracking_number AS trackingNumber, carrier_code AS carrierCode, title,
  sku, quantity, note, shipment_number AS shipmentNumber, store_view AS storeView, source, link,
  CASE WHEN sku IS NOT NULL THEN (
    SELECT fields FROM rows f WHERE f.drop_seq = rows.drop_seq AND f.line = rows.line AND f.part = 0) END AS fields`;

/** The table of rows: every record of every drop, with its outcome once it has one. */
export function openRows(db: DatabaseSync) {
  const forget = forgetPages(db, 'rows');
  const openOrders = db.prepare(
    `SELECT r.order_key AS orderKey, r.line, r.part, EXISTS (
       SELECT 1 FROM rows e JOIN drops d ON d.seq = e.drop_seq
       WHERE e.order_key = r.order_key AND e.outcome IS NULL AND e.drop_seq <> r.drop_seq AND d.store = ?1
         AND d.is_set_aside = 0 AND d.state NOT IN ('claimed', 'waiting')
         AND ${placeInClaims('d')} < (SELECT ${placeInClaims('own')} FROM drops own WHERE own.seq = ?2)
     ) AS blocked
     FROM rows r INDEXED BY rows_open_by_drop
     WHERE r.drop_seq = ?2 AND r.outcome IS NULL AND (r.line, r.part) > (?3, ?4) AND NOT EXISTS (
       SELECT 1 FROM rows f INDEXED BY rows_open_by_order
       WHERE f.order_key = r.order_key AND f.drop_seq = r.drop_seq AND f.outcome IS NULL
         AND (f.line, f.part) < (r.line, r.part)
     ) ORDER BY r.line, r.part LIMIT ?5`,
  );
  // Left to itself SQLite takes the primary key here, and reads the whole drop for each of its orders.
  const openRowsOf = db.prepare(
    `SELECT order_key AS orderKey, ${ROW} FROM rows INDEXED BY rows_open_by_order
     WHERE drop_seq = ? AND order_key IN (SELECT value FROM json_each(?)) AND outcome IS NULL ORDER BY line, part`,
  );
  const endedWithItem = db.prepare(
    `SELECT ${ROW} FROM rows INDEXED BY rows_with_item
     WHERE drop_seq = ? AND order_key = ? AND sku IS NOT NULL AND outcome IS NOT NULL ORDER BY line, part`,
  );
  const end = prepareChange(
    db,
    `UPDATE rows SET outcome = ?, message = ?, order_id = ?, shipment_id = ?, track_id = ?, mail = ?
     WHERE drop_seq = ? AND line = ? AND part = ? AND outcome IS NULL`,
  );
  const heir = db.prepare(
    `SELECT r.drop_seq AS seq, r.line, r.part FROM rows r JOIN drops d ON d.seq = r.drop_seq
     WHERE r.order_key = ? AND r.outcome IS NULL AND d.store = ? AND d.is_set_aside = 0 AND d.state NOT IN ('claimed', 'waiting')
     ORDER BY ${placeInClaims('d')}, r.line, r.part LIMIT 1`,
  );
  const anyOpen = db.prepare(
    'SELECT 1 FROM rows INDEXED BY rows_open_by_drop WHERE drop_seq = ? AND outcome IS NULL LIMIT 1',
  );

  return {
    /** See `enterRecords`. */
    add: enterRecords(db),
    /** Forgets what was read of a drop, before it is read again; see `forgetPages`. */
    clearInPages: (drop: Drop): Generator<void> => forget(drop.seq),
    /** Orders whose first open row comes after a place, at most `limit`, in the order of the file. */
    openOrders: (drop: Drop, after: RowPlace, limit: number): OpenOrder[] =>
      openOrders.all(drop.store, drop.seq, after.line, after.part, limit).map((row) => ({
        orderKey: String(row.orderKey),
        first: placeOf(row),
        blocked: row.blocked === 1,
      })),
    /** The earliest drop of the store that still has rows of this order, and is not set aside; the first of them. */
    heirOf(store: string, key: string): { readonly seq: number; readonly first: RowPlace } | undefined {
      const row = heir.get(key, store);
      return row && { seq: Number(row.seq), first: placeOf(row) };
    },
    /** Rows of these orders without an outcome, by order, in the order of the file. */
    openRowsOf(drop: Drop, keys: readonly string[]): ReadonlyMap<string, readonly Row[]> {
      const byOrder = new Map<string, Row[]>();
      const rowOf = rowsOf(drop);
      for (const row of openRowsOf.all(drop.seq, JSON.stringify(keys))) {
        const key = String(row.orderKey);
        const rows = byOrder.get(key);
        if (rows) rows.push(rowOf(row));
        else byOrder.set(key, [rowOf(row)]);
      }
      return byOrder;
    },
    /** Rows of the order that name an item and have their outcome. */
    endedWithItemOf: (drop: Drop, key: string): Row[] =>
      skuColumn(drop) === null ? [] : endedWithItem.all(drop.seq, key).map(rowsOf(drop)),
    /** See `openBadRows`. */
    badOf: openBadRows(db),
    /** Writes outcomes; a row that has one keeps it. */
    end(drop: Drop, outcomes: readonly RowOutcome[]): void {
      for (const { outcome, message, orderId, shipmentId, trackId, mail, line, part } of outcomes) {
        end.run(outcome, message, orderId, shipmentId, trackId, mail ?? null, drop.seq, line, part);
      }
    },
    anyOpen: (drop: Drop): boolean => anyOpen.get(drop.seq) !== undefined,
    /** See `endedRecords`. */
    ended: endedRecords(db),
  };
}

function placeOf({ line, part }: Record<string, unknown>): RowPlace {
  return { line: Number(line), part: Number(part) };
}

function rowsOf(drop: Drop): (row: Record<string, unknown>) => Row {
  const cellsOf = recordCells(drop);
  return (row) => ({
    ...placeOf(row),
    orderNumber: String(row.orderNumber),
    trackingNumber: String(row.trackingNumber),
    carrierCode: String(row.carrierCode),
    title: String(row.title),
    item: row.sku === null ? null : { sku: String(row.sku), quantity: Number(row.quantity) },
    note: row.note === null ? null : String(row.note),
    shipmentNumber: row.shipmentNumber === null ? null : String(row.shipmentNumber),
    storeView: row.storeView === null ? null : Number(row.storeView),
    source: row.source === null ? null : String(row.source),
    link: row.link === null ? null : String(row.link),
    ...(row.fields === null ? {} : { record: cellsOf(String(row.fields)) }),
  });
}
