import { createHmac } from 'node:crypto';

/** The four values that Magento shows for an active integration. */
export interface OAuthCredentials {
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly accessToken: string;
  readonly accessTokenSecret: string;
}

/**
 * OAuth 1.0a without a user's part (RFC 5849, section 3), HMAC-SHA256: Magento refuses SHA1 from 2.4.4 on
 * (recording oauth-hmac-sha1). The body is JSON and therefore not signed (3.4.1.3.1). Our own code, since
 * oauth-1.0a on npm has had no release since 2020.
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
