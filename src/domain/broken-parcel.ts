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
 * Whether the file names something of the order that neither stands in the shop nor is to be sent now: it failed, or
 * cannot be read, before a crash too.
 */
export function isAnyLostOf(
  siblings: readonly Wish[],
  badRows: readonly BadRow[],
  fresh: readonly Wish[],
  placesOf: (wish: Wish) => readonly unknown[],
): boolean {
  const alive = new Set(fresh.map(({ key }) => key));
  const gone = siblings.filter(({ key }) => !alive.has(key));
  if (gone.some((wish) => placesOf(wish).length === 0)) return true;
  const named = badRows.filter(({ namesItem }) => namesItem);
  if (named.length === 0) return false;
  const known = new Map([...siblings, ...fresh].map((wish) => [wish.key, wish]));
  return named.some(({ trackingNumber }) => {
    const wish = known.get(trackingKey(trackingNumber));
    return wish === undefined || placesOf(wish).length === 0;
  });
}

/** Why a parcel that does not say what it holds is not shipped, where another one of its order is not either that does. */
export const HOLDS_UNKNOWN =
  'other rows of the file for this order say what they hold, and not all of them can be shipped; say what this one holds too (columns.sku and columns.quantity of the profile), since it would be shipped as everything that is open';

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
  const ends = Array.from(Map.groupBy(rows, ({ storeView }) => storeView)).flatMap(([view, ofView]) => {
    const bad = badRows.filter(({ storeView }) => storeView === view || storeView === null || view === null);
    const brokenOf = openBrokenParcels(bad);
    const isAnyUnknown = bad.some(({ namesItem }) => namesItem);
    return wishesOf(ofView).flatMap((wish) => {
      if (wish.items.length === 0 && isAnyUnknown) return endWish(wish, 'item-mismatch', HOLDS_UNKNOWN);
      return brokenOf(wish) ?? [];
    });
  });
  return outcomes.map((end) => ends.find(({ line, part }) => line === end.line && part === end.part) ?? end);
}
