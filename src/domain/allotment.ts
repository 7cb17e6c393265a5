import { type BundleForms, contentsOf } from './bundle.ts';
import { exact, inWords } from './item-sums.ts';
import type { Order } from './order.ts';
import { type Item, skuKey } from './row.ts';
import { Stock } from './stock.ts';
import type { Wish } from './wish.ts';
import type { ShipItem } from './write.ts';

/** Who gets what of what is open. Wishes that name nothing are in neither map. */
interface Allotment {
  readonly linesOf: ReadonlyMap<Wish, readonly ShipItem[]>;
  /** Why a wish gets nothing, in words. */
  readonly misfits: ReadonlyMap<Wish, string>;
}

/**
 * Gives out what is open on the order's lines, in the order of the file; see Stock. A wish gets all that it names or
 * nothing: Magento would cut what is too much down to what is open, leave out what it does not know, and drop fractions
 * of what is sold by the piece, without a word (recordings ship-qty-more-than-remaining, ship-item-unknown;
 * Magento\Sales\Model\Order\ShipmentFactory::castQty).
 */
export function allot(order: Order, wishes: readonly Wish[], forms: BundleForms): Allotment {
  const stock = new Stock(order, forms);
  const linesOf = new Map<Wish, readonly ShipItem[]>();
  const misfits = new Map<Wish, string>();
  for (const wish of wishes) {
    const { items } = wish;
    if (items.length === 0) continue;
    const lines = items.some((item) => isTornPiece(order, item)) ? undefined : stock.take(items);
    if (lines) linesOf.set(wish, lines);
    else misfits.set(wish, whyNot(order, items, stock));
  }
  return { linesOf, misfits };
}

/** Adds up what is of one line of the order. */
export function joined(lines: readonly ShipItem[]): readonly ShipItem[] {
  const sums = new Map<number, number>();
  for (const { orderItemId, qty } of lines) sums.set(orderItemId, exact((sums.get(orderItemId) ?? 0) + qty));
  return Array.from(sums, ([orderItemId, qty]) => ({ orderItemId, qty }));
}

function whyNot(order: Order, items: readonly Item[], stock: Stock): string {
  return (
    items.map((item) => whyNever(order, item, stock)).find((words) => words !== undefined) ??
    items.map((item) => whyTooMuch(item, stock)).find((words) => words !== undefined) ??
    items.map((item) => whyBroken(item, items, stock)).find((words) => words !== undefined) ??
    `${inWords(items)} would have to be shipped, and what is left of the order's bundles does not make that up`
  );
}

function whyNever(order: Order, item: Item, stock: Stock): string | undefined {
  const { sku, quantity } = item;
  const lines = linesOf(order, sku);
  if (lines.length > 0 && lines.every(({ isVirtual }) => isVirtual)) {
    return `${sku} is virtual or a download, and such items are never shipped`;
  }
  if (isTornPiece(order, item))
    return `${sku} is sold by the piece, and ${quantity} x ${sku} is no whole number of them`;
  const known = stock.skus;
  if (stock.wholesOf(sku).length > 0 || known.some((each) => skuKey(each) === skuKey(sku))) return undefined;
  return `the order has no item ${sku} that can be shipped by itself; it has ${shortList(known)}`;
}

function whyTooMuch({ sku, quantity }: Item, stock: Stock): string | undefined {
  const left = stock.leftOf(sku);
  if (quantity <= left) return undefined;
  return `${quantity} x ${sku} would have to be shipped, and ${left === 0 ? 'none' : `only ${left}`} of it is left to ship`;
}

function whyBroken({ sku }: Item, items: readonly Item[], stock: Stock): string | undefined {
  const [bundle] = stock.wholesOf(sku);
  if (!bundle) return undefined;
  const parts = new Set(bundle.parts.map((part) => skuKey(part.sku)));
  const named = items.filter((item) => parts.has(skuKey(item.sku)));
  return `bundle ${bundle.line.sku} ships as a whole, with ${inWords(contentsOf(bundle, 1))} in each; the rows name only part of it: ${inWords(named)}`;
}

/** Magento would make 1 of 1.5 pieces, and 0 of half a one. */
function isTornPiece(order: Order, { sku, quantity }: Item): boolean {
  if (Number.isInteger(quantity)) return false;
  const lines = linesOf(order, sku);
  return lines.length > 0 && !lines.some((line) => line.isQtyDecimal || !Number.isInteger(line.qtyOrdered));
}

function linesOf({ items }: Order, sku: string) {
  const key = skuKey(sku);
  return items.filter((line) => skuKey(line.sku) === key);
}

/** Enough to recognise the order by. */
const LONGEST_LIST = 12;

function shortList(skus: readonly string[]): string {
  const shown = skus.slice(0, LONGEST_LIST).join(', ') || 'none at all';
  return skus.length > LONGEST_LIST ? `${shown} and ${skus.length - LONGEST_LIST} more` : shown;
}
