import type { DatabaseSync } from 'node:sqlite';
import type { Drop } from '../domain/drop.ts';
import { type FileRecord, orderKey, type Row } from '../domain/row.ts';
import { inTransaction } from './transaction.ts';

/**
 * Enters a batch of records as one transaction; skipped and bad ones have their outcome at once. What a million
 * rows leave empty is left out of the statement: each value that is bound costs as much as several that are not.
 */
export function enterRecords(db: DatabaseSync): (drop: Drop, records: readonly FileRecord[]) => void {
  const plain = db.prepare(
    `INSERT INTO rows (drop_seq, line, part, start_byte, end_byte, fields, order_key, order_number, tracking_number,
       carrier_code, title) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const withMore = db.prepare(
    `INSERT INTO rows (drop_seq, line, part, start_byte, end_byte, fields, order_key, order_number, tracking_number,
       carrier_code, title, sku, quantity, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const withAll = db.prepare(
    `INSERT INTO rows (drop_seq, line, part, start_byte, end_byte, fields, order_key, order_number, tracking_number,
       carrier_code, title, sku, quantity, note, shipment_number, store_view, source, link)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const decided = db.prepare(
    `INSERT INTO rows (drop_seq, line, start_byte, end_byte, fields, outcome, message) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const badOfParcel = db.prepare(
    `INSERT INTO rows (drop_seq, line, start_byte, end_byte, message, part, fields, outcome, order_key, order_number,
       tracking_number, store_view) VALUES (?, ?, ?, ?, ?, ?, ?, 'bad-row', ?, ?, ?, ?)`,
  );

  function enterRow(drop: Drop, { startByte, endByte }: FileRecord, fields: string | null, row: Row): void {
    const { line, part, orderNumber, trackingNumber, carrierCode, title, item, note } = row;
    const { shipmentNumber, storeView, source, link } = row;
    const key = orderKey(orderNumber);
    const bound = [
      drop.seq,
      line,
      part,
      startByte,
      endByte,
      fields,
      key,
      orderNumber,
      trackingNumber,
      carrierCode,
      title,
    ] as const;
    const more = [item?.sku ?? null, item?.quantity ?? null, note] as const;
    const aims = [shipmentNumber, storeView, source, link] as const;
    if (aims.some((aim) => aim !== null)) withAll.run(...bound, ...more, ...aims);
    else if (item === null && note === null) plain.run(...bound);
    else withMore.run(...bound, ...more);
  }

  function enter(drop: Drop, record: FileRecord): void {
    const { line, startByte, endByte, verdict } = record;
    const fields = record.fields === null ? null : JSON.stringify(record.fields);
    switch (verdict.kind) {
      case 'row':
        // The first part has the fields for all: a cell of a thousand numbers would be kept a thousand times.
        for (const row of verdict.rows) enterRow(drop, record, row.part === 0 ? fields : null, row);
        return;
      case 'skipped':
        decided.run(drop.seq, line, startByte, endByte, fields, 'skipped', verdict.reason);
        return;
      case 'bad':
        if (verdict.parcels === undefined || verdict.parcels.length === 0) {
          decided.run(drop.seq, line, startByte, endByte, fields, 'bad-row', verdict.message);
          return;
        }
        for (const [part, { orderNumber, trackingNumber, storeView }] of verdict.parcels.entries()) {
          const known = [orderKey(orderNumber), orderNumber, trackingNumber, storeView] as const;
          const place = [drop.seq, line, startByte, endByte, verdict.message, part] as const;
          badOfParcel.run(...place, part === 0 ? fields : null, ...known);
        }
    }
  }

  return (drop, records) =>
    inTransaction(db, () => {
      for (const record of records) enter(drop, record);
    });
}
