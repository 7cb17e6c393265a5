import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import type { Config, InboxConfig, StoreConfig } from '../src/config/config.ts';
import { runDaemon } from '../src/daemon.ts';
import { type EventMap, Events } from '../src/events.ts';
import { settledNames } from '../src/intake/names.ts';
import { type Clock, systemClock } from '../src/runtime/clock.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../src/sandbox/sandbox.ts';

/** The longest a test waits for an event; far beyond what it takes, so that it only strikes when it never comes. */
const EVENT_WITHIN_MS = 60_000;

export interface Choices {
  readonly sandbox?: SandboxOptions;
  readonly inbox?: Partial<InboxConfig>;
  /**
   * Instead of the one inbox; `folder` by its name in the data folder. What belongs to one in `other` lies in
   * `working-other`, `failed-other` and so on.
   */
  readonly inboxes?: readonly Partial<InboxConfig>[];
  readonly store?: Partial<StoreConfig>;
  /** Names of stores besides `main`, each with a sandbox of its own and settings like those of `main`. */
  readonly otherStores?: readonly string[];
  readonly once?: boolean;
  readonly stopWithinMs?: number;
  readonly clock?: Clock;
  /** Default `trackdrop.db` in the data folder. */
  readonly ledger?: string;
}

/**
 * The real daemon in this process, on a folder and a sandbox of its own, with times short enough for a test.
 * Every event is kept; a bug fails the test.
 */
export class RunningDaemon implements AsyncDisposable {
  readonly events = new Events();
  readonly data: string;
  /** By the store's name. */
  readonly sandboxes: ReadonlyMap<string, Sandbox>;
  readonly seen: { readonly name: keyof EventMap; readonly facts: unknown }[] = [];
  /** Of the machine, for the next start; another one stands for another machine, or for this one after a power cut. */
  boot = 'this boot';
  /** For the next start. */
  inboxes: Choices['inboxes'];
  /** For the next start. */
  clock: Clock;
  readonly #choices: Choices;
  readonly #runs: { readonly stop: AbortController; readonly ended: Promise<void> }[] = [];

  private constructor(data: string, sandboxes: ReadonlyMap<string, Sandbox>, choices: Choices) {
    this.data = data;
    this.sandboxes = sandboxes;
    this.#choices = choices;
    this.inboxes = choices.inboxes;
    this.clock = choices.clock ?? systemClock;
    this.events.onAny((name, facts) => this.seen.push({ name, facts }));
  }

  /** A folder with an inbox, and a sandbox; the daemon itself is started by `start`. */
  static async prepare(choices: Choices = {}): Promise<RunningDaemon> {
    const data = await mkdtemp(join(tmpdir(), 'trackdrop-daemon-'));
    for (const { folder = 'inbox' } of choices.inboxes ?? [{}]) await mkdir(join(data, folder));
    const sandboxes = new Map<string, Sandbox>();
    for (const store of ['main', ...(choices.otherStores ?? [])]) {
      sandboxes.set(store, await startSandbox(choices.sandbox));
    }
    return new RunningDaemon(data, sandboxes, choices);
  }

  /** Of the store `main`. */
  get sandbox(): Sandbox {
    return this.sandboxOf('main');
  }

  sandboxOf(store: string): Sandbox {
    const sandbox = this.sandboxes.get(store);
    if (!sandbox) throw new Error(`no store ${store} was prepared`);
    return sandbox;
  }

  static async start(choices: Choices = {}): Promise<RunningDaemon> {
    // What listens would keep the process of the tests alive where the start fails.
    await using opening = new AsyncDisposableStack();
    const daemon = opening.use(await RunningDaemon.prepare(choices));
    await daemon.start();
    opening.move();
    return daemon;
  }

  /** Resolves when the inbox is watched; a second one stands by until the first is stopped. */
  async start(): Promise<void> {
    const stop = new AbortController();
    const watching = this.next('inbox.watching');
    const ended = runDaemon(this.config(), {
      clock: this.clock,
      events: this.events,
      pid: process.pid,
      host: 'test',
      boot: this.boot,
      user: { uid: process.getuid?.() ?? 0, gids: process.getgroups?.() ?? [] },
      once: this.#choices.once ?? false,
      signal: stop.signal,
    });
    const run = { stop, ended };
    this.#runs.push(run);
    // What it rejects with is told to whoever started it, not again at the end.
    ended.catch(() => this.#runs.splice(this.#runs.indexOf(run), 1));
    await Promise.race([watching, ended]);
  }

  /** Stops the one that was started first. */
  async stop(): Promise<void> {
    const run = this.#runs.shift();
    run?.stop.abort();
    await run?.ended;
  }

  /** Resolves when the daemon has ended by itself. */
  async ended(): Promise<void> {
    await this.#runs[0]?.ended;
  }

  config(): Config {
    return {
      stores: Array.from(this.sandboxes, ([name, sandbox]) => this.#store(name, sandbox)),
      inboxes: (this.inboxes ?? [{}]).map((own) => this.#inbox(own)),
      ledger: resolve(this.data, this.#choices.ledger ?? 'trackdrop.db'),
      limits: { fileBytes: 2 ** 31, rows: 20_000_000, recordBytes: 2 ** 20, fieldBytes: 2 ** 16 },
      permissions: { file: 0o640, folder: 0o750, group: null },
      keep: { processedMs: null, ledgerMs: null, failedMs: null },
      stopWithinMs: this.#choices.stopWithinMs ?? 3_000,
      timezone: 'UTC',
      log: { level: 'info', format: 'json' },
    };
  }

  #store(name: string, { url, bearer }: Sandbox): StoreConfig {
    return {
      name,
      url,
      storeCode: 'all',
      auth: { kind: 'bearer', token: bearer },
      readOnly: false,
      workers: 5,
      maxRequestsPerSecond: null,
      tlsCa: null,
      timeoutMs: 20_000,
      retry: { attempts: 4, firstDelayMs: 20, maxDelayMs: 100 },
      uncertain: {
        looksMs: [50, 150],
        repeatTrackAfterMs: 300,
        repeatShipAfterMs: 400,
        verifyAfterMs: 300,
      },
      ...this.#choices.store,
    };
  }

  #inbox({ folder = 'inbox', ...own }: Partial<InboxConfig>): InboxConfig {
    // No two inboxes share a folder: the configuration refuses that.
    const beside = (name: string) => join(this.data, folder === 'inbox' ? name : `${name}-${folder}`);
    return {
      name: 'main',
      folder: join(this.data, folder),
      working: beside('working'),
      waiting: beside('waiting'),
      processed: beside('processed'),
      failed: beside('failed'),
      store: 'main',
      files: ['*.csv'],
      profiles: { fixed: null, known: [] },
      stableForMs: 60,
      unfinishedForMs: 300,
      rescanEveryMs: 100,
      doneFile: null,
      ignoreOlderThanMs: null,
      createShipments: false,
      onExisting: 'add',
      attach: 'latest',
      onPartlyShipped: 'add',
      storeView: null,
      requirePaid: false,
      source: null,
      notify: 'never',
      comment: null,
      waitFor: { orderNotFoundMs: 0, orderHeldMs: 0, unpaidMs: 0, everyMs: 100 },
      carriers: { default: 'custom', defaultTitle: 'Parcel' },
      ...this.#choices.inbox,
      ...own,
    };
  }

  next<Name extends keyof EventMap>(
    name: Name,
    matches: (facts: EventMap[Name]) => boolean = () => true,
  ): Promise<EventMap[Name]> {
    return this.events.next(name, matches, AbortSignal.timeout(EVENT_WITHIN_MS));
  }

  count(name: keyof EventMap): number {
    return this.seen.filter((event) => event.name === name).length;
  }

  /** Puts a whole file into an inbox, by a temporary name and a rename. */
  async drop(name: string, content: string | Uint8Array, inbox = 'inbox'): Promise<void> {
    const hidden = join(this.data, inbox, `.${name}.part`);
    await writeFile(hidden, content);
    await rename(hidden, join(this.data, inbox, name));
  }

  /** Drops a file and waits until it is settled; `lines` is the report as `line: outcome` in its order. */
  async settle(name: string, content: string | Uint8Array, inbox = 'inbox') {
    const settled = this.next('drop.settled', (facts) => facts.name === name);
    await this.drop(name, content, inbox);
    return this.report(await settled);
  }

  async report(settled: EventMap['drop.settled']) {
    const { report } = settledNames(settled.file, 1);
    const text = await readFile(join(settled.folder, report), 'utf8');
    const [header = '', ...rows] = text.replace('\ufeff', '').trimEnd().split('\r\n');
    const from = header.split(',').indexOf('trackdrop_line');
    const lines = rows.map((row) =>
      row
        .split(',')
        .slice(from, from + 2)
        .join(': '),
    );
    return { ...settled, folder: relative(this.data, settled.folder), lines, text };
  }

  /** Every file below the data folder but the ledger's, by its path, sorted. */
  async files(): Promise<string[]> {
    const entries = await readdir(this.data, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && !entry.name.startsWith('trackdrop.db'))
      .map((entry) => relative(this.data, join(entry.parentPath, entry.name)))
      .sort();
  }

  read(path: string): Promise<string> {
    return readFile(join(this.data, path), 'utf8');
  }

  /** The numbers that stand on an order, sorted. */
  standing(order: string, store = 'main'): string[] {
    return this.sandboxOf(store)
      .tracks()
      .filter((track) => track.order === order)
      .map((track) => track.trackNumber)
      .sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    while (this.#runs.length > 0) await this.stop();
    for (const sandbox of this.sandboxes.values()) await sandbox[Symbol.asyncDispose]();
    await rm(this.data, { recursive: true });
    const bug = this.seen.find(({ name }) => name === 'bug');
    if (bug) throw new Error('a bug was reported', { cause: (bug.facts as EventMap['bug']).error });
  }
}

const HEADER = 'order_number,tracking_number,carrier_code,title\n';

/** A file in the plain format, from `[order, number]` pairs. */
export function plainFile(...rows: readonly (readonly [order: string, number: string])[]): string {
  return HEADER + rows.map(([order, number]) => `${order},${number},ups,UPS\n`).join('');
}
