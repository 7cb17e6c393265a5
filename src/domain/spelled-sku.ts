import type { Order } from './order.ts';
import { type Row, skuKey, skuLooksKey } from './row.ts';

/**
 * Has rows name their SKUs as the order spells them, so that from here on SKUs are compared letter by letter. One that the
 * order does not have, but for case, blanks or how its letters are composed, is taken for the only one that looks like it;
 * where several do, which an import of an old shop can leave behind, nobody can tell which is meant.
 */
export function spelledAsIn({ items }: Order): (row: Row) => Row {
  const exact = new Set(items.map(({ sku }) => skuKey(sku)));
  const alike = Map.groupBy(exact, skuLooksKey);
  return (row) => {
    if (row.item === null || exact.has(skuKey(row.item.sku))) return row;
    const [sku, another] = alike.get(skuLooksKey(row.item.sku)) ?? [];
    return sku === undefined || another !== undefined ? row : { ...row, item: { ...row.item, sku } };
  };
}
