import { type AxiosAdapter, AxiosHeaders, type AxiosRequestConfig, getAdapter } from 'axios';
import { StoppedError } from '../domain/failure.ts';
import { readRetryAfterMs } from '../domain/schedule.ts';
import type { Clock } from '../runtime/clock.ts';
import { redactor } from '../runtime/printable.ts';
import { brokenBy } from './broken.ts';
import { Deadlines } from './deadlines.ts';
import type { Answer, Broken } from './reply.ts';
import type { Credentials } from './sign-in.ts';
import { type Agents, openAgents } from './sockets.ts';

/** Where requests go, and how long an answer may take. */
export interface WireOptions {
  /** The shop's address, without a trailing slash. */
  readonly url: string;
  readonly storeCode: string;
  readonly auth: Pick<Credentials, 'kind'>;
  /** Requests that the queue sends at once; so many connections, and no more. */
  readonly workers: number;
  /** PEM text of an authority of the shop's own; null: only those that Node knows. */
  readonly tlsCa: string | null;
  /** For the connection with the head of the answer, and again for each silence inside its body. */
  readonly timeoutMs: number;
}

/** A call of the web API, not signed yet. */
export interface Request {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `/V1/`, with its query encoded. */
  readonly path: string;
  /** JSON. */
  readonly body?: string;
}

/** A hundred orders with their items are below 1 MB; an answer beyond this is no answer to our question. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** A whole exchange may take so many times `timeoutMs`: an answer that drips is never silent for long. */
const MOST_TIMEOUTS = 4;

/** Carries one request at a time, or several beside each other, to one store and brings back what came. */
export class Wire {
  readonly #options: WireOptions;
  readonly #clock: Clock;
  readonly #base: string;
  readonly #agents: Agents;
  readonly #deadlines: Deadlines;
  readonly #send: AxiosAdapter;
  readonly #sending: AxiosRequestConfig;
  #isClosed = false;
  #busy = 0;
  #idle: PromiseWithResolvers<void> | undefined;

  /** Opens no connection yet. */
  constructor(options: WireOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
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

  /** Requests that wait for their answer. */
  get busy(): number {
    return this.#busy;
  }

  /** Resolves when none does. */
  async idle(): Promise<void> {
    if (this.#busy === 0) return;
    this.#idle ??= Promise.withResolvers();
    await this.#idle.promise;
  }

  /** The whole address that a request goes to; it is part of what OAuth signs. */
  urlOf({ path }: Request): string {
    return this.#base + path;
  }

  /**
   * Sends a request and waits for its end; a failure of the network is an ordinary reply here.
   * @throws StoppedError when it was cut by `close`.
   */
  async exchange(request: Request, authorization?: string): Promise<Answer | Broken> {
    const { method, body } = request;
    this.#busy += 1;
    try {
      const response = await this.#send({
        ...this.#sending,
        method,
        url: this.urlOf(request),
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
      if (this.#isClosed) throw new StoppedError();
      return brokenBy(error);
    } finally {
      this.#busy -= 1;
      if (this.#busy === 0) {
        this.#idle?.resolve();
        this.#idle = undefined;
      }
    }
  }

  /** Cuts what is still under way. */
  close(): void {
    this.#isClosed = true;
    this.#agents.httpAgent.destroy();
    this.#agents.httpsAgent.destroy();
  }
}

function headersOf(body: string | undefined, authorization: string | undefined): AxiosHeaders {
  const headers = new AxiosHeaders(BASE_HEADERS);
  if (authorization !== undefined) headers.set('Authorization', authorization);
  if (body !== undefined) headers.set('Content-Type', 'application/json');
  return headers;
}

const BASE_HEADERS = { Accept: 'application/json', 'User-Agent': 'Trackdrop' };

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
