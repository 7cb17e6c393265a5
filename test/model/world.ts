import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventName } from '../../src/events.ts';
import { parseWitnessName } from '../../src/intake/names.ts';
import { readOnly } from '../../src/ledger/existing.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import { type Kill, killingAt } from '../failpoints/killed-at.ts';
import { type DaemonProcess, startDaemonProcess } from '../processes/daemon-process.ts';
import { type DataFolder, makeDataFolder } from '../processes/data-folder.ts';
import { COMPILE_CACHE, type ProcessUser } from '../processes/node-process.ts';
import { SHORT_TIMES } from '../processes/short-times.ts';
import { mountSmallDisk, noMount, type SmallDisk } from '../small-disk.ts';
import { type Action, NAMES, ORDERS, type RowChoice } from './actions.ts';
import { Expectation, type ModelFile, type ModelRow } from './expectation.ts';
import { findings } from './findings.ts';

/** Nobody, on every Linux: rights that are taken away mean nothing to root. */
const NOBODY: ProcessUser = { uid: 65_534, gid: 65_534 };
/** Room for a ledger with its log, and some files. */
const DISK_MEGABYTES = 24;
/** Nobody but root may mount, and not in every container. */
export const isMountable = noMount() === false;
const DRAINED_WITHIN_MS = 60_000;
/** Something may be in the way of the end, such as a store that is down. */
const LONGEST_REST_MS = 1_500;
const NOTICED_WITHIN_MS = 8_000;
const LOOK_EVERY_MS = 40;
/** 128 and the signal's number: of a process that was told to end before it had begun. */
const ENDED_BY_SIGTERM = 143;
const HEADER = 'order_number,tracking_number\n';
/** What no daemon may say, whatever is done to it here. */
const COMPLAINTS: ReadonlySet<string> = new Set<EventName>(['bug', 'drop.vanished', 'store.right-missing']);

/** A data folder, a shop and a daemon that is started again when it dies, to which actions are done. */
export class World implements AsyncDisposable {
  readonly #expected = new Expectation();
  readonly #folder: DataFolder;
  /** Undefined where none can be mounted: then it is never full. */
  readonly #disk: SmallDisk | undefined;
  readonly #shop: Sandbox;
  readonly #orders: readonly string[];
  /** Every file that was dropped, in order, also those that were removed. */
  readonly #files: ModelFile[] = [];
  /** What lies in the inbox under each inode. */
  readonly #byInode = new Map<bigint, ModelFile>();
  readonly #daemons: DaemonProcess[] = [];
  readonly #breaches: string[] = [];
  /** The daemon whose end is no news. */
  #dying: DaemonProcess | undefined;
  #isOver = false;
  #isFull = false;

  private constructor(
    folder: DataFolder,
    disk: SmallDisk | undefined,
    shop: Sandbox,
    orders: readonly string[],
  ) {
    this.#folder = folder;
    this.#disk = disk;
    this.#shop = shop;
    this.#orders = orders;
    this.#start();
  }

  static async open(): Promise<World> {
    const shop = await startSandbox({ readMs: 1, writeMs: 3 });
    const orders = Array.from({ length: ORDERS }, (_, at) => {
      return shop.addOrder(at % 2 === 0 ? {} : { shipments: [{}] }).incrementId;
    });
    const parent = fs.mkdtempSync(join(tmpdir(), 'trackdrop-model-'));
    const disk = isMountable ? mountSmallDisk(parent, DISK_MEGABYTES) : undefined;
    fs.chmodSync(parent, 0o755);
    const folder = await makeDataFolder(shop, SHORT_TIMES, [], parent);
    if (isRoot()) {
      for (const sibling of ['working', 'waiting', 'processed', 'failed'] as const)
        fs.mkdirSync(folder[sibling]);
      execFileSync('chown', ['-R', `${NOBODY.uid}:${NOBODY.gid}`, folder.path]);
    }
    const world = new World(folder, disk, shop, orders);
    await world.act({ kind: 'await daemon' });
    return world;
  }

  async act(action: Action): Promise<void> {
    switch (action.kind) {
      case 'drop':
        return this.#drop(NAMES[action.name], this.#fileOf(action.rows));
      case 'upload':
        return await this.#upload(NAMES[action.name], this.#fileOf(action.rows), action);
      case 'again': {
        const file = this.#files[action.file];
        if (file) this.#drop(NAMES[action.name], { ...file, part: null });
        return;
      }
      case 'delete':
        return this.#delete(NAMES[action.name]);
      case 'lock file':
        return this.#lockFile(NAMES[action.name]);
      case 'lock folder':
        return fs.existsSync(this.#folder[action.folder])
          ? fs.chmodSync(this.#folder[action.folder], 0o555)
          : undefined;
      case 'fill disk':
        return this.#fillDisk();
      case 'free disk':
        return this.#freeDisk();
      case 'unlock':
        return this.#unlock();
      case 'kill':
        return await this.#startAfter('SIGKILL');
      case 'kill at':
        return await this.#startAfter('SIGKILL', action);
      case 'restart':
        return await this.#startAfter('SIGTERM');
      case 'store down':
        return await this.#shop.goDown();
      case 'store up':
        return await this.#shop.comeBack();
      case 'lose answers':
        return this.#shop.inject({
          match: { method: 'POST' },
          times: action.count,
          fault: { kind: 'resetAfter' },
        });
      case 'wait':
        return void (await sleep(action.ms));
      case 'await daemon':
        return await this.#until(() => this.#isWatching(), LONGEST_REST_MS);
      case 'rest':
        return await this.#until(() => this.#isDrained(), LONGEST_REST_MS);
    }
  }

  /** Puts everything right again, lets a daemon come to the end, and returns what is other than it must be. */
  async settle(): Promise<readonly string[]> {
    this.#freeDisk();
    this.#unlock();
    this.#shop.clearFaults();
    await this.#shop.comeBack();
    await this.#until(() => this.#isDrained(), DRAINED_WITHIN_MS);
    if (!this.#isDrained() && this.#breaches.length === 0)
      this.#breaches.push(`not everything was done within ${DRAINED_WITHIN_MS} ms`);
    const found = await this.#foundAtLast();
    await this.#end('SIGTERM');
    for (const { log } of this.#daemons) {
      const complaints = log.all.filter(({ event }) => COMPLAINTS.has(event));
      this.#breaches.push(...complaints.map(({ msg, stack }) => `${msg} ${String(stack ?? '')}`));
    }
    return [...this.#breaches, ...found];
  }

  /** The logs of all daemons, a line each. */
  get log(): string {
    const lines = this.#daemons.flatMap(({ log, pid }) => log.all.map((line) => ({ pid, ...line })));
    return lines.map((line) => JSON.stringify(line)).join('\n');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end('SIGKILL');
    await this.#shop[Symbol.asyncDispose]();
    await this.#folder[Symbol.asyncDispose]();
    this.#disk?.[Symbol.dispose]();
    fs.rmSync(join(this.#folder.path, '..'), { recursive: true });
  }

  #fileOf(rows: readonly RowChoice[]): ModelFile {
    const modelRows = rows.map(({ order: at, number: nth }): ModelRow => {
      const order = this.#orders[at] ?? '999999999';
      const number = nth === null ? '' : `${order}N${nth}`;
      return { order, number, isGood: at < ORDERS && nth !== null };
    });
    const lines = modelRows.map(({ order, number }) => `${order},${number}\n`);
    return { bytes: Buffer.from(HEADER + lines.join('')), rows: modelRows, part: null };
  }

  /** As an uploader does that writes elsewhere first: one rename, also over a file that lies there still. */
  #drop(name: string | undefined, file: ModelFile): void {
    // Nor has the uploader any room.
    if (this.#isFull) return;
    const target = join(this.#folder.inbox, String(name));
    const outside = join(this.#folder.path, 'outside', 'upload');
    fs.writeFileSync(outside, file.bytes);
    if (isRoot() && this.#files.length % 2 === 0) fs.chownSync(outside, NOBODY.uid, NOBODY.gid);
    // Nothing waits between these lines, so that a claim seldom comes between them; and where it does, the file
    // that was held open still has a name.
    const before = openIfThere(target);
    fs.renameSync(outside, target);
    const { ino } = fs.statSync(target, { bigint: true, throwIfNoEntry: false }) ?? { ino: undefined };
    if (before !== undefined) {
      const stats = fs.fstatSync(before, { bigint: true });
      if (stats.nlink === 0n) this.#remove(stats.ino);
      fs.closeSync(before);
    }
    this.#add(file, ino);
  }

  async #upload(
    name: string | undefined,
    file: ModelFile,
    { cut, pauseMs }: { readonly cut: number; readonly pauseMs: number },
  ): Promise<void> {
    if (this.#isFull) return;
    // Cuts off what lies there, and goes on in the same file: that one is no more.
    const handle = fs.openSync(join(this.#folder.inbox, String(name)), 'w');
    try {
      const { ino } = fs.fstatSync(handle, { bigint: true });
      this.#remove(ino);
      const at = Math.floor((file.bytes.length * cut) / 100);
      const part = file.bytes.subarray(0, at);
      this.#add({ ...file, part }, ino);
      fs.writeSync(handle, part);
      await sleep(pauseMs);
      fs.writeSync(handle, file.bytes.subarray(at));
    } finally {
      fs.closeSync(handle);
    }
  }

  #delete(name: string | undefined): void {
    const path = join(this.#folder.inbox, String(name));
    const stats = fs.statSync(path, { bigint: true, throwIfNoEntry: false });
    if (stats === undefined) return;
    try {
      fs.unlinkSync(path);
      this.#remove(stats.ino);
    } catch (error) {
      // The daemon took it in between.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  #lockFile(name: string | undefined): void {
    const handle = openIfThere(join(this.#folder.inbox, String(name)));
    if (handle === undefined) return;
    if (isRoot()) fs.fchownSync(handle, 0, 0);
    fs.fchmodSync(handle, 0);
    fs.closeSync(handle);
  }

  #fillDisk(): void {
    if (this.#disk === undefined || this.#isFull) return;
    this.#isFull = true;
    this.#disk.fill();
  }

  #freeDisk(): void {
    if (this.#isFull) this.#disk?.free();
    this.#isFull = false;
  }

  #unlock(): void {
    execFileSync('chmod', ['-R', 'u+rwX,a+rX', this.#folder.path]);
  }

  #add(file: ModelFile, ino: bigint | undefined): void {
    this.#files.push(file);
    this.#expected.add(file);
    if (ino !== undefined) this.#byInode.set(ino, file);
  }

  #remove(ino: bigint): void {
    const file = this.#byInode.get(ino);
    if (file) this.#expected.remove(file);
    this.#byInode.delete(ino);
  }

  #start(kill?: Kill): void {
    const daemon = startDaemonProcess({
      config: this.#folder.config,
      ...(isRoot() ? { user: NOBODY } : {}),
      ...(kill === undefined ? {} : killingAt(kill)),
      env: { ...COMPILE_CACHE, ...(kill === undefined ? {} : killingAt(kill).env) },
    });
    this.#daemons.push(daemon);
    void daemon.exit.then(({ code, signal }) => {
      if (this.#dying === daemon || this.#isOver) return;
      if (signal !== 'SIGKILL') {
        this.#breaches.push(`the daemon ended by itself (${code}, ${signal}): ${daemon.stderr()}`);
        return;
      }
      this.#start();
    });
  }

  async #startAfter(signal: NodeJS.Signals, kill?: Kill): Promise<void> {
    await this.#stopLast(signal);
    this.#start(kill);
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    this.#isOver = true;
    await this.#stopLast(signal);
  }

  async #stopLast(signal: NodeJS.Signals): Promise<void> {
    const daemon = this.#daemons.at(-1);
    if (daemon === undefined) return;
    this.#dying = daemon;
    const exit = await daemon.stop(signal);
    const wasAtWork = daemon.log.all.some(({ event }) => event === 'daemon.active');
    if (exit.signal === null && exit.code !== 0 && (wasAtWork || exit.code !== ENDED_BY_SIGTERM))
      this.#breaches.push(`the daemon ended with ${exit.code}: ${daemon.stderr()}`);
  }

  /** Looks again and again, until it holds, or something is broken already, or the time is over. */
  async #until(holds: () => boolean, withinMs: number): Promise<void> {
    const endMs = Date.now() + withinMs;
    while (!holds() && this.#breaches.length === 0 && Date.now() < endMs) await sleep(LOOK_EVERY_MS);
  }

  /** A writer that went on after its file was put away is noticed at a rescan, and so it may take a moment. */
  async #foundAtLast(): Promise<readonly string[]> {
    const endMs = Date.now() + NOTICED_WITHIN_MS;
    for (;;) {
      const found = await findings(this.#expected, this.#folder, this.#shop);
      if (found.length === 0 || this.#breaches.length > 0 || Date.now() > endMs) return found;
      await sleep(LOOK_EVERY_MS);
    }
  }

  #isWatching(): boolean {
    return this.#daemons.at(-1)?.log.all.some(({ event }) => event === 'inbox.watching') ?? false;
  }

  /** A daemon has looked at every folder, and has nothing left to do. */
  #isDrained(): boolean {
    if (!this.#isWatching()) return false;
    const { inbox, working, ledger } = this.#folder;
    for (const folder of [inbox, working].filter((each) => fs.existsSync(each))) {
      const entries = fs.readdirSync(folder, { recursive: true, withFileTypes: true });
      if (entries.some((entry) => entry.isFile() && parseWitnessName(entry.name) === undefined)) return false;
    }
    return (
      readOnly(ledger, 'drops', (db) =>
        Number(db.prepare(`SELECT count(*) AS n FROM drops WHERE state <> 'settled'`).get()?.n),
      ) === 0
    );
  }
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function openIfThere(path: string): number | undefined {
  try {
    return fs.openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
