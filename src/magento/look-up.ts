import { AdaptiveLimit } from '../domain/adaptive-limit.ts';
import { givenUp } from '../domain/given-up.ts';
import type { Look, Order, Shipment } from '../domain/order.ts';
import { orderKey } from '../domain/row.ts';
import { type Backoff, retryDelayMs } from '../domain/schedule.ts';
import type { Events } from '../events.ts';
import type { Clock } from '../runtime/clock.ts';
import { retrying } from '../runtime/retry.ts';
import { ORDER_FIELDS, parseOrder, parseShipment, SHIPMENT_FIELDS, ShapeError } from './order-parser.ts';
import { allPages, LookError } from './pages.ts';
import { PAGE_SIZE, windowsOf } from './search.ts';
import type { Traffic } from './traffic.ts';

/** A look, and when its last answer came, ms of the clock. */
export interface TimedLook extends Look {
  readonly endedAtMs: number;
}

/** What became of one number: a look, or why this number alone cannot be looked up while the store is well. */
export type LookResult = TimedLook | { readonly failed: string };

/** What looking up orders takes. */
export interface LookUpParts {
  readonly store: string;
  readonly retry: Backoff & { readonly attempts: number };
  readonly traffic: Traffic;
  /** See `windowSize`; one for each store. */
  readonly windowSize: AdaptiveLimit;
  readonly clock: Clock;
  readonly events: Events;
}

/** Attempts for several numbers at once: they can be divided, and the sound ones should not wait for long. */
const WINDOW_ATTEMPTS = 2;

/** Windows of the present size that must succeed before larger ones are tried: a failure may cost a timeout. */
const WORKED_BEFORE_LARGER = 10;

/**
 * How many orders a shop is asked for at once: one that fails with a hundred is not asked for a hundred each time,
 * but for as many as it answered when they were divided, and by and by for more.
 */
export function windowSize(): AdaptiveLimit {
  return new AdaptiveLimit(PAGE_SIZE, {
    after: WORKED_BEFORE_LARGER,
    step: (size) => Math.ceil(size * 1.25),
  });
}

/**
 * Asks for orders with their shipments: two requests for up to a hundred numbers, more where `total_count`
 * says so. An answer that is short or does not fit its question is a failed look, never "not there".
 *
 * Numbers that cannot be looked up together are halved until the culprit is alone; only it fails.
 * The result has the `orderKey` of each number. Throws StoppedError.
 */
export async function lookUpOrders(
  orderNumbers: readonly string[],
  parts: LookUpParts,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, LookResult>> {
  const results = new Map<string, LookResult>();
  const askable = new Map<string, string>();
  for (const number of orderNumbers) {
    const key = orderKey(number);
    if (key === '') results.set(key, { failed: 'an empty order number cannot be looked up' });
    else if (!number.isWellFormed()) results.set(key, { failed: 'the order number is no valid text' });
    else askable.set(key, number.trim());
  }
  const { windowSize } = parts;
  await Promise.all(
    windowsOf([...askable.values()], windowSize.value).map(async (window) => {
      const { answered, tooMuch } = await lookUpWindow(window, parts, signal, results);
      // A smaller one fails for what one of its orders has: that says nothing about a hundred.
      if (window.length < windowSize.value && !tooMuch) return;
      if (answered < window.length) windowSize.lowerTo(answered);
      else windowSize.worked();
    }),
  );
  return results;
}

/** What became of a window. */
interface Answered {
  /** The size of the largest window that was answered: all of it, what it had to be divided into, or 0. */
  readonly answered: number;
  /** It was divided since it was too much for one answer. */
  readonly tooMuch: boolean;
}

async function lookUpWindow(
  numbers: readonly string[],
  parts: LookUpParts,
  signal: AbortSignal,
  results: Map<string, LookResult>,
): Promise<Answered> {
  const { clock, retry } = parts;
  const alone = numbers.length === 1;
  const startedAtMs = clock.nowMs();
  try {
    const looks = await retrying(() => askWindow(numbers, parts, signal), {
      attempts: alone ? retry.attempts : Math.min(retry.attempts, WINDOW_ATTEMPTS),
      verdict: (error) => {
        if (error instanceof ShapeError) return 'count';
        if (!(error instanceof LookError)) return 'give-up';
        return error.tooMuch && !alone && error.retry === 'count' ? 'give-up' : error.retry;
      },
      delayMs: (attempt) => retryDelayMs(attempt, retry, clock.random()),
      onRetry: (error, attempt, delayMs) =>
        parts.events.emit('store.retry', { store: parts.store, message: error.message, attempt, delayMs }),
      clock,
      signal,
    });
    for (const [key, look] of looks) results.set(key, look);
    parts.events.emit('orders.looked-up', {
      store: parts.store,
      orders: numbers.length,
      tookMs: clock.nowMs() - startedAtMs,
    });
    return { answered: numbers.length, tooMuch: false };
  } catch (error) {
    if (!(error instanceof LookError || error instanceof ShapeError)) throw error;
    if (alone) {
      const failed = givenUp(`looked up ${retry.attempts} times in vain`, error.message);
      for (const number of numbers) results.set(orderKey(number), { failed });
      return { answered: 0, tooMuch: false };
    }
    const middle = Math.ceil(numbers.length / 2);
    const halves = [numbers.slice(0, middle), numbers.slice(middle)];
    const parted = await Promise.all(halves.map((half) => lookUpWindow(half, parts, signal, results)));
    const tooMuch = error instanceof LookError && error.tooMuch;
    return { answered: Math.max(...parted.map(({ answered }) => answered)), tooMuch };
  }
}

async function askWindow(
  numbers: readonly string[],
  parts: LookUpParts,
  signal: AbortSignal,
): Promise<Map<string, TimedLook>> {
  const { items, sentAtMs } = await allPages(
    { resource: 'orders', field: 'increment_id', values: numbers, fields: ORDER_FIELDS },
    parts.traffic,
    signal,
  );
  const orders = new Map<string, (Order & { shipments: Shipment[] })[]>();
  for (const number of numbers) orders.set(orderKey(number), []);
  const byId = new Map<number, Order & { shipments: Shipment[] }>();
  for (const item of items) {
    const order = { ...parseOrder(item), shipments: [] };
    const asked = orders.get(orderKey(order.incrementId));
    if (!asked)
      throw new ShapeError(`Magento answered with order ${order.incrementId}, which was not asked for`);
    asked.push(order);
    byId.set(order.entityId, order);
  }
  const ids = [...byId.keys()];
  for (let start = 0; start < ids.length; start += PAGE_SIZE) {
    const shipments = await allPages(
      {
        resource: 'shipments',
        field: 'order_id',
        values: ids.slice(start, start + PAGE_SIZE),
        fields: SHIPMENT_FIELDS,
      },
      parts.traffic,
      signal,
    );
    for (const item of shipments.items) {
      const { orderId, shipment } = parseShipment(item);
      const order = byId.get(orderId);
      if (!order)
        throw new ShapeError(`Magento answered with a shipment of order id ${orderId}, not asked for`);
      order.shipments.push(shipment);
    }
  }
  const endedAtMs = parts.clock.nowMs();
  return new Map(Array.from(orders, ([key, found]) => [key, { orders: found, atMs: sentAtMs, endedAtMs }]));
}
