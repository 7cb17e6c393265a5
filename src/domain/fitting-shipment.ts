import { addedUp, areSame, without } from './item-sums.ts';
import type { Order, Shipment } from './order.ts';
import { itemsOn } from './place.ts';
import { type Item, trackingKey } from './row.ts';
import type { Wish } from './wish.ts';

/**
 * Which shipment that is there already each wish belongs on: one with exactly its items and without a number, or
 * with exactly the items of all of them. Wishes that nothing fits are absent.
 *
 * `siblings` are all wishes of the drop for the order that name items. What their numbers account for on a shipment
 * is no room for others, and is none that a stranger shipped: so the second number of two still finds its place
 * when the process ends after the first.
 */
export function fittingShipments(
  order: Order,
  wishes: readonly Wish[],
  siblings: readonly Wish[],
): ReadonlyMap<Wish, Shipment> {
  if (wishes.length === 0) return new Map();
  const contents = new Map(siblings.map(({ key, items }) => [key, items]));
  const rooms = order.shipments.flatMap((shipment) => roomOn(order, shipment, contents) ?? []);
  const all = addedUp(wishes.flatMap(({ items }) => items));
  const forAll = rooms.find(({ items }) => areSame(items, all));
  if (forAll) return new Map(wishes.map((wish) => [wish, forAll.shipment]));

  const fitting = new Map<Wish, Shipment>();
  const taken = new Set<Shipment>();
  for (const wish of wishes) {
    const room = rooms.find(({ shipment, items }) => !taken.has(shipment) && areSame(items, wish.items));
    if (!room) continue;
    taken.add(room.shipment);
    fitting.set(wish, room.shipment);
  }
  return fitting;
}

/** What is on the shipment and belongs to no number yet; undefined where a number stands that is not of the drop. */
function roomOn(
  order: Order,
  shipment: Shipment,
  contents: ReadonlyMap<string, readonly Item[]>,
): { readonly shipment: Shipment; readonly items: readonly Item[] } | undefined {
  const keys = new Set(shipment.tracks.map(({ trackNumber }) => trackingKey(trackNumber)));
  const taken: Item[] = [];
  for (const key of keys) {
    const items = contents.get(key);
    if (items === undefined) return undefined;
    taken.push(...items);
  }
  return { shipment, items: without(itemsOn(order, shipment), taken) };
}
