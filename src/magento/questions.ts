import { PROBE_PATH, SHIPMENTS_PROBE_PATH } from './search.ts';
import type { Call } from './verdict.ts';
import type { Request } from './wire.ts';

/** The greatest id that the database can hold: an order that does not exist, whatever the shop's size. */
const NO_ORDER = 4_294_967_295;

/** A call that can be made without taking effect. */
export type AskedCall = Exclude<Call, 'untrack' | 'mail'>;

/**
 * A call of each kind that needs its right and cannot take effect. Magento asks for the right before anything else:
 * without it the answer is 401 (recordings auth-acl-orders-read-shipments, auth-acl-orders-read-ship,
 * auth-bad-token-post-malformed), with it that there is no such order (404, ship-unknown-order-id) or that the track
 * itself is missing from the request (400, track-empty-object).
 */
export const QUESTIONS: Readonly<Record<AskedCall, Request>> = {
  orders: { method: 'GET', path: PROBE_PATH },
  shipments: { method: 'GET', path: SHIPMENTS_PROBE_PATH },
  track: { method: 'POST', path: 'shipment/track', body: '{}' },
  ship: { method: 'POST', path: `order/${NO_ORDER}/ship`, body: '{}' },
};

/**
 * The question that shows whether calls of a kind come through. Taking a track back needs what adding one needs, and so
 * does a mail: a shop that sends none still takes numbers, which must not wait for it.
 */
export const QUESTION_OF = {
  orders: 'orders',
  shipments: 'shipments',
  track: 'track',
  untrack: 'track',
  mail: 'track',
  ship: 'ship',
} as const satisfies Readonly<Record<Call, AskedCall>>;
