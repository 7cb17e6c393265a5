import { bundlesOf, formOnShipments } from './bundle.ts';
import { exact, inWords } from './item-sums.ts';
import { goneQuantity, openQuantity } from './open-items.ts';
import type { Order, OrderItem } from './order.ts';
import type { RowOutcome } from './outcome.ts';
import type { Item } from './row.ts';
import { endWish, type Wish } from './wish.ts';
import type { Ship, ShipItem } from './write.ts';

/**
 * The parcels of a planned shipment that nobody has paid for, and what of them: those that are not by themselves; where only
 * together they are too much, those that come last, as the file has them. Empty where the shipment may go.
 */
export function unpaidOf(
  order: Order,
  { action, wishes }: { readonly action: Ship; readonly wishes: readonly Wish[] },
  shipOf: (wishes: readonly Wish[]) => Ship | undefined,
): ReadonlyMap<Wish, readonly Item[]> {
  const unpaid = uninvoiced(order, action);
  if (unpaid.length === 0) return new Map();
  const alone = new Map<Wish, readonly Item[]>();
  for (const wish of wishes) {
    const ship = shipOf([wish]);
    const unpaidAlone = ship ? uninvoiced(order, ship) : [];
    if (unpaidAlone.length > 0) alone.set(wish, unpaidAlone);
  }
  if (alone.size > 0) return alone;
  const paid: Wish[] = [];
  const last = new Map<Wish, readonly Item[]>();
  for (const wish of wishes) {
    const ship = shipOf([...paid, wish]);
    const more = ship ? uninvoiced(order, ship) : [];
    if (more.length > 0) last.set(wish, more);
    else paid.push(wish);
  }
  // Parts of one bundle in several parcels are paid for together or not at all.
  const isWhole = paid.length > 0 && shipOf(paid) !== undefined;
  return isWhole ? last : new Map(wishes.map((wish) => [wish, unpaid]));
}

/**
 * What of a shipment nobody has invoiced yet; empty where all of it is, or nothing is left to pay. Magento itself ships
 * what is not invoiced (recording ship-pending-not-invoiced).
 */
function uninvoiced(order: Order, { items }: Pick<Ship, 'items'>): readonly Item[] {
  // An order that is paid too much is paid.
  if (order.totalDue !== null && order.totalDue <= 0) return [];
  const linesById = new Map(order.items.map((line) => [line.itemId, line]));
  const lines = items.length > 0 ? items : everythingOpen(order);
  return lines.flatMap(({ orderItemId, qty }) => {
    const line = linesById.get(orderItemId);
    if (line === undefined) return [];
    const missing = exact(reached(line, qty) - invoicedQuantity(line, order.items));
    return missing > 0 ? [{ sku: line.sku, quantity: Math.min(qty, missing) }] : [];
  });
}

/** The end of rows that wait for a payment, or fail when it does not come in time. */
export function endUnpaid(order: Order, wish: Wish, unpaid: readonly Item[]): RowOutcome[] {
  const message = `${inWords(unpaid)} would have to be shipped, not invoiced yet (status ${order.status}), and shipments.requirePaid is on`;
  const ends = endWish(wish, 'order-held', message, { orderId: order.entityId });
  return ends.map((end) => ({ ...end, heldFor: 'payment' }));
}

/** So many of the line will have left, or were given back: a piece that is invoiced and refunded pays for no other. */
function reached(line: OrderItem, qty: number): number {
  return exact(goneQuantity(line) + qty);
}

/**
 * By the lines without a parent, whose parts decide with them; a bundle whose parts ship one by one is closed with the first of
 * them, and the others are open by themselves.
 */
function everythingOpen(order: Order): readonly ShipItem[] {
  const bundles = new Map(bundlesOf(order).map((bundle) => [bundle.line, bundle]));
  return order.items
    .filter(({ parentItemId }) => parentItemId === null)
    .flatMap((line) => {
      const bundle = openQuantity(line) > 0 ? undefined : bundles.get(line);
      const isWhole = !bundle || formOnShipments(bundle, order.shipments) === 'together';
      return isWhole ? [line] : bundle.parts;
    })
    .map((line) => ({ orderItemId: line.itemId, qty: openQuantity(line) }))
    .filter(({ qty }) => qty > 0);
}

/**
 * Magento invoices a bundle by itself where its price is its own, and by its parts where it is theirs; a configurable
 * product by itself. What counts on either counts.
 */
function invoicedQuantity(line: OrderItem, items: readonly OrderItem[]): number {
  const parent = items.find(({ itemId }) => itemId === line.parentItemId);
  if (parent) return Math.max(line.qtyInvoiced, inStep(parent.qtyInvoiced, parent, line));
  const parts = items.filter(({ parentItemId, isVirtual }) => parentItemId === line.itemId && !isVirtual);
  if (parts.length === 0) return line.qtyInvoiced;
  const byParts = Math.min(...parts.map((part) => inStep(part.qtyInvoiced, part, line)));
  return Math.max(line.qtyInvoiced, byParts);
}

/** So many of one line are so many of another that goes with it, as parts go with their bundle. */
function inStep(quantity: number, { qtyOrdered }: OrderItem, other: OrderItem): number {
  return exact((quantity * other.qtyOrdered) / qtyOrdered);
}
