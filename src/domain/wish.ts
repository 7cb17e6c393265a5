import { addedUp } from './item-sums.ts';
import { type Outcome, PLACED, type RowOutcome } from './outcome.ts';
import { type Item, type Row, skuKey, trackingKey } from './row.ts';

/** The rows of one drop and one order that ask for the same number: one parcel, however often it is written. */
export interface Wish {
  /** See `trackingKey`. */
  readonly key: string;
  /** In the order of the file; the first one is pushed, the others follow its fate. */
  readonly rows: readonly [Row, ...Row[]];
  /** What the parcel holds, each SKU once, of each more than 0; empty where no row says, or all say nothing. */
  readonly items: readonly Item[];
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
  return Array.from(groups, ([key, group]) => ({ key, rows: group, items: contentsOf(group) }));
}

/**
 * An exact repeat of a row says nothing new. The same SKU in another quantity is more of it, and so is one whose record
 * differs anywhere, as where a warehouse writes a row for each line of the order: left out, it would stay in the warehouse
 * and its row would say that it is done.
 */
function contentsOf(rows: readonly Row[]): readonly Item[] {
  if (rows.every(({ item }) => item === null)) return NOTHING_SAID;
  const alike = Map.groupBy(rows, itemKey);
  return addedUp([...alike.values()].flatMap(([first]) => first?.item ?? [])).filter(
    ({ quantity }) => quantity > 0,
  );
}

const NOTHING_SAID: readonly Item[] = [];

/** The key under which two rows of one number are repeats of each other. */
function itemKey({ item, record = '' }: Row): string {
  return item === null ? '' : JSON.stringify([item.quantity, skuKey(item.sku), record]);
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
  const firsts = new Map<string, Row>();
  return wish.rows.map((row) => {
    const key = itemKey(row);
    const first = firsts.get(key);
    if (first === undefined) firsts.set(key, row);
    return {
      line: row.line,
      part: row.part,
      ...(first !== undefined && PLACED.has(outcome)
        ? { outcome: 'already-tracked', message: sameAs(first, row) }
        : { outcome, message }),
      orderId: ids.orderId ?? null,
      shipmentId: ids.shipmentId ?? null,
      trackId: ids.trackId ?? null,
    };
  });
}

function sameAs(first: Row, repeat: Row): string {
  if (first.line === repeat.line) return 'stands twice on this line';
  return `same as line ${first.line}${repeat.item === null ? '' : ', counted once'}`;
}
