import { request as clientRequest, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Sandbox } from '../src/sandbox/sandbox.ts';

/** Stands before the shop, and answers some requests with everything that it was sent, as bad proxies do. */
export class RepeatingProxy implements AsyncDisposable {
  /** Requests that are not passed on. */
  repeats:
    | { readonly method: string; readonly path: RegExp; readonly status: number; readonly type: string }
    | undefined;
  readonly #shop: Sandbox;
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  constructor(shop: Sandbox) {
    this.#shop = shop;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async listen(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.listen(0, '127.0.0.1', resolve);
    await promise;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const { method = '', url = '', headers } = request;
    const { repeats } = this;
    if (repeats && method === repeats.method && repeats.path.test(url)) {
      const message = `${method} ${url} ${headers.authorization} ${body}`;
      const isJson = repeats.type === 'application/json';
      response.writeHead(repeats.status, {
        'content-type': repeats.type,
        location: `https://elsewhere.example/${encodeURIComponent(headers.authorization ?? '')}?was=${body}`,
      });
      response.end(
        isJson ? JSON.stringify({ message, errors: [{ message: '%1', parameters: [message] }] }) : message,
      );
      return;
    }
    const { port } = this.#shop;
    const passedOn = clientRequest({ host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.on('error', () => response.destroy()).pipe(response);
    });
    passedOn.on('error', () => response.destroy()).end(body);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    await promise;
  }
}
