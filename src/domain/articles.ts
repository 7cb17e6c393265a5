import { bundlesOf, contentsOf } from './bundle.ts';
import { contentsKey } from './item-sums.ts';
import type { Order, Shipment } from './order.ts';
import { type Item, skuKey } from './row.ts';
import { Stock } from './stock.ts';
import { namesOnLines } from './variant.ts';

/** Tells items in single articles, so that what rows name and what shipments hold can be compared by SKU. */
export interface Articles {
  /** What a shipment holds, line by line. */
  on(shipment: Pick<Shipment, 'items'>): readonly Item[];
  /** What rows name: a bundle's parts in place of the bundle, and what is added to a variant's SKU on its line. */
  named(items: readonly Item[]): readonly Item[];
  /** Whether the shipment holds all that rows name; more may be there. */
  hold(shipment: Pick<Shipment, 'items'>, items: readonly Item[]): boolean;
  /** Whether these are exactly what the shipment holds. */
  areAllOn(shipment: Pick<Shipment, 'items'>, items: readonly Item[]): boolean;
}

/**
 * A bundle counts as its parts. Of one shipped together Magento keeps the bundle alone on the shipment, of one shipped
 * separately the parts, and the bundle once beside them (recordings ship-bundle-together-no-items,
 * ship-bundle-separately-no-items). The child of a configurable product does not count beside its parent, which carries
 * the same SKU.
 */
export function articlesOf(order: Order): Articles {
  const nameOf = namesOnLines(order);
  const lines = new Map(order.items.map((item) => [item.itemId, item]));
  const all = bundlesOf(order);
  const bundles = new Map(all.map((bundle) => [bundle.line.itemId, bundle]));
  const byName = new Map(all.map((bundle) => [skuKey(bundle.line.sku), bundle]));
  for (const { itemId, sku } of order.items) if (!bundles.has(itemId)) byName.delete(skuKey(sku));

  function held({ items }: Pick<Shipment, 'items'>): readonly (readonly [itemId: number, Item])[] {
    const ids = new Set(items.map(({ orderItemId }) => orderItemId));
    return items.flatMap(({ orderItemId, qty }): (readonly [number, Item])[] => {
      const line = lines.get(orderItemId);
      if (line === undefined) return [];
      const bundle = bundles.get(orderItemId);
      if (bundle) {
        if (bundle.parts.some(({ itemId }) => ids.has(itemId))) return [];
        const quantities = contentsOf(bundle, qty);
        return bundle.parts.flatMap(({ itemId }, at) => {
          const part = quantities[at];
          return part ? [[itemId, part] as const] : [];
        });
      }
      const { parentItemId } = line;
      const isTwice = parentItemId !== null && ids.has(parentItemId) && !bundles.has(parentItemId);
      return isTwice ? [] : [[orderItemId, { sku: line.sku, quantity: qty }]];
    });
  }

  const on = (shipment: Pick<Shipment, 'items'>) => held(shipment).map(([, item]) => item);
  const named = (items: readonly Item[]) =>
    items.flatMap((item) => {
      const bundle = byName.get(skuKey(item.sku));
      return bundle ? contentsOf(bundle, item.quantity) : [{ ...item, sku: nameOf(item.sku) }];
    });
  return {
    on,
    named,
    // Two lines of one bundle may hold different parts, as the customer chose them: which of them a row that names the
    // bundle means is for the stock to find.
    hold(shipment, items) {
      const quantities = new Map(held(shipment).map(([itemId, { quantity }]) => [itemId, quantity]));
      const onShipment = new Stock(order, { bundles: all, of: () => 'separately' }, { left: quantities });
      return onShipment.take(items) !== undefined;
    },
    areAllOn: (shipment, items) => contentsKey(on(shipment)) === contentsKey(named(items)),
  };
}
