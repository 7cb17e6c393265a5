import { request as clientRequest, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';

/** What a proxy says by itself. */
export interface ProxyAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Stands before the shop. The first write it answers by itself, at once, and passes it on only when `release` is
 * called, like a proxy that gave up on a shop which had the request all the while. Everything else it passes on.
 */
export class ImpatientProxy implements AsyncDisposable {
  /** Set before the first request. */
  shop: Sandbox | undefined;
  readonly #answer: ProxyAnswer;
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  #held: (() => void) | undefined;
  #hasAnswered = false;

  private constructor(answer: ProxyAnswer) {
    this.#answer = answer;
  }

  static async listen(answer: ProxyAnswer): Promise<ImpatientProxy> {
    const proxy = new ImpatientProxy(answer);
    const { promise, resolve } = Promise.withResolvers<void>();
    proxy.#server.listen(0, '127.0.0.1', resolve);
    await promise;
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The shop gets the write that it was not yet sent. */
  release(): void {
    this.#held?.();
    this.#held = undefined;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    if (request.method === 'GET' || this.#hasAnswered) {
      this.#passOn(request, body, response);
      return;
    }
    this.#hasAnswered = true;
    this.#held = () => this.#passOn(request, body);
    response.writeHead(this.#answer.status, this.#answer.headers).end(this.#answer.body);
  }

  #passOn({ method, url, headers }: IncomingMessage, body: Buffer, response?: ServerResponse): void {
    const port = this.shop?.port;
    const passedOn = clientRequest({ host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
      if (!response) {
        answer.resume();
        return;
      }
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
    });
    passedOn.on('error', () => response?.destroy()).end(body);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    await promise;
  }
}
