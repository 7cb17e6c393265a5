import { LONGEST_RETRY_AFTER_MS } from '../domain/schedule.ts';
import type { SignInMemory, SignInRefusal } from '../domain/sign-in-memory.ts';
import type { Clock } from '../runtime/clock.ts';
import { redactor } from '../runtime/printable.ts';
import { utc } from '../runtime/utc.ts';
import { OneTimeCodes } from './one-time-code.ts';
import type { Answer, Broken, NotSignedIn } from './reply.ts';
import type { Signer } from './signer.ts';
import { type NoToken, REFUSED_REST_MS, readToken } from './token-answer.ts';

/** An admin user of the shop. */
export interface AdminCredentials {
  readonly username: string;
  readonly password: string;
  /** Base32; null where the shop asks for no second factor. */
  readonly otpSecret: string | null;
}

/** What signing in as an admin user takes. */
export interface TokenParts {
  /** The shop's address: the same password elsewhere is another one. */
  readonly url: string;
  readonly clock: Clock;
  /** Sends what `make` returns, unsigned; `make` is called when it is about to leave. Throws StoppedError. */
  readonly post: (make: () => Promise<SignInRequest>) => Promise<Answer | Broken>;
  /** Is told of each token, so that it is kept out of logs. */
  readonly keepSecret?: ((secret: string) => void) | undefined;
  /** What was refused in other processes, and is to be known there; absent: each tries for itself. */
  readonly signInMemory?: SignInMemory | undefined;
  /** Is told when a sign-in has to wait so long for the next one-time code. */
  readonly onCodeAwaited?: ((delayMs: number) => void) | undefined;
  /** Fires when nothing is to be waited for any more. */
  readonly signal: AbortSignal;
}

/** JSON for a path below `/V1/`. */
interface SignInRequest {
  readonly path: string;
  readonly body: string;
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
 * Without a rest each such 401 would sign in again. The rest doubles while that goes on. Each right has its own: a
 * token that ends while one is missing must not keep the calls waiting that need another.
 */
const FIRST_REST_MS = 5 * 60_000;
const LONGEST_REST_MS = 60 * 60_000;

/**
 * Signs as an admin user, with a token that is fetched when the first request needs it, kept until shortly before
 * its end, and fetched anew when it is refused. However many requests wait, one sign-in goes out at a time. One that
 * is refused is the last one for an hour, in this process and in every other that has the same memory: a wrong
 * password tried again and again locks the user.
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
  /** Of the last refusal that this process knows of, ms of the wall clock. */
  #refusedAtMs = Number.NaN;
  readonly #missing = new Map<string, { readonly untilMs: number; readonly restMs: number }>();

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

  refused(header: string, right: string): Promise<NotSignedIn | undefined> | undefined {
    // Refused on its way while another request was signing in, or has done so.
    if (this.#signingIn || header !== this.#token.header) return this.ready() ?? Promise.resolve(undefined);
    if (this.#parts.clock.nowMs() < (this.#missing.get(right)?.untilMs ?? 0)) return undefined;
    this.#token = { header, goodUntilMs: 0 };
    return this.#renew();
  }

  sentAgain(right: string, isRefused: boolean): void {
    const nowMs = this.#parts.clock.nowMs();
    const last = this.#missing.get(right);
    if (!isRefused) this.#missing.delete(right);
    else if (!last || nowMs >= last.untilMs) {
      const restMs = last ? Math.min(2 * last.restMs, LONGEST_REST_MS) : FIRST_REST_MS;
      this.#missing.set(right, { untilMs: nowMs + restMs, restMs });
    }
  }

  #renew(): Promise<NotSignedIn | undefined> {
    // First: while a refusal is being kept, what is said of it is not complete.
    if (this.#signingIn) return this.#signingIn;
    const restMs = this.#failedUntilMs - this.#parts.clock.nowMs();
    if (this.#failure && restMs > 0) return Promise.resolve({ ...this.#failure, retryAfterMs: restMs });
    this.#signingIn = this.#signIn().finally(() => {
      this.#signingIn = undefined;
    });
    return this.#signingIn;
  }

  async #signIn(): Promise<NotSignedIn | undefined> {
    const { clock, keepSecret, signal, signInMemory, onCodeAwaited, post } = this.#parts;
    const refusal = await this.#refusedElsewhere();
    if (refusal) return refusal;
    let otp: string | undefined;
    let askedAtMs = 0;
    const reply = await post(async () => {
      // Made last of all: it is good for 30 s, and a slow rate may keep a request waiting for longer than it has left.
      otp = await this.#codes?.next(signal, onCodeAwaited);
      // The shop's clock may be wrong, and ours may be set: only how long the token lasts is believed, counted on
      // the steady clock from before it was made.
      askedAtMs = clock.nowMs();
      return this.#request(otp);
    });
    const answer = readToken(reply, otp !== undefined);
    if (answer.kind === 'not-signed-in') return this.#fail(answer, otp);
    keepSecret?.(answer.token);
    const { lifetimeMs } = answer;
    const marginMs = Math.min(RENEW_BEFORE_MS, lifetimeMs * RENEW_BEFORE_PART);
    this.#token = { header: `Bearer ${answer.token}`, goodUntilMs: askedAtMs + lifetimeMs - marginMs };
    await signInMemory?.worked();
    return undefined;
  }

  /** What is left of the rest of a refusal that another process brought. */
  async #refusedElsewhere(): Promise<NotSignedIn | undefined> {
    const { clock, signInMemory } = this.#parts;
    const refusal = await signInMemory?.lastRefusal(this.#identity());
    // Its own rest is counted on the steady clock, and is over.
    if (!refusal || refusal.atMs === this.#refusedAtMs) return undefined;
    // The clock may have been set back since: a time that lies ahead is as near as one that lies behind.
    const restMs = refusal.restMs - Math.abs(clock.wallMs() - refusal.atMs);
    if (restMs <= 0) return undefined;
    this.#refusedAtMs = refusal.atMs;
    const message = `${refusal.message} ${whenTriedAgain(refusal)}`;
    return this.#rest({ blame: refusal.isCertain ? 'sign-in' : 'store', message, remedy: '' }, restMs);
  }

  async #fail(answer: NoToken, otp: string | undefined): Promise<NotSignedIn> {
    const { clock, signInMemory } = this.#parts;
    const { password, otpSecret } = this.#credentials;
    // Nothing that we sent is in Magento's own answers; what stands between us and it may echo anything.
    const redact = redactor([password, otpSecret ?? '', otp ?? '']);
    const { blame, remedy, mayHaveCounted } = answer;
    const message = redact(answer.message);
    const longestMs = blame === 'sign-in' || mayHaveCounted ? REFUSED_REST_MS : LONGEST_RETRY_AFTER_MS;
    const restMs = Math.min(answer.retryAfterMs ?? 0, longestMs);
    // First of all: what comes next takes a moment, and may fail.
    const failure = this.#rest({ blame, message, remedy }, restMs);
    if (!mayHaveCounted) return failure;
    const refusal = { isCertain: blame === 'sign-in', message, atMs: clock.wallMs(), restMs };
    this.#refusedAtMs = refusal.atMs;
    if (!(await signInMemory?.keep(this.#identity(), refusal))) return failure;
    return this.#rest({ blame, message: `${message} ${whenTriedAgain(refusal)}`, remedy }, restMs);
  }

  #rest(failure: Pick<NotSignedIn, 'blame' | 'message' | 'remedy'>, restMs: number): NotSignedIn {
    this.#failure = { kind: 'not-signed-in', ...failure, retryAfterMs: restMs > 0 ? restMs : undefined };
    this.#failedUntilMs = this.#parts.clock.nowMs() + restMs;
    return this.#failure;
  }

  /** Whatever a refusal may be about, in one text. */
  #identity(): string {
    const { username, password, otpSecret } = this.#credentials;
    return JSON.stringify([this.#parts.url, username, password, otpSecret]);
  }

  /** With a code at the endpoint of Magento_TwoFactorAuth (GoogleAuthenticateInterface), otherwise at the plain one. */
  #request(otp: string | undefined): SignInRequest {
    const { username, password } = this.#credentials;
    return otp === undefined
      ? { path: 'integration/admin/token', body: JSON.stringify({ username, password }) }
      : { path: 'tfa/provider/google/authenticate', body: JSON.stringify({ username, password, otp }) };
  }
}

function whenTriedAgain({ isCertain, atMs, restMs }: SignInRefusal): string {
  const what = isCertain ? 'Refused' : 'Tried';
  return (
    `${what} at ${utc(atMs)}; the same credentials are tried again from ${utc(atMs + restMs)} on, so that the user is ` +
    'not locked, and changed ones at once.'
  );
}
