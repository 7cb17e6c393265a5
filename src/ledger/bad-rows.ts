import type { DatabaseSync } from 'node:sqlite';
import type { Drop } from '../domain/drop.ts';
import type { BadRow } from '../domain/row.ts';
import { isFailed } from './outcomes-in-sql.ts';

/**
 * Prepares finding the rows of an order of a drop that could not be read but for their order and number, by line; none where the
 * file says of no row what its parcel holds.
 */
export function openBadRows(db: DatabaseSync): (drop: Drop, orderKey: string) => BadRow[] {
  const badOf = db.prepare(
    `SELECT b.line, b.tracking_number AS trackingNumber, b.store_view AS storeView, f.fields
     FROM rows b INDEXED BY rows_failed_by_order
     LEFT JOIN rows f ON f.drop_seq = b.drop_seq AND f.line = b.line AND f.part = 0
     WHERE b.drop_seq = ? AND b.order_key = ? AND b.outcome = 'bad-row' AND b.done_by_seq IS NULL
       AND ${isFailed('b.outcome')}
     ORDER BY b.line, b.part`,
  );
  return (drop, orderKey) => {
    const column = skuColumn(drop);
    if (column === null) return [];
    const found = badOf.all(drop.seq, orderKey);
    return found.map(({ line, trackingNumber, storeView, fields }) => ({
      line: Number(line),
      trackingNumber: String(trackingNumber),
      storeView: storeView === null ? null : Number(storeView),
      namesItem: isFilled(fields, column),
    }));
  };
}

/** Of a drop as it was read: its orders may be a million, and each asks. */
const columns = new WeakMap<Drop, number | null>();

/** Where the file's rows say what their parcels hold; null where none does. */
export function skuColumn(drop: Drop): number | null {
  const known = columns.get(drop);
  if (known !== undefined) return known;
  const column: number | null =
    drop.layout === null ? null : (JSON.parse(drop.layout).layout?.columns?.sku ?? null);
  columns.set(drop, column);
  return column;
}

/** Of a record that could not be cut into cells nobody knows that it names nothing. */
function isFilled(fields: unknown, column: number): boolean {
  if (typeof fields !== 'string') return true;
  return ((JSON.parse(fields) as readonly string[])[column] ?? '').trim() !== '';
}
