import type { DatabaseSync } from 'node:sqlite';
import type { Drop } from '../domain/drop.ts';
import { endOfRecord, type RecordEnd, type RowEnd } from '../domain/record-end.ts';

/** A record of a settled drop, as report and retry file need it. */
export interface EndedRecord extends RecordEnd {
  readonly line: number;
  readonly startByte: number;
  readonly endByte: number;
  readonly fields: readonly string[] | null;
}

/** A row as `endedRecords` reads it. */
interface EndedRow extends RowEnd {
  readonly line: number;
  readonly part: number;
  readonly startByte: number;
  readonly endByte: number;
  /** JSON; null where the record could not be parsed, and in every part but the first. */
  readonly fields: string | null;
}

const ENDED_AT_A_TIME = 500;

/** Every record of a drop in the order of the file, each once; no statement stays open between two of them. */
export function endedRecords(db: DatabaseSync): (drop: Drop) => Generator<EndedRecord> {
  const page = db.prepare(
    `SELECT line, part, start_byte AS startByte, end_byte AS endByte, fields, order_number AS orderNumber,
       tracking_number AS trackingNumber, note, outcome, message, order_id AS orderId, shipment_id AS shipmentId,
       track_id AS trackId, mail
     FROM rows WHERE drop_seq = ? AND (line, part) > (?, ?) ORDER BY line, part LIMIT ${ENDED_AT_A_TIME}`,
  );

  function* rowsOf(drop: Drop): Generator<EndedRow> {
    for (let line = 0, part = 0; ; ) {
      const rows = page.all(drop.seq, line, part) as unknown as readonly EndedRow[];
      yield* rows;
      const last = rows.at(-1);
      if (last === undefined || rows.length < ENDED_AT_A_TIME) return;
      ({ line, part } = last);
    }
  }

  return function* (drop) {
    let parts: [EndedRow, ...EndedRow[]] | undefined;
    for (const row of rowsOf(drop)) {
      if (parts?.[0].line === row.line) {
        parts.push(row);
        continue;
      }
      if (parts) yield recordOf(parts);
      parts = [row];
    }
    if (parts) yield recordOf(parts);
  };
}

function recordOf(parts: readonly [EndedRow, ...EndedRow[]]): EndedRecord {
  const { line, startByte, endByte, fields } = parts[0];
  return {
    ...endOfRecord(parts),
    line,
    startByte,
    endByte,
    fields: fields === null ? null : (JSON.parse(fields) as string[]),
  };
}
