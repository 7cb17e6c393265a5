import type { Outcome, RowOutcome } from './outcome.ts';
import { type Row, trackingKey } from './row.ts';

/** The rows of one drop and one order that ask for the same number: one parcel, however often it is written. */
export interface Wish {
  /** See `trackingKey`. */
  readonly key: string;
  /** In the order of the file; the first one is pushed, the others follow its fate. */
  readonly rows: readonly [Row, ...Row[]];
}

/** Groups rows by number, in the order of the file. */
export function wishesOf(rows: readonly Row[]): Wish[] {
  const groups = new Map<string, [Row, ...Row[]]>();
  for (const row of rows) {
    const key = trackingKey(row.trackingNumber);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return Array.from(groups, ([key, group]) => ({ key, rows: group }));
}

/** The ids that an outcome names; Magento's entity ids. */
export interface Ids {
  readonly orderId?: number;
  readonly shipmentId?: number | null;
  readonly trackId?: number | null;
}

/**
 * Ends every row of a wish alike. A repeat of a row that is done was done by that row; a repeat of a row that
 * failed failed too, since each of them would have to be corrected.
 */
export function endWish(wish: Wish, outcome: Outcome, message: string, ids: Ids = {}): RowOutcome[] {
  const first = wish.rows[0];
  return wish.rows.map((row) => ({
    line: row.line,
    ...(row !== first && DONE_BY_FIRST.has(outcome)
      ? { outcome: 'already-tracked', message: `same as line ${first.line}` }
      : { outcome, message }),
    orderId: ids.orderId ?? null,
    shipmentId: ids.shipmentId ?? null,
    trackId: ids.trackId ?? null,
  }));
}

const DONE_BY_FIRST: ReadonlySet<Outcome> = new Set<Outcome>(['tracked', 'shipped']);
