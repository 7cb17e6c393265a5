import { createHmac, createSecretKey } from 'node:crypto';

/** The four values that Magento shows for an active integration. */
export interface OAuthCredentials {
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly accessToken: string;
  readonly accessTokenSecret: string;
}

/** What has to be new in each request: Magento remembers nonces. */
interface Fresh {
  readonly nonce: string;
  /** Seconds since 1970. */
  readonly timestamp: number;
}

/**
 * Makes the Authorization headers of one integration, each for one request.
 *
 * OAuth 1.0a without a user's part (RFC 5849, section 3), HMAC-SHA256: Magento refuses SHA1 from 2.4.4 on
 * (recording oauth-hmac-sha1). The body is JSON and therefore not signed (3.4.1.3.1). Our own code, since
 * oauth-1.0a on npm has had no release since 2020.
 */
export function oauthHeaders({
  consumerKey,
  consumerSecret,
  accessToken,
  accessTokenSecret,
}: OAuthCredentials): (method: string, url: string, fresh: Fresh) => string {
  const key = createSecretKey(`${encode(consumerSecret)}&${encode(accessTokenSecret)}`, 'utf8');
  return (method, url, { nonce, timestamp }) => {
    const parameters = [
      ['oauth_consumer_key', consumerKey],
      ['oauth_nonce', nonce],
      ['oauth_signature_method', 'HMAC-SHA256'],
      ['oauth_timestamp', String(timestamp)],
      ['oauth_token', accessToken],
      ['oauth_version', '1.0'],
    ] as const;
    const signature = createHmac('sha256', key)
      .update(signatureBase(method, url, parameters))
      .digest('base64');
    const fields = [...parameters, ['oauth_signature', signature] as const];
    return `OAuth ${fields.map(([name, value]) => `${name}="${encode(value)}"`).join(', ')}`;
  };
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
function encode(text: string): string {
  // Nearly every name and value, at a tenth of the price.
  if (/^[\w.~-]*$/.test(text)) return text;
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
