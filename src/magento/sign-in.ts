import { createHmac, randomBytes } from 'node:crypto';
import { StoreError } from '../domain/failure.ts';
import type { Clock } from '../runtime/clock.ts';

export type Credentials =
  | { readonly kind: 'bearer'; readonly token: string }
  | OAuthCredentials
  | AdminCredentials;

export interface AdminCredentials {
  readonly kind: 'admin';
  readonly username: string;
  readonly password: string;
  /** Base32; null where the shop asks for no second factor. */
  readonly otpSecret: string | null;
}

export interface OAuthCredentials {
  readonly kind: 'oauth';
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly accessToken: string;
  readonly accessTokenSecret: string;
}

/** Makes the Authorization header of one attempt; a retry needs a new one, since Magento remembers nonces. */
export type SignIn = (method: string, url: string) => string;

/** Throws StoreError `not-allowed` where a secret cannot stand in a header, without quoting it. */
export function signInWith(credentials: Credentials, clock: Clock): SignIn {
  if (credentials.kind === 'bearer') {
    if (!/^[\x21-\x7e]+$/.test(credentials.token)) {
      throw new StoreError('not-allowed', 'the bearer token is empty or holds characters that no token has', {
        hint: 'copy the token again, without line ends or blanks',
      });
    }
    const header = `Bearer ${credentials.token}`;
    return () => header;
  }
  if (credentials.kind === 'admin') {
    throw new StoreError('not-allowed', 'signing in as an admin user is not there yet');
  }
  return (method, url) =>
    oauthHeader(credentials, method, url, {
      nonce: randomBytes(16).toString('hex'),
      timestamp: Math.floor(clock.wallMs() / 1000),
    });
}

/**
 * OAuth 1.0a without a user's part (RFC 5849, section 3), HMAC-SHA256: Magento refuses SHA1 from 2.4.4 on.
 * The body is JSON and therefore not signed (3.4.1.3.1).
 */
export function oauthHeader(
  credentials: OAuthCredentials,
  method: string,
  url: string,
  fresh: { readonly nonce: string; readonly timestamp: number },
): string {
  const parameters: [string, string][] = [
    ['oauth_consumer_key', credentials.consumerKey],
    ['oauth_nonce', fresh.nonce],
    ['oauth_signature_method', 'HMAC-SHA256'],
    ['oauth_timestamp', String(fresh.timestamp)],
    ['oauth_token', credentials.accessToken],
    ['oauth_version', '1.0'],
  ];
  const key = `${encode(credentials.consumerSecret)}&${encode(credentials.accessTokenSecret)}`;
  const signature = createHmac('sha256', key)
    .update(signatureBase(method, url, parameters))
    .digest('base64');
  const fields = [...parameters, ['oauth_signature', signature] as const];
  return `OAuth ${fields.map(([name, value]) => `${name}="${encode(value)}"`).join(', ')}`;
}

/** The text that is signed (RFC 5849, 3.4.1): method, address without query, and all parameters in order. */
export function signatureBase(
  method: string,
  url: string,
  parameters: readonly (readonly [string, string])[],
): string {
  const { protocol, host, pathname, searchParams } = new URL(url);
  const pairs = [...searchParams, ...parameters]
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  return [method.toUpperCase(), encode(`${protocol}//${host}${pathname}`), encode(pairs)].join('&');
}

/** RFC 3986 encoding: encodeURIComponent leaves five characters that OAuth wants encoded. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
