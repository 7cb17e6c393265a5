import { exact, inWords } from './item-sums.ts';
import { openQuantity } from './open-items.ts';
import type { Order, OrderItem } from './order.ts';
import type { RowOutcome } from './outcome.ts';
import type { Item } from './row.ts';
import { endWish, type Wish } from './wish.ts';
import type { Ship, ShipItem } from './write.ts';

/**
 * The parcels of a planned shipment that nobody has paid for, and what of them: those that are not by themselves; all
 * where only together they are too much. Empty where the shipment may go.
 */
export function unpaidOf(
  order: Order,
  { action, wishes }: { readonly action: Ship; readonly wishes: readonly Wish[] },
  shipAlone: (wish: Wish) => Ship | undefined,
): ReadonlyMap<Wish, readonly Item[]> {
  const unpaid = uninvoiced(order, action);
  if (unpaid.length === 0) return new Map();
  const alone = new Map<Wish, readonly Item[]>();
  for (const wish of wishes) {
    const ship = shipAlone(wish);
    const unpaidAlone = ship ? uninvoiced(order, ship) : [];
    if (unpaidAlone.length > 0) alone.set(wish, unpaidAlone);
  }
  return alone.size > 0 ? alone : new Map(wishes.map((wish) => [wish, unpaid]));
}

/**
 * What of a shipment nobody has invoiced yet; empty where all of it is, or nothing is left to pay. Magento itself ships
 * what is not invoiced (recording ship-pending-not-invoiced).
 */
function uninvoiced(order: Order, { items }: Pick<Ship, 'items'>): readonly Item[] {
  if (order.totalDue === 0) return [];
  const linesById = new Map(order.items.map((line) => [line.itemId, line]));
  const lines = items.length > 0 ? items : everythingOpen(order);
  return lines.flatMap(({ orderItemId, qty }) => {
    const line = linesById.get(orderItemId);
    if (line === undefined || isInvoiced(line, exact(line.qtyShipped + qty), order.items)) return [];
    return [{ sku: line.sku, quantity: qty }];
  });
}

/** The end of rows that wait for a payment, or fail when it does not come in time. */
export function endUnpaid(order: Order, wish: Wish, unpaid: readonly Item[]): RowOutcome[] {
  const message = `${inWords(unpaid)} would have to be shipped, not invoiced yet (status ${order.status}), and shipments.requirePaid is on`;
  const ends = endWish(wish, 'order-held', message, { orderId: order.entityId });
  return ends.map((end) => ({ ...end, heldFor: 'payment' }));
}

/** By the lines without a parent: what of a bundle is open its parts decide with it. */
function everythingOpen({ items }: Order): readonly ShipItem[] {
  return items
    .filter(({ parentItemId }) => parentItemId === null)
    .map((line) => ({ orderItemId: line.itemId, qty: openQuantity(line) }))
    .filter(({ qty }) => qty > 0);
}

/**
 * Magento invoices a bundle by itself where its price is its own, and by its parts where it is theirs; a configurable
 * product by itself. What counts on either counts.
 */
function isInvoiced(line: OrderItem, quantity: number, items: readonly OrderItem[]): boolean {
  if (line.qtyInvoiced >= quantity) return true;
  const parent = items.find(({ itemId }) => itemId === line.parentItemId);
  if (parent) return parent.qtyInvoiced >= inStep(quantity, line, parent);
  const parts = items.filter(({ parentItemId, isVirtual }) => parentItemId === line.itemId && !isVirtual);
  return parts.length > 0 && parts.every((part) => part.qtyInvoiced >= inStep(quantity, line, part));
}

/** So many of one line are so many of another that goes with it, as parts go with their bundle. */
function inStep(quantity: number, { qtyOrdered }: OrderItem, other: OrderItem): number {
  return exact((quantity * other.qtyOrdered) / qtyOrdered);
}
