import { type AxiosAdapter, AxiosHeaders, type AxiosRequestConfig, getAdapter } from 'axios';
import { StoppedError } from '../domain/failure.ts';
import { readRetryAfterMs } from '../domain/schedule.ts';
import type { SignInMemory } from '../domain/sign-in-memory.ts';
import type { Clock } from '../runtime/clock.ts';
import { redactor } from '../runtime/printable.ts';
import { isSaidAtTheDoor } from './answers.ts';
import { brokenBy } from './broken.ts';
import { Deadlines } from './deadlines.ts';
import { jsonBody } from './json.ts';
import { refusedResources } from './magento-message.ts';
import type { Answer, Broken, NotSignedIn, Reply } from './reply.ts';
import { type Credentials, signerFor } from './sign-in.ts';
import type { Signer } from './signer.ts';
import { type Agents, openAgents } from './sockets.ts';

export interface ClientOptions {
  /** The shop's address, without a trailing slash. */
  readonly url: string;
  readonly storeCode: string;
  readonly auth: Credentials;
  /** True: nothing but questions goes out, the sign-in aside. */
  readonly readOnly: boolean;
  /** Requests that the queue sends at once; so many connections, and no more. */
  readonly workers: number;
  /** PEM text of an authority of the shop's own; null: only those that Node knows. */
  readonly tlsCa: string | null;
  /** True: a token that is refused is not fetched anew; a 401 is then about a right. Default false. */
  readonly signInOnce?: boolean;
  /** For the connection with the head of the answer, and again for each silence inside its body. */
  readonly timeoutMs: number;
}

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

export interface Request {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `/V1/`, with its query encoded. */
  readonly path: string;
  /** JSON. */
  readonly body?: string;
}

/** Makes a request that is about to leave; what has to be on record before it leaves is, when this resolves. */
export type Make = () => Request | Promise<Request>;

/** A hundred orders with their items are below 1 MB; an answer beyond this is no answer to our question. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** A whole exchange may take so many times `timeoutMs`: an answer that drips is never silent for long. */
const MOST_TIMEOUTS = 4;

/**
 * A write that was refused for its token is sent again only when it can leave sooner than this: its intent
 * stands in the ledger since before, and whether it may be repeated is counted from there.
 */
const WRITE_AGAIN_WITHIN_MS = 5_000;

/** Speaks HTTP to one store: signs, sends, and brings back what came, without judging it. */
export class Client {
  readonly #options: ClientOptions;
  readonly #clock: Clock;
  readonly #send: AxiosAdapter;
  readonly #sending: AxiosRequestConfig;
  readonly #agents: Agents;
  readonly #deadlines: Deadlines;
  readonly #signer: Signer;
  readonly #base: string;
  readonly #pace: Pace;
  readonly #closed = new AbortController();
  /** The header of a new token that a write which had asked for it did not use: whether it is taken is not known. */
  #untried: { readonly authorization: string; readonly right: string } | undefined;
  #onTheWire = 0;
  #idle: PromiseWithResolvers<void> | undefined;

  /** Throws StoreError `not-allowed` when the credentials cannot be sent at all. */
  constructor(options: ClientOptions, { clock, pace = atOnce, ...parts }: ClientParts) {
    this.#options = options;
    this.#clock = clock;
    this.#pace = pace;
    this.#signer = signerFor(options.auth, {
      ...parts,
      clock,
      url: options.url,
      post: async (make) => this.#exchange({ method: 'POST', ...(await this.#pace(make)) }),
      signal: this.#closed.signal,
    });
    this.#base = `${options.url}/rest/${encodeURIComponent(options.storeCode)}/V1/`;
    this.#deadlines = new Deadlines(MOST_TIMEOUTS * options.timeoutMs);
    this.#agents = openAgents({ maxSockets: options.workers, tlsCa: options.tlsCa });
    // The part of axios that sends, without what stands before it: to merge settings that never change and to
    // transform what is text already takes a quarter of the time of a request.
    this.#send = getAdapter('http');
    this.#sending = {
      ...this.#agents,
      timeout: options.timeoutMs,
      maxRedirects: 0,
      proxy: false,
      responseType: 'text',
      transitional: { clarifyTimeoutError: true },
      maxContentLength: MAX_ANSWER_BYTES,
      validateStatus: null,
    };
  }

  /** Sign-ins included. */
  get onTheWire(): number {
    return this.#onTheWire;
  }

  /** Resolves when nothing is on the wire. */
  async idle(): Promise<void> {
    if (this.#onTheWire === 0) return;
    this.#idle ??= Promise.withResolvers();
    await this.#idle.promise;
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
    const reply = await this.#exchange(request, authorization);
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
    const second = await this.#exchange(again, this.#sign(again));
    if (second.kind === 'answer') this.#signer.sentAgain(right, second.status === 401);
    return second;
  }

  /** Cuts what is still on the wire. */
  close(): void {
    this.#closed.abort();
    this.#agents.httpAgent.destroy();
    this.#agents.httpsAgent.destroy();
  }

  #sign({ method, path }: Request): string {
    return this.#signer.header(method, this.#base + path);
  }

  async #exchange({ method, path, body }: Request, authorization?: string): Promise<Answer | Broken> {
    this.#onTheWire += 1;
    try {
      const response = await this.#send({
        ...this.#sending,
        method,
        url: this.#base + path,
        data: body,
        headers: headersOf(body, authorization),
        signal: this.#deadlines.signal(),
      });
      const answer: Answer = {
        kind: 'answer',
        status: response.status,
        contentType: header(response.headers['content-type']) ?? '',
        body: response.data,
        location: header(response.headers.location),
        retryAfterMs: readRetryAfterMs(header(response.headers['retry-after']), this.#clock.wallMs()),
        dateMs: readDateMs(header(response.headers.date)),
        url: this.#options.url,
        signedAs: this.#options.auth.kind,
      };
      return response.status < 300 ? answer : withoutSecrets(answer, authorization);
    } catch (error) {
      this.#refuseWhenClosed();
      return brokenBy(error);
    } finally {
      this.#onTheWire -= 1;
      if (this.#onTheWire === 0) {
        this.#idle?.resolve();
        this.#idle = undefined;
      }
    }
  }

  #refuseWhenClosed(): void {
    if (this.#closed.signal.aborted) throw new StoppedError();
  }
}

function headersOf(body: string | undefined, authorization: string | undefined): AxiosHeaders {
  const headers = new AxiosHeaders(BASE_HEADERS);
  if (authorization !== undefined) headers.set('Authorization', authorization);
  if (body !== undefined) headers.set('Content-Type', 'application/json');
  return headers;
}

const BASE_HEADERS = { Accept: 'application/json', 'User-Agent': 'Trackdrop' };

const atOnce: Pace = async (make) => make();

/** The write did nothing, and its intent is too old: it needs a new one, and gets it with its next plan. */
const TOO_LATE: NotSignedIn = {
  kind: 'not-signed-in',
  blame: 'token',
  message: 'the token was refused, and by the time there was a new one it was too late for this write',
  remedy: '',
  retryAfterMs: undefined,
};

/** Shops and proxies repeat in an error what they were sent; from there it would go into reports. */
function withoutSecrets(answer: Answer, authorization = ''): Answer {
  const secrets = authorization.matchAll(/(?:^Bearer |(?:_key|_token|_nonce|_signature)=")([^"]+)/g);
  const redact = redactor(Array.from(secrets, ([, secret = '']) => secret));
  return { ...answer, body: redact(answer.body), location: answer.location && redact(answer.location) };
}

function readDateMs(date: string | undefined): number | undefined {
  const ms = Date.parse(date ?? '');
  return Number.isNaN(ms) ? undefined : ms;
}

function header(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
