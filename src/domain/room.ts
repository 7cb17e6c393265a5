/** Ms after which a look is not planned from any more: it may miss what others did to the order since. */
export const LOOK_AGES_AFTER_MS = 30_000;

/** Orders in one look-up; more make Magento's answer slow without making it cheaper. */
export const WINDOW_ORDERS = 100;

/** When so few orders of the present windows are left, workers could run dry before the next one is looked up. */
const LOW_WATER_ORDERS = 50;

/** Orders that rest until their next look cost memory only, but not without end. */
const MOST_ORDERS_UNDER_WAY = 2_000;

/** The part of them that may stand aside, for as long as an hour, because writes such as theirs do not come through. */
const ASIDE_PART = 0.5;

/** The part of a window that a drop may still bring then: enough to see whether its orders come through. */
const TRIED_PART = 0.2;

/**
 * The part of the orders under way that one window may bring: looked up a few at a time, each costs a look of its own.
 */
const WINDOW_PART = 0.8;

/** Orders that are looked up again by one request; each such look takes two, orders and shipments. */
const ORDERS_A_REQUEST = WINDOW_ORDERS / 2;

/** How many orders of a store may be under way. */
export interface Room {
  /** Orders that one window may bring. */
  readonly windowOrders: number;
  /** The next window is due when no more than these are left, those that rest not counted. */
  readonly lowWaterOrders: number;
  /** No window is due while so many are under way, those that rest included, and of those aside the first `mostAside`. */
  readonly mostOrders: number;
  /** While so many stand aside, all drops together, each drop brings few: others need their room. */
  readonly mostAside: number;
  /** The few: orders that a drop may have under way then, those aside included. */
  readonly triedOrders: number;
}

/**
 * The room that a rate leaves, requests per second; null: any rate. No more orders are under way than it lets be
 * written within half the age of a look: at 1 a second 15, of which a window brings 12. With more of them looks
 * become old before the writes that were planned from them get their turn, and the rate is used up by looking again.
 * Of those that rest there are no more than it lets be looked up again in that time, should all of them wake at once.
 */
export function roomAt(maxRequestsPerSecond: number | null): Room {
  const all = WINDOW_ORDERS + LOW_WATER_ORDERS;
  const requests = Math.floor(
    ((maxRequestsPerSecond ?? Number.POSITIVE_INFINITY) * LOOK_AGES_AFTER_MS) / 2_000,
  );
  const orders = Math.max(1, Math.min(all, requests));
  const windowOrders = Math.min(WINDOW_ORDERS, Math.ceil(WINDOW_PART * orders));
  const mostOrders = Math.min(MOST_ORDERS_UNDER_WAY, ORDERS_A_REQUEST * orders);
  return {
    windowOrders,
    lowWaterOrders: orders - windowOrders,
    mostOrders,
    mostAside: Math.ceil(ASIDE_PART * mostOrders),
    triedOrders: Math.ceil(TRIED_PART * windowOrders),
  };
}
