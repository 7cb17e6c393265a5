import { sourceKey, sourceOf, sourcesNamedBy } from './named-source.ts';
import type { Order } from './order.ts';
import type { Policy } from './policy.ts';
import { type PastShips, planShipping, type Shipping } from './shipping.ts';
import { endWish, type Wish } from './wish.ts';

/**
 * `planShipping` for parcels that may leave from several inventory sources: Magento takes one shipment from one of them,
 * and everything open where no items are named. So each source gets a shipment of its own, with its parcels' items, one
 * at a time: what is open for the next one is what a later look shows.
 */
export function planShippingFrom(
  order: Order,
  wishes: readonly Wish[],
  policy: Policy,
  past: PastShips,
): Shipping {
  const parcels = Map.groupBy(wishes, (wish) => sourceKey(sourceOf(wish, policy)));
  const misfits = misfitsOf(wishes, policy, parcels.size);
  if (misfits.size > 0) {
    const outcomes = Array.from(misfits, ([wish, words]) =>
      endWish(wish, 'item-mismatch', words, { orderId: order.entityId }),
    );
    return { outcomes: outcomes.flat(), ship: null, misfits };
  }
  const all = planShipping(order, wishes, policy, past);
  const [first] = all.ship?.wishes ?? [];
  if (!all.ship || !first) return all;
  const source = sourceOf(first, policy);
  if (parcels.size === 1) return { ...all, ship: { ...all.ship, action: { ...all.ship.action, source } } };
  const together = all.ship.wishes.filter((wish) => sourceKey(sourceOf(wish, policy)) === sourceKey(source));
  // A bundle that ships as a whole cannot leave from two sources.
  const { ship, ...part } = planShipping(order, together, policy, past);
  if (!ship) return { ...part, ship };
  return { ...all, ship: { ...ship, action: { ...ship.action, source } } };
}

/**
 * Which source was asked for when a ship of the wish failed, and where that is set. Of a source that does not exist, or
 * that has none or too few of the items, Magento says the same as of a database that was busy (recording
 * ship-with-unknown-source_code; Magento\InventorySourceDeductionApi\Model\SourceDeductionService throws inside of
 * Magento\Sales\Model\ShipOrder). Whether it is enabled, or assigned to the stock of the order, is not asked.
 * Of a row only the code is known, not whether its cell has it or another name that the profile reads so.
 */
export function sourceAskedFor(wish: Wish, policy: Policy): string {
  const source = sourceOf(wish, policy);
  if (source === null)
    return " (from the shop's default source: the shop answers like this, too, where that one has too few of the items)";
  const named = wish.rows.some((row) => row.source !== null);
  return ` (from source ${source}, as ${named ? 'the row says, or sources of the profile for what it says' : 'shipments.source says'}: the shop answers like this, too, where it has no such source, or that one too few of the items)`;
}

/** Parcels that say too little, or contradict themselves. */
function misfitsOf(wishes: readonly Wish[], policy: Policy, sources: number): ReadonlyMap<Wish, string> {
  const misfits = new Map<Wish, string>();
  for (const wish of wishes) {
    const [one, another] = sourcesNamedBy(wish);
    if (one !== undefined && another !== undefined)
      misfits.set(wish, `the rows of this number name two sources, ${one} and ${another}`);
  }
  if (misfits.size > 0 || sources < 2) return misfits;
  const names = new Map(wishes.map((wish) => [sourceKey(sourceOf(wish, policy)), sourceOf(wish, policy)]));
  const from = Array.from(names.values(), (source) => source ?? "the shop's default").join(' and ');
  for (const wish of wishes) {
    if (wish.items.length > 0) continue;
    const message = `the parcels of this order leave from several sources, ${from}, so each must say what it holds (columns.sku and columns.quantity of the profile)`;
    misfits.set(wish, message);
  }
  return misfits;
}
