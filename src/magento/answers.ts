import { type Meaning, meaningOf } from './foreign-answer.ts';
import { isRecord, jsonBody, readId } from './json.ts';
import { magentoMessage, refusedResources, template } from './magento-message.ts';
import { isSignInRefusal, remedyFor, withRemedy } from './remedies.ts';
import type { Answer, Broken, Reply } from './reply.ts';
import type { Blame, Call, Failure, Verdict } from './verdict.ts';

/**
 * Says nothing: Magento gives it for wrong data, and for deadlocks and lost locks as well (Sales\Model\ShipOrder).
 * Whether the write happened must be looked up. Its fellow of tracks (TrackRepository) is known by its shape.
 */
const OPAQUE = 'Could not save a shipment, see error log for details';

/** Magento\Framework\Exception\NoSuchEntityException (recording ship-unknown-order-id). */
const NO_SUCH_ENTITY = "The entity that was requested doesn't exist. Verify the entity and try again.";

/** Said for every request, to a store code that does not exist (recording orders-store-path-unknown). */
const UNKNOWN_STORE_CODE = 'Specified request cannot be processed.';

/**
 * Every request has a nonce of its own, so that this one came twice: whatever stands before the shop has repeated it,
 * and what became of the first nobody knows (recording oauth-nonce-reused).
 */
const NONCE_USED = 'The nonce is already being used by the consumer with ID %1';

/**
 * A clock that is ahead (recording oauth-future-timestamp-700s), or the same nonce twice at the same time: whatever
 * goes wrong while it is kept (Oauth\Nonce\Generator of Magento_Integration).
 */
const NONCE_NOT_KEPT = 'An error occurred validating the nonce';

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
    return fail('unsent', reply.blame, reply, { retryAfterMs: reply.retryAfterMs });
  }
  if (reply.kind === 'answer' && isSuccess(reply)) {
    const body = jsonBody(reply);
    // Whatever stands between us and Magento may say 200 as well: a sign-in page, a maintenance page.
    return body !== undefined && hasShape(call, body)
      ? { kind: 'done', value: body }
      : fail('uncertain', 'store', meaningOf(reply));
  }
  const failure = judgeFailure(reply);
  if (failure.blame !== 'call') return failure;
  // Our questions are sound: a shop that refuses one is not itself.
  if (READS.has(call)) return { ...failure, blame: 'store' };
  if (failure.kind !== 'refused' || reply.kind === 'broken' || isReasoned(call, reply)) return failure;
  // A 404 in words that nobody knows may be the shop's word for a route that is not there.
  return { ...failure, kind: 'uncertain', blame: reply.status === 404 ? 'store' : 'call' };
}

/** Any 2xx; what it says is for others to judge. */
export function isSuccess({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

/** What a failure means, whatever was asked. */
export function judgeFailure(reply: Broken | Answer): Failure {
  if (reply.kind === 'broken') {
    // A wrong certificate does not heal by itself, but somebody renews it: what waits, waits for that.
    const blame = reply.why === 'certificate' ? 'address' : 'store';
    return fail(reply.sent ? 'uncertain' : 'unsent', blame, reply, {
      tooMuch: reply.sent && (reply.why === 'timeout' || reply.why === 'too-large'),
    });
  }
  if (reply.status >= 300 && reply.status < 400) return fail('uncertain', 'address', redirect(reply));
  const body = jsonBody(reply);
  const said = magentoMessage(body);
  return said === undefined ? judgeForeign(reply) : judgeWords(reply, body, said);
}

/**
 * Whether a refusal of a write gives a reason that can be believed. A shop that speaks another language translates its
 * sentences, so that they are known by their shape where there is one: input that does not fit comes with parameters,
 * what keeps an order from being shipped with several lines. Of tracks all others say nothing.
 */
function isReasoned(call: Call, answer: Answer): boolean {
  const body = jsonBody(answer);
  const words = template(body) ?? '';
  if (answer.status === 404) return words === NO_SUCH_ENTITY;
  const hasParameters = isRecord(body) && (body.parameters !== undefined || body.errors !== undefined);
  return hasParameters || (call === 'ship' && words !== OPAQUE);
}

/** An answer without a word of Magento. */
function judgeForeign(answer: Answer): Failure {
  const { status, retryAfterMs } = answer;
  const meaning = meaningOf(answer);
  if (status === 401) return fail('uncertain', 'address', meaning);
  if (status === 429) return fail('unsent', 'rate', meaning, { retryAfterMs });
  return fail('uncertain', 'store', meaning, { retryAfterMs, tooMuch: TOO_MUCH.has(status) });
}

function judgeWords(answer: Answer, body: unknown, said: string): Failure {
  const { status, retryAfterMs, signedAs } = answer;
  const words = template(body) ?? '';
  if (status === 429) return fail('unsent', 'rate', { message: said, remedy: FEWER }, { retryAfterMs });
  if (status === 401 && words === NONCE_USED) return fail('uncertain', 'store', cameTwice(said));
  if ((status === 401 || status === 400) && isSignInRefusal(words)) {
    const refusal = withRemedy(`the sign-in is refused: ${said}`, remedyFor(body, signedAs));
    return fail(words === NONCE_NOT_KEPT ? 'uncertain' : 'unsent', 'right', only(refusal));
  }
  if (status === 401) {
    const helps = remedyFor(body, signedAs);
    const meaning = helps === '' ? { message: said, remedy: CHECK_WAY_IN } : only(withRemedy(said, helps));
    const kind = isSaidAtTheDoor(answer) ? 'unsent' : 'uncertain';
    return fail(kind, 'right', meaning);
  }
  if (REFUSALS.has(status)) {
    if (HALF_DEPLOYED.test(said)) {
      const message = `Magento answered ${status}: ${said}`;
      return fail('unsent', 'store', { message, remedy: 'Look whether the shop is being deployed.' });
    }
    return words === UNKNOWN_STORE_CODE
      ? fail('unsent', 'address', noSuchStoreCode(said))
      : fail('refused', 'call', only(said));
  }
  const meaning = {
    message: `Magento answered ${status}: ${said}`,
    remedy: 'Look into var/log of the shop.',
  };
  return fail('uncertain', 'store', meaning, { retryAfterMs, tooMuch: TOO_MUCH.has(status) });
}

const FEWER = 'Set maxRequestsPerSecond of the store.';
const CHECK_WAY_IN =
  'Check the credentials, the rights that belong to them, and what stands before the shop.';

/**
 * Whether a 401 is Magento's own word, said before the request did anything: it names the right that is missing
 * (Magento\Webapi\Controller\Rest\RequestValidator), which it does as well where it does not know the token, or says
 * what is wrong with an OAuth signature.
 */
export function isSaidAtTheDoor(answer: Answer): boolean {
  const body = jsonBody(answer);
  if (answer.status !== 401) return false;
  const words = template(body) ?? '';
  return refusedResources(body) !== undefined || (isSignInRefusal(words) && words !== NONCE_NOT_KEPT);
}

function fail(
  kind: Failure['kind'],
  blame: Blame,
  { message, remedy }: Meaning,
  more: { retryAfterMs?: number | undefined; tooMuch?: boolean } = {},
): Failure {
  return { kind, blame, message, remedy, retryAfterMs: more.retryAfterMs, tooMuch: more.tooMuch ?? false };
}

/** Words that say themselves what helps, or that nothing is known to help against. */
function only(message: string): Meaning {
  return { message, remedy: '' };
}

function cameTwice(said: string): Meaning {
  return {
    message: `${said}: a proxy before the shop has sent one request twice`,
    remedy: 'Let it repeat no request that writes (in nginx proxy_next_upstream without non_idempotent).',
  };
}

function noSuchStoreCode(said: string): Meaning {
  return {
    message: `the shop does not know the storeCode (${said})`,
    remedy: 'Set storeCode of the store to the code of one of its store views, or to all.',
  };
}

function redirect({ status, location = '', url }: Answer): Meaning {
  // The query may hold a secret.
  const target = location.replace(/[?#].*$/s, '');
  const message = `the store's address answers ${status} and points to ${target || 'nowhere'}`;
  const [from, to] = [new URL(url), URL.parse(location, url)];
  const isOnlyMoreSecure =
    from.protocol === 'http:' && to?.protocol === 'https:' && to.hostname === from.hostname;
  const remedy = isOnlyMoreSecure
    ? `Set url to ${to.origin}${from.pathname.replace(/\/$/, '')}.`
    : 'Set url to the address under which the shop answers itself; redirects are not followed.';
  return { message, remedy };
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
    case 'mail':
      return typeof body === 'boolean';
  }
}
