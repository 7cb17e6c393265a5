import { LONGEST_RETRY_AFTER_MS } from '../domain/schedule.ts';
import type { Clock } from '../runtime/clock.ts';
import { redactor } from '../runtime/printable.ts';
import type { Answer, Broken, NotSignedIn } from './answers.ts';
import { OneTimeCodes } from './one-time-code.ts';
import type { Signer } from './signer.ts';
import { readToken } from './token-answer.ts';

/** An admin user of the shop. */
export interface AdminCredentials {
  readonly username: string;
  readonly password: string;
  /** Base32; null where the shop asks for no second factor. */
  readonly otpSecret: string | null;
}

export interface TokenParts {
  readonly clock: Clock;
  /** Sends JSON to a path below `/V1/`, unsigned. Throws StoppedError. */
  readonly post: (path: string, body: string) => Promise<Answer | Broken>;
  /** Is told of each token, so that it is kept out of logs. */
  readonly keepSecret?: ((secret: string) => void) | undefined;
  /** Fires when nothing is to be waited for any more. */
  readonly signal: AbortSignal;
}

interface Token {
  readonly header: string;
  /** When it is replaced, ms of the clock. */
  readonly goodUntilMs: number;
}

/** A token is replaced so long before its end, so that none ends on the wire. */
const RENEW_BEFORE_MS = 60_000;
/** Of a short life, this part instead. */
const RENEW_BEFORE_PART = 0.1;

/**
 * A new token that was refused like the old one shows that a right is missing, for which a 401 looks the same.
 * Without a rest each such 401 would sign in again. The rest doubles while that goes on.
 */
const FIRST_REST_MS = 5 * 60_000;
const LONGEST_REST_MS = 60 * 60_000;

/**
 * Signs as an admin user, with a token that is fetched when the first request needs it, kept until shortly before
 * its end, and fetched anew when it is refused. However many requests wait, one sign-in goes out at a time. A
 * sign-in that is refused for good is the last one: a wrong password tried again and again locks the user.
 */
export class AdminSigner implements Signer {
  readonly #credentials: AdminCredentials;
  readonly #parts: TokenParts;
  readonly #codes: OneTimeCodes | undefined;
  #token: Token = { header: '', goodUntilMs: 0 };
  #signingIn: Promise<NotSignedIn | undefined> | undefined;
  /** Given again without a request until `#failedUntilMs`. */
  #failure: NotSignedIn | undefined;
  #failedUntilMs = 0;
  #restUntilMs = 0;
  #restMs = FIRST_REST_MS;

  constructor(credentials: AdminCredentials, parts: TokenParts) {
    this.#credentials = credentials;
    this.#parts = parts;
    this.#codes =
      credentials.otpSecret === null ? undefined : new OneTimeCodes(credentials.otpSecret, parts.clock);
  }

  ready(): Promise<NotSignedIn | undefined> | undefined {
    return this.#parts.clock.nowMs() < this.#token.goodUntilMs ? undefined : this.#renew();
  }

  header(): string {
    return this.#token.header;
  }

  refused(header: string): Promise<NotSignedIn | undefined> | undefined {
    // Refused on its way while another request was signing in, or has done so.
    if (this.#signingIn || header !== this.#token.header) return this.ready() ?? Promise.resolve(undefined);
    if (this.#parts.clock.nowMs() < this.#restUntilMs) return undefined;
    this.#token = { header, goodUntilMs: 0 };
    return this.#renew();
  }

  sentAgain(refused: boolean): void {
    const nowMs = this.#parts.clock.nowMs();
    if (!refused) this.#restMs = FIRST_REST_MS;
    else if (nowMs >= this.#restUntilMs) {
      this.#restUntilMs = nowMs + this.#restMs;
      this.#restMs = Math.min(2 * this.#restMs, LONGEST_REST_MS);
    }
  }

  #renew(): Promise<NotSignedIn | undefined> {
    if (this.#failure && this.#parts.clock.nowMs() < this.#failedUntilMs) {
      return Promise.resolve(this.#failure);
    }
    this.#signingIn ??= this.#signIn().finally(() => {
      this.#signingIn = undefined;
    });
    return this.#signingIn;
  }

  async #signIn(): Promise<NotSignedIn | undefined> {
    const { clock, keepSecret, signal } = this.#parts;
    const otp = await this.#codes?.next(signal);
    // The shop's clock may be wrong, and ours may be set: only how long the token lasts is believed, counted on
    // the steady clock from before it was made.
    const askedAtMs = clock.nowMs();
    const answer = readToken(await this.#ask(otp), otp !== undefined);
    if (answer.kind === 'not-signed-in') return this.#fail(answer, otp);
    keepSecret?.(answer.token);
    const { lifetimeMs } = answer;
    const marginMs = Math.min(RENEW_BEFORE_MS, lifetimeMs * RENEW_BEFORE_PART);
    this.#token = { header: `Bearer ${answer.token}`, goodUntilMs: askedAtMs + lifetimeMs - marginMs };
    return undefined;
  }

  #fail(answer: NotSignedIn, otp: string | undefined): NotSignedIn {
    const { password, otpSecret } = this.#credentials;
    // Nothing that we sent is in Magento's own answers; what stands between us and it may echo anything.
    const redact = redactor([password, otpSecret ?? '', otp ?? '']);
    const restMs = Math.min(answer.retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS);
    this.#failure = { ...answer, message: redact(answer.message) };
    this.#failedUntilMs =
      answer.blame === 'sign-in' ? Number.POSITIVE_INFINITY : this.#parts.clock.nowMs() + restMs;
    return this.#failure;
  }

  /** With a code at the endpoint of Magento_TwoFactorAuth (GoogleAuthenticateInterface), otherwise at the plain one. */
  #ask(otp: string | undefined): Promise<Answer | Broken> {
    const { username, password } = this.#credentials;
    return otp === undefined
      ? this.#parts.post('integration/admin/token', JSON.stringify({ username, password }))
      : this.#parts.post('tfa/provider/google/authenticate', JSON.stringify({ username, password, otp }));
  }
}
