import { exact } from './item-sums.ts';
import type { Order, Shipment } from './order.ts';
import { trackingKey } from './row.ts';
import { mayHaveLanded } from './situation.ts';
import type { Wish } from './wish.ts';
import { isMark, type Write } from './write.ts';

/** What tells the shipments that a drop has made from others. */
interface Makings {
  /** Of the drop to the order, among others. */
  readonly writes: readonly Write[];
  /** Those without an outcome, and those with one that name their items: one that a lost write has made may end first. */
  readonly wishes: readonly Wish[];
  /** Writes of the drop may be on no record, as after a power cut. */
  readonly isDoubtful: boolean;
}

/**
 * The shipments of the order that the drop has made, as a look shows them: by the id in the answer; where it was lost, by a
 * number that came with the shipment, and so bears no mark; where the write itself may be on no record, by any such number
 * that the drop still wants, or has found there.
 */
export function shipmentsMadeBy(
  { shipments }: Order,
  { writes, wishes, isDoubtful }: Makings,
): ReadonlySet<Shipment> {
  const ships = writes.filter((write) => write.isOwn && write.kind === 'ship' && mayHaveLanded(write));
  const ids = new Set(ships.flatMap(({ shipmentId }) => shipmentId ?? []));
  const unheard = ships.filter(({ shipmentId }) => shipmentId === null);
  const keys = new Set(unheard.flatMap(({ trackingNumbers }) => trackingNumbers.map(trackingKey)));
  if (isDoubtful) for (const { key } of wishes) keys.add(key);
  const isMade = ({ entityId, tracks }: Shipment) =>
    ids.has(entityId) ||
    (keys.size > 0 &&
      tracks.some(
        ({ trackNumber, description }) => keys.has(trackingKey(trackNumber)) && !isMark(description),
      ));
  return ids.size + keys.size === 0 ? NONE : new Set(shipments.filter(isMade));
}

const NONE: ReadonlySet<Shipment> = new Set();

/** The order with what its drop has shipped told apart in it; see OrderItem. */
export function tellingOwn(order: Order, made: ReadonlySet<Shipment>): Order {
  if (made.size === 0) return order;
  const own = new Map<number, number>();
  for (const { orderItemId, qty } of [...made].flatMap(({ items }) => items))
    own.set(orderItemId, exact((own.get(orderItemId) ?? 0) + qty));
  return { ...order, items: order.items.map((line) => ({ ...line, qtyOwn: own.get(line.itemId) ?? 0 })) };
}
