import type { Order, OrderItem } from './order.ts';
import { skuKey } from './row.ts';

/**
 * By which SKU the order has what a row names. The line of a configurable product carries the SKU of the variant that was
 * bought, but with custom options something is added to it (`SHIRT-M-gift`,
 * Magento\Catalog\Model\Product\Type\AbstractType::getOptionSku), while its child keeps the variant's own, which is what a
 * warehouse knows. A child's SKU that another line has for itself, or that several such products share, names what it names
 * without this.
 */
export function namesOnLines({ items }: Order): (sku: string) => string {
  const own = new Set<string>();
  const children: (readonly [childKey: string, parentSku: string])[] = [];
  for (const [line, parentSku] of withConfigurables(items)) {
    if (parentSku === undefined) own.add(skuKey(line.sku));
    else children.push([skuKey(line.sku), parentSku]);
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

/**
 * Words about lines of the order that hold the variant and that its SKU does not name, as where several share it; to be put
 * behind others, and empty where there are none.
 */
export function namesakesInWords(order: Order, sku: string): string {
  const [key, named] = [skuKey(sku), skuKey(namesOnLines(order)(sku))];
  const names = withConfigurables(order.items)
    .filter(([line]) => skuKey(line.sku) === key)
    .flatMap(([, parentSku]) => (parentSku === undefined || skuKey(parentSku) === named ? [] : [parentSku]));
  return names.length === 0
    ? ''
    : `; what the order has as ${[...new Set(names)].join(' and ')} must be named so`;
}

/** Each line, and for the child of a configurable product the SKU of that one's. */
function withConfigurables(
  items: readonly OrderItem[],
): readonly (readonly [line: OrderItem, parentSku: string | undefined])[] {
  const parents = new Map(
    items.filter(({ productType }) => productType === 'configurable').map(({ itemId, sku }) => [itemId, sku]),
  );
  return items.map((line) => [line, line.parentItemId === null ? undefined : parents.get(line.parentItemId)]);
}
