import type { DatabaseSync } from 'node:sqlite';
import { type RowPlace, trackingKey } from '../domain/row.ts';
import { prepareChange } from './transaction.ts';

/** Some 10 ms of work on a ledger of a million rows, whose keys each stand on another page. */
const ROWS_AT_A_TIME = 200;

/** Of a row; see `keysOf`. */
interface KeyedRow extends RowPlace {
  readonly orderKey: string | null;
  readonly trackingNumber: string | null;
}

/** The keys under which a row is found: those of its order and of its number. None of a row that could not be read. */
export function keysOf({ orderKey, trackingNumber }: Omit<KeyedRow, keyof RowPlace>): string[] {
  if (orderKey === null || trackingNumber === null) return [];
  return [orderKey, trackingKey(trackingNumber)];
}

/** The table by which rows are found: of settled drops, whose rows do not change their keys any more. */
export function openRowKeys(db: DatabaseSync) {
  const next = db.prepare(
    `SELECT seq FROM drops INDEXED BY drops_without_keys
     WHERE has_keys = 0 AND state = 'settled' AND seq > ? ORDER BY seq LIMIT 1`,
  );
  const page = db.prepare(
    `SELECT line, part, order_key AS orderKey, tracking_number AS trackingNumber FROM rows
     WHERE drop_seq = ? AND (line, part) > (?, ?) ORDER BY line, part LIMIT ${ROWS_AT_A_TIME}`,
  );
  // Begun again where it was cut off half-way.
  const insert = prepareChange(
    db,
    'INSERT OR IGNORE INTO row_keys (key, drop_seq, line, part) VALUES (?, ?, ?, ?)',
  );
  const mark = prepareChange(db, 'UPDATE drops SET has_keys = 1 WHERE seq = ?');

  function enter(seq: number, rows: readonly KeyedRow[]): void {
    const keyed = rows.flatMap(({ line, part, ...row }) => keysOf(row).map((key) => ({ key, line, part })));
    // In the order of the table: two keys of one page cost as much as one.
    keyed.sort((one, other) => (one.key < other.key ? -1 : 1));
    for (const { key, line, part } of keyed) insert.run(key, seq, line, part);
  }

  return {
    /** The first drop after `afterSeq` that is settled and has no keys yet; undefined where there is none. */
    nextWithout(afterSeq: number): number | undefined {
      const seq = next.get(afterSeq)?.seq;
      return seq === undefined ? undefined : Number(seq);
    },
    /**
     * Enters the keys of the rows of a settled drop that come after a place; to be called again with the place that it
     * returns, until that is undefined. In a transaction of the caller.
     */
    enterAfter(seq: number, { line, part }: RowPlace): RowPlace | undefined {
      const rows = page.all(seq, line, part) as unknown as readonly KeyedRow[];
      enter(seq, rows);
      if (rows.length === ROWS_AT_A_TIME) return rows.at(-1);
      mark.run(seq);
      return undefined;
    },
  };
}

/** See `openRowKeys`. */
export type RowKeys = ReturnType<typeof openRowKeys>;
