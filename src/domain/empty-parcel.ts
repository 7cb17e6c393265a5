import type { RowOutcome } from './outcome.ts';
import { endWish, type Ids, type Wish } from './wish.ts';

/**
 * Ends a parcel whose rows name items, and nothing of any: without an item it would be taken for one of which the file
 * does not say what it holds, and be shipped as everything that is open. Undefined for every other parcel.
 */
export function endEmpty(wish: Wish, ids: Ids): readonly RowOutcome[] | undefined {
  const isEmpty = wish.items.length === 0 && wish.rows.some(({ item }) => item !== null);
  return isEmpty ? endWish(wish, 'item-mismatch', HOLDS_NOTHING, ids) : undefined;
}

const HOLDS_NOTHING =
  'the rows of this number name items, each with the quantity 0, so that nothing is in the parcel; correct a quantity, or leave the rows out';
