import type { ItemRecord, OrderRecord } from './store.ts';

/** So many of one line of an order. */
export interface ShipmentLine {
  readonly item: ItemRecord;
  readonly qty: number;
}

/** What a shipment of an order would be. */
export interface Contents {
  /** What stands on it. */
  readonly lines: readonly ShipmentLine[];
  /**
   * What the order counts as shipped by it besides: the parts of a bundle that ships together, which Magento registers and
   * then leaves off the document (Magento\Sales\Model\Order\ShipmentFactory::prepareItems, `isDeleted`).
   */
  readonly parts: readonly ShipmentLine[];
}

/** Nothing to ship: Magento's product types `virtual` and `downloadable`. */
export function isVirtual(item: ItemRecord): boolean {
  return item.productType === 'virtual' || item.productType === 'downloadable';
}

/** Magento's `isDummy(true)`: an item that takes no part in shipping because its parent or children do. */
export function isDummy(item: ItemRecord): boolean {
  if (item.hasChildren) return item.shipSeparately;
  return item.parent !== null && !item.shipSeparately;
}

/** Magento\Sales\Model\Order\Item::getQtyToShip. */
function qtyToShip(item: ItemRecord): number {
  return isDummy(item) ? 0 : simpleQtyToShip(item);
}

/** Magento\Sales\Model\Order\Item::getSimpleQtyToShip, which rounds off what binary fractions leave over. */
function simpleQtyToShip(item: ItemRecord): number {
  const { qtyOrdered, qtyShipped, qtyRefunded, qtyCanceled } = item;
  return Math.max(rounded(qtyOrdered - Math.max(qtyShipped, qtyRefunded) - qtyCanceled), 0);
}

/** Magento\Sales\Model\Order::canShip as far as it is about items; the parts of any bundle count by themselves. */
export function canShip(order: OrderRecord): boolean {
  return order.items.some((item) => {
    const qty = item.parent?.productType === 'bundle' ? simpleQtyToShip(item) : qtyToShip(item);
    return qty > 0 && !isVirtual(item) && item.qtyRefunded !== item.qtyOrdered;
  });
}

/**
 * What a shipment holds: everything open without `wanted` (quantities by item id), else what is wanted, clamped to what
 * is open, by whole pieces of what is not sold by parts of a piece. A bundle whose parts are shipped separately stands once
 * on each shipment that has one of them (ship-bundle-separately-no-items).
 */
export function contentsOf(order: OrderRecord, wanted: ReadonlyMap<number, number>): Contents {
  const lines: ShipmentLine[] = [];
  const parts: ShipmentLine[] = [];
  const wantedOf = (item: ItemRecord) =>
    wanted.size === 0 ? item.qtyOrdered : (wanted.get(item.itemId) ?? 0);
  for (const item of order.items) {
    if (isVirtual(item) || isDummy(item)) continue;
    const qty = stored(item, Math.min(wantedOf(item), qtyToShip(item)));
    if (qty <= 0) continue;
    const bundle = item.parent;
    if (bundle && !lines.some((line) => line.item === bundle)) lines.push({ item: bundle, qty: 1 });
    lines.push({ item, qty });
    if (item.productType === 'bundle') parts.push(...partsOf(order, item, wantedOf(item)));
  }
  return { lines, parts };
}

/** By what was asked for, not by what was open of the bundle: Magento clamps each part by itself. */
function partsOf(order: OrderRecord, bundle: ItemRecord, wantedQty: number): ShipmentLine[] {
  const children = order.items.filter((item) => item.parent === bundle && !isVirtual(item));
  return children.flatMap((item) => {
    const inEach = item.qtyOrdered / bundle.qtyOrdered;
    const qty = stored(item, Math.min(rounded(inEach * wantedQty), simpleQtyToShip(item)));
    return qty > 0 ? [{ item, qty }] : [];
  });
}

/** Counts a shipment on the order's lines. */
export function register({ lines, parts }: Contents): void {
  for (const { item, qty } of [...lines, ...parts]) item.qtyShipped = rounded(item.qtyShipped + qty);
}

/** Magento\Sales\Model\Order\ShipmentFactory::castQty: what is sold by the piece loses its fraction without a word. */
function stored(item: ItemRecord, qty: number): number {
  return item.isQtyDecimal ? qty : Math.trunc(qty);
}

/** The database keeps four decimals, Magento compares eight. */
function rounded(qty: number): number {
  return Math.round(qty * 1e8) / 1e8;
}
