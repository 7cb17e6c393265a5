import { isStorable, storableLine } from '../domain/storable.ts';
import { type Action, mark, type Parcel, type WriteAnswer } from '../domain/write.ts';
import { readId } from './json.ts';
import type { Verdict } from './verdict.ts';
import type { Request } from './wire.ts';

/**
 * Columns of `sales_shipment_track`; what is longer is cut without a word (recordings track-carrier_code-40,
 * track-title-300).
 */
const MAX_CARRIER_LENGTH = 32;
const MAX_TITLE_LENGTH = 255;
/** `track_number` is a TEXT column (recording track-number-70000: 65,535 stored). */
const MAX_NUMBER_BYTES = 65_535;

/**
 * Why a write would do something else than it says, in words for the report; undefined when it may go. Magento
 * would not tell: its refusals are one sentence for everything, and what it cuts or replaces it echoes whole, so
 * that the next look would miss the number and write it again.
 */
export function obstacleTo(action: Action): string | undefined {
  const ids =
    action.kind === 'ship'
      ? [action.orderId]
      : [action.orderId, action.shipmentId, ...(action.kind === 'untrack' ? [action.trackId] : [])];
  if (!ids.every(isId)) return 'an id of the order or shipment is missing';
  if (action.kind === 'untrack' || action.kind === 'mail') return undefined;
  if (
    action.kind === 'ship' &&
    !action.items.every(({ orderItemId, qty }) => isId(orderItemId) && qty > 0 && Number.isFinite(qty))
  )
    return 'an item of the shipment has no id or no quantity';
  const parcels = action.kind === 'ship' ? action.parcels : [action];
  if (parcels.length === 0) return 'there is no tracking number to send';
  for (const parcel of parcels) {
    const obstacle = parcelObstacle(parcel);
    if (obstacle) return obstacle;
  }
  return undefined;
}

function isId(id: number): boolean {
  return Number.isSafeInteger(id) && id > 0;
}

function parcelObstacle({ trackingNumber, carrierCode }: Parcel): string | undefined {
  // PHP takes "0" for empty.
  if (trackingNumber.trim() === '' || trackingNumber === '0') return 'the tracking number is empty';
  if (CONTROL.test(trackingNumber)) return 'the tracking number has a line end or another control character';
  if (!isStorable(trackingNumber)) return 'the tracking number has characters that Magento cannot store';
  if (Buffer.byteLength(trackingNumber) > MAX_NUMBER_BYTES)
    return 'the tracking number is too long for Magento';
  if (carrierCode.trim() === '' || carrierCode === '0') return 'the carrier code is empty';
  if (CONTROL.test(carrierCode)) return 'the carrier code has a line end or another control character';
  if (!isStorable(carrierCode)) return 'the carrier code has characters that Magento cannot store';
  if (carrierCode.length > MAX_CARRIER_LENGTH) {
    return `the carrier code is longer than ${MAX_CARRIER_LENGTH} characters`;
  }
  return undefined;
}

/** Magento would keep them, and put them into the customer's mail: two cells that ran into one, say, are no number. */
const CONTROL = /\p{Cc}/u;

/** The request of a write that `obstacleTo` lets pass; `writeId` travels in a track's description. */
export function writeRequest(action: Action, writeId: string): Request {
  switch (action.kind) {
    case 'track':
      return {
        method: 'POST',
        path: 'shipment/track',
        body: JSON.stringify({
          entity: {
            order_id: action.orderId,
            parent_id: action.shipmentId,
            ...trackOf(action),
            description: mark(writeId),
          },
        }),
      };
    case 'ship':
      return {
        method: 'POST',
        path: `order/${action.orderId}/ship`,
        // No items means everything that is open, as in the plan. A wrapper around this would ship and lose the tracks.
        body: JSON.stringify({
          items: action.items.map(({ orderItemId, qty }) => ({ order_item_id: orderItemId, qty })),
          notify: action.mails,
          // In the mail, too, where there is one and the customer is to see it.
          appendComment: action.mails && action.comment?.isVisible === true,
          ...(action.comment && {
            comment: { comment: action.comment.text, is_visible_on_front: action.comment.isVisible ? 1 : 0 },
          }),
          tracks: action.parcels.map(trackOf),
          ...(action.source !== null && {
            arguments: { extension_attributes: { source_code: action.source } },
          }),
        }),
      };
    case 'untrack':
      return { method: 'DELETE', path: `shipment/track/${action.trackId}` };
    case 'mail':
      return { method: 'POST', path: `shipment/${action.shipmentId}/emails` };
  }
}

/**
 * Magento says `false` alike where it puts the mail off to its cron (sales_email/general/async_sending), where the shop
 * has these mails turned off, and where its mail server refused it (Sales\Model\ShipmentNotifier).
 */
const NOT_MAILED_YET =
  'the shop answered that it has not mailed the customer; it may do so later, where it sends mails by its cron';

function trackOf({ trackingNumber, carrierCode, title }: Parcel) {
  return { track_number: trackingNumber, title: shortened(title), carrier_code: carrierCode };
}

/** What the customer reads above the number: shortened here, so that it is known what stands in the shop. */
function shortened(title: string): string {
  return storableLine(title).slice(0, MAX_TITLE_LENGTH);
}

/** The verdict on a write as the ledger keeps it. */
export function writeAnswer(action: Action, verdict: Verdict): WriteAnswer {
  if (verdict.kind !== 'done') return { kind: verdict.kind, message: verdict.message };
  switch (action.kind) {
    case 'track': {
      const { entity_id: trackId } = verdict.value as { entity_id: unknown };
      return { kind: 'done', shipmentId: action.shipmentId, trackId: readId(trackId) ?? null };
    }
    case 'ship':
      return { kind: 'done', shipmentId: readId(verdict.value) ?? null, trackId: null };
    case 'untrack':
      return { kind: 'done', shipmentId: action.shipmentId, trackId: action.trackId };
    case 'mail':
      return verdict.value === true
        ? { kind: 'done', shipmentId: action.shipmentId, trackId: null }
        : { kind: 'uncertain', message: NOT_MAILED_YET };
  }
}
