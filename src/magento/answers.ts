import { isRecord, jsonBody, readId } from './json.ts';
import { magentoMessage, template } from './magento-message.ts';
import { remedyFor, type SignedAs, withRemedy } from './remedies.ts';

export interface Answer {
  readonly kind: 'answer';
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** The Location header. */
  readonly location: string | undefined;
  readonly retryAfterMs: number | undefined;
  /** The store's time (the Date header, RFC 9110, 6.6.1: whole seconds), ms since 1970. */
  readonly dateMs: number | undefined;
  /** How the request was signed, or would have been: what helps against a 401 depends on it. */
  readonly signedAs: SignedAs;
}

/** No whole answer came. */
export interface Broken {
  readonly kind: 'broken';
  /** Holds no secret. */
  readonly message: string;
  /** False only when the request certainly did not reach the store. */
  readonly sent: boolean;
  /**
   * - `connection`: not made, refused or cut.
   * - `certificate`: whoever answers at the address could not show that it is the shop.
   * - `timeout`: the answer did not begin or did not end in time.
   * - `too-large`: the answer was longer than the client reads.
   */
  readonly why: 'connection' | 'certificate' | 'timeout' | 'too-large';
}

/** Signing in failed: the request did not go out, or the store refused it before it did anything. */
export interface NotSignedIn {
  readonly kind: 'not-signed-in';
  /** Only `sign-in` is final: every later request gets the same reply without asking the store. */
  readonly blame: 'sign-in' | 'store' | 'address' | 'rate';
  /** Holds no secret. */
  readonly message: string;
  readonly retryAfterMs: number | undefined;
}

/** What came back for one request, before it is judged. */
export type Reply = Answer | Broken | NotSignedIn;

/** The calls that are made; each needs one of the integration's rights. */
export type Call = 'orders' | 'shipments' | 'track' | 'ship' | 'untrack';

export const RIGHT_OF = {
  orders: 'Magento_Sales::actions_view',
  shipments: 'Magento_Sales::shipment',
  track: 'Magento_Sales::shipment',
  untrack: 'Magento_Sales::shipment',
  ship: 'Magento_Sales::ship',
} as const satisfies Record<Call, string>;

export type Right = (typeof RIGHT_OF)[Call];

/**
 * Whom a failure points at:
 * - `call`: the store answered in its own words; nothing is wrong with it.
 * - `store`: it may be down; its probe has to be asked.
 * - `address`: the store is not where the configuration says; treated as one that is down until somebody acts.
 * - `right`: the integration may not do this; asking again cannot help until somebody changes that.
 * - `sign-in`: the credentials are refused; no call can be made until the configuration is changed.
 * - `rate`: too many requests; all of them rest for a while.
 */
export type Blame = 'call' | 'store' | 'address' | 'right' | 'sign-in' | 'rate';

/** What a reply means. */
export type Verdict = { readonly kind: 'done'; readonly value: unknown } | Failure;

export interface Failure {
  /** As in `WriteAnswer` in domain/write.ts. */
  readonly kind: 'refused' | 'uncertain' | 'unsent';
  readonly blame: Blame;
  /** Sentences for a person; placeholders are filled in, and nothing of our request is in it. */
  readonly message: string;
  readonly retryAfterMs: number | undefined;
  /** The question itself was too much: a smaller one may be answered. */
  readonly tooMuch: boolean;
}

/**
 * Refusals that say nothing: Magento gives them for wrong data, and for deadlocks and lost locks as well
 * (Order\Shipment\TrackRepository, ShipOrder). Whether the write happened must be looked up.
 */
const OPAQUE = new Set([
  'Could not save the shipment tracking.',
  'Could not delete the shipment tracking.',
  'Could not save a shipment, see error log for details',
]);

/** Refusals that concern the configuration and come for every request (recordings orders-store-path-unknown, oauth-hmac-sha1). */
const NOT_ABOUT_THE_CALL: Readonly<Record<string, Blame>> = {
  'Specified request cannot be processed.': 'address',
  'Signature method %1 is not supported': 'right',
};

/**
 * What a shop says in the midst of a deployment, while its routes or classes are not all there (recording
 * route-unknown; PHP's own words for a class): nothing was done, and it is no word about the order.
 */
const HALF_DEPLOYED = /^Request does not match any route\.$|^Class "?[\w\\]+"? does not exist$/;

/** Longer than a proxy lets through, or than it waits for an answer. */
const TOO_MUCH = new Set([413, 414, 504]);

/** Statuses with which Magento refuses a call in words that concern that call alone. */
const REFUSALS = new Set([400, 404, 405, 406, 409, 422]);

const READS: ReadonlySet<Call> = new Set(['orders', 'shipments']);

/** The one place where replies are judged. */
export function classify(call: Call, reply: Reply): Verdict {
  if (reply.kind === 'not-signed-in') {
    return fail('unsent', reply.blame, reply.message, { retryAfterMs: reply.retryAfterMs });
  }
  if (reply.kind === 'answer' && isSuccess(reply)) {
    const body = jsonBody(reply);
    // Whatever stands between us and Magento may say 200 as well: a sign-in page, a maintenance page.
    return body !== undefined && hasShape(call, body)
      ? { kind: 'done', value: body }
      : fail('uncertain', 'store', unexpected(reply));
  }
  const failure = judgeFailure(reply);
  // Our questions are sound: a shop that refuses one is not itself.
  return failure.blame === 'call' && READS.has(call) ? { ...failure, blame: 'store' } : failure;
}

export function isSuccess({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

/** What a failure means, whatever was asked. */
export function judgeFailure(reply: Broken | Answer): Failure {
  if (reply.kind === 'broken') {
    // A wrong certificate does not heal by itself, but somebody renews it: what waits, waits for that.
    const blame = reply.why === 'certificate' ? 'address' : 'store';
    return fail(reply.sent ? 'uncertain' : 'unsent', blame, reply.message, {
      tooMuch: reply.sent && (reply.why === 'timeout' || reply.why === 'too-large'),
    });
  }
  const { status, retryAfterMs } = reply;
  if (status >= 300 && status < 400) {
    return fail('unsent', 'address', `the store's address answers ${status} and points to ${target(reply)}`);
  }
  const body = jsonBody(reply);
  const said = body === undefined ? undefined : magentoMessage(body);
  const message = said ?? unexpected(reply);
  if (status === 401) {
    return said === undefined
      ? fail('unsent', 'address', `${message}: something in front of Magento asks for a password`)
      : fail('unsent', 'right', withRemedy(said, remedyFor(body, reply.signedAs)));
  }
  if (status === 429) return fail('unsent', 'rate', message, { retryAfterMs });
  if (said !== undefined && REFUSALS.has(status)) {
    if (OPAQUE.has(said)) return fail('uncertain', 'call', message);
    if (HALF_DEPLOYED.test(said)) return fail('unsent', 'store', `Magento answered ${status}: ${said}`);
    const blame = NOT_ABOUT_THE_CALL[template(body) ?? ''];
    return blame ? fail('unsent', blame, message) : fail('refused', 'call', message);
  }
  return fail('uncertain', 'store', said === undefined ? message : `Magento answered ${status}: ${said}`, {
    retryAfterMs,
    tooMuch: TOO_MUCH.has(status),
  });
}

function fail(
  kind: Failure['kind'],
  blame: Blame,
  message: string,
  more: { retryAfterMs?: number | undefined; tooMuch?: boolean } = {},
): Failure {
  return { kind, blame, message, retryAfterMs: more.retryAfterMs, tooMuch: more.tooMuch ?? false };
}

function hasShape(call: Call, body: unknown): boolean {
  switch (call) {
    case 'orders':
    case 'shipments':
      return isRecord(body) && Number.isSafeInteger(body.total_count);
    case 'track':
      return isRecord(body) && readId(body.entity_id) !== undefined;
    case 'ship':
      return readId(body) !== undefined;
    case 'untrack':
      return body === true;
  }
}

/** Names an answer without quoting a body of unknown origin. */
export function unexpected({ status, contentType, body }: Answer): string {
  const type = contentType.split(';')[0] || 'no content type';
  const what = body === '' ? 'an empty body' : `an unexpected body (${type})`;
  return `Magento answered ${status} with ${what}`;
}

/** Where a redirect points, without its query, which may hold a secret. */
function target({ location }: Answer): string {
  return location?.replace(/[?#].*$/s, '') || 'nowhere';
}
