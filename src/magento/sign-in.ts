import { randomUUID } from 'node:crypto';
import { StoreError } from '../domain/failure.ts';
import type { Clock } from '../runtime/clock.ts';
import { type AdminCredentials, AdminSigner, type TokenParts } from './admin-token.ts';
import { type OAuthCredentials, oauthHeaders } from './oauth-signature.ts';
import type { Signer } from './signer.ts';

/** One of Magento's three ways in. */
export type Credentials =
  | { readonly kind: 'bearer'; readonly token: string }
  | ({ readonly kind: 'oauth' } & OAuthCredentials)
  | ({ readonly kind: 'admin' } & AdminCredentials);

/** Throws StoreError `not-allowed` where a secret cannot stand in a header, without quoting it. */
export function signerFor(credentials: Credentials, parts: TokenParts): Signer {
  switch (credentials.kind) {
    case 'bearer':
      return withFixed(bearerHeader(credentials.token));
    case 'oauth':
      return withFixed(oauth(credentials, parts.clock));
    case 'admin':
      return new AdminSigner(credentials, parts);
  }
}

/** Credentials that nobody renews: what is refused once stays refused. */
function withFixed(header: Signer['header']): Signer {
  return { ready: () => undefined, header, refused: () => undefined, sentAgain: () => {} };
}

function bearerHeader(token: string): Signer['header'] {
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new StoreError('not-allowed', 'the bearer token is empty or holds characters that no token has', {
      hint: 'copy the token again, without line ends or blanks',
    });
  }
  const header = `Bearer ${token}`;
  return () => header;
}

function oauth(credentials: OAuthCredentials, clock: Clock): Signer['header'] {
  const header = oauthHeaders(credentials);
  return (method, url) =>
    header(method, url, {
      // Node draws the chance for many of them at once; Magento keeps 32 characters (oauth_nonce.nonce).
      nonce: randomUUID().replaceAll('-', ''),
      timestamp: Math.floor(clock.wallMs() / 1000),
    });
}
