import { NO_SUCH_ENTITY, problem, type Result } from './answer.ts';
import { atField, isEmptyText, isObject, TypeInvalidError, toNumber, toText } from './body.ts';
import { orderIsVirtual, totalQtyOrdered } from './order-totals.ts';
import { type Contents, canShip, contentsOf, isAnyLeft, isAnything, isDummy, register } from './shippable.ts';
import { collationKey, databaseTime, type OrderRecord, type Store, type TrackFields } from './store.ts';

/**
 * Where shipments leave from that say nothing else, unless the shop has one source only
 * (Magento\InventoryShipping\Plugin\Sales\Shipment\AssignSourceCodeToShipmentPlugin).
 */
const DEFAULT_SOURCE = 'default';

/** The opaque sentence for everything that goes wrong while saving. */
const COULD_NOT_SAVE = problem(400, 'Could not save a shipment, see error log for details');

/** A shipment that passed every rule and is not saved yet. */
interface PreparedShipment {
  readonly order: OrderRecord;
  readonly contents: Contents;
  /** Code of the inventory source. */
  readonly source: string;
  readonly tracks: readonly TrackFields[];
  readonly comment: { readonly comment: string; readonly isVisibleOnFront: number } | null;
  readonly notify: boolean;
  readonly appendComment: boolean;
}

/** A shipment that can be saved, or why it cannot be made. */
type Preparation =
  | { readonly kind: 'prepared'; readonly shipment: PreparedShipment }
  | { readonly kind: 'refused'; readonly refusal: Result };

interface ShipRequest {
  /** Item ids and quantities; empty: everything. */
  readonly wanted: ReadonlyMap<number, number>;
  readonly tracks: readonly TrackFields[];
  readonly comment: PreparedShipment['comment'];
  readonly notify: boolean;
  readonly appendComment: boolean;
  readonly source: string | null;
}

/**
 * POST /V1/order/:id/ship up to the moment of saving: Magento's ShipOrder with its validators, in the order
 * in which their lines appear in the recordings. Unknown top-level keys and foreign item ids are ignored.
 */
export function prepareShipment(
  store: Store,
  orderId: number,
  values: Readonly<Record<string, unknown>>,
): Preparation {
  let request: ShipRequest;
  try {
    request = readRequest(values);
  } catch (error) {
    if (error instanceof TypeInvalidError) return refused(problem(400, error.message));
    throw error;
  }
  const order = store.orders.get(orderId);
  if (!order) return refused(NO_SUCH_ENTITY);
  const contents = contentsOf(order, request.wanted);
  const messages = [
    ...orderMessages(order),
    ...(isAnything(contents) ? [] : ["You can't create a shipment without products."]),
    ...(request.tracks.some((track) => isEmptyText(track.trackNumber))
      ? ['Please enter a tracking number.']
      : []),
    ...bundleMessages(order, request.wanted),
  ];
  if (messages.length > 0) {
    return refused(problem(400, `Shipment Document Validation Error(s):\n${messages.join('\n')}`));
  }
  const source = sourceOf(store, request.source);
  if (source === undefined) return refused(COULD_NOT_SAVE);
  if (request.tracks.some((track) => isEmptyText(track.carrierCode))) return refused(COULD_NOT_SAVE);
  // Magento\Sales\Model\Order\Shipment\Comment\Validator.
  if (request.comment && isEmptyText(request.comment.comment)) return refused(COULD_NOT_SAVE);
  const { tracks, comment, notify, appendComment } = request;
  return { kind: 'prepared', shipment: { order, contents, source, tracks, comment, notify, appendComment } };
}

/** Saves a prepared shipment, moves the order and mails. The answer is the id as a JSON string. */
export function saveShipment(store: Store, prepared: PreparedShipment): Result {
  const { order, contents, source, comment } = prepared;
  register(contents);
  const isTold = prepared.notify && prepared.appendComment;
  const comments = comment ? [{ ...comment, isCustomerNotified: isTold ? 1 : 0 }] : [];
  const customerNote = isTold ? (comment?.comment ?? null) : null;
  const shipment = store.addShipment(order, contents.lines, { source, comments, customerNote });
  for (const track of prepared.tracks) store.addTrack(shipment, track);
  moveState(order);
  order.updatedAt = databaseTime();
  if (prepared.notify) store.mailbox.mail(shipment);
  return { status: 200, value: String(shipment.entityId) };
}

/** As the database has it written; undefined where the shop has no such source. Null: none is named. */
function sourceOf({ sources }: Store, code: string | null): string | undefined {
  if (code === null && sources.length === 1) return sources[0];
  return sources.find((known) => collationKey(known) === collationKey(code ?? DEFAULT_SOURCE));
}

function refused(refusal: Result): Preparation {
  return { kind: 'refused', refusal };
}

function readRequest(values: Readonly<Record<string, unknown>>): ShipRequest {
  const wanted = new Map<number, number>();
  for (const item of list(values.items)) {
    const id = atField('order_item_id', () => toNumber(item.order_item_id ?? item.orderItemId, 'int'));
    const qty = atField('qty', () => toNumber(item.qty, 'float'));
    // Of an id that is named twice the last one counts (Magento\Sales\Model\Order\ShipmentDocumentFactory::getQuantitiesFromShipmentItems).
    if (id !== null) wanted.set(id, qty ?? 0);
  }
  const comment = isObject(values.comment) ? values.comment : null;
  const extension = isObject(values.arguments) ? values.arguments.extension_attributes : null;
  return {
    wanted,
    tracks: list(values.tracks).map(readTrack),
    comment: comment && {
      comment: toText(comment.comment) ?? '',
      isVisibleOnFront: toNumber(comment.is_visible_on_front ?? comment.isVisibleOnFront, 'int') ?? 0,
    },
    notify: isTrue(values.notify),
    appendComment: isTrue(values.appendComment ?? values.append_comment),
    source: isObject(extension) ? toText(extension.source_code) : null,
  };
}

function readTrack(track: Record<string, unknown>): TrackFields {
  return {
    trackNumber: toText(track.track_number ?? track.trackNumber) ?? '',
    carrierCode: toText(track.carrier_code ?? track.carrierCode) ?? '',
    title: toText(track.title),
    // ShipmentTrackCreationInterface has no setter for it.
    description: null,
    weight: null,
    qty: null,
  };
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isTrue(value: unknown): boolean {
  return value === true || value === 1 || value === '1' || value === 'true';
}

/** Magento's CanShip: the state first, then whether anything is open. */
function orderMessages(order: OrderRecord): string[] {
  const stopped = order.state === 'payment_review' || order.state === 'holded' || order.state === 'canceled';
  if (stopped || orderIsVirtual(order)) {
    return [`A shipment cannot be created when an order has a status of ${order.status}`];
  }
  return canShip(order) ? [] : ['The order does not allow a shipment to be created.'];
}

/** Magento's BundleShipmentTypeValidator, for the items that were asked for (ship-bundle-tog-by-child). */
function bundleMessages(order: OrderRecord, wanted: ReadonlyMap<number, number>): string[] {
  const messages: string[] = [];
  for (const item of order.items) {
    if (!wanted.has(item.itemId) || !isDummy(item)) continue;
    if (item.children.length > 0 && item.productType === 'bundle') {
      messages.push(bundleMessage(item.sku, 'Separately', 'Bundle product options'));
    }
    if (item.parent?.productType === 'bundle') {
      messages.push(bundleMessage(item.parent.sku, 'Together', 'Bundle product itself'));
    }
  }
  return messages;
}

function bundleMessage(sku: string, type: string, instead: string): string {
  return `Cannot create shipment as bundle product "${sku}" has shipment type "${type}". ${instead} should be shipped instead.`;
}

/**
 * Magento's resource handler `State::check` after a shipment. It counts a separate bundle and its shipped
 * part as two items, so that one part of two completes the order (ship-bundle-sep-by-one-child).
 */
function moveState(order: OrderRecord): void {
  if (order.state === 'new') setState(order, 'processing');
  const canInvoice =
    order.state === 'processing' || order.state === 'pending_payment' || order.state === 'new'
      ? order.items.some((item) => item.qtyOrdered - item.qtyInvoiced - item.qtyCanceled > 0)
      : false;
  if (canInvoice || order.state !== 'processing') return;
  const shipped = order.items.reduce((sum, item) => sum + Math.trunc(item.qtyShipped), 0);
  const refunded = order.items.reduce(
    (sum, item) => (item.productType === 'simple' ? sum + Math.trunc(item.qtyRefunded) : sum),
    0,
  );
  if (!isAnyLeft(order) || (shipped > 0 && totalQtyOrdered(order) <= refunded + shipped)) {
    setState(order, 'complete');
  }
}

function setState(order: OrderRecord, state: string): void {
  order.state = state;
  order.status = state;
}
