import { exact } from './item-sums.ts';
import type { Order, OrderItem } from './order.ts';
import { type Item, skuKey } from './row.ts';
import type { Wish } from './wish.ts';
import type { ShipItem } from './write.ts';

/** Who gets what of what is open. Wishes that name nothing are in neither map. */
interface Allotment {
  readonly linesOf: ReadonlyMap<Wish, readonly ShipItem[]>;
  /** Why a wish gets nothing, in words. */
  readonly misfits: ReadonlyMap<Wish, string>;
}

/**
 * Gives out what is open on the order's lines, in the order of the file. Of a SKU that stands on several lines the
 * first ones are used up first. A wish gets all that it names or nothing: Magento would cut what is too much down
 * to what is open, and leave out what it does not know, without a word (recordings ship-qty-more-than-remaining,
 * ship-item-unknown).
 *
 * Only lines without a parent are given out: the parent is what Magento ships of a configurable product, and it
 * carries the SKU of the variant that was bought (recording ship-configurable-by-parent-item).
 */
export function allot(order: Order, wishes: readonly Wish[]): Allotment {
  const open = order.items
    .filter((item) => item.parentItemId === null && !item.isVirtual)
    .map((item) => ({ itemId: item.itemId, sku: item.sku, left: openQuantity(item) }));
  const bySku = Map.groupBy(open, ({ sku }) => skuKey(sku));
  const linesOf = new Map<Wish, readonly ShipItem[]>();
  const misfits = new Map<Wish, string>();
  for (const wish of wishes) {
    const misfit = wish.items.map((item) => whyNot(item, bySku)).find((words) => words !== undefined);
    if (misfit !== undefined) misfits.set(wish, misfit);
    else if (wish.items.length > 0) {
      const lines = wish.items.flatMap(({ sku, quantity }) => take(quantity, bySku.get(skuKey(sku)) ?? []));
      linesOf.set(wish, lines);
    }
  }
  return { linesOf, misfits };
}

/** Adds up what is of one line of the order. */
export function joined(lines: readonly ShipItem[]): readonly ShipItem[] {
  const sums = new Map<number, number>();
  for (const { orderItemId, qty } of lines) sums.set(orderItemId, exact((sums.get(orderItemId) ?? 0) + qty));
  return Array.from(sums, ([orderItemId, qty]) => ({ orderItemId, qty }));
}

/**
 * What of the item can still be shipped, as Magento\Sales\Model\Order\Item::getSimpleQtyToShip has it: what was
 * shipped and then refunded counts once.
 */
export function openQuantity(item: OrderItem): number {
  if (item.isVirtual) return 0;
  return Math.max(0, exact(item.qtyOrdered - Math.max(item.qtyShipped, item.qtyRefunded) - item.qtyCanceled));
}

interface OpenLine {
  readonly itemId: number;
  readonly sku: string;
  left: number;
}

function whyNot(
  { sku, quantity }: Item,
  bySku: ReadonlyMap<string, readonly OpenLine[]>,
): string | undefined {
  const lines = bySku.get(skuKey(sku));
  if (lines === undefined) {
    const known = [...bySku.values()].flatMap(([line]) => line?.sku ?? []);
    return `the order has no item ${sku} that can be shipped by itself; it has ${shortList(known)}`;
  }
  const left = exact(lines.reduce((sum, line) => sum + line.left, 0));
  if (quantity <= left) return undefined;
  return `${quantity} x ${sku} would have to be shipped, and ${left === 0 ? 'none' : `only ${left}`} of it is left to ship`;
}

/** Enough to recognise the order by. */
const LONGEST_LIST = 12;

function shortList(skus: readonly string[]): string {
  const shown = skus.slice(0, LONGEST_LIST).join(', ') || 'none at all';
  return skus.length > LONGEST_LIST ? `${shown} and ${skus.length - LONGEST_LIST} more` : shown;
}

function take(quantity: number, lines: readonly OpenLine[]): ShipItem[] {
  const taken: ShipItem[] = [];
  let wanted = quantity;
  for (const line of lines) {
    const qty = Math.min(wanted, line.left);
    if (qty <= 0) continue;
    line.left = exact(line.left - qty);
    wanted = exact(wanted - qty);
    taken.push({ orderItemId: line.itemId, qty });
  }
  return taken;
}
