import { isSuccess, judgeFailure } from './answers.ts';
import { isRecord, jsonBody } from './json.ts';
import { template } from './magento-message.ts';
import { withRemedy } from './remedies.ts';
import type { Answer, Broken, NotSignedIn } from './reply.ts';
import type { Failure } from './verdict.ts';

/** What became of a sign-in. */
type TokenAnswer = Token | NoToken;

/** A sign-in that failed; where it is refused, or may have been, `retryAfterMs` says how long it has to rest. */
export interface NoToken extends NotSignedIn {
  /** Magento may have counted it among the tries that lock the user: every process has to let it rest. */
  readonly mayHaveCounted: boolean;
}

interface Token {
  readonly kind: 'token';
  /** Fit for a header. */
  readonly token: string;
  /** From the moment when it was made. */
  readonly lifetimeMs: number;
}

/** Of a token that does not tell, as Magento 2.4.3 and older make them (oauth/access_token_lifetime/admin). */
const OPAQUE_LIFETIME_MS = 4 * 60 * 60_000;

/**
 * With a code, Magento answers a wrong password with an unspoken error (UserAuthenticator of
 * Magento_TwoFactorAuth throws InvalidArgumentException). Six of them within 30 minutes lock the user
 * (Magento\User\Observer\Backend\AuthObserver, admin/security/lockout_failures), so that there have to be fewer.
 */
const UNSPOKEN_REST_MS = 10 * 60_000;

/**
 * Credentials that were refused are tried once more after this: what locked the user may have been somebody else, or
 * the shop has been put right. One try an hour adds to no lock.
 */
export const REFUSED_REST_MS = 60 * 60_000;

/** With these a proxy may hide Magento's own 401 behind a page (`proxy_intercept_errors` of nginx). */
const MAY_HIDE_REFUSAL = new Set([401, 403]);

/**
 * 400s that speak of the user and of nothing else; a wrong password, user or code and a locked user are 401
 * (recordings auth-admin-token-*; AdminAccessTokenService and Google\Authenticate of Magento_TwoFactorAuth).
 */
const FINAL_400 = new Set([
  'Please use the 2fa provider-specific endpoints to obtain a token.',
  'You are required to configure personal Two-Factor Authorization in order to login. Please check your email.',
  'Please ask an administrator with sufficient access to configure 2FA first',
  'Failed to send the message. Please contact the administrator',
  'Provider is not allowed.',
  'Provider is not configured.',
  '"%fieldName" is required. Enter and try again.',
]);

const REMEDIES: Readonly<Record<string, string>> = {
  'Please use the 2fa provider-specific endpoints to obtain a token.':
    "Set otpSecret to the secret behind the user's authenticator app, or sign in as an integration (oauth).",
  'Invalid code.': 'Check otpSecret, and that the clock here is right to the second.',
  'Provider is not allowed.': 'Allow Google Authenticator in the shop, or sign in as an integration (oauth).',
  'Provider is not configured.': 'Set Google Authenticator up for this user in the shop.',
};

const CHECK_USER =
  'Check username and password. A user whose password was wrong six times is locked for half an hour.';

const UNSPOKEN = 'To a wrong password Magento says no more than this where it asks for a code.';

const HIDDEN = 'Magento may have refused the password behind this.';

/** Judges the answer of an endpoint that gives tokens to admin users. */
export function readToken(reply: Answer | Broken, withCode: boolean): TokenAnswer {
  const body = reply.kind === 'answer' ? jsonBody(reply) : undefined;
  if (reply.kind === 'answer' && isSuccess(reply)) {
    return typeof body === 'string' && /^[\x21-\x7e]+$/.test(body)
      ? { kind: 'token', token: body, lifetimeMs: lifetimeMs(body) }
      : failed(
          'store',
          `the shop gave no token (status ${reply.status}, ${reply.contentType || 'no content type'})`,
        );
  }
  const failure = judgeFailure(reply);
  const words = template(body) ?? '';
  if (failure.blame === 'right') {
    const message = withRemedy(failure.message, REMEDIES[words] ?? CHECK_USER);
    return failed('sign-in', message, { retryAfterMs: REFUSED_REST_MS, mayHaveCounted: true });
  }
  if (FINAL_400.has(words)) {
    const message = withRemedy(failure.message, REMEDIES[words] ?? '');
    return failed('sign-in', message, { retryAfterMs: REFUSED_REST_MS });
  }
  if (withCode && reply.kind === 'answer' && reply.status === 404) {
    const remedy = 'Where that stays, the shop has no two-factor sign-in: leave otpSecret out.';
    return failed('address', withRemedy(failure.message, remedy));
  }
  if (withCode && reply.kind === 'answer' && reply.status === 500 && body !== undefined) {
    return resting('store', withRemedy(failure.message, UNSPOKEN));
  }
  if (reply.kind === 'answer' && MAY_HIDE_REFUSAL.has(reply.status)) {
    return resting(blameOf(failure), withRemedy(failure.message, HIDDEN));
  }
  const { remedy, retryAfterMs } = failure;
  return failed(blameOf(failure), failure.message, { remedy, retryAfterMs });
}

function resting(blame: NotSignedIn['blame'], message: string): NoToken {
  return failed(blame, message, { retryAfterMs: UNSPOKEN_REST_MS, mayHaveCounted: true });
}

function failed(
  blame: NotSignedIn['blame'],
  message: string,
  more: {
    readonly remedy?: string;
    readonly retryAfterMs?: number | undefined;
    readonly mayHaveCounted?: boolean;
  } = {},
): NoToken {
  return {
    kind: 'not-signed-in',
    blame,
    message: `signing in as an admin user: ${message}`,
    remedy: more.remedy ?? '',
    retryAfterMs: more.retryAfterMs,
    mayHaveCounted: more.mayHaveCounted ?? false,
  };
}

/** Anything but a word about the credentials is the store's trouble. */
function blameOf({ blame }: Failure): NotSignedIn['blame'] {
  return blame === 'address' || blame === 'rate' ? blame : 'store';
}

/** `exp` less `iat` of a JSON web token (RFC 7519), so that it does not matter what the clocks say. */
function lifetimeMs(token: string): number {
  const [, payload] = token.split('.');
  if (payload === undefined) return OPAQUE_LIFETIME_MS;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    if (!isRecord(claims)) return OPAQUE_LIFETIME_MS;
    const seconds = Number(claims.exp) - Number(claims.iat);
    return seconds > 0 ? seconds * 1000 : OPAQUE_LIFETIME_MS;
  } catch {
    // A dot in a token of another kind.
    return OPAQUE_LIFETIME_MS;
  }
}
