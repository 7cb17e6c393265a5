import { bundlesOf, formOnShipments } from './bundle.ts';
import { exact } from './item-sums.ts';
import { goneQuantity, openQuantity } from './open-items.ts';
import type { Order, OrderItem } from './order.ts';
import type { Item } from './row.ts';
import type { Ship, ShipItem } from './write.ts';

/** What of each line is open and invoiced, by the lines' ids; undefined where nothing of the order is left to pay. */
export function invoicedOpen(order: Order): ReadonlyMap<number, number> | undefined {
  if (isPaid(order)) return undefined;
  const invoicedQuantity = invoicedOn(order);
  return new Map(
    order.items.map((line) => {
      const invoiced = exact(invoicedQuantity(line) - goneQuantity(line));
      return [line.itemId, Math.min(openQuantity(line), Math.max(0, invoiced))];
    }),
  );
}

/**
 * What of a shipment nobody has invoiced yet; empty where all of it is, or nothing is left to pay. Magento itself ships
 * what is not invoiced (recording ship-pending-not-invoiced).
 */
export function uninvoiced(order: Order, { items }: Pick<Ship, 'items'>): readonly Item[] {
  if (isPaid(order)) return [];
  const invoicedQuantity = invoicedOn(order);
  const linesById = new Map(order.items.map((line) => [line.itemId, line]));
  const lines = items.length > 0 ? items : everythingOpen(order);
  return lines.flatMap(({ orderItemId, qty }) => {
    const line = linesById.get(orderItemId);
    if (line === undefined) return [];
    const missing = exact(reached(line, qty) - invoicedQuantity(line));
    return missing > 0 ? [{ sku: line.sku, quantity: Math.min(qty, missing) }] : [];
  });
}

/** An order that is paid too much is paid. */
function isPaid({ totalDue }: Order): boolean {
  return totalDue !== null && totalDue <= 0;
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
function invoicedOn({ items }: Order): (line: OrderItem) => number {
  const linesById = new Map(items.map((line) => [line.itemId, line]));
  const partsOf = Map.groupBy(
    items.filter(({ isVirtual }) => !isVirtual),
    ({ parentItemId }) => parentItemId,
  );
  return (line) => {
    const parent = line.parentItemId === null ? undefined : linesById.get(line.parentItemId);
    if (parent) return Math.max(line.qtyInvoiced, inStep(parent.qtyInvoiced, parent, line));
    const parts = partsOf.get(line.itemId) ?? [];
    if (parts.length === 0) return line.qtyInvoiced;
    const byParts = Math.min(...parts.map((part) => inStep(part.qtyInvoiced, part, line)));
    return Math.max(line.qtyInvoiced, byParts);
  };
}

/** So many of one line are so many of another that goes with it, as parts go with their bundle. */
function inStep(quantity: number, { qtyOrdered }: OrderItem, other: OrderItem): number {
  return qtyOrdered > 0 ? exact((quantity * other.qtyOrdered) / qtyOrdered) : 0;
}
