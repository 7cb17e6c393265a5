import { isVirtual } from './shippable.ts';
import type { OrderRecord } from './store.ts';

/** Flat rate for each order that has something to ship. */
const SHIPPING_AMOUNT = 5;

/** Prices of the items; a child costs nothing besides its parent. */
export function subtotal(order: OrderRecord): number {
  return order.items.reduce((sum, item) => (item.parent ? sum : sum + item.price * item.qtyOrdered), 0);
}

/** True when nothing of the order can be shipped: Magento's `is_virtual`. */
export function orderIsVirtual(order: OrderRecord): boolean {
  return order.items.every(isVirtual);
}

/** Pieces that were ordered; a child is not counted besides its parent. */
export function totalQtyOrdered(order: OrderRecord): number {
  return order.items.reduce((sum, item) => (item.parent ? sum : sum + item.qtyOrdered), 0);
}

/** A virtual order is not sent. */
export function shippingAmount(order: OrderRecord): number {
  return orderIsVirtual(order) ? 0 : SHIPPING_AMOUNT;
}

/** What the customer pays. */
export function grandTotal(order: OrderRecord): number {
  return subtotal(order) + shippingAmount(order);
}

/** What of the items is invoiced. */
export function subtotalInvoiced(order: OrderRecord): number {
  return order.items.reduce((sum, item) => (item.parent ? sum : sum + item.price * item.qtyInvoiced), 0);
}

/** The invoices, which are paid here as they are made; shipping is on the first one. */
export function totalInvoiced(order: OrderRecord): number {
  return invoiced(order) ? subtotalInvoiced(order) + shippingAmount(order) : 0;
}

/** What is still to be paid. */
export function totalDue(order: OrderRecord): number {
  return grandTotal(order) - totalInvoiced(order);
}

/** True once any item is invoiced. */
export function invoiced(order: OrderRecord): boolean {
  return order.items.some((item) => item.qtyInvoiced > 0);
}
