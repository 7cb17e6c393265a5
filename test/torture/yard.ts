import { link, readdir, rm, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventName } from '../../src/events.ts';
import { parseWitnessName } from '../../src/intake/names.ts';
import { readOnly } from '../../src/ledger/existing.ts';
import type { OrderSeed } from '../../src/sandbox/seed.ts';
import {
  type DaemonProcess,
  type DaemonProcessOptions,
  startDaemonProcess,
} from '../processes/daemon-process.ts';
import type { DataFolder } from '../processes/data-folder.ts';
import { COMPILE_CACHE } from '../processes/node-process.ts';
import { Cargo, type CargoFile } from './cargo.ts';
import type { Chance } from './chance.ts';

/** Files that are to lie between inbox and end while there are kills to come. */
const FILES_UNDER_WAY = 7;
/** Orders that come late come in the middle of the work. */
const LATE_ORDERS_AT_A_TIME = 2;
/** Well above the longest history of one write in any round. */
const DRAINED_WITHIN_MS = 150_000;
/** The end of a drop may be seen before its event, or after it. */
const LOOK_EVERY_MS = 100;

/** The data folder of a round, with the files that come into it and the daemons that work on it. */
export class Yard {
  readonly dropped: CargoFile[] = [];
  readonly cargo: Cargo;
  readonly #folder: DataFolder;
  readonly #addOrders: (seeds: readonly OrderSeed[]) => unknown;
  readonly #daemons: DaemonProcess[] = [];

  /** `addOrders` puts orders into the shop; it is called before a file that names them is dropped. */
  constructor(
    folder: DataFolder,
    chance: Chance,
    addOrders: (seeds: readonly OrderSeed[]) => unknown,
    rowsWait = false,
  ) {
    this.#folder = folder;
    this.#addOrders = addOrders;
    this.cargo = new Cargo(chance, rowsWait);
  }

  start({ env = {}, ...options }: Pick<DaemonProcessOptions, 'env' | 'nodeArgs'> = {}): DaemonProcess {
    const { config } = this.#folder;
    const daemon = startDaemonProcess({ config, env: { ...COMPILE_CACHE, ...env }, ...options });
    this.#daemons.push(daemon);
    return daemon;
  }

  /** Drops files until so many are under way. */
  async fill(wanted = FILES_UNDER_WAY): Promise<void> {
    await this.#addLateOrders(LATE_ORDERS_AT_A_TIME);
    for (let missing = wanted - (await this.#underWay()); missing > 0; missing -= 1) {
      await this.drop(this.cargo.nextFile());
    }
  }

  /** Drops so many files of one row: claims and moves follow each other closely. */
  async burst(count: number): Promise<void> {
    for (let at = 0; at < count; at += 1) await this.drop(this.cargo.nextFile('one row'));
  }

  /** The same while the daemon works. */
  async fillLater(daemon: DaemonProcess, afterMs: number): Promise<void> {
    await Promise.race([sleep(afterMs), daemon.exit]);
    await this.fill();
  }

  /** Lets a daemon come to the end of all files, stops it, and returns what was wrong with that. */
  async finish(): Promise<string[]> {
    await this.#addLateOrders();
    await using daemon = this.start();
    // Before that, nobody listens for signals.
    await daemon.waitFor('inbox.watching');
    const untilMs = Date.now() + DRAINED_WITHIN_MS;
    while ((await this.#underWay()) + (await this.#waiting()) > 0 && Date.now() < untilMs)
      await sleep(LOOK_EVERY_MS);
    const left = (await this.#underWay()) + (await this.#waiting());
    const { code } = await daemon.stop('SIGTERM');
    const unsettled = readOnly(this.#folder.ledger, 'drops', (db) =>
      Number(db.prepare(`SELECT count(*) AS n FROM drops WHERE state <> 'settled'`).get()?.n),
    );
    return [
      ...complaintsOf(daemon),
      ...(left > 0 ? [`${left} files were not done within ${DRAINED_WITHIN_MS} ms`] : []),
      ...(code === 0 ? [] : [`after SIGTERM the daemon ended with ${code}: ${daemon.stderr()}`]),
      ...(unsettled === 0 ? [] : [`the ledger has ${unsettled} drops that are not settled`]),
    ];
  }

  /** Puts the daemons' logs beside the data folder's files. */
  async keepLogs(): Promise<void> {
    const lines = this.#daemons.flatMap(({ log, pid }) => log.all.map((line) => ({ pid, ...line })));
    const text = lines.map((line) => JSON.stringify(line)).join('\n');
    await writeFile(join(this.#folder.path, 'torture.log'), `${text}\n`);
  }

  /** Files whose rows wait, and their reports. */
  async #waiting(): Promise<number> {
    return (await namesIn(this.#folder.waiting)).filter((name) => !name.startsWith('.')).length;
  }

  async #addLateOrders(count?: number): Promise<void> {
    const seeds = this.cargo.takeLateSeeds(count);
    if (seeds.length > 0) await this.#addOrders(seeds);
  }

  /** Files in the inbox and in `working/`, however far they are; in this order, so that none slips past. */
  async #underWay(): Promise<number> {
    const inbox = await readdir(this.#folder.inbox);
    let count = inbox.filter((name) => parseWitnessName(name) === undefined).length;
    for (const drop of await namesIn(this.#folder.working)) {
      const names = await namesIn(join(this.#folder.working, drop));
      count += names.filter((name) => !name.startsWith('.')).length;
    }
    return count;
  }

  /** Drops a whole file, and never over another one: an uploader that overwrites takes its own file away. */
  async drop(file: CargoFile): Promise<void> {
    const seeds = this.cargo.takeSeeds();
    if (seeds.length > 0) await this.#addOrders(seeds);
    const outside = join(this.#folder.path, 'outside.tmp');
    await writeFile(outside, file.bytes);
    const extension = extname(file.name);
    const stem = file.name.slice(0, file.name.length - extension.length);
    for (let copy = 1; ; copy += 1) {
      const name = copy === 1 ? file.name : `${stem} (${copy})${extension}`;
      try {
        await link(outside, join(this.#folder.inbox, name));
        break;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
    await rm(outside);
    this.dropped.push(file);
  }
}

/** What no daemon may say where every folder can be used and nobody takes files away. */
const COMPLAINTS: ReadonlySet<string> = new Set<EventName>([
  'bug',
  'drop.vanished',
  'drop.stuck',
  'file.stuck',
  'inbox.unavailable',
  'store.right-missing',
]);

/** What a daemon said that it must not say. */
export function complaintsOf({ log }: DaemonProcess): string[] {
  return log.all
    .filter(({ event }) => COMPLAINTS.has(event))
    .map(({ msg, stack }) => `${msg} ${String(stack ?? '')}`);
}

/** None where the folder is not there, or not any more. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
