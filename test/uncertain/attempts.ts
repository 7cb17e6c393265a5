import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { type Kind, NUMBER } from './kinds.ts';

const ARRIVED = 'http.server.request.start';

/**
 * Counts the requests for one kind of write that arrive at a shop of this process and carry the number, whatever
 * becomes of them. The shop's own counts hold the questions too that are put after a failure, and of those there are
 * more where a busy machine makes a call time out.
 */
export class Attempts implements Disposable {
  count = 0;
  readonly #shop: Sandbox;
  readonly #path: RegExp;
  readonly #look = (message: unknown) => {
    const { request } = message as { request: IncomingMessage };
    if (request.socket.localPort !== this.#shop.port || request.method !== 'POST') return;
    if (!this.#path.test(request.url ?? '')) return;
    let body = '';
    // Beside the shop, which listens to the same pieces.
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString('latin1');
    });
    request.on('end', () => {
      if (body.includes(NUMBER)) this.count += 1;
    });
  };

  constructor(shop: Sandbox, { path }: Kind) {
    this.#shop = shop;
    this.#path = new RegExp(path);
    subscribe(ARRIVED, this.#look);
  }

  [Symbol.dispose](): void {
    unsubscribe(ARRIVED, this.#look);
  }
}
