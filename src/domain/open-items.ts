import { openQuantity } from './allotment.ts';
import { addedUp } from './item-sums.ts';
import type { Order } from './order.ts';
import type { Item } from './row.ts';

/** What of the order can still be shipped, each SKU once, as a person who has the order before them would name it. */
export function openItems(order: Order): readonly Item[] {
  const lines = order.items.filter(({ parentItemId }) => parentItemId === null);
  return addedUp(
    lines.flatMap((line) => {
      const quantity = openQuantity(line);
      return quantity > 0 ? [{ sku: line.sku, quantity }] : [];
    }),
  );
}
