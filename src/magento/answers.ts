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
  readonly blame: 'sign-in' | 'token' | 'store' | 'address' | 'rate';
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
 * - `token`: it ended on the way, and there is a new one; nothing is wrong, the call is to be made again.
 * - `rate`: too many requests; all of them rest for a while.
 */
export type Blame = 'call' | 'store' | 'address' | 'right' | 'sign-in' | 'token' | 'rate';

/** What a reply means. */
export type Verdict = { readonly kind: 'done'; readonly value: unknown } | Failure;

export interface Failure {
  /**
   * What is known of a write, as in `WriteAnswer` in domain/write.ts. Only what *proves* that it did nothing, and will
   * do nothing later, makes it `unsent` or `refused`; everything else is `uncertain`, whoever is to blame. Proofs are:
   * - no connection stood, or signing in failed: nothing went out;
   * - words that Magento says before it calls the service: that a right is missing, that it does not know who asks
   *   (`isSaidAtTheDoor`), that it does not know the store code or the route;
   * - 429: limits are counted before a request is let in;
   * - any other sentence of Magento's with a status that it refuses with, but the opaque ones.
   *
   * A redirect, a page, a 401 or 5xx in nobody's words prove nothing: a proxy says them as well that passed the write
   * on and then waited no longer (`error_page 504` of nginx is a 302), or that sent it twice (`non_idempotent`).
   */
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
  'The token length is invalid. Check the length and try again.': 'right',
};

/**
 * OAuth's refusals that come with 401 (Magento\Framework\Oauth\Oauth, Oauth\Token\Provider and Oauth\Nonce\Generator of
 * Magento_Integration; recordings oauth-*).
 */
const UNKNOWN_CALLER = new Set([
  'A consumer having the specified key does not exist',
  'Consumer key is not the correct length',
  'Consumer key has expired',
  'Specified token does not exist',
  'Token is not the correct length',
  'Token is not associated with the specified consumer',
  'Token is not an access token',
  'Access token has been revoked',
  'The signature is invalid. Verify and try again.',
  'Invalid signature.',
  'Incorrect timestamp value in the oauth_timestamp parameter',
]);

/**
 * Every request has a nonce of its own, so that this one came twice: whatever stands before the shop has repeated it,
 * and what became of the first nobody knows (recording oauth-nonce-reused).
 */
const NONCE_USED = 'The nonce is already being used by the consumer with ID %1';

/**
 * What a shop says in the midst of a deployment, while its routes or classes are not all there (recording
 * route-unknown; PHP's own words for a class): nothing was done, and it is no word about the order.
 */
const HALF_DEPLOYED = /^Request does not match any route\.$|^Class "?[\w\\]+"? does not exist$/;

/** Longer than a proxy lets through, or than it waits for an answer. */
const TOO_MUCH = new Set([413, 414, 504]);

/**
 * Statuses with which Magento refuses a call in words that concern that call alone (Magento\Framework\Webapi\Exception
 * and ErrorProcessor; 406 would be about an `Accept` that is never sent).
 */
const REFUSALS = new Set([400, 404, 405]);

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
    return fail(
      'uncertain',
      'address',
      `the store's address answers ${status} and points to ${target(reply)}`,
    );
  }
  const body = jsonBody(reply);
  const said = body === undefined ? undefined : magentoMessage(body);
  const message = said ?? unexpected(reply);
  if (status === 401) {
    if (said === undefined) {
      return fail('uncertain', 'address', `${message}: something in front of Magento asks for a password`);
    }
    if (template(body) === NONCE_USED) {
      return fail('uncertain', 'store', `${said}: a proxy before the shop has sent one request twice`);
    }
    const kind = isSaidAtTheDoor(reply) ? 'unsent' : 'uncertain';
    return fail(kind, 'right', withRemedy(said, remedyFor(body, reply.signedAs)));
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

/**
 * Whether a 401 is Magento's own word, said before the request did anything: it names the right that is missing
 * (Magento\Webapi\Controller\Rest\RequestValidator), which it does as well where it does not know the token, or says
 * what is wrong with an OAuth signature.
 */
export function isSaidAtTheDoor(answer: Answer): boolean {
  const body = jsonBody(answer);
  if (answer.status !== 401 || !isRecord(body)) return false;
  const { parameters } = body;
  const namesRight = isRecord(parameters) && typeof parameters.resources === 'string';
  return namesRight || UNKNOWN_CALLER.has(template(body) ?? '');
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
