import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { type DaemonProcess, startDaemonProcess } from '../processes/daemon-process.ts';
import { SHORT_TIMES } from '../processes/short-times.ts';
import { appendForAll, Machine } from './machine.ts';
import { run, runAs } from './run.ts';
import { SftpServer } from './sftp-server.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const TIMES = { stableFor: '300ms', unfinishedFor: '1500ms', rescanEvery: '100ms' };
const HEADER = 'order_number,tracking_number,title\n';

/** What a row of a file wants. */
export interface Wanted {
  readonly order: string;
  readonly number: string;
}

/** A file to upload, and what must come of it. */
export interface Upload {
  readonly text: string;
  readonly wanted: readonly Wanted[];
}

/** An SFTP server, a daemon and a shop, set up as docs/sftp.md says but for its times, which are short. */
export class Uploads implements AsyncDisposable {
  readonly machine: Machine;
  readonly server: SftpServer;
  readonly daemon: DaemonProcess;
  readonly sandbox: Sandbox;
  /** Where the uploader has its files. */
  readonly local: string;
  readonly #config: string;
  readonly #open: AsyncDisposableStack;
  #numbers = 0;

  private constructor(parts: {
    readonly machine: Machine;
    readonly server: SftpServer;
    readonly daemon: DaemonProcess;
    readonly sandbox: Sandbox;
    readonly config: string;
    readonly open: AsyncDisposableStack;
  }) {
    this.machine = parts.machine;
    this.server = parts.server;
    this.daemon = parts.daemon;
    this.sandbox = parts.sandbox;
    this.local = localOf(parts.machine);
    this.#config = parts.config;
    this.#open = parts.open;
  }

  static async start(): Promise<Uploads> {
    await using open = new AsyncDisposableStack();
    const machine = open.use(await Machine.make());
    const server = open.use(await SftpServer.start(machine));
    const sandbox = open.use(await startSandbox());
    const config = join(machine.keys, 'trackdrop.yaml');
    await appendForAll(config, configFor(machine, sandbox));
    await mkdir(localOf(machine));
    await mustReach(machine.logins.daemon);
    const daemon = open.use(startDaemonProcess({ config, login: machine.logins.daemon }));
    await daemon.waitFor('inbox.watching');
    return new Uploads({ machine, server, daemon, sandbox, config, open: open.move() });
  }

  /** Of so many rows, each for a new order that has a shipment. No piece of a power of two bytes ends with a row. */
  async make(name: string, rows: number): Promise<Upload> {
    const orders = this.sandbox.addOrders(Array.from({ length: rows }, () => ({ shipments: [{}] })));
    const wanted = orders.map(({ incrementId }) => {
      this.#numbers += 1;
      return { order: incrementId, number: `1Z999AA1${String(this.#numbers).padStart(10, '0')}` };
    });
    const lines = wanted.map(({ order, number }) => `${order},${number},Post\n`);
    const text = HEADER + lines.join('');
    if (HEADER.length % 2 === 0 || lines.some((line) => line.length % 2 === 1))
      throw new Error('a piece of the file could end with a row');
    await writeFile(join(this.local, name), text, { mode: 0o644 });
    return { text, wanted };
  }

  /** Resolves when nothing is left in the inbox or in work, and the drop of that name is settled. */
  async settled(name: string): Promise<void> {
    await this.daemon.waitFor('drop.settled', (line) => line.name === name);
    for (let seen = 1; (await this.#underWay()).length > 0; seen += 1) {
      await this.daemon.waitForMany('drop.settled', seen, (line) => line.name === name);
    }
  }

  /** Numbers that stand on these orders and are not wanted there, or are wanted and do not stand, or stand twice. */
  wrong({ wanted }: Upload): string[] {
    const orders = new Set(wanted.map(({ order }) => order));
    const standing = this.sandbox.tracks().filter(({ order }) => orders.has(order));
    const left = standing.map(({ order, trackNumber }) => `${order} ${trackNumber}`);
    const missing = wanted.filter(({ order, number }) => {
      const at = left.indexOf(`${order} ${number}`);
      if (at >= 0) left.splice(at, 1);
      return at < 0;
    });
    return [...left.map((each) => `stands: ${each}`), ...missing.map(({ order }) => `is missing: ${order}`)];
  }

  /** Everything that lies in the inbox or below the data folder but the ledger, by its path, with its text. */
  async files(): Promise<ReadonlyMap<string, string>> {
    const texts = new Map<string, string>();
    for (const [root, label] of [
      [this.machine.inbox, 'inbox'],
      [this.machine.data, ''],
    ] as const) {
      for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || entry.name.startsWith('trackdrop.db')) continue;
        const path = join(entry.parentPath, entry.name);
        texts.set(join(label, path.slice(root.length + 1)), await readFile(path, 'utf8'));
      }
    }
    return texts;
  }

  /** Where the file of that name lies among those that are put away. */
  async pathOf(name: string): Promise<string> {
    return (await run('find', this.machine.data, '-type', 'f', '-name', name)).trim();
  }

  /** What `trackdrop` prints as the daemon's user. */
  async trackdrop(command: string): Promise<string> {
    const login = this.machine.logins.daemon;
    return await runAs(login, process.execPath, MAIN, command, '--config', this.#config);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#open.disposeAsync();
  }

  async #underWay(): Promise<readonly string[]> {
    const inWork = await readdir(join(this.machine.data, 'working'), {
      recursive: true,
      withFileTypes: true,
    });
    // A hidden one is an original that is kept for as long as its writer may go on with it.
    const drops = inWork.filter((entry) => entry.isFile() && !entry.name.startsWith('.'));
    return [...(await readdir(this.machine.inbox)), ...drops.map(({ name }) => name)];
  }
}

/** A checkout below a home that is closed to others would look like a daemon that ends at once. */
async function mustReach(login: string): Promise<void> {
  await runAs(login, process.execPath, '--check', MAIN).catch((error: Error) => {
    throw new Error(`another user cannot run ${MAIN}: open the folders above it to others`, { cause: error });
  });
}

function localOf(machine: Machine): string {
  return join(machine.keys, 'local');
}

/** The page's own words, with a shop and short times. */
function configFor(machine: Machine, { url, bearer }: Sandbox): string {
  const page = parse(machine.block('yaml')) as { inboxes: readonly [Readonly<Record<string, unknown>>] };
  const { waitFor } = SHORT_TIMES.inbox;
  const inboxes = [{ ...page.inboxes[0], ...TIMES, waitFor }];
  const stores = { main: { ...SHORT_TIMES.store, url, auth: { bearer } } };
  return JSON.stringify({ ...page, stores, inboxes });
}
