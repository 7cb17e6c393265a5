import { articlesOf } from './articles.ts';
import { type BundleForms, contentsOf } from './bundle.ts';
import { isByMeasure } from './draft.ts';
import { invoicedOpen } from './invoiced.ts';
import { addedUp, exact, holdAll, inWords } from './item-sums.ts';
import { lockedInWords } from './locked.ts';
import { sourceKey, sourceOf } from './named-source.ts';
import type { Order } from './order.ts';
import type { Policy } from './policy.ts';
import { type Item, skuKey } from './row.ts';
import { Stock } from './stock.ts';
import { namesakesInWords } from './variant.ts';
import type { Wish } from './wish.ts';
import type { ShipItem } from './write.ts';

/** Who gets what of what is open. Wishes that name nothing are in neither map. */
export interface Allotment {
  readonly linesOf: ReadonlyMap<Wish, readonly ShipItem[]>;
  /** Wishes that only together make up whole bundles, by each of them: the first has the lines of all. */
  readonly mates: ReadonlyMap<Wish, readonly Wish[]>;
  /** Why a wish gets nothing, in words. */
  readonly misfits: ReadonlyMap<Wish, string>;
}

/**
 * Gives out what is open on the order's lines, in the order of the file; see Stock. A wish gets all that it names or
 * nothing, but that parcels of one bundle that ships as a whole may make it up together: Magento would cut what is too
 * much down to what is open, leave out what it does not know, and drop fractions of what is sold by the piece, without a
 * word (recordings ship-qty-more-than-remaining, ship-item-unknown; Magento\Sales\Model\Order\ShipmentFactory::castQty).
 */
export function allot(order: Order, wishes: readonly Wish[], policy: Policy, forms: BundleForms): Allotment {
  const stock = new Stock(order, forms, { first: policy.requirePaid ? invoicedOpen(order) : undefined });
  return giveOut(order, wishes, policy, stock, (items) => {
    const why = whyNotPlainly(order, items, stock) ?? whyBroken(items, stock);
    return `${why}${onSeveralInWords(order, items)}`;
  });
}

/** The same of any stock of the order; `whyNot` is asked at the turn of a wish that gets nothing by itself. */
export function giveOut<Why>(
  order: Order,
  wishes: readonly Wish[],
  policy: Policy,
  stock: Stock,
  whyNot: (items: readonly Item[]) => Why,
): Omit<Allotment, 'misfits'> & { readonly misfits: ReadonlyMap<Wish, Why> } {
  const linesOf = new Map<Wish, readonly ShipItem[]>();
  const misfits = new Map<Wish, Why>();
  const ofBundles: Wish[] = [];
  for (const wish of wishes) {
    const { items } = wish;
    if (items.length === 0) continue;
    const isTorn = items.some((item) => isTornPiece(order, item));
    const lines = isTorn ? undefined : stock.take(items);
    if (lines) {
      linesOf.set(wish, lines);
      continue;
    }
    misfits.set(wish, whyNot(items));
    const isEachThere = items.every(({ sku, quantity }) => quantity <= stock.leftOf(sku));
    if (!isTorn && isEachThere) ofBundles.push(wish);
  }
  const mates = new Map<Wish, readonly Wish[]>();
  for (const [group, lines] of makingUpBundles(ofBundles, policy, stock)) {
    for (const [at, wish] of group.entries()) {
      linesOf.set(wish, at === 0 ? lines : []);
      mates.set(wish, group);
      misfits.delete(wish);
    }
  }
  return { linesOf, mates, misfits };
}

/** Wishes of which each names a part of bundles that ship as a whole, and what they get together. */
function makingUpBundles(
  wishes: readonly Wish[],
  policy: Policy,
  stock: Stock,
): readonly (readonly [readonly Wish[], readonly ShipItem[]])[] {
  // A shipment leaves from one source.
  const groups = Map.groupBy(wishes, (wish) => sourceKey(sourceOf(wish, policy)));
  return Array.from(groups.values()).flatMap((group) => {
    const lines = stock.take(addedUp(group.flatMap(({ items }) => items)));
    return lines ? [[group, lines] as const] : [];
  });
}

/** Adds up what is of one line of the order. */
export function joined(lines: readonly ShipItem[]): readonly ShipItem[] {
  const sums = new Map<number, number>();
  for (const { orderItemId, qty } of lines) sums.set(orderItemId, exact((sums.get(orderItemId) ?? 0) + qty));
  return Array.from(sums, ([orderItemId, qty]) => ({ orderItemId, qty }));
}

/** Undefined where each item by itself could be had. */
function whyNotPlainly(order: Order, items: readonly Item[], stock: Stock): string | undefined {
  const never = items.map((item) => whyNever(order, item, stock)).find((words) => words !== undefined);
  return never ?? items.map((item) => whyTooMuch(order, item, stock)).find((words) => words !== undefined);
}

function whyNever(order: Order, item: Item, stock: Stock): string | undefined {
  const { sku, quantity } = item;
  const lines = linesOf(order, sku);
  if (lines.length > 0 && lines.every(({ isVirtual }) => isVirtual)) {
    return `${sku} is virtual or a download, and such items are never shipped`;
  }
  if (isTornPiece(order, item))
    return `${sku} is sold by the piece, and ${quantity} x ${sku} is no whole number of them`;
  if (stock.wholesOf(sku).length > 0 || stock.has(sku)) return undefined;
  return `the order has no item ${sku} that can be shipped by itself; it has ${shortList(stock.skus)}${namesakesInWords(order, sku)}`;
}

function whyTooMuch(order: Order, { sku, quantity }: Item, stock: Stock): string | undefined {
  const left = stock.leftOf(sku);
  if (quantity <= left) return undefined;
  return `${quantity} x ${sku} would have to be shipped, and ${left === 0 ? 'none' : `only ${left}`} of it is left to ship${lockedInWords(order, sku)}${namesakesInWords(order, sku)}`;
}

/** Words to be put behind others, where shipments hold all of the items together, and none by itself; else empty. */
function onSeveralInWords(order: Order, items: readonly Item[]): string {
  const { on, named, hold } = articlesOf(order);
  const { shipments } = order;
  const isOnSeveral =
    holdAll(shipments.flatMap(on), named(items)) && !shipments.some((each) => hold(each, items));
  if (!isOnSeveral) return '';
  const wanted = new Set(named(items).map(({ sku }) => skuKey(sku)));
  const held = shipments.flatMap((each) => {
    const some = addedUp(on(each).filter(({ sku }) => wanted.has(skuKey(sku))));
    return some.length > 0 ? [`${each.incrementId} (${inWords(some)})`] : [];
  });
  return `; the items are on several shipments already, ${held.join(', ')}: without items the number goes onto one of them, and a column with its number says which (columns.shipment of the profile)`;
}

function whyBroken(items: readonly Item[], stock: Stock): string {
  const [bundle] = items.flatMap(({ sku }) => stock.wholesOf(sku));
  if (!bundle) return `what is left of the order's bundles does not make up ${inWords(items)}`;
  const parts = new Set(bundle.parts.map(({ sku }) => skuKey(sku)));
  const named = items.filter(({ sku }) => parts.has(skuKey(sku)));
  return `bundle ${bundle.line.sku} ships as a whole, with ${inWords(contentsOf(bundle, 1))} in each; the rows name only part of it: ${inWords(named)}`;
}

/** Magento would make 1 of 1.5 pieces, and 0 of half a one. */
function isTornPiece(order: Order, { sku, quantity }: Item): boolean {
  if (Number.isInteger(quantity)) return false;
  const lines = linesOf(order, sku);
  return lines.length > 0 && !lines.some(isByMeasure);
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
