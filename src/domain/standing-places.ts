import type { Order } from './order.ts';
import { type Place, placesByNumber, placesOn } from './place.ts';
import { trackingKey } from './row.ts';
import type { Wish } from './wish.ts';
import { mark, type Write } from './write.ts';

/** A wish whose number stands, and where, oldest first. */
export interface Standing {
  readonly wish: Wish;
  readonly places: readonly [Place, ...Place[]];
}

/**
 * Where a wish stands, oldest first: its number, and what a write of it has made. A shop may keep a number in
 * a form of its own (an extension that strips hyphens, say), and would be sent it again and again.
 */
export function standingOn(order: Order): (wish: Wish, own: readonly Write[]) => Place[] {
  const places = placesOn(order);
  const byNumber = placesByNumber(places);
  const byMark = Map.groupBy(places, ({ description }) => description);
  const byId = Map.groupBy(places, ({ trackId }) => trackId);
  const keptOtherwise = shippedOtherwise(places);
  return (wish, own) => {
    const found = new Set(byNumber.get(wish.key));
    for (const { kind, id, trackId } of own) {
      if (kind !== 'track') continue;
      for (const place of byMark.get(mark(id)) ?? []) found.add(place);
      for (const place of (trackId !== null && byId.get(trackId)) || []) found.add(place);
    }
    for (const write of found.size === 0 ? own : []) {
      const place = keptOtherwise(write).get(wish.key);
      if (place) found.add(place);
    }
    return [...found].sort((a, b) => a.trackId - b.trackId);
  };
}

/**
 * For a ship that the shop says was done: tracks on its shipment in which the shop keeps numbers in another form, by the
 * keys of these. Tracks of a ship bear no mark; they stand in the order in which they were sent.
 */
function shippedOtherwise(places: readonly Place[]): (write: Write) => ReadonlyMap<string, Place> {
  const known = new Map<Write, ReadonlyMap<string, Place>>();
  const find = ({ kind, state, shipmentId, trackingNumbers }: Write) => {
    if (kind !== 'ship' || state !== 'done') return new Map<string, Place>();
    const there = places.filter(({ shipment }) => shipment.entityId === shipmentId);
    const sent = new Set(trackingNumbers.map(trackingKey));
    const standing = new Set(there.map(({ trackNumber }) => trackingKey(trackNumber)));
    const missing = [...sent].filter((key) => !standing.has(key));
    const strange = there.filter(
      ({ trackNumber, description }) => !description && !sent.has(trackingKey(trackNumber)),
    );
    const pairs = missing.flatMap((key, at) => {
      const place = strange[at];
      return place ? [[key, place] as const] : [];
    });
    return new Map(missing.length === strange.length ? pairs : []);
  };
  return (write) => {
    const found = known.get(write) ?? find(write);
    known.set(write, found);
    return found;
  };
}
