import { createHmac, timingSafeEqual } from 'node:crypto';
import { parse as parseQueryString } from 'node:querystring';
import { fieldRequired, problem, type Result } from './answer.ts';
import { bearerToken, type Caller, knownRights, NOBODY, type Right } from './caller.ts';

/** The four values that Magento shows for an integration. */
export interface OAuthCredentials {
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly accessToken: string;
  readonly accessTokenSecret: string;
}

interface Integration extends OAuthCredentials {
  readonly consumerId: number;
  rights: ReadonlySet<Right>;
}

/** The parts of a request that are signed. */
export interface SignedRequest {
  readonly method: string;
  readonly scheme: 'http' | 'https';
  /** As the client sees it, with the port. */
  readonly host: string;
  readonly path: string;
  /** Raw, without the question mark. */
  readonly query: string;
}

/** Magento lets a client's clock run ahead by ten minutes (oauth-future-timestamp-500s, -700s). */
const TIMESTAMP_AHEAD_S = 600;
/** Old nonces are forgotten in two generations, so that a long run does not grow. */
const NONCES_PER_GENERATION = 500_000;

const REQUIRED = [
  'oauth_consumer_key',
  'oauth_signature',
  'oauth_signature_method',
  'oauth_nonce',
  'oauth_timestamp',
  'oauth_token',
] as const;

/** The shop's integrations, and who stands behind a request. */
export class Integrations {
  /** False: bearer tokens of integrations are refused, the default of Magento 2.4.4 and later. */
  bearerAllowed = true;
  readonly #byToken = new Map<string, Integration>();
  readonly #byConsumerKey = new Map<string, Integration>();
  #nonces = { young: new Set<string>(), old: new Set<string>() };

  /** A new integration; its access token is also its bearer token. */
  add(rights: readonly Right[]): OAuthCredentials {
    const consumerId = this.#byToken.size + 1;
    const name = (prefix: string) => prefix.padEnd(32 - String(consumerId).length, '0') + consumerId;
    const integration: Integration = {
      consumerId,
      consumerKey: name('sandboxconsumerkey'),
      consumerSecret: name('sandboxconsumersecret'),
      accessToken: name('sandboxaccesstoken'),
      accessTokenSecret: name('sandboxaccesstokensecret'),
      rights: knownRights(rights),
    };
    this.#byToken.set(integration.accessToken, integration);
    this.#byConsumerKey.set(integration.consumerKey, integration);
    const { consumerKey, consumerSecret, accessToken, accessTokenSecret } = integration;
    return { consumerKey, consumerSecret, accessToken, accessTokenSecret };
  }

  setRights(accessToken: string, rights: readonly Right[]): void {
    const integration = this.#byToken.get(accessToken);
    if (!integration) throw new RangeError('The sandbox has no integration with this access token');
    integration.rights = knownRights(rights);
  }

  /** Looks at the Authorization header; anything that is neither bearer nor OAuth is nobody. */
  caller(authorization: string | undefined, request: SignedRequest): Caller {
    const bearer = bearerToken(authorization);
    if (bearer !== null) {
      const integration = this.bearerAllowed ? this.#byToken.get(bearer) : undefined;
      return integration ? { kind: 'integration', rights: integration.rights } : NOBODY;
    }
    return authorization !== undefined && /^oauth /iu.test(authorization)
      ? this.#signed(authorization, request)
      : NOBODY;
  }

  /** In Magento's order: parameters, method, consumer, nonce, token, signature. */
  #signed(authorization: string, request: SignedRequest): Caller {
    const oauth = headerParameters(authorization);
    for (const name of REQUIRED) {
      if (!oauth.get(name)) return refused(fieldRequired(name));
    }
    const method = oauth.get('oauth_signature_method') ?? '';
    if (method !== 'HMAC-SHA256')
      return refused(problem(400, 'Signature method %1 is not supported', [method]));
    const consumer = this.#byConsumerKey.get(oauth.get('oauth_consumer_key') ?? '');
    if (!consumer) return refused(problem(401, 'A consumer having the specified key does not exist'));
    const timestamp = Number(oauth.get('oauth_timestamp'));
    if (!(timestamp > 0) || timestamp > Date.now() / 1000 + TIMESTAMP_AHEAD_S) {
      return refused(problem(401, 'An error occurred validating the nonce'));
    }
    if (!this.#useNonce(`${consumer.consumerId} ${oauth.get('oauth_nonce')}`)) {
      return refused(
        problem(401, 'The nonce is already being used by the consumer with ID %1', [
          String(consumer.consumerId),
        ]),
      );
    }
    const integration = this.#byToken.get(oauth.get('oauth_token') ?? '');
    if (!integration || integration !== consumer) {
      return refused(problem(401, 'Specified token does not exist'));
    }
    if (!sameText(signature(oauth, request, integration), oauth.get('oauth_signature') ?? '')) {
      return refused(problem(401, 'The signature is invalid. Verify and try again.'));
    }
    return { kind: 'integration', rights: integration.rights };
  }

  /** False when it was used before. */
  #useNonce(nonce: string): boolean {
    if (this.#nonces.young.has(nonce) || this.#nonces.old.has(nonce)) return false;
    if (this.#nonces.young.size >= NONCES_PER_GENERATION) {
      this.#nonces = { young: new Set(), old: this.#nonces.young };
    }
    this.#nonces.young.add(nonce);
    return true;
  }
}

function refused(refusal: Result): Caller {
  return { kind: 'refused', refusal };
}

function headerParameters(authorization: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [, name, value] of authorization.matchAll(/([a-z_]+)="([^"]*)"/giu)) {
    if (name) parameters.set(name, decodeURIComponentSafely(value ?? ''));
  }
  return parameters;
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray percent sign: PHP leaves it as it is, and the signature then fails by itself.
    return text;
  }
}

/** RFC 5849, section 3.4.2, with SHA-256; the JSON body is not signed. */
function signature(
  oauth: ReadonlyMap<string, string>,
  request: SignedRequest,
  secrets: OAuthCredentials,
): string {
  const pairs: [string, string][] = [];
  for (const [name, value] of oauth) {
    if (name !== 'oauth_signature' && name !== 'realm') pairs.push([percent(name), percent(value)]);
  }
  for (const [name, values] of Object.entries(parseQueryString(request.query, '&', '=', { maxKeys: 0 }))) {
    for (const value of [values ?? ''].flat()) pairs.push([percent(name), percent(value)]);
  }
  pairs.sort(([a, x], [b, y]) => naturalOrder(a, b) || naturalOrder(x, y));
  const base = [
    request.method.toUpperCase(),
    percent(`${request.scheme}://${request.host}${request.path}`),
    percent(pairs.map(([name, value]) => `${name}=${value}`).join('&')),
  ].join('&');
  const key = `${percent(secrets.consumerSecret)}&${percent(secrets.accessTokenSecret)}`;
  return createHmac('sha256', key).update(base).digest('base64');
}

/** RFC 3986: what `encodeURIComponent` leaves alone is encoded too. */
function percent(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/gu,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * PHP's strnatcmp, by which Magento sorts instead of byte by byte: index 9 comes before 10, so that a query
 * with eleven filters signed by the book is refused (oauth-11-filters-byte-order-sort).
 */
function naturalOrder(a: string, b: string): number {
  const left = a.match(/\d+|\D/gu) ?? [];
  const right = b.match(/\d+|\D/gu) ?? [];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const [x = '', y = ''] = [left[i], right[i]];
    if (x === y) continue;
    if (DIGITS.test(x) && DIGITS.test(y)) {
      const difference = BigInt(x) - BigInt(y);
      if (difference !== 0n) return difference < 0n ? -1 : 1;
      continue;
    }
    return x < y ? -1 : 1;
  }
  return left.length - right.length;
}

const DIGITS = /^\d/u;

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
