import { fieldRequired, problem, type Result } from './answer.ts';
import { atField, isObject, TypeInvalidError, toNumber, toText } from './body.ts';
import { project } from './projection.ts';
import { TRACK_COLUMNS } from './shipment-view.ts';
import type { ItemRecord, OrderRecord, ShipmentRecord, Store, TrackFields } from './store.ts';

/** The one sentence for all that is wrong, Magento\Sales\Model\Order\ShipmentRepository (shipment-entity-no-items). */
const COULD_NOT_SAVE = problem(400, "The shipment couldn't be saved.");

interface EntityRequest {
  readonly orderId: number | null;
  readonly items: readonly { readonly itemId: number | null; readonly qty: number }[];
  readonly tracks: readonly TrackFields[];
}

/**
 * POST /V1/shipment, as far as it was recorded: writes the document and nothing else. No quantity is counted, no state
 * is looked at or moved, more than was ordered is taken, and the same again makes a second shipment
 * (shipment-entity-*). Never the call to ship by; it is here so that a client that falls for it shows.
 */
export function addShipmentEntity(store: Store, values: Readonly<Record<string, unknown>>): Result {
  if (!isObject(values.entity)) return fieldRequired('entity');
  let request: EntityRequest;
  try {
    request = readEntity(values.entity);
  } catch (error) {
    if (error instanceof TypeInvalidError) return problem(400, error.message);
    throw error;
  }
  const order = store.orders.get(request.orderId ?? 0);
  if (!order) return COULD_NOT_SAVE;
  const lines = shipmentLines(order, request);
  if (lines === null || lines.length === 0) return COULD_NOT_SAVE;
  const shipment = store.addShipment(order, lines);
  for (const track of request.tracks) store.addTrack(shipment, track);
  return { status: 200, value: echo(shipment) };
}

function shipmentLines(
  order: OrderRecord,
  { items }: EntityRequest,
): { readonly item: ItemRecord; readonly qty: number }[] | null {
  const lines = items.flatMap(({ itemId, qty }) => {
    const item = order.items.find((one) => one.itemId === itemId);
    return item ? [{ item, qty }] : [];
  });
  return lines.length === items.length ? lines : null;
}

function readEntity(entity: Record<string, unknown>): EntityRequest {
  return {
    orderId: atField('order_id', () => toNumber(entity.order_id, 'int')),
    items: list(entity.items).map((item) => ({
      itemId: atField('order_item_id', () => toNumber(item.order_item_id, 'int')),
      qty: atField('qty', () => toNumber(item.qty, 'float')) ?? 0,
    })),
    tracks: list(entity.tracks).map((track) => ({
      trackNumber: toText(track.track_number) ?? '',
      carrierCode: toText(track.carrier_code) ?? '',
      title: toText(track.title),
      description: toText(track.description),
      weight: null,
      qty: null,
    })),
  };
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** What was sent with the ids that it got; what the shop knows besides is not in it. */
function echo(shipment: ShipmentRecord): Record<string, unknown> {
  return {
    created_at: shipment.createdAt,
    entity_id: shipment.entityId,
    increment_id: String(shipment.entityId).padStart(9, '0'),
    order_id: shipment.order.entityId,
    packages: [],
    updated_at: shipment.createdAt,
    items: shipment.items.map((line) => ({
      entity_id: line.entityId,
      parent_id: shipment.entityId,
      order_item_id: line.item.itemId,
      qty: line.qty,
    })),
    tracks: shipment.tracks.map((track) => project(TRACK_COLUMNS, track, null)),
    comments: [],
  };
}
