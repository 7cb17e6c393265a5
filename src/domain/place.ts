import { articlesOf } from './articles.ts';
import { addedUp, inWords } from './item-sums.ts';
import { astray } from './named-shipment.ts';
import type { Order, Shipment } from './order.ts';
import type { RowOutcome } from './outcome.ts';
import { trackingKey } from './row.ts';
import { endWish, type Ids, type Wish } from './wish.ts';

/** A track on a shipment of an order. */
export interface Place {
  readonly shipment: Shipment;
  readonly trackId: number;
  readonly trackNumber: string;
  readonly description: string | null;
}

/** Every track of the order, oldest first. */
export function placesOn(order: Order): Place[] {
  return order.shipments
    .flatMap((shipment) =>
      shipment.tracks.map(({ entityId, trackNumber, description }) => ({
        shipment,
        trackId: entityId,
        trackNumber,
        description,
      })),
    )
    .sort((a, b) => a.trackId - b.trackId);
}

/** Places by their `trackingKey`: grouped once, since an order may have thousands of rows and of tracks. */
export function placesByNumber(places: readonly Place[]): ReadonlyMap<string, readonly Place[]> {
  return Map.groupBy(places, ({ trackNumber }) => trackingKey(trackNumber));
}

/** The end of a wish whose number somebody else has put there. */
export function alreadyTracked(order: Order, wish: Wish, places: readonly [Place, ...Place[]]): RowOutcome[] {
  const misfit = itemsMissingAt(order, wish, places);
  if (misfit) return misfit;
  const [place] = places;
  const message = `the number stands on shipment ${place.shipment.incrementId} already`;
  return endWish(wish, 'already-tracked', message, idsOf(order, place));
}

/** The end of a wish whose number stands, but not where its rows say, or without what they say; else undefined. */
export function itemsMissingAt(
  order: Order,
  wish: Wish,
  places: readonly [Place, ...Place[]],
): RowOutcome[] | undefined {
  const stray = astray(wish, places);
  if (stray !== undefined) return endWish(wish, 'item-mismatch', stray, idsOf(order, places[0]));
  if (wish.items.length === 0) return undefined;
  const articles = articlesOf(order);
  if (places.some(({ shipment }) => articles.hold(shipment, wish.items))) return undefined;
  const [place] = places;
  const held = inWords(addedUp(articles.on(place.shipment)));
  const message = `the number stands on shipment ${place.shipment.incrementId}, which holds ${held}, and not ${inWords(wish.items)}`;
  return endWish(wish, 'item-mismatch', message, idsOf(order, place));
}

/** The ids of a place. */
export function idsOf(order: Order, place: Place): Ids {
  return { orderId: order.entityId, shipmentId: place.shipment.entityId, trackId: place.trackId };
}
