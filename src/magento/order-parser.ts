import { StoreError } from '../domain/failure.ts';
import type { Order, OrderItem, Shipment, Track } from '../domain/order.ts';
import { isRecord, readId } from './json.ts';

/** What a look asks of each order; exactly what `parseOrder` reads. */
export const ORDER_FIELDS =
  'items[entity_id,increment_id,store_id,state,status,total_due,' +
  'items[item_id,parent_item_id,sku,product_type,is_virtual,is_qty_decimal,locked_do_ship,qty_ordered,qty_invoiced,qty_shipped,qty_refunded,qty_canceled]],' +
  'total_count';

/** What a look asks of each shipment; exactly what `parseShipment` reads. */
export const SHIPMENT_FIELDS =
  'items[entity_id,increment_id,order_id,email_sent,extension_attributes[source_code],items[order_item_id,qty],' +
  'tracks[entity_id,track_number,carrier_code,title,description,created_at]],total_count';

/** The answer is JSON, but not what a Magento says. */
export class ShapeError extends StoreError {
  constructor(message: string) {
    super('unreadable', message);
  }
}

/** One page of a search; `items` is null where Magento means an empty list (recording orders-not-found-fields). */
export function parsePage(body: unknown): {
  readonly items: readonly unknown[];
  readonly totalCount: number;
} {
  const page = record(body, 'the answer');
  return { items: list(page.items, 'items'), totalCount: quantity(page.total_count, 'total_count') };
}

/** An order without its shipments. Throws ShapeError. */
export function parseOrder(value: unknown): Omit<Order, 'shipments'> {
  const order = record(value, 'an order');
  return {
    entityId: id(order.entity_id, 'entity_id of an order'),
    incrementId: text(order.increment_id, 'increment_id of an order'),
    storeId: quantity(order.store_id, 'store_id of an order'),
    state: optionalText(order.state),
    status: optionalText(order.status),
    // Not 0: that would be paid.
    totalDue: isAbsent(order.total_due) ? null : quantity(order.total_due, 'total_due'),
    items: list(order.items, 'items of an order').map(parseItem),
  };
}

/** Keys whose value is null are left out by Magento, `parent_item_id` of a simple item among them. */
function parseItem(value: unknown): OrderItem {
  const item = record(value, 'an order item');
  const parent = item.parent_item_id;
  return {
    itemId: id(item.item_id, 'item_id'),
    parentItemId: parent === null || parent === undefined ? null : id(parent, 'parent_item_id'),
    sku: optionalText(item.sku),
    productType: optionalText(item.product_type),
    isVirtual: Number(item.is_virtual ?? 0) === 1,
    isQtyDecimal: Number(item.is_qty_decimal ?? 0) === 1,
    // Set by extensions (Magento\Sales\Api\Data\OrderItemInterface::LOCKED_DO_SHIP).
    isLocked: Number(item.locked_do_ship ?? 0) !== 0,
    qtyOrdered: quantity(item.qty_ordered, 'qty_ordered'),
    qtyInvoiced: quantity(item.qty_invoiced, 'qty_invoiced'),
    qtyShipped: quantity(item.qty_shipped, 'qty_shipped'),
    qtyRefunded: quantity(item.qty_refunded, 'qty_refunded'),
    qtyCanceled: quantity(item.qty_canceled, 'qty_canceled'),
  };
}

/** Throws ShapeError. */
export function parseShipment(value: unknown): { readonly orderId: number; readonly shipment: Shipment } {
  const shipment = record(value, 'a shipment');
  return {
    orderId: id(shipment.order_id, 'order_id of a shipment'),
    shipment: {
      entityId: id(shipment.entity_id, 'entity_id of a shipment'),
      incrementId: optionalText(shipment.increment_id),
      // Left out until there was a mail (Magento\Sales\Api\Data\ShipmentInterface::EMAIL_SENT).
      isMailed: Number(shipment.email_sent ?? 0) === 1,
      source: sourceOf(shipment.extension_attributes),
      items: list(shipment.items, 'items of a shipment').map((entry) => {
        const item = record(entry, 'a shipment item');
        return { orderItemId: id(item.order_item_id, 'order_item_id'), qty: quantity(item.qty, 'qty') };
      }),
      tracks: list(shipment.tracks, 'tracks')
        .map(parseTrack)
        .sort((a, b) => a.entityId - b.entityId),
    },
  };
}

/** A shop without modules for several sources says nothing of them (Magento_InventoryShipping adds it). */
function sourceOf(attributes: unknown): string | null {
  return isRecord(attributes) && typeof attributes.source_code === 'string' ? attributes.source_code : null;
}

function parseTrack(value: unknown): Track {
  const track = record(value, 'a track');
  const description = track.description;
  return {
    entityId: id(track.entity_id, 'entity_id of a track'),
    trackNumber: optionalText(track.track_number),
    carrierCode: optionalText(track.carrier_code),
    title: optionalText(track.title),
    description: description === null || description === undefined ? null : optionalText(description),
    createdAtMs: databaseTimeMs(optionalText(track.created_at)),
  };
}

/** `2026-11-22 04:04:38`: Magento's connections to the database are in UTC (Magento\Framework\DB\Adapter\Pdo\Mysql). */
function databaseTimeMs(text: string): number | null {
  const atMs = Date.parse(`${text.replace(' ', 'T')}Z`);
  return Number.isNaN(atMs) ? null : atMs;
}

function record(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (!isRecord(value)) throw new ShapeError(`${what} is no object`);
  return value;
}

function list(value: unknown, what: string): readonly unknown[] {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw new ShapeError(`${what} is no list`);
  return value;
}

function id(value: unknown, what: string): number {
  const read = readId(value);
  if (read === undefined) throw new ShapeError(`${what} is missing or no id`);
  return read;
}

function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

/** Quantities are numbers or decimal text; one that was never set is left out. */
function quantity(value: unknown, what: string): number {
  if (isAbsent(value)) return 0;
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof read !== 'number' || !Number.isFinite(read)) throw new ShapeError(`${what} is no number`);
  return read;
}

function text(value: unknown, what: string): string {
  const read = optionalText(value);
  if (read === '') throw new ShapeError(`${what} is missing`);
  return read;
}

function optionalText(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}
