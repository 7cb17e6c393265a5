import { AdminTokens, type TokenSettings } from './admin-tokens.ts';
import { fieldRequired, NO_ROUTE, problem, type Result } from './answer.ts';
import { TypeInvalidError, toText } from './body.ts';
import { bearerToken, type Caller, knownRights, RIGHTS, type Right } from './caller.ts';
import { isValidCode, oneTimeCode } from './one-time-code.ts';
import type { SandboxSettings } from './settings.ts';
import { collationKey } from './store.ts';

/** Somebody who signs in with a name and a password. */
export interface AdminUserSeed {
  readonly username: string;
  readonly password: string;
  /** Default: all. */
  readonly rights?: readonly Right[];
  /** Base32. Without one the user has never set up a second factor. */
  readonly otpSecret?: string;
}

/** What can be changed of an admin user; what is left out stays. */
export interface AdminUserChanges {
  /** Tokens given before stay valid. */
  readonly password?: string;
  /** Takes effect with the next request, also for tokens given before. */
  readonly rights?: readonly Right[];
  readonly otpSecret?: string | null;
  /** False: no sign-in, and every token ends at once (Magento\Integration\Plugin\Model\AdminUser). */
  readonly active?: boolean;
}

interface AdminUser {
  readonly userId: number;
  password: string;
  rights: ReadonlySet<Right>;
  otpSecret: string | null;
  active: boolean;
}

/** Magento's `oauth/authentication_lock/max_failures_count`. */
const FAILURES_UNTIL_LOCKED = 6;
/** The one sentence for a wrong name, a wrong password and a locked or disabled account (auth-admin-token-*). */
const SIGN_IN_INCORRECT = problem(
  401,
  'The account sign-in was incorrect or your account is disabled temporarily. Please wait and try again later.',
);

type AdminSettings = TokenSettings & Pick<SandboxSettings, 'twoFactor' | 'adminLockMs'>;

/** The shop's admin users, their tokens, and the failures that lock them out. */
export class AdminUsers {
  settings: AdminSettings;
  readonly #users = new Map<string, AdminUser>();
  readonly #tokens = new AdminTokens<AdminUser>();
  /** By name, whether or not there is such a user, as in Magento's oauth_token_request_log. */
  readonly #failures = new Map<string, { count: number; forgottenAtMs: number }>();

  constructor(settings: AdminSettings) {
    this.settings = settings;
  }

  /** @throws RangeError for a name that is taken, an unknown right and a secret that is no Base32. */
  add(seed: AdminUserSeed): void {
    const key = collationKey(seed.username);
    if (this.#users.has(key)) throw new RangeError(`The sandbox has an admin user ${seed.username} already`);
    this.#users.set(key, {
      userId: this.#users.size + 1,
      password: seed.password,
      rights: knownRights(seed.rights ?? RIGHTS),
      otpSecret: checkedSecret(seed.otpSecret ?? null),
      active: true,
    });
  }

  /** @throws RangeError for an unknown user, and as `add` does. */
  change(username: string, changes: AdminUserChanges): void {
    const user = this.#users.get(collationKey(username));
    if (!user) throw new RangeError(`The sandbox has no admin user ${username}`);
    const rights = changes.rights && knownRights(changes.rights);
    const otpSecret = changes.otpSecret === undefined ? user.otpSecret : checkedSecret(changes.otpSecret);
    user.password = changes.password ?? user.password;
    user.rights = rights ?? user.rights;
    user.otpSecret = otpSecret;
    user.active = changes.active ?? user.active;
    if (!user.active) this.#tokens.end(user);
  }

  /** Ends every token that was given until now. */
  expireTokens(): void {
    this.#tokens.end();
  }

  /** Who a bearer token of an admin user stands for; null where the header holds none that is valid. */
  caller(authorization: string | undefined): Caller | null {
    const token = bearerToken(authorization);
    const user = token === null ? null : this.#tokens.userOf(token);
    return user && { kind: 'admin', rights: user.rights };
  }

  /**
   * POST /V1/integration/admin/token. Where the shop asks for a second factor, right credentials are sent elsewhere
   * (Magento\TwoFactorAuth\Model\AdminAccessTokenService).
   */
  signIn(values: Readonly<Record<string, unknown>>): Result {
    const outcome = this.#authenticate(values, ['username', 'password']);
    if (outcome.kind === 'refused') return outcome.refusal;
    const { user } = outcome;
    if (!this.settings.twoFactor) return this.#token(user);
    return user.otpSecret === null
      ? secondFactorNeeded(
          'You are required to configure personal Two-Factor Authorization in order to login. Please check your email.',
          { providers: ['google'], active_providers: [] },
        )
      : secondFactorNeeded('Please use the 2fa provider-specific endpoints to obtain a token.', {
          active_providers: ['google'],
        });
  }

  /**
   * POST /V1/tfa/provider/google/authenticate (Magento\TwoFactorAuth\Model\Provider\Engine\Google\Authenticate): name
   * and password first, which forgets earlier failures, so that wrong codes never lock the account. Without the module
   * there is no such route.
   */
  signInWithCode(values: Readonly<Record<string, unknown>>): Result {
    if (!this.settings.twoFactor) return NO_ROUTE;
    const outcome = this.#authenticate(values, ['username', 'password', 'otp']);
    if (outcome.kind === 'refused') return outcome.refusal;
    const { otpSecret } = outcome.user;
    if (otpSecret === null) return problem(400, 'Provider is not configured.');
    return isValidCode(String(values.otp), otpSecret, Date.now())
      ? this.#token(outcome.user)
      : problem(401, 'Invalid code.');
  }

  /**
   * Magento\Integration\Model\AdminTokenService: a locked name is refused before its password is looked at, so that
   * further tries do not keep it locked; a right password makes the shop forget the wrong ones before it.
   */
  #authenticate(values: Readonly<Record<string, unknown>>, required: readonly string[]): Authentication {
    const fields = readFields(values, required);
    if (fields.kind === 'refused') return fields;
    const { username = '', password } = fields.values;
    const key = collationKey(username);
    const failures = this.#failures.get(key);
    const counted = failures && failures.forgottenAtMs > Date.now() ? failures.count : 0;
    if (counted >= FAILURES_UNTIL_LOCKED) return refused(SIGN_IN_INCORRECT);
    const user = this.#users.get(key);
    if (!user || user.password !== password) {
      // The recording's oauth_token_request_log says so: six failures, half an hour from the last of them.
      this.#failures.set(key, { count: counted + 1, forgottenAtMs: Date.now() + this.settings.adminLockMs });
      return refused(SIGN_IN_INCORRECT);
    }
    if (!user.active) return refused(SIGN_IN_INCORRECT);
    this.#failures.delete(key);
    return { kind: 'user', user };
  }

  #token(user: AdminUser): Result {
    return { status: 200, value: this.#tokens.give(user, this.settings) };
  }
}

type Fields =
  | { readonly kind: 'read'; readonly values: Readonly<Record<string, string>> }
  | { readonly kind: 'refused'; readonly refusal: Result };

type Authentication =
  | { readonly kind: 'user'; readonly user: AdminUser }
  | { readonly kind: 'refused'; readonly refusal: Result };

/** An empty field is a missing one; several are told together (Magento\Framework\Webapi\ServiceInputProcessor). */
function readFields(values: Readonly<Record<string, unknown>>, required: readonly string[]): Fields {
  const fields: Record<string, string> = {};
  try {
    for (const name of required) fields[name] = toText(values[name]) ?? '';
  } catch (error) {
    if (error instanceof TypeInvalidError) return refused(problem(400, error.message));
    throw error;
  }
  const missing = required.filter((name) => fields[name] === '').map((name) => fieldRequired(name));
  const [first, second] = missing;
  if (first === undefined) return { kind: 'read', values: fields };
  if (second === undefined) return refused(first);
  const message = 'One or more input exceptions have occurred.';
  return refused({ status: 400, value: { message, errors: missing.map(({ value }) => value) } });
}

function refused(refusal: Result): { readonly kind: 'refused'; readonly refusal: Result } {
  return { kind: 'refused', refusal };
}

function secondFactorNeeded(
  message: string,
  parameters: Readonly<Record<string, readonly string[]>>,
): Result {
  return { status: 400, value: { message, parameters } };
}

function checkedSecret(secret: string | null): string | null {
  if (secret !== null) oneTimeCode(secret, 0);
  return secret;
}
