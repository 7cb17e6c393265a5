import { bundlesOf, contentsOf } from './bundle.ts';
import { holdAll } from './item-sums.ts';
import type { Order, Shipment } from './order.ts';
import { type Item, skuKey } from './row.ts';

/** Tells items in single articles, so that what rows name and what shipments hold can be compared by SKU. */
export interface Articles {
  /** What a shipment holds, line by line. */
  on(shipment: Pick<Shipment, 'items'>): readonly Item[];
  /** What rows name: a bundle's parts in place of the bundle. */
  named(items: readonly Item[]): readonly Item[];
  /** Whether the shipment holds all that rows name; more may be there. */
  hold(shipment: Pick<Shipment, 'items'>, items: readonly Item[]): boolean;
}

/**
 * A bundle counts as its parts. Of one shipped together Magento keeps the bundle alone on the shipment, of one shipped
 * separately the parts, and the bundle once beside them (recordings ship-bundle-together-no-items,
 * ship-bundle-separately-no-items). The child of a configurable product does not count beside its parent, which carries
 * the same SKU.
 */
export function articlesOf(order: Order): Articles {
  const lines = new Map(order.items.map((item) => [item.itemId, item]));
  const bundles = new Map(bundlesOf(order).map((bundle) => [bundle.line.itemId, bundle]));
  const bySku = new Map(Array.from(bundles.values(), (bundle) => [skuKey(bundle.line.sku), bundle]));
  const articles: Articles = {
    on({ items }) {
      const held = new Set(items.map(({ orderItemId }) => orderItemId));
      return items.flatMap(({ orderItemId, qty }) => {
        const line = lines.get(orderItemId);
        if (line === undefined) return [];
        const bundle = bundles.get(orderItemId);
        if (bundle) return bundle.parts.some(({ itemId }) => held.has(itemId)) ? [] : contentsOf(bundle, qty);
        const { parentItemId } = line;
        const isTwice = parentItemId !== null && held.has(parentItemId) && !bundles.has(parentItemId);
        return isTwice ? [] : [{ sku: line.sku, quantity: qty }];
      });
    },
    named: (items) =>
      items.flatMap((item) => {
        const bundle = bySku.get(skuKey(item.sku));
        return bundle ? contentsOf(bundle, item.quantity) : [item];
      }),
    hold: (shipment, items) => holdAll(articles.on(shipment), articles.named(items)),
  };
  return articles;
}
