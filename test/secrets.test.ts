import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readdir, readFile } from 'node:fs/promises';
import { request as clientRequest, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import { reportError } from '../src/commands/exit-codes.ts';
import type { AuthConfig } from '../src/config/config.ts';
import type { EventName } from '../src/events.ts';
import { systemClock } from '../src/runtime/clock.ts';
import { openLog } from '../src/runtime/log.ts';
import { logEvents } from '../src/runtime/log-events.ts';
import { Secrets } from '../src/runtime/secrets.ts';
import type { Fault, FaultRule } from '../src/sandbox/faults.ts';
import type { Sandbox, SandboxOptions } from '../src/sandbox/sandbox.ts';
import { plainFile, RunningDaemon } from './running-daemon.ts';

/** Whatever went over the wire that nobody else may read, as the requests of this process carried it. */
class WireSecrets {
  readonly all = new Set<string>();
  readonly #note = (message: unknown) => {
    const { request } = message as { request: IncomingMessage };
    const header = request.headers.authorization ?? '';
    for (const [, value = ''] of header.matchAll(/(?:^Bearer |_signature=")([^"]+)/g)) this.add(value);
  };

  constructor() {
    subscribe('http.server.request.start', this.#note);
  }

  add(...values: readonly string[]): void {
    for (const value of values) if (value !== '') this.all.add(value).add(encodeURIComponent(value));
  }

  [Symbol.dispose](): void {
    unsubscribe('http.server.request.start', this.#note);
  }
}

/** Each way to sign in, and what of it is secret from the start. */
const WAYS: readonly {
  readonly name: string;
  readonly shop: SandboxOptions;
  readonly auth: (sandbox: Sandbox) => AuthConfig;
}[] = [
  { name: 'a bearer token', shop: {}, auth: ({ bearer }) => ({ kind: 'bearer', token: bearer }) },
  { name: 'OAuth', shop: {}, auth: ({ oauth }) => ({ kind: 'oauth', ...oauth }) },
  {
    name: 'an admin user',
    shop: {},
    auth: ({ admin }) => ({ kind: 'admin', ...admin, otpSecret: null }),
  },
];

function secretsIn(auth: AuthConfig): string[] {
  switch (auth.kind) {
    case 'bearer':
      return [auth.token];
    case 'oauth':
      // The keys travel in clear in each request and are no secrets by themselves; the two that sign never do.
      return [auth.consumerSecret, auth.accessToken, auth.accessTokenSecret];
    case 'admin':
      return [auth.password, auth.otpSecret ?? ''];
  }
}

/** Stands before the shop, and answers some requests with everything that it was sent, as bad proxies do. */
class RepeatingProxy implements AsyncDisposable {
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

/** A daemon whose every word is kept, and what of its secrets is to be looked for. */
class Overheard implements AsyncDisposable {
  readonly daemon: RunningDaemon;
  readonly proxy: RepeatingProxy;
  readonly wire = new WireSecrets();
  readonly #said: string[] = [];
  readonly #settings: { auth?: AuthConfig; url?: string };

  private constructor(daemon: RunningDaemon, settings: { auth?: AuthConfig; url?: string }) {
    this.daemon = daemon;
    this.proxy = new RepeatingProxy(daemon.sandbox);
    this.#settings = settings;
    // Nothing is masked here: no line may rely on the log's stars alone.
    for (const format of ['json', 'pretty'] as const) {
      const options = {
        level: 'debug',
        format,
        colour: false,
        secrets: new Secrets([]),
        clock: systemClock,
      } as const;
      logEvents(
        daemon.events,
        openLog(options, (chunk) => this.#said.push(chunk)),
      );
    }
    daemon.events.onAny((name, facts) =>
      this.#said.push(name, inspect(facts, { depth: Number.POSITIVE_INFINITY, showHidden: true })),
    );
  }

  static async behindProxy(way: (typeof WAYS)[number], once = false): Promise<Overheard> {
    const settings: { auth?: AuthConfig; url?: string } = {};
    const store = Object.defineProperties(
      { timeoutMs: 300, retry: { attempts: 2, firstDelayMs: 10, maxDelayMs: 20 } },
      {
        auth: { enumerable: true, get: () => settings.auth },
        url: { enumerable: true, get: () => settings.url },
      },
    );
    const daemon = await RunningDaemon.prepare({ sandbox: way.shop, store, once });
    const overheard = new Overheard(daemon, settings);
    await overheard.proxy.listen();
    settings.url = overheard.proxy.url;
    overheard.signInAs(way.auth(daemon.sandbox));
    return overheard;
  }

  get said(): string {
    return this.#said.join('\n');
  }

  /** For the next start. */
  signInAs(auth: AuthConfig): void {
    this.#settings.auth = auth;
    this.wire.add(...secretsIn(auth));
  }

  /** A command that fails says so in the terminal, and a bug shows its stack. */
  hearError(error: unknown): void {
    this.#said.push(inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true }));
    reportError(error, { stderr: { isTTY: false, write: (text) => this.#said.push(text) } });
  }

  /** Secrets that stand in anything that was said, or in any file of the data folder. */
  async leaks(): Promise<string[]> {
    const { data } = this.daemon;
    const files = await readdir(data, { recursive: true, withFileTypes: true });
    const texts = await Promise.all(
      files
        .filter((file) => file.isFile())
        .map((file) => readFile(join(file.parentPath, file.name), 'latin1')),
    );
    const found: string[] = [];
    for (const secret of this.wire.all) {
      const text = [...this.#said, ...texts].find((each) => each.includes(secret));
      if (text === undefined) continue;
      const at = text.indexOf(secret);
      found.push(text.slice(Math.max(0, at - 200), at + secret.length));
    }
    return found;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.wire[Symbol.dispose]();
    await this.daemon[Symbol.asyncDispose]();
    await this.proxy[Symbol.asyncDispose]();
  }
}

const NETWORK_FAULTS: readonly Fault[] = [
  { kind: 'resetBefore' },
  { kind: 'resetAfter' },
  { kind: 'silence' },
  { kind: 'cut' },
  { kind: 'drip', everyMs: 5 },
  { kind: 'huge', bytes: 20 * 1024 ** 2 },
  { kind: 'garbled' },
  { kind: 'garbled', as: 'json' },
  { kind: 'lateEffect', afterMs: 20, answer: 504 },
  { kind: 'statusAfter', status: 500 },
];
/** What a proxy may answer with. */
const REPEATED_AS: readonly (readonly [status: number, type: string])[] = [
  ...[302, 400, 403, 404, 413, 429, 500, 503].map((status) => [status, 'application/json'] as const),
  ...[400, 404, 500].map((status) => [status, 'text/html'] as const),
  [401, 'text/html'],
  [401, 'application/json'],
];

/** The requests of a drop, as the sandbox matches them. */
const CALLS = [
  { name: 'the look-up', method: 'GET', path: '/orders' },
  { name: 'the write', method: 'POST', path: '/shipment/track' },
  { name: 'the sign-in', method: 'POST', path: '/(?:admin/token|authenticate)' },
] as const;

for (const way of WAYS) {
  describe(`Signing in with ${way.name}`, { concurrency: true }, () => {
    const isAdmin = way.name.startsWith('an admin');
    for (const call of CALLS.filter(({ name }) => isAdmin || name !== 'the sign-in')) {
      test(`leaves no secret anywhere when ${call.name} fails on its way, in whichever way`, async () => {
        await using heard = await Overheard.behindProxy(way);
        const { daemon } = heard;
        await daemon.start();
        for (const [n, fault] of NETWORK_FAULTS.entries()) {
          if (isAdmin) daemon.sandbox.expireAdminTokens();
          const { incrementId } = daemon.sandbox.addOrder({ shipments: [{}] });
          const { method, path } = call;
          const rule: FaultRule = { match: { method, path }, times: 1, fault };
          daemon.sandbox.inject(rule);
          await daemon.settle(`${n}.csv`, plainFile([incrementId, `1Z${n}`]));
        }
        assert.ok(heard.wire.all.size > 0);
        assert.deepEqual(await heard.leaks(), []);
      });

      test(`leaves no secret anywhere when ${call.name} is answered with all that was sent`, async () => {
        await using heard = await Overheard.behindProxy(way);
        const { daemon, proxy } = heard;
        await daemon.start();
        for (const [status, type] of REPEATED_AS) {
          // For good: the last thing that is tried.
          if (call.name === 'the sign-in' && (status === 400 || status === 401)) continue;
          // After a 401 that a new token does not heal, none is fetched for a while.
          if (isAdmin && status !== 401) daemon.sandbox.expireAdminTokens();
          const { incrementId } = daemon.sandbox.addOrder({ shipments: [{}] });
          const name = `${status}-${type.slice(-4)}.csv`;
          const isRepeated = Promise.race(FAILURES.map((failure) => daemon.next(failure)));
          proxy.repeats = { method: call.method, path: new RegExp(call.path), status, type };
          const settled = daemon.next('drop.settled', (facts) => facts.name === name);
          await daemon.drop(name, plainFile([incrementId, `1Z${name}`]));
          await isRepeated;
          proxy.repeats = undefined;
          await settled;
        }
        assert.deepEqual(await heard.leaks(), []);
      });
    }

    test('leaves no secret anywhere when the shop does not know them', async () => {
      await using heard = await Overheard.behindProxy(way, true);
      const known = way.auth(heard.daemon.sandbox);
      heard.signInAs(spoiled(known));
      heard.hearError(await heard.daemon.start().catch((error: unknown) => error));
      assert.match(heard.said, /not-allowed/);
      assert.deepEqual(await heard.leaks(), []);
    });

    test('leaves no secret anywhere when nobody answers', async () => {
      await using heard = await Overheard.behindProxy(way, true);
      await heard.daemon.sandbox.goDown();
      heard.hearError(await heard.daemon.start().catch((error: unknown) => error));
      assert.match(heard.said, /unreachable/);
      assert.deepEqual(await heard.leaks(), []);
    });

    test('leaves no secret anywhere when Trackdrop itself fails with a request in its hands', async () => {
      await using heard = await Overheard.behindProxy(way, true);
      const { daemon } = heard;
      const { incrementId } = daemon.sandbox.addOrder({ shipments: [{}] });
      await daemon.drop('bug.csv', plainFile([incrementId, '1Z1']));
      daemon.events.on('write.sent', () => {
        throw new Error('a listener failed');
      });
      await daemon.start();
      await daemon.ended();
      assert.match(heard.said, /a listener failed/);
      assert.deepEqual(await heard.leaks(), []);
      daemon.seen.splice(0);
    });
  });
}

function spoiled(auth: AuthConfig): AuthConfig {
  switch (auth.kind) {
    case 'bearer':
      return { ...auth, token: `${auth.token}-not` };
    case 'oauth':
      return { ...auth, accessTokenSecret: `${auth.accessTokenSecret}-not` };
    case 'admin':
      return { ...auth, password: `${auth.password}-not` };
  }
}

/** What tells that something failed. */
const FAILURES: readonly EventName[] = ['store.retry', 'store.probing', 'store.right-missing', 'row.settled'];
