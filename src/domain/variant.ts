import type { Order } from './order.ts';
import { skuKey } from './row.ts';

/**
 * By which SKU the order has what a row names. The line of a configurable product carries the SKU of the variant that was
 * bought, but with custom options something is added to it (`SHIRT-M-gift`, Magento\Catalog\Model\Product\Type\AbstractType::getOptionSku),
 * while its child keeps the variant's own, which is what a warehouse knows. A child's SKU that another line has for itself,
 * or that several such products share, names what it names without this.
 */
export function namesOnLines({ items }: Order): (sku: string) => string {
  const parents = new Map(items.flatMap((line) => (line.parentItemId === null ? [[line.itemId, line]] : [])));
  const own = new Set<string>();
  const children: (readonly [childKey: string, parentSku: string])[] = [];
  for (const { parentItemId, sku } of items) {
    const parent = parentItemId === null ? undefined : parents.get(parentItemId);
    if (parent?.productType === 'configurable') children.push([skuKey(sku), parent.sku]);
    else own.add(skuKey(sku));
  }
  const names = new Map<string, string>();
  const shared = new Set<string>();
  for (const [key, sku] of children) {
    const known = names.get(key);
    if (known !== undefined && skuKey(known) !== skuKey(sku)) shared.add(key);
    names.set(key, sku);
  }
  return (sku) => {
    const key = skuKey(sku);
    return own.has(key) || shared.has(key) ? sku : (names.get(key) ?? sku);
  };
}
