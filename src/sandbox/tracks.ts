import { fieldRequired, problem, type Result } from './answer.ts';
import { atField, isEmptyText, isObject, TypeInvalidError, toNumber, toText, upperCamel } from './body.ts';
import { databaseTime, type Store, type TrackFields } from './store.ts';

/** Magento's setters of a track. */
const FIELD_TYPES: ReadonlyMap<string, 'int' | 'float' | 'text' | 'any'> = new Map([
  ['OrderId', 'int'],
  ['CreatedAt', 'text'],
  ['EntityId', 'int'],
  ['ParentId', 'int'],
  ['UpdatedAt', 'text'],
  ['Weight', 'float'],
  ['Qty', 'float'],
  ['Description', 'text'],
  ['TrackNumber', 'text'],
  ['Title', 'text'],
  ['CarrierCode', 'text'],
  ['ExtensionAttributes', 'any'],
] as const);

/** The one sentence for everything that is wrong with a track. */
const COULD_NOT_SAVE = problem(400, 'Could not save the shipment tracking.');

/**
 * POST /V1/shipment/track. Nothing stops a duplicate. The answer echoes what was sent, even where the database
 * keeps less of it (track-title-300, track-unicode); an `entity_id` that exists is updated.
 */
export function addTrack(store: Store, values: Readonly<Record<string, unknown>>): Result {
  if (!isObject(values.entity)) return fieldRequired('entity');
  let entity: ReadonlyMap<string, string | number | null>;
  try {
    entity = readEntity(values.entity);
  } catch (error) {
    if (error instanceof TypeInvalidError) return problem(400, error.message);
    if (error instanceof UnknownFieldError) {
      const message = '"%fieldName" is not supported. Correct the field name and try again.';
      return problem(400, message, { fieldName: error.message });
    }
    throw error;
  }
  const text = (name: string) => (entity.get(name) ?? null) as string | null;
  const number = (name: string) => (entity.get(name) ?? null) as number | null;
  const fields: TrackFields = {
    trackNumber: text('TrackNumber') ?? '',
    carrierCode: text('CarrierCode') ?? '',
    title: text('Title'),
    description: text('Description'),
    weight: number('Weight'),
    qty: number('Qty'),
  };
  if (isEmptyText(fields.trackNumber) || isEmptyText(fields.carrierCode)) return COULD_NOT_SAVE;
  const shipment = store.shipments.get(number('ParentId') ?? 0);
  if (!shipment || shipment.order.entityId !== number('OrderId')) return COULD_NOT_SAVE;

  const wantedId = number('EntityId');
  const existing = wantedId === null ? undefined : store.tracks.get(wantedId);
  if (existing) store.updateTrack(existing, fields);
  const track = existing ?? (wantedId === null ? store.addTrack(shipment, fields) : null);
  const createdAt = track?.createdAt ?? databaseTime();
  return {
    status: 200,
    value: {
      order_id: shipment.order.entityId,
      created_at: createdAt,
      entity_id: track?.entityId ?? wantedId,
      parent_id: shipment.entityId,
      updated_at: createdAt,
      weight: fields.weight,
      qty: fields.qty,
      description: fields.description,
      track_number: fields.trackNumber,
      title: fields.title,
      carrier_code: fields.carrierCode,
    },
  };
}

class UnknownFieldError extends Error {}

function readEntity(raw: Record<string, unknown>): Map<string, string | number | null> {
  const entity = new Map<string, string | number | null>();
  for (const [name, value] of Object.entries(raw)) {
    const field = upperCamel(name);
    const type = FIELD_TYPES.get(field);
    if (!type) throw new UnknownFieldError(field);
    if (type === 'any') continue;
    entity.set(
      field,
      atField(name, () => (type === 'text' ? toText(value) : toNumber(value, type))),
    );
  }
  return entity;
}

/** DELETE /V1/shipment/track/:id. True for any number, whether or not there was a track (track-delete-again). */
export function deleteTrack(store: Store, id: number): Result {
  store.deleteTrack(id);
  return { status: 200, value: true };
}
