import { StoppedError } from '../domain/failure.ts';
import type { SignInMemory } from '../domain/sign-in-memory.ts';
import type { Clock } from '../runtime/clock.ts';
import { isSaidAtTheDoor } from './answers.ts';
import { jsonBody } from './json.ts';
import { refusedResources } from './magento-message.ts';
import type { NotSignedIn, Reply } from './reply.ts';
import { type Credentials, signerFor } from './sign-in.ts';
import type { Signer } from './signer.ts';
import { type Request, Wire, type WireOptions } from './wire.ts';

/** Which store, and how it is asked. */
export interface ClientOptions extends WireOptions {
  readonly auth: Credentials;
  /** True: nothing but questions goes out, the sign-in aside. */
  readonly readOnly: boolean;
  /** True: a token that is refused is not fetched anew; a 401 is then about a right. Default false. */
  readonly signInOnce?: boolean;
}

/** What the client has around it; each but the clock may be left out. */
export interface ClientParts {
  readonly clock: Clock;
  /** Is told of each token that the store gives, so that none gets into a log. */
  readonly keepSecret?: ((secret: string) => void) | undefined;
  /** Spreads whatever is sent, sign-ins too. Default: all of it leaves at once. */
  readonly pace?: Pace | undefined;
  /** Sign-ins that were refused in other processes; absent: each tries for itself. */
  readonly signInMemory?: SignInMemory | undefined;
  /** Is told when a sign-in has to wait so long for the next one-time code. */
  readonly onCodeAwaited?: ((delayMs: number) => void) | undefined;
}

/** Waits until a request may leave, then makes it; what makes none, or throws, leaves the place to the next one. */
export type Pace = <T>(make: () => T | Promise<T>) => Promise<T>;

/** Makes a request that is about to leave; what has to be on record before it leaves is, when this resolves. */
export type Make = () => Request | Promise<Request>;

/**
 * A write that was refused for its token is sent again only when it can leave sooner than this: its intent
 * stands in the ledger since before, and whether it may be repeated is counted from there.
 */
const WRITE_AGAIN_WITHIN_MS = 5_000;

/** Speaks HTTP to one store: signs, sends, and brings back what came, without judging it. */
export class Client {
  readonly #options: ClientOptions;
  readonly #clock: Clock;
  readonly #wire: Wire;
  readonly #signer: Signer;
  readonly #pace: Pace;
  readonly #closed = new AbortController();
  /** The header of a new token that a write which had asked for it did not use: whether it is taken is not known. */
  #untried: { readonly authorization: string; readonly right: string } | undefined;

  /** Throws StoreError `not-allowed` when the credentials cannot be sent at all. */
  constructor(options: ClientOptions, { clock, pace = atOnce, ...parts }: ClientParts) {
    this.#options = options;
    this.#clock = clock;
    this.#pace = pace;
    this.#wire = new Wire(options, clock);
    this.#signer = signerFor(options.auth, {
      ...parts,
      clock,
      url: options.url,
      post: async (make) => this.#wire.exchange({ method: 'POST', ...(await this.#pace(make)) }),
      signal: this.#closed.signal,
    });
  }

  /** Sign-ins included. */
  get onTheWire(): number {
    return this.#wire.busy;
  }

  /** Resolves when nothing is on the wire. */
  idle(): Promise<void> {
    return this.#wire.idle();
  }

  /**
   * Signs in where that is needed, then sends the request that `make` returns as soon as it is made, and waits
   * for its end. `make` is not called where signing in fails. A failure of the network is an ordinary reply here.
   *
   * A request that is refused for a token which has ended, with 401 and before it did anything, is sent once more
   * with a new one; `make` is not called again for that. A write whose 401 is not Magento's is not: a proxy may have
   * passed it on.
   *
   * Throws what `make` throws, and StoppedError when the client was closed meanwhile: what became of a request
   * that was made is then unknown.
   */
  async send(make: Make): Promise<Reply> {
    this.#refuseWhenClosed();
    const signingIn = this.#signer.ready();
    if (signingIn) {
      const failed = await signingIn;
      if (failed) return failed;
      this.#refuseWhenClosed();
    }
    const request = await this.#pace(make);
    this.#refuseWhenClosed();
    if (this.#options.readOnly && request.method !== 'GET') {
      throw new Error(`${request.method} ${request.path} was to go to a store that is read only`);
    }
    const madeAtMs = this.#clock.nowMs();
    const authorization = this.#sign(request);
    const reply = await this.#wire.exchange(request, authorization);
    if (reply.kind === 'answer' && authorization === this.#untried?.authorization) {
      this.#signer.sentAgain(this.#untried.right, reply.status === 401);
      this.#untried = undefined;
    }
    if (reply.kind !== 'answer' || reply.status !== 401) return reply;
    if (request.method !== 'GET' && !isSaidAtTheDoor(reply)) return reply;
    const right = refusedResources(jsonBody(reply)) ?? '';
    const renewing = this.#options.signInOnce ? undefined : this.#signer.refused(authorization, right);
    if (!renewing) return reply;
    const failed = await renewing;
    if (failed) return failed;
    const isTooLate = () =>
      request.method !== 'GET' && this.#clock.nowMs() - madeAtMs > WRITE_AGAIN_WITHIN_MS;
    const again = await this.#pace(() => (isTooLate() ? undefined : request));
    this.#refuseWhenClosed();
    if (!again) {
      this.#untried = { authorization: this.#sign(request), right };
      return TOO_LATE;
    }
    const second = await this.#wire.exchange(again, this.#sign(again));
    if (second.kind === 'answer') this.#signer.sentAgain(right, second.status === 401);
    return second;
  }

  /** Cuts what is still on the wire. */
  close(): void {
    this.#closed.abort();
    this.#wire.close();
  }

  #sign(request: Request): string {
    return this.#signer.header(request.method, this.#wire.urlOf(request));
  }

  #refuseWhenClosed(): void {
    if (this.#closed.signal.aborted) throw new StoppedError();
  }
}

const atOnce: Pace = async (make) => make();

/** The write did nothing, and its intent is too old: it needs a new one, and gets it with its next plan. */
const TOO_LATE: NotSignedIn = {
  kind: 'not-signed-in',
  blame: 'token',
  message: 'the token was refused, and by the time there was a new one it was too late for this write',
  remedy: '',
  retryAfterMs: undefined,
};
