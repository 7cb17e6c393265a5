import { type Allotment, allot, joined } from './allotment.ts';
import { articlesOf } from './articles.ts';
import { HOLDS_UNKNOWN } from './broken-parcel.ts';
import type { BundleForms } from './bundle.ts';
import { everythingOpen } from './everything-open.ts';
import { lockedInWords } from './locked.ts';
import { openItems } from './open-items.ts';
import type { Order } from './order.ts';
import type { Outcome, RowOutcome } from './outcome.ts';
import type { Policy } from './policy.ts';
import { endWish, type Wish } from './wish.ts';
import { parcelOf, type Ship } from './write.ts';

/** What is known of earlier tries to ship an order. */
export interface PastShips {
  /** The store's words where it refused to ship a wish, by the wish's key. */
  readonly refusals: ReadonlyMap<string, string>;
  readonly forms: BundleForms;
  /** Something that the file names of the order fails: what does not say what it holds must not take that along. */
  readonly isAnyLost: boolean;
}

/** One new shipment for all that can be shipped, and the end of what cannot. */
export interface Shipping {
  readonly outcomes: readonly RowOutcome[];
  /** Null where nothing is to be shipped. */
  readonly ship: { readonly action: Ship; readonly wishes: readonly Wish[] } | null;
  /** Wishes that name what the order does not have; where there are any, their ends are all that was decided. */
  readonly misfits: ReadonlyMap<Wish, string>;
}

/**
 * Decides about wishes that need a new shipment. It holds what their rows name; everything that is open where no row names
 * anything. A ship that the store refused is not asked for again, unless it was refused for the form in which a bundle was
 * asked for.
 */
export function planShipping(
  order: Order,
  wishes: readonly Wish[],
  policy: Policy,
  past: PastShips,
): Shipping {
  const closed = whyNever(order);
  if (closed) return allEnd(order, wishes, closed);

  const allotted = allot(order, wishes, policy, past.forms);
  const misfits = past.isAnyLost ? withUnknown(allotted.misfits, wishes) : allotted.misfits;
  if (misfits.size > 0) {
    const outcomes = Array.from(misfits, ([wish, words]) => end(order, wish, 'item-mismatch', words));
    return { outcomes: outcomes.flat(), ship: null, misfits };
  }
  if (isNotNow(order, policy)) {
    const ends = wishes.map((wish) => allEnd(order, [wish], whyNotNow(order, wish, policy)).outcomes);
    return { outcomes: ends.flat(), ship: null, misfits };
  }

  const { outcomes, shipped } = withoutRefused(order, wishes, allotted, past);
  if (shipped.length === 0) return { outcomes, ship: null, misfits };
  const named = joined(shipped.flatMap((wish) => allotted.linesOf.get(wish) ?? []));
  const items = named.length > 0 ? named : everythingOpen(order, past.forms);
  if (items === undefined) return { ...allEnd(order, wishes, NOTHING_BY_ITSELF), misfits };
  const action: Ship = {
    kind: 'ship',
    orderId: order.entityId,
    items,
    parcels: shipped.map(({ rows }) => parcelOf(rows[0])),
    source: null,
    comment: null,
    mails: false,
  };
  return { outcomes, ship: { action, wishes: shipped }, misfits };
}

/** Ends the wishes that the store has refused to ship, and those that would take along what these hold. */
function withoutRefused(
  order: Order,
  wishes: readonly Wish[],
  { mates }: Allotment,
  { refusals, forms }: PastShips,
): { readonly outcomes: readonly RowOutcome[]; readonly shipped: readonly Wish[] } {
  const refusalOf = (wish: Wish) =>
    (mates.get(wish) ?? [wish])
      .map(({ key }) => refusals.get(key))
      .find((words) => words !== undefined && !forms.isOvercome(words));
  const refused = new Map(
    wishes.flatMap((wish) => {
      const words = refusalOf(wish);
      return words === undefined ? [] : [[wish, words] as const];
    }),
  );
  const outcomes = Array.from(refused, ([wish, words]) => end(order, wish, 'store-refused', words)).flat();
  const left = wishes.filter((wish) => !refused.has(wish));
  const isAnyNamedRefused = Array.from(refused.keys()).some(({ items }) => items.length > 0);
  if (!isAnyNamedRefused) return { outcomes, shipped: left };
  const unknown = left.filter(({ items }) => items.length === 0);
  return {
    outcomes: [...outcomes, ...unknown.flatMap((wish) => end(order, wish, 'item-mismatch', HOLDS_UNKNOWN))],
    shipped: left.filter(({ items }) => items.length > 0),
  };
}

function withUnknown(misfits: ReadonlyMap<Wish, string>, wishes: readonly Wish[]): ReadonlyMap<Wish, string> {
  const unknown = wishes.filter(({ items }) => items.length === 0);
  return new Map([...misfits, ...unknown.map((wish) => [wish, HOLDS_UNKNOWN] as const)]);
}

interface Obstacle {
  readonly outcome: Outcome;
  readonly message: string;
  readonly heldFor?: 'payment';
}

const NOTHING_BY_ITSELF: Obstacle = {
  outcome: 'item-mismatch',
  message:
    'what is left of the order is parts of bundles that ship together, and nothing of these bundles themselves is left to ship (refunded, canceled or locked)',
};

function allEnd(order: Order, wishes: readonly Wish[], { outcome, message, ...why }: Obstacle): Shipping {
  const outcomes = wishes
    .flatMap((wish) => end(order, wish, outcome, message))
    .map((ended) => ({ ...ended, ...why }));
  return { outcomes, ship: null, misfits: new Map() };
}

function end(order: Order, wish: Wish, outcome: Outcome, message: string): RowOutcome[] {
  return endWish(wish, outcome, message, { orderId: order.entityId });
}

/** Why nothing of the order will ever be shipped any more. States as recorded in `ship-*`. */
function whyNever(order: Order): Obstacle | undefined {
  const shippable = order.items.filter((item) => item.parentItemId === null && !item.isVirtual);
  if (order.items.length > 0 && shippable.length === 0) {
    return {
      outcome: 'nothing-to-ship',
      message: 'the order holds only virtual or downloadable items, so nothing of it is ever shipped',
    };
  }
  if (order.state === 'canceled') {
    const message = 'the order is canceled and has no shipment';
    return {
      outcome: 'order-closed',
      message: `${message}${order.shipments.length > 0 ? ' for this number' : ''}`,
    };
  }
  const isOpen = openItems(order).length > 0;
  // What is missing on an order that was shipped is told item by item.
  if (isOpen || order.shipments.length > 0) return undefined;
  const message = `the order has no shipment and nothing left to ship (status ${order.status})${lockedInWords(order)}`;
  return { outcome: 'order-closed', message };
}

/** Not while it is in its state, or not by this inbox. */
function isNotNow({ state }: Order, { createShipments }: Policy): boolean {
  return HELD_STATES.has(state) || !createShipments;
}

function whyNotNow(order: Order, wish: Wish, { createShipments }: Policy): Obstacle {
  const allows = 'shipments.create: true would let Trackdrop ship it';
  if (!HELD_STATES.has(order.state))
    return { outcome: 'no-shipment', message: `${whyAnother(order, wish, ' yet')}; ${allows}` };
  const held = `${whyAnother(order, wish, '')}, and it cannot be shipped while its status is ${order.status}`;
  return {
    outcome: 'order-held',
    message: createShipments ? held : `${held}; after that only ${allows}`,
    ...(order.state === 'pending_payment' && { heldFor: 'payment' }),
  };
}

/** Why none of the shipments that are there takes the number. */
function whyAnother(order: Order, { items }: Wish, yet: '' | ' yet'): string {
  const { shipments } = order;
  if (shipments.length === 0) return `the order has no shipment${yet}`;
  if (items.length === 0) return `part of the order is not shipped${yet}`;
  const articles = articlesOf(order);
  const taken = shipments.find((each) => each.tracks.length > 0 && articles.hold(each, items));
  if (taken === undefined) return `no shipment of the order fits the items${yet}`;
  return `shipment ${taken.incrementId} holds the items and has a number already, and the row does not name it (columns.shipment of the profile)`;
}

/**
 * `holded` and `payment_review` are refused by Magento; `pending_payment` it would accept, but nobody has
 * paid yet.
 */
const HELD_STATES: ReadonlySet<string> = new Set(['holded', 'payment_review', 'pending_payment']);
