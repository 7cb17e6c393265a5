import { type Item, skuKey } from './row.ts';

/** Adds up what is of one SKU, in the order in which the SKUs are first named. */
export function addedUp(items: readonly Item[]): readonly Item[] {
  const sums = new Map<string, Item>();
  for (const { sku, quantity } of items) {
    const key = skuKey(sku);
    const known = sums.get(key);
    sums.set(key, { sku: known?.sku ?? sku, quantity: exact((known?.quantity ?? 0) + quantity) });
  }
  return [...sums.values()];
}

/** What is left when some are taken away; nothing is left of a SKU of which more is taken than is there. */
export function without(items: readonly Item[], taken: readonly Item[]): readonly Item[] {
  const takenOf = quantities(taken);
  return addedUp(items)
    .map(({ sku, quantity }) => ({ sku, quantity: exact(quantity - (takenOf.get(skuKey(sku)) ?? 0)) }))
    .filter(({ quantity }) => quantity > 0);
}

/** True where nothing of the wanted is missing among the items; more may be there. */
export function holdAll(items: readonly Item[], wanted: readonly Item[]): boolean {
  return without(wanted, items).length === 0;
}

/** The key under which two lists are the same SKUs in the same quantities, however they are split and ordered. */
export function contentsKey(items: readonly Item[]): string {
  const parts = addedUp(items).map(({ sku, quantity }) => JSON.stringify([skuKey(sku), quantity]));
  return parts.sort().join();
}

/** As in `2 x MUG and 1 x CUP`. */
export function inWords(items: readonly Item[]): string {
  const words = items.map(({ sku, quantity }) => `${quantity} x ${sku}`);
  return words.length < 2 ? (words[0] ?? 'nothing') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** A sum or difference of quantities without what binary fractions add to it: 0.1 and 0.2 are 0.3. */
export function exact(quantity: number): number {
  return Math.round(quantity * 10_000) / 10_000;
}

function quantities(items: readonly Item[]): ReadonlyMap<string, number> {
  return new Map(addedUp(items).map(({ sku, quantity }) => [skuKey(sku), quantity]));
}
