import { ShipmentChoice } from './choose-shipment.ts';
import { CutOffs } from './cut-off.ts';
import { openItemsAfter } from './open-items.ts';
import type { Order } from './order.ts';
import { Others } from './others.ts';
import { shipmentsMadeBy, tellingOwn } from './own-shipments.ts';
import type { Place } from './place.ts';
import type { Item } from './row.ts';
import { ShippedTogether } from './shipped-together.ts';
import { mayBeUnrecorded, type Situation } from './situation.ts';
import { standingOn } from './standing-places.ts';
import { type Wish, wishesOf } from './wish.ts';
import { bringsNumbers, type Write } from './write.ts';
import { writesByNumber } from './writes-by-number.ts';

/** One order, what a drop wants of it, and what is known of the writes to it: what every verdict is made from. */
export interface OrderCase {
  readonly order: Order;
  /** Its rows are those that mean the order. */
  readonly situation: Situation;
  readonly wishes: readonly Wish[];
  /** All for which the drop says what they hold, done ones too. */
  readonly siblings: readonly Wish[];
  /** To the order, by this drop, and uncertain ones of others; oldest first. */
  readonly writes: readonly Write[];
  readonly others: Others;
  readonly choice: ShipmentChoice;
  readonly cutOffs: CutOffs;
  readonly shippedTogether: ShippedTogether;
  /** What the look shows open on the order. */
  readonly stillOpen: readonly Item[];
  /** The writes that would make the number of a wish stand. */
  writesOf(wish: Wish): readonly Write[];
  /** Where a wish stands, oldest first; see `standingOn`. */
  placesOf(wish: Wish): readonly Place[];
}

/** Lays out what the rows of the situation want of the order; see OrderCase. */
export function openCase(looked: Order, situation: Situation): OrderCase {
  const { rows, endedRows, policy } = situation;
  const wishes = wishesOf(rows);
  const siblings = wishesOf([...rows, ...endedRows].filter(({ item }) => item !== null));
  const writes = situation.writes.filter((write) => write.orderId === looked.entityId);
  const cutOffs = new CutOffs(looked, writes, situation);
  const writers = situation.writers?.get(looked.entityId) ?? null;
  const ofFile = [...cutOffs.writes, ...writes];
  const isDoubtful = situation.unrecordedUntilMs !== null;
  const made = shipmentsMadeBy(looked, { writes: ofFile, wishes: [...wishes, ...siblings], isDoubtful });
  const madeForNamed = shipmentsMadeBy(looked, { writes: ofFile, wishes: siblings, isDoubtful });
  const mayBeOwn = (description: string | null) => mayBeUnrecorded(description, situation);
  const others = new Others(wishes, ofFile, writers, { made, madeForNamed, mayBeOwn });
  const order = tellingOwn(looked, made);
  const byNumber = writesByNumber(writes.filter(bringsNumbers));
  const writesOf = ({ key }: Wish) => byNumber.get(key) ?? [];
  const standing = standingOn(order);
  const placesOf = (wish: Wish) => standing(wish, writesOf(wish));
  return {
    order,
    situation,
    wishes,
    siblings,
    writes,
    others,
    choice: new ShipmentChoice(order, policy, others),
    cutOffs,
    shippedTogether: new ShippedTogether(order, { siblings, writesOf, placesOf }),
    stillOpen: openItemsAfter(order, []),
    writesOf,
    placesOf,
  };
}
