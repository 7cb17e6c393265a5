import { randomBytes } from 'node:crypto';
import type { SandboxSettings } from './settings.ts';

/** What of the settings is about tokens. */
export type TokenSettings = Pick<SandboxSettings, 'adminToken' | 'adminTokenMs'>;

/** Magento\Authorization\Model\UserContextInterface::USER_TYPE_ADMIN. */
const USER_TYPE_ADMIN = 2;
const MINUTE_MS = 60_000;
/** `webapi/jwtauth/admin_expiration`, and `oauth/access_token_lifetime/admin` of 2.4.3 and older. */
const LIFETIME_MS = { jwt: 60 * MINUTE_MS, opaque: 240 * MINUTE_MS };

/** The tokens that admin users were given for signing in, and whose they are. */
export class AdminTokens<User extends { readonly userId: number }> {
  readonly #tokens = new Map<string, { readonly user: User; readonly expiresAtMs: number }>();

  give(user: User, { adminToken, adminTokenMs }: TokenSettings): string {
    const issuedAtMs = Date.now();
    const expiresAtMs = issuedAtMs + (adminTokenMs ?? LIFETIME_MS[adminToken]);
    const token = adminToken === 'jwt' ? webToken(user.userId, issuedAtMs, expiresAtMs) : opaqueToken();
    this.#tokens.set(token, { user, expiresAtMs });
    return token;
  }

  /** Null for an unknown token and for an expired one: Magento tells them apart in nothing. */
  userOf(token: string): User | null {
    const found = this.#tokens.get(token);
    if (!found) return null;
    if (found.expiresAtMs > Date.now()) return found.user;
    this.#tokens.delete(token);
    return null;
  }

  /** Ends every token that was given until now, of one user or of all. */
  end(user?: User): void {
    for (const [text, token] of this.#tokens) {
      if (user === undefined || token.user === user) this.#tokens.delete(text);
    }
  }
}

/**
 * As Magento\JwtUserToken\Model\Issuer makes them from 2.4.4 on; 151 characters for a user id of one digit, as
 * recorded in auth-admin-token-ok. The signature is chance: this shop knows its tokens by heart, and two of the same
 * second are never the same.
 */
function webToken(userId: number, issuedAtMs: number, expiresAtMs: number): string {
  const header = { kid: '1', alg: 'HS256' };
  const claims = {
    uid: userId,
    utypid: USER_TYPE_ADMIN,
    iat: seconds(issuedAtMs),
    exp: seconds(expiresAtMs),
  };
  const encoded = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  return [...encoded, randomBytes(32).toString('base64url')].join('.');
}

function seconds(timeMs: number): number {
  return Math.floor(timeMs / 1000);
}

/** As until 2.4.3: 32 characters that say nothing. */
function opaqueToken(): string {
  return randomBytes(16).toString('hex');
}
