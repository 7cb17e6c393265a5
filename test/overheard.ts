import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { readdir, readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { reportError } from '../src/commands/exit-codes.ts';
import type { AuthConfig } from '../src/config/config.ts';
import { systemClock } from '../src/runtime/clock.ts';
import { openLog } from '../src/runtime/log.ts';
import { logEvents } from '../src/runtime/log-events.ts';
import { Secrets } from '../src/runtime/secrets.ts';
import type { Sandbox, SandboxOptions } from '../src/sandbox/sandbox.ts';
import { RepeatingProxy } from './repeating-proxy.ts';
import { RunningDaemon } from './running-daemon.ts';

/** A way to sign in, and the shop that takes it. */
export interface Way {
  readonly name: string;
  readonly shop: SandboxOptions;
  readonly auth: (sandbox: Sandbox) => AuthConfig;
}

/** Longer than any answer takes that comes at all, whatever else the machine does. */
const PATIENT_MS = 20_000;

/** What comes is told by the file system; a listing every 100 ms is most of what two dozen daemons do. */
const SELDOM_LISTED = { rescanEveryMs: 1_000 };

/** A daemon whose every word is kept, and what of its secrets is to be looked for. */
export class Overheard implements AsyncDisposable {
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

  static async behindProxy(way: Way, { once = false, timeoutMs = PATIENT_MS } = {}): Promise<Overheard> {
    const settings: { auth?: AuthConfig; url?: string } = {};
    const store = Object.defineProperties(
      { timeoutMs, retry: { attempts: 2, firstDelayMs: 10, maxDelayMs: 20 } },
      {
        auth: { enumerable: true, get: () => settings.auth },
        url: { enumerable: true, get: () => settings.url },
      },
    );
    const daemon = await RunningDaemon.prepare({ sandbox: way.shop, store, once, inbox: SELDOM_LISTED });
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
