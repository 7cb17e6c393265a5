import { addedUp, inWords } from './item-sums.ts';
import { unshippedQuantity } from './open-items.ts';
import type { Order } from './order.ts';
import { type Item, skuKey } from './row.ts';

/**
 * Words about what is left of the order and the shop keeps from being shipped, to be put behind others; empty where there
 * is none. `sku`: of that one alone.
 */
export function lockedInWords(order: Order, sku?: string): string {
  const locked = lockedItems(order).filter((item) => sku === undefined || skuKey(item.sku) === skuKey(sku));
  return locked.length === 0 ? '' : `; the shop keeps ${inWords(locked)} from being shipped (locked_do_ship)`;
}

/** Parts of bundles only where the bundle itself is free: it is what a person would name. */
function lockedItems({ items }: Order): readonly Item[] {
  const locked = items.filter(({ isLocked }) => isLocked);
  const ids = new Set(locked.map(({ itemId }) => itemId));
  const firsts = locked.filter(({ parentItemId }) => parentItemId === null || !ids.has(parentItemId));
  const left = firsts.map((line) => ({ sku: line.sku, quantity: unshippedQuantity(line) }));
  return addedUp(left.filter(({ quantity }) => quantity > 0));
}
