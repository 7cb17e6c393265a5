import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import axios, { type AxiosInstance, isAxiosError } from 'axios';
import { StoppedError } from '../domain/failure.ts';
import { readRetryAfterMs } from '../domain/schedule.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Reply } from './answers.ts';
import { type Credentials, signInWith } from './sign-in.ts';

export interface ClientOptions {
  /** The shop's address, without a trailing slash. */
  readonly url: string;
  readonly storeCode: string;
  readonly auth: Credentials;
  /** Sockets that requests of the queue may need at once. */
  readonly workers: number;
  /** For the connection with the head of the answer, and again for each silence inside its body. */
  readonly timeoutMs: number;
}

export interface Request {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `/V1/`, with its query encoded. */
  readonly path: string;
  /** JSON. */
  readonly body?: string;
}

/** A hundred orders with their items are below 1 MB; an answer beyond this is no answer to our question. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/**
 * Idle sockets are closed after this, before servers do it (Apache after 5 s): a request that goes out while
 * the server closes is cut, and a cut write is an uncertain one. Node also heeds the server's own hint.
 */
const IDLE_SOCKET_MS = 4_000;

/** Probes go out beside the queue: one for the store and one for each right. */
const PROBE_SOCKETS = 4;

/** Speaks HTTP to one store: signs, sends, and brings back what came, without judging it. */
export class Client {
  readonly #clock: Clock;
  readonly #axios: AxiosInstance;
  readonly #agents: readonly (http.Agent | https.Agent)[];
  readonly #signIn: (method: string, url: string) => string;
  readonly #base: string;
  #onTheWire = 0;
  #idle: PromiseWithResolvers<void> | undefined;
  #closed = false;

  /** Throws StoreError `not-allowed` when the credentials cannot be sent at all. */
  constructor(options: ClientOptions, clock: Clock) {
    this.#clock = clock;
    this.#signIn = signInWith(options.auth, clock);
    this.#base = `${options.url}/rest/${encodeURIComponent(options.storeCode)}/V1/`;
    const sockets = {
      keepAlive: true,
      maxSockets: options.workers + PROBE_SOCKETS,
      timeout: IDLE_SOCKET_MS,
    };
    const httpAgent = new HttpAgent(sockets);
    const httpsAgent = new HttpsAgent(sockets);
    this.#agents = [httpAgent, httpsAgent];
    this.#axios = axios.create({
      httpAgent,
      httpsAgent,
      timeout: options.timeoutMs,
      maxRedirects: 0,
      proxy: false,
      responseType: 'text',
      transformRequest: [(data) => data],
      transformResponse: [(data) => data],
      transitional: { clarifyTimeoutError: true, forcedJSONParsing: false, silentJSONParsing: false },
      maxContentLength: MAX_ANSWER_BYTES,
      validateStatus: null,
      headers: { common: { Accept: 'application/json', 'User-Agent': 'Trackdrop' } },
    });
  }

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
   * Signs in where that is needed, then sends the request that `make` returns, in the same turn, and waits for
   * its end. `make` is not called where signing in fails. A failure of the network is an ordinary reply here.
   * Throws what `make` throws, and StoppedError when the client was closed meanwhile: what became of a request
   * that was made is then unknown.
   */
  async send(make: () => Request): Promise<Reply> {
    if (this.#closed) throw new StoppedError();
    const request = make();
    const url = this.#base + request.path;
    const Authorization = this.#signIn(request.method, url);
    this.#onTheWire += 1;
    try {
      const response = await this.#axios.request<string>({
        method: request.method,
        url,
        data: request.body,
        headers: request.body === undefined ? { Authorization } : { Authorization, ...JSON_BODY },
      });
      return {
        kind: 'answer',
        status: response.status,
        contentType: header(response.headers['content-type']) ?? '',
        body: response.data,
        location: header(response.headers.location),
        retryAfterMs: readRetryAfterMs(header(response.headers['retry-after']), this.#clock.wallMs()),
      };
    } catch (error) {
      if (this.#closed) throw new StoppedError();
      return brokenReply(error);
    } finally {
      this.#onTheWire -= 1;
      if (this.#onTheWire === 0) {
        this.#idle?.resolve();
        this.#idle = undefined;
      }
    }
  }

  /** Cuts what is still on the wire. */
  close(): void {
    this.#closed = true;
    for (const agent of this.#agents) agent.destroy();
  }
}

const JSON_BODY = { 'Content-Type': 'application/json' };

/**
 * What is left of an axios error: its code and message. The error itself carries the request with its
 * Authorization header, and goes no further.
 */
function brokenReply(error: unknown): Reply {
  if (!isAxiosError(error) || error.request === undefined) throw error;
  const socket: Socket | undefined = error.request.socket ?? undefined;
  const code = error.code ?? 'unknown';
  return {
    kind: 'broken',
    // OpenSSL's messages have several lines.
    message: (error.message || code).replace(/\s+/g, ' ').trim(),
    sent: socket !== undefined && connected.has(socket),
    timedOut: code === 'ETIMEDOUT' || code === 'ECONNABORTED',
    tooLarge: error.message.startsWith('maxContentLength'),
  };
}

/**
 * Sockets whose connection stood once (with TLS: whose handshake was done). A request whose socket is not
 * among them cannot have reached the store, whatever the error is called.
 */
const connected = new WeakSet<Socket>();

class HttpAgent extends http.Agent {
  override createConnection(...args: Parameters<http.Agent['createConnection']>) {
    return noticing('connect', super.createConnection(...args));
  }
}

class HttpsAgent extends https.Agent {
  override createConnection(...args: Parameters<https.Agent['createConnection']>) {
    return noticing('secureConnect', super.createConnection(...args));
  }
}

function noticing<Connection>(event: 'connect' | 'secureConnect', connection: Connection): Connection {
  const socket = connection as Socket;
  socket.once(event, () => connected.add(socket));
  return connection;
}

function header(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
