import { articlesOf } from './articles.ts';
import { contentsKey } from './item-sums.ts';
import type { Order, Shipment } from './order.ts';
import type { Rooms } from './rooms.ts';
import type { Wish } from './wish.ts';

/**
 * Which shipment that is there already each wish belongs on: one with exactly its items and without a number of
 * strangers, or with exactly the items of all of them. Wishes that nothing fits are absent. Their room is taken.
 */
export function fittingShipments(
  order: Order,
  wishes: readonly Wish[],
  rooms: Rooms,
): ReadonlyMap<Wish, Shipment> {
  if (wishes.length === 0) return new Map();
  const { named } = articlesOf(order);
  const untouched = order.shipments.filter((each) => !rooms.isStrangers(each));
  const byRoom = Map.groupBy(untouched, (each) => contentsKey(rooms.left(each)));
  const [forAll] = byRoom.get(contentsKey(wishes.flatMap(({ items }) => named(items)))) ?? [];

  const fitting = new Map<Wish, Shipment>();
  for (const wish of wishes) {
    const shipment = forAll ?? byRoom.get(contentsKey(named(wish.items)))?.shift();
    if (!shipment) continue;
    fitting.set(wish, shipment);
    rooms.take(shipment, wish.items);
  }
  return fitting;
}
