import { bundlesOf, formOnShipments } from './bundle.ts';
import { addedUp, exact } from './item-sums.ts';
import type { Order, OrderItem } from './order.ts';
import type { Item } from './row.ts';
import type { Action, ShipItem } from './write.ts';

/**
 * What of the item can still be shipped. Magento leaves out what the shop has locked, as it does what is virtual
 * (Magento\Sales\Model\Order\ShipmentFactory::canShipItem).
 */
export function openQuantity(item: OrderItem): number {
  return item.isLocked ? 0 : unshippedQuantity(item);
}

/** What of the item has not left yet and is to. */
export function unshippedQuantity(item: OrderItem): number {
  if (item.isVirtual) return 0;
  return Math.max(0, exact(item.qtyOrdered - goneQuantity(item) - item.qtyCanceled));
}

/**
 * What of the item has left, or was given back, as Magento\Sales\Model\Order\Item::getSimpleQtyToShip has it: what was shipped
 * and then refunded counts once. What was refunded before the drop shipped anything is something else than what it has shipped:
 * else each of its shipments would open a refunded piece to the next one.
 */
export function goneQuantity({ qtyShipped, qtyRefunded, qtyOwn = 0 }: OrderItem): number {
  return exact(Math.max(qtyShipped - qtyOwn, qtyRefunded) + qtyOwn);
}

/**
 * What of the order can still be shipped, each SKU once, as a person who has the order before them would name it: a
 * bundle by its own name, unless its shipments show that its parts ship one by one. `shipped` is what a shipment takes
 * that the order does not show yet.
 */
export function openItems(order: Order, shipped: readonly ShipItem[] = []): readonly Item[] {
  const takenOf = new Map(shipped.map(({ orderItemId, qty }) => [orderItemId, qty]));
  const openOf = (line: OrderItem): readonly Item[] => {
    const quantity = exact(openQuantity(line) - (takenOf.get(line.itemId) ?? 0));
    return quantity > 0 ? [{ sku: line.sku, quantity }] : [];
  };
  const shipments = [...order.shipments, { items: shipped }];
  const bundles = new Map(bundlesOf(order).map((bundle) => [bundle.line, bundle]));
  const open = order.items
    .filter(({ parentItemId }) => parentItemId === null)
    .flatMap((line) => {
      const bundle = bundles.get(line);
      if (!bundle) return openOf(line);
      const partsOpen = () => bundle.parts.flatMap(openOf);
      const form = formOnShipments(bundle, shipments);
      if (form === 'separately') return partsOpen();
      const whole = openOf(line);
      // A refund of one part may count on the bundle, too, of which the other parts are still to be shipped; a lock is on all.
      return whole.length > 0 || form === 'together' || line.isLocked ? whole : partsOpen();
    });
  return addedUp(open);
}

/**
 * The same once these writes are done, to be told. Orders and shipments are asked for one after the other, and a shipment
 * that comes in between shows on its own only: what it holds is told as shipped.
 */
export function openItemsAfter(order: Order, actions: readonly Action[]): readonly Item[] {
  const ship = actions.find((action) => action.kind === 'ship');
  return ship && ship.items.length === 0 ? [] : openItems(asShipmentsShow(order), ship?.items);
}

function asShipmentsShow(order: Order): Order {
  const shown = new Map<number, number>();
  for (const { orderItemId, qty } of order.shipments.flatMap(({ items }) => items))
    shown.set(orderItemId, exact((shown.get(orderItemId) ?? 0) + qty));
  const items = order.items.map((line) => ({
    ...line,
    qtyShipped: Math.max(line.qtyShipped, shown.get(line.itemId) ?? 0),
  }));
  return { ...order, items };
}
