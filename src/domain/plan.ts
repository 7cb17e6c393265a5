import type { Order, OrderItem, Shipment } from './order.ts';
import type { Outcome, RowOutcome } from './outcome.ts';
import { trackingKey } from './row.ts';
import { endWish, type Wish } from './wish.ts';
import type { Action, Parcel } from './write.ts';

/** What the inbox allows; see `shipments` in the configuration. */
export interface Policy {
  /** May orders without a shipment be shipped? It cannot be undone. */
  readonly createShipments: boolean;
  /** Which shipment takes a number when there are several. */
  readonly attach: 'latest' | 'first';
  /** Magento's id of the only store view whose orders are meant; null: any. */
  readonly storeView: number | null;
}

/** A write, and the wishes that it fulfils. */
export interface PlannedAction {
  readonly action: Action;
  readonly wishes: readonly Wish[];
  /** An earlier write of the same numbers may have landed, or land yet: success is verified by a later look. */
  readonly isRepeat: boolean;
}

export interface Plan {
  /** Rows that need no write, or can have none. */
  readonly outcomes: readonly RowOutcome[];
  /** Writes in the order in which they must happen; after one that fails a new look and a new plan are due. */
  readonly actions: readonly PlannedAction[];
}

/**
 * Decides what an order still needs so that every wished number stands on one of its shipments.
 * Its law: apply the plan, look again, plan again, and there is nothing left to do.
 */
export function plan(order: Order, wishes: readonly Wish[], policy: Policy): Plan {
  const outcomes: RowOutcome[] = [];
  const missing: Wish[] = [];
  const standing = placesByNumber(placesOn(order));
  for (const wish of wishes) {
    const place = standing.get(wish.key)?.[0];
    if (place) outcomes.push(...alreadyTracked(order, wish, place));
    else missing.push(wish);
  }
  if (missing.length === 0) return { outcomes, actions: [] };

  const shipment = policy.attach === 'first' ? order.shipments[0] : order.shipments.at(-1);
  if (shipment) {
    return { outcomes, actions: missing.map((wish) => addTrack(order, shipment, wish)) };
  }
  const obstacle = obstacleToShipping(order, policy);
  if (obstacle) {
    const ends = missing.flatMap((wish) =>
      endWish(wish, obstacle.outcome, obstacle.message, { orderId: order.entityId }),
    );
    return { outcomes: [...outcomes, ...ends], actions: [] };
  }
  return { outcomes, actions: [ship(order, missing)] };
}

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
export function alreadyTracked(order: Order, wish: Wish, place: Place): RowOutcome[] {
  return endWish(
    wish,
    'already-tracked',
    `the number stands on shipment ${place.shipment.incrementId} already`,
    {
      orderId: order.entityId,
      shipmentId: place.shipment.entityId,
      trackId: place.trackId,
    },
  );
}

function parcelOf(wish: Wish): Parcel {
  const { trackingNumber, carrierCode, title } = wish.rows[0];
  return { trackingNumber, carrierCode, title };
}

function addTrack(order: Order, shipment: Shipment, wish: Wish): PlannedAction {
  return {
    action: { kind: 'track', orderId: order.entityId, shipmentId: shipment.entityId, ...parcelOf(wish) },
    wishes: [wish],
    isRepeat: false,
  };
}

function ship(order: Order, wishes: readonly Wish[]): PlannedAction {
  return {
    action: { kind: 'ship', orderId: order.entityId, parcels: wishes.map(parcelOf) },
    wishes,
    isRepeat: false,
  };
}

interface Obstacle {
  readonly outcome: Outcome;
  readonly message: string;
}

/** Why the order cannot be shipped now; undefined when it can. States as recorded in `ship-*`. */
function obstacleToShipping(order: Order, policy: Policy): Obstacle | undefined {
  const shippable = order.items.filter((item) => item.parentItemId === null && !item.isVirtual);
  if (order.items.length > 0 && shippable.length === 0) {
    return {
      outcome: 'nothing-to-ship',
      message: 'the order holds only virtual or downloadable items, so nothing of it is ever shipped',
    };
  }
  if (order.state === 'canceled') {
    return { outcome: 'order-closed', message: 'the order is canceled and has no shipment' };
  }
  if (!order.items.some((item) => isOpen(item))) {
    return {
      outcome: 'order-closed',
      message: `the order has no shipment and nothing left to ship (status ${order.status})`,
    };
  }
  if (HELD_STATES.has(order.state)) {
    return {
      outcome: 'order-held',
      message: `the order has no shipment and cannot be shipped while its status is ${order.status}`,
    };
  }
  if (!policy.createShipments) {
    return {
      outcome: 'no-shipment',
      message: 'the order has no shipment yet; shipments.create: true would let Trackdrop ship it',
    };
  }
  return undefined;
}

/**
 * `holded` and `payment_review` are refused by Magento; `pending_payment` it would accept, but nobody has
 * paid yet.
 */
const HELD_STATES: ReadonlySet<string> = new Set(['holded', 'payment_review', 'pending_payment']);

/**
 * Whether something of the item can still be shipped, as Magento\Sales\Model\Order\Item::getSimpleQtyToShip
 * has it: what was shipped and then refunded counts once. Magento counts shipped quantities on the children of
 * some bundles and on the parents of others; an order has something open when either does.
 */
function isOpen(item: OrderItem): boolean {
  const gone = Math.max(item.qtyShipped, item.qtyRefunded) + item.qtyCanceled;
  return !item.isVirtual && item.qtyOrdered > gone;
}
