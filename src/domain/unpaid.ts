import { giveOut } from './allotment.ts';
import type { BundleForms } from './bundle.ts';
import { invoicedOpen, uninvoiced } from './invoiced.ts';
import { exact, inWords } from './item-sums.ts';
import type { Order } from './order.ts';
import type { RowOutcome } from './outcome.ts';
import type { Policy } from './policy.ts';
import type { Item } from './row.ts';
import { Stock } from './stock.ts';
import { endWish, type Wish } from './wish.ts';
import type { Ship } from './write.ts';

/**
 * The parcels of a planned shipment that nobody has paid for, and what of them: what is invoiced is given out in the order of
 * the file, and those that get nothing of it are unpaid. Empty where the shipment may go. `shipOf` plans for parcels that name
 * nothing, which take what is open.
 */
export function unpaidOf(
  order: Order,
  { action, wishes }: { readonly action: Ship; readonly wishes: readonly Wish[] },
  policy: Policy,
  forms: BundleForms,
  shipOf: (wishes: readonly Wish[]) => Ship | undefined,
): ReadonlyMap<Wish, readonly Item[]> {
  const unpaid = uninvoiced(order, action);
  if (unpaid.length === 0) return new Map();
  const stock = new Stock(order, forms, { left: invoicedOpen(order) });
  const { misfits } = giveOut(order, wishes, policy, stock, (items) => missingOf(items, stock));
  const ended = new Map(misfits);
  const unnamed = wishes.filter(({ items }) => items.length === 0);
  const all = unnamed.length > 0 ? shipOf(unnamed) : undefined;
  const unpaidOfAll = all ? uninvoiced(order, all) : [];
  if (unpaidOfAll.length > 0) for (const wish of unnamed) ended.set(wish, unpaidOfAll);
  // What is invoiced would do for all parcels, but in other lines or bundles than they would ship.
  return ended.size > 0 ? ended : new Map(wishes.map((wish) => [wish, unpaid]));
}

/** What of the items is not there; all of them where each by itself is, as of parts of different bundles. */
function missingOf(items: readonly Item[], stock: Stock): readonly Item[] {
  const missing = items.flatMap(({ sku, quantity }) => {
    const lacking = exact(quantity - stock.leftOf(sku));
    return lacking > 0 ? [{ sku, quantity: lacking }] : [];
  });
  return missing.length > 0 ? missing : items;
}

/** The end of rows that wait for a payment, or fail when it does not come in time. */
export function endUnpaid(order: Order, wish: Wish, unpaid: readonly Item[]): RowOutcome[] {
  const message = `${inWords(unpaid)} would have to be shipped, not invoiced yet (status ${order.status}), and shipments.requirePaid is on`;
  const ends = endWish(wish, 'order-held', message, { orderId: order.entityId });
  return ends.map((end) => ({ ...end, heldFor: 'payment' }));
}
