import { articlesOf } from './articles.ts';
import { contentsKey } from './item-sums.ts';
import type { Order, Shipment } from './order.ts';
import type { Rooms } from './rooms.ts';
import type { Wish } from './wish.ts';

/**
 * Which shipment that is there already each wish belongs on, of those without a number of strangers: one with exactly the
 * items of all wishes, else one with exactly its own, else one with exactly those of all that are left over. Wishes that
 * nothing fits are absent. Their room is taken.
 */
export function fittingShipments(
  order: Order,
  wishes: readonly Wish[],
  rooms: Rooms,
): ReadonlyMap<Wish, Shipment> {
  const fitting = new Map<Wish, Shipment>();
  if (wishes.length === 0) return fitting;
  const { named, hold } = articlesOf(order);
  const put = (wish: Wish, shipment: Shipment) => {
    fitting.set(wish, shipment);
    rooms.take(shipment, wish.items);
  };
  const isInPart = (each: Shipment) => rooms.isBegun(each) && rooms.left(each).length > 0;
  const fitTogether = (some: readonly Wish[], isBegunOnly: boolean) => {
    const key = contentsKey(some.flatMap(({ items }) => named(items)));
    const shipment = byRoom(order, rooms)
      .get(key)
      ?.find((each) => (rooms.isBegun(each) || !isBegunOnly) && some.every(({ items }) => hold(each, items)));
    if (shipment) for (const wish of some) put(wish, shipment);
  };
  // Where the process ended after some of them, the rest might fit another together that all did not.
  fitTogether(
    wishes,
    order.shipments.some((each) => rooms.isBegun(each)),
  );
  if (fitting.size > 0) return fitting;
  const alone = byRoom(order, rooms);
  for (const wish of wishes) {
    const free = alone.get(contentsKey(named(wish.items))) ?? [];
    const at = free.findIndex((each) => hold(each, wish.items));
    const [shipment] = at === -1 ? [] : free.splice(at, 1);
    if (shipment) put(wish, shipment);
  }
  // As a later look has it, when the process ends after the others.
  fitTogether(
    wishes.filter((wish) => !fitting.has(wish)),
    order.shipments.some(isInPart),
  );
  return fitting;
}

/**
 * By what is left in them. What the drop has begun to fill comes first: else the last number of several that fill it
 * together would find another of the same room when the process ends before it.
 */
function byRoom({ shipments }: Order, rooms: Rooms): ReadonlyMap<string, Shipment[]> {
  const free = shipments.filter((each) => !rooms.isStrangers(each));
  const begun = free.filter((each) => rooms.isBegun(each));
  const inTurn = [...begun, ...free.filter((each) => !rooms.isBegun(each))];
  return Map.groupBy(inTurn, (each) => contentsKey(rooms.left(each)));
}
