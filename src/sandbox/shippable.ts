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
   * What the order counts as shipped by it besides: the parts of a bundle that ships together. Magento marks them as deleted
   * in Sales\Model\Order\ShipmentFactory::prepareItems, so that they are not saved, and counts them all the same, since
   * Sales\Model\Order\Shipment\OrderRegistrar goes over Shipment::getItems, which has the deleted ones, too.
   */
  readonly parts: readonly ShipmentLine[];
}

/**
 * Magento's `is_virtual` of a line: nothing to ship. A composite product is what it holds
 * (ConfigurableProduct\Model\Product\Type\Configurable::isVirtual, Bundle\Model\Product\Type::isVirtual).
 */
export function isVirtual(item: ItemRecord): boolean {
  if (item.children.length > 0) return item.children.every(isVirtual);
  return item.productType === 'virtual' || item.productType === 'downloadable';
}

/**
 * Sales\Model\Order\Item::isDummy(true): an item that takes no part in shipping because its parent or children do. Parts of
 * whatever is no bundle never ship by themselves.
 */
export function isDummy(item: ItemRecord): boolean {
  if (item.children.length > 0) return item.shipSeparately;
  return item.parent !== null && !item.shipSeparately;
}

/** Sales\Model\Order\Item::getQtyToShip. */
function qtyToShip(item: ItemRecord): number {
  return isDummy(item) ? 0 : simpleQtyToShip(item);
}

/** Sales\Model\Order\Item::getSimpleQtyToShip, which rounds off what binary fractions leave over. */
function simpleQtyToShip(item: ItemRecord): number {
  const { qtyOrdered, qtyShipped, qtyRefunded, qtyCanceled } = item;
  return Math.max(rounded(qtyOrdered - Math.max(qtyShipped, qtyRefunded) - qtyCanceled), 0);
}

/**
 * Sales\Model\Order\Validation\CanShip::canShip, which a ship is refused by: the parts of a bundle that ships together do
 * not count.
 */
export function canShip(order: OrderRecord): boolean {
  return order.items.some((item) => qtyToShip(item) > 0 && !isVirtual(item) && !item.isLocked);
}

/** Sales\Model\Order::checkItemShipping, which the order's state goes by: the parts of any bundle count by themselves. */
export function isAnyLeft(order: OrderRecord): boolean {
  return order.items.some((item) => {
    const qty = item.parent?.productType === 'bundle' ? simpleQtyToShip(item) : qtyToShip(item);
    return qty > 0 && !isVirtual(item) && !item.isLocked;
  });
}

/**
 * What a shipment holds: everything open without `wanted` (quantities by item id), else what is wanted, clamped to what is
 * open, by whole pieces of what is not sold by parts of a piece, even if none is left. A bundle whose parts are shipped
 * separately stands once on each shipment that has one of them (ship-bundle-separately-no-items); the parts of one that ships
 * together go by what is open on themselves, even where nothing is open on the bundle, or it is locked.
 */
export function contentsOf(order: OrderRecord, wanted: ReadonlyMap<number, number>): Contents {
  const lines: ShipmentLine[] = [];
  const parts: ShipmentLine[] = [];
  const wantedOf = (item: ItemRecord) =>
    wanted.size === 0 ? item.qtyOrdered : (wanted.get(item.itemId) ?? 0);
  for (const item of order.items) {
    if (isVirtual(item) || item.isLocked) continue;
    const { parent } = item;
    if (isDummy(item)) {
      if (parent?.productType === 'bundle') parts.push(...partOf(parent, item, wantedOf(parent)));
      continue;
    }
    if (wantedOf(item) <= 0 || qtyToShip(item) <= 0) continue;
    const isBegun = lines.some((line) => line.item === parent);
    if (parent && !parent.isLocked && !isBegun) lines.push({ item: parent, qty: 1 });
    lines.push({ item, qty: stored(item, Math.min(wantedOf(item), qtyToShip(item))) });
  }
  return { lines, parts };
}

function partOf(bundle: ItemRecord, item: ItemRecord, bundles: number): ShipmentLine[] {
  const inEach = item.qtyOrdered / bundle.qtyOrdered;
  const qty = stored(item, Math.min(rounded(inEach * bundles), simpleQtyToShip(item)));
  return qty > 0 ? [{ item, qty }] : [];
}

/** Sales\Model\Order\Shipment\Validation\QuantityValidator: whether anything is left to be shipped; parts count, too. */
export function isAnything({ lines, parts }: Contents): boolean {
  return [...lines, ...parts].some(({ qty }) => qty > 0);
}

/** Counts a shipment on the order's lines. */
export function register({ lines, parts }: Contents): void {
  for (const { item, qty } of [...lines, ...parts]) item.qtyShipped = rounded(item.qtyShipped + qty);
}

/** Sales\Model\Order\ShipmentFactory::castQty: what is sold by the piece loses its fraction without a word. */
function stored(item: ItemRecord, qty: number): number {
  return item.isQtyDecimal ? qty : Math.trunc(qty);
}

/** The database keeps four decimals, Magento compares eight. */
function rounded(qty: number): number {
  return Math.round(qty * 1e8) / 1e8;
}
