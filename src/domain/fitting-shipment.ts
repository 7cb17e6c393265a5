import { articlesOf } from './articles.ts';
import { contentsKey, without } from './item-sums.ts';
import type { Order, Shipment } from './order.ts';
import { type Item, trackingKey } from './row.ts';
import type { Wish } from './wish.ts';

/**
 * Which shipment that is there already each wish belongs on: one with exactly its items and without a number, or
 * with exactly the items of all of them. Wishes that nothing fits are absent.
 *
 * `siblings` are all wishes of the drop for the order that name items. What their numbers account for on a shipment
 * is no room for others, and is none that a stranger shipped: so the second number of two still finds its place
 * when the process ends after the first. `assigned` are those of the wishes whose numbers are about to be put on a
 * shipment for another reason, and account for theirs there already.
 */
export function fittingShipments(
  order: Order,
  wishes: readonly Wish[],
  siblings: readonly Wish[],
  assigned: ReadonlyMap<Wish, Shipment>,
): ReadonlyMap<Wish, Shipment> {
  if (wishes.length === 0) return new Map();
  const articles = articlesOf(order);
  const itemsByNumber = new Map(siblings.map(({ key, items }) => [key, articles.named(items)]));
  const rooms = new Map<string, Shipment[]>();
  for (const shipment of order.shipments) {
    const taken = itemsTakenOn(shipment, itemsByNumber);
    if (taken === undefined) continue;
    const coming = [...assigned].flatMap(([wish, to]) => (to === shipment ? articles.named(wish.items) : []));
    const key = contentsKey(without(articles.on(shipment), [...taken, ...coming]));
    const known = rooms.get(key);
    if (known) known.push(shipment);
    else rooms.set(key, [shipment]);
  }
  const [forAll] = rooms.get(contentsKey(wishes.flatMap(({ items }) => articles.named(items)))) ?? [];
  if (forAll) return new Map(wishes.map((wish) => [wish, forAll]));

  const fitting = new Map<Wish, Shipment>();
  for (const wish of wishes) {
    const shipment = rooms.get(contentsKey(articles.named(wish.items)))?.shift();
    if (shipment) fitting.set(wish, shipment);
  }
  return fitting;
}

/** What the numbers on the shipment account for; undefined where one stands that is not of the drop. */
function itemsTakenOn(
  shipment: Shipment,
  itemsByNumber: ReadonlyMap<string, readonly Item[]>,
): readonly Item[] | undefined {
  const taken: Item[] = [];
  for (const key of new Set(shipment.tracks.map(({ trackNumber }) => trackingKey(trackNumber)))) {
    const items = itemsByNumber.get(key);
    if (items === undefined) return undefined;
    taken.push(...items);
  }
  return taken;
}
