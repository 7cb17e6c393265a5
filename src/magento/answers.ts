/** What came back for one request, before it is judged. */
export type Reply =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly contentType: string;
      readonly body: string;
      /** The Location header. */
      readonly location: string | undefined;
      readonly retryAfterMs: number | undefined;
    }
  | {
      readonly kind: 'broken';
      readonly message: string;
      /** False only when the request certainly did not reach the store. */
      readonly sent: boolean;
      readonly timedOut: boolean;
      /** The answer was longer than the client reads. */
      readonly tooLarge: boolean;
    }
  | NotSignedIn;

/** Signing in failed: the request did not go out, or the store refused it before it did anything. */
export interface NotSignedIn {
  readonly kind: 'not-signed-in';
  /** Only `sign-in` is final: every later request gets the same reply without asking the store. */
  readonly blame: 'sign-in' | 'store' | 'address' | 'rate';
  /** Holds no secret. */
  readonly message: string;
  readonly retryAfterMs: number | undefined;
}

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
  /** A sentence for a person; placeholders are filled in, and nothing of our request is in it. */
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
  'Could not save a shipment, see error log for details',
]);

/** 400s that concern the configuration and come for every request (recordings orders-store-path-unknown, oauth-hmac-sha1). */
const NOT_ABOUT_THE_CALL: Readonly<Record<string, Blame>> = {
  'Specified request cannot be processed.': 'address',
  'Signature method %1 is not supported': 'right',
};

/** Statuses with which Magento refuses a call in words that concern that call alone. */
const REFUSALS = new Set([400, 404, 405, 406, 409, 422]);

const READS: ReadonlySet<Call> = new Set(['orders', 'shipments']);

/** The one place where replies are judged. */
export function classify(call: Call, reply: Reply): Verdict {
  if (reply.kind === 'broken') {
    return fail(reply.sent ? 'uncertain' : 'unsent', 'store', reply.message, {
      tooMuch: reply.sent && (reply.timedOut || reply.tooLarge),
    });
  }
  if (reply.kind === 'not-signed-in') {
    return fail('unsent', reply.blame, reply.message, { retryAfterMs: reply.retryAfterMs });
  }
  const { status, retryAfterMs } = reply;
  const body = jsonBody(reply);
  if (status >= 200 && status < 300) {
    // Whatever stands between us and Magento may say 200 as well: a sign-in page, a maintenance page.
    if (body === undefined || !hasShape(call, body)) {
      return fail('uncertain', 'store', `Magento answered ${status} with ${described(reply)}`);
    }
    return { kind: 'done', value: body };
  }
  if (status >= 300 && status < 400) {
    return fail('unsent', 'address', `the store's address answers ${status} and points to ${target(reply)}`);
  }
  const said = body === undefined ? undefined : magentoMessage(body);
  const message = said ?? `Magento answered ${status} with ${described(reply)}`;
  if (status === 401) return fail('unsent', 'right', message);
  if (status === 429) return fail('unsent', 'rate', message, { retryAfterMs });
  if (said !== undefined && REFUSALS.has(status)) {
    if (OPAQUE.has(said)) return fail('uncertain', 'call', message);
    const blame = NOT_ABOUT_THE_CALL[template(body) ?? ''];
    if (blame) return fail('unsent', blame, message);
    // Our questions are sound: a shop without its routes or classes (in the midst of a deployment, say) refuses any.
    return fail('refused', READS.has(call) ? 'store' : 'call', message);
  }
  return fail('uncertain', 'store', said === undefined ? message : `Magento answered ${status}: ${said}`, {
    retryAfterMs,
    tooMuch: status === 413 || status === 414,
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

/** The parsed body, undefined where it is no JSON: nothing is parsed before its content type is known. */
function jsonBody(answer: Reply & { kind: 'answer' }): unknown {
  if (!/^application\/(?:[\w.-]+\+)?json\b/i.test(answer.contentType)) return undefined;
  try {
    return JSON.parse(answer.body);
  } catch {
    // Cut off, or not what its header says: handled as an unreadable answer by the caller.
    return undefined;
  }
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

/** An entity id, which Magento gives as a number or as text (recording ship-qty-2-of-5-one-line: `"31"`). */
export function readId(value: unknown): number | undefined {
  const id = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof id === 'number' && Number.isSafeInteger(id) && id > 0 ? id : undefined;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Long enough for every sentence of Magento's; a row's message should not carry a page. */
const LONGEST_MESSAGE = 1_000;

/**
 * Magento's sentence with its placeholders filled in, its `errors` after it; undefined where there is none.
 * A fatal error of PHP comes as `messages.error[]` instead (Magento\Framework\Webapi\ErrorProcessor).
 */
export function magentoMessage(body: unknown): string | undefined {
  if (!isRecord(body)) return undefined;
  const sentences = [filled(body), ...list(body.errors).map(filled)];
  if (isRecord(body.messages)) sentences.push(...list(body.messages.error).map(filled));
  const text = sentences.filter((sentence) => sentence !== undefined).join(' ');
  return text === '' ? undefined : text.slice(0, LONGEST_MESSAGE);
}

/** Fills `%1`, `%2` from an array and `%name` from an object; the longest name first, as Magento does. */
function filled(source: unknown): string | undefined {
  const text = template(source);
  const parameters = isRecord(source) ? source.parameters : undefined;
  if (text === undefined || typeof parameters !== 'object' || parameters === null) return text;
  const values = new Map(
    Array.isArray(parameters)
      ? parameters.map((value, index) => [String(index + 1), value])
      : Object.entries(parameters),
  );
  return text.replace(/%(\w+)/g, (whole, word: string) => {
    for (let end = word.length; end > 0; end -= 1) {
      const name = word.slice(0, end);
      if (values.has(name)) return plain(values.get(name)) + word.slice(end);
    }
    return whole;
  });
}

function template(source: unknown): string | undefined {
  const text = isRecord(source) ? source.message : undefined;
  return typeof text === 'string' && text !== '' ? text : undefined;
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Names the answer without quoting a body of unknown origin. */
function described(answer: Reply & { kind: 'answer' }): string {
  const type = answer.contentType.split(';')[0] || 'no content type';
  return answer.body === '' ? 'an empty body' : `an unexpected body (${type})`;
}

/** Where a redirect points, without its query, which may hold a secret. */
function target(answer: Reply & { kind: 'answer' }): string {
  return answer.location?.replace(/[?#].*$/s, '') || 'nowhere';
}
