import type { RowOutcome } from './outcome.ts';
import { type BadRow, type Row, trackingKey } from './row.ts';
import { endWish, type Ids, type Wish, wishesOf } from './wish.ts';

/**
 * Prepares ending parcels of which a row cannot be read: their other rows name less than they hold, so that a shipment
 * would leave open what has left the warehouse. Undefined for a parcel whose rows name nothing, and so hide nothing.
 */
export function openBrokenParcels(
  badRows: readonly BadRow[],
): (wish: Wish, ids?: Ids) => readonly RowOutcome[] | undefined {
  const byKey = Map.groupBy(badRows, ({ trackingNumber }) => trackingKey(trackingNumber));
  return (wish, ids) => {
    const [first, ...more] = byKey.get(wish.key) ?? [];
    if (first === undefined || wish.items.length === 0) return undefined;
    const lines =
      more.length === 0
        ? `line ${first.line}`
        : `lines ${[first, ...more].map(({ line }) => line).join(', ')}`;
    const message = `${lines} of this parcel cannot be read, so that it holds more than the other rows name`;
    return endWish(wish, 'item-mismatch', message, ids);
  };
}

/**
 * The same for rows whose order is not there: they would wait for it as a file of their own, in which nobody knows any
 * more that a row is missing.
 */
export function endingBroken(
  outcomes: readonly RowOutcome[],
  rows: readonly Row[],
  badRows: readonly BadRow[],
): readonly RowOutcome[] {
  if (outcomes.length === 0 || badRows.length === 0) return outcomes;
  const brokenOf = openBrokenParcels(badRows);
  const ends = wishesOf(rows).flatMap((wish) => brokenOf(wish) ?? []);
  return outcomes.map((end) => ends.find(({ line, part }) => line === end.line && part === end.part) ?? end);
}
