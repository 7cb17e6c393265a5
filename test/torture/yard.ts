import { link, readdir, readFile, rm, writeFile } from 'node:fs/promises';
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
import { Cargo } from './cargo.ts';
import type { CargoFile } from './cargo-file.ts';
import type { Chance } from './chance.ts';
import { correctReport } from './corrected.ts';
import { SlowWriters } from './slow-writers.ts';

/** Files that are to lie between inbox and end while there are kills to come. */
const FILES_UNDER_WAY = 7;
/** Orders that come late come in the middle of the work. */
const LATE_ORDERS_AT_A_TIME = 2;
/** Well above the longest history of one write in any round. */
const DRAINED_WITHIN_MS = 150_000;
/** The end of a drop may be seen before its event, or after it. */
const LOOK_EVERY_MS = 100;

/** What the name of a done-file has after that of its file. */
const DONE = '.done';

/** How files come in a round. */
export interface Ways {
  /** Orders that are missing come later, and their rows wait for them; else they never do. */
  readonly rowsWait: boolean;
  /** A done-file after each file says that it is whole. */
  readonly doneFiles: boolean;
}

/** The data folder of a round, with the files that come into it and the daemons that work on it. */
export class Yard {
  readonly dropped: CargoFile[] = [];
  readonly cargo: Cargo;
  readonly #folder: DataFolder;
  readonly #addOrders: (seeds: readonly OrderSeed[]) => unknown;
  readonly #daemons: DaemonProcess[] = [];
  readonly #slow = new SlowWriters();
  readonly #chance: Chance;
  readonly #ways: Ways;

  /** `addOrders` puts orders into the shop; it is called before a file that names them is dropped. */
  constructor(
    folder: DataFolder,
    chance: Chance,
    addOrders: (seeds: readonly OrderSeed[]) => unknown,
    ways: Ways = { rowsWait: false, doneFiles: false },
  ) {
    this.#folder = folder;
    this.#addOrders = addOrders;
    this.#chance = chance;
    this.#ways = ways;
    this.cargo = new Cargo(chance, ways.rowsWait);
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

  /**
   * While no daemon works: a writer goes on or begins, and a person has corrected what failed. Not where a done-file says
   * that a file is whole, nor where a row's report may say that it waits.
   */
  async meddle(): Promise<void> {
    const { rowsWait, doneFiles } = this.#ways;
    if (this.#chance.hits(0.3)) await this.#slow.goOn(1);
    if (!doneFiles && this.#chance.hits(0.5)) await this.#begin(this.cargo.nextGrowing());
    if (rowsWait || !this.#chance.hits(0.4)) return;
    const corrected = await correctReport(this.#folder.failed, this.dropped, this.cargo);
    if (corrected) await this.drop(corrected);
  }

  /** Drops so many files of one row: claims and moves follow each other closely. */
  async burst(count: number): Promise<void> {
    for (let at = 0; at < count; at += 1) await this.drop(this.cargo.nextFile('one row'));
  }

  /** The same while the daemon works. */
  async fillLater(daemon: DaemonProcess, afterMs: number): Promise<void> {
    await Promise.race([sleep(afterMs), daemon.exit]);
    if (this.#chance.hits(0.4)) await this.#slow.goOn(1);
    await this.fill();
  }

  /** Lets a daemon come to the end of all files, stops it, and returns what was wrong with that. */
  async finish(): Promise<string[]> {
    await this.#addLateOrders();
    await using daemon = this.start();
    // Before that, nobody listens for signals.
    await daemon.waitFor('inbox.watching');
    const untilMs = Date.now() + DRAINED_WITHIN_MS;
    // Some writers go on when their files are put away already.
    while ((await this.#inWork()) > 0 && Date.now() < untilMs) await sleep(LOOK_EVERY_MS);
    await this.#slow.goOn();
    while ((await this.#left()) > 0 && Date.now() < untilMs) await sleep(LOOK_EVERY_MS);
    const left = await this.#left();
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

  /** How often any daemon said one of these. */
  count(...events: readonly EventName[]): number {
    const wanted = new Set<string>(events);
    return this.#daemons.reduce(
      (sum, { log }) => sum + log.all.filter(({ event }) => wanted.has(event)).length,
      0,
    );
  }

  /** Puts the daemons' logs beside the data folder's files. */
  async keepLogs(): Promise<void> {
    const lines = this.#daemons.flatMap(({ log, pid }) => log.all.map((line) => ({ pid, ...line })));
    const text = lines.map((line) => JSON.stringify(line)).join('\n');
    await writeFile(join(this.#folder.path, 'torture.log'), `${text}\n`);
  }

  /** What is still to be done, once it has been looked for where it would be before. */
  async #left(): Promise<number> {
    const inWork = await this.#inWork();
    return inWork > 0 ? inWork : (await this.#unheard()) + (await this.#unmoved());
  }

  async #inWork(): Promise<number> {
    return (await this.#underWay()) + (await this.#waiting());
  }

  /** Files of which no report tells the row that their writer wrote last. */
  async #unheard(): Promise<number> {
    const growing = this.dropped.filter(({ part }) => part);
    if (growing.length === 0) return 0;
    const names = await readdir(this.#folder.processed, { recursive: true }).catch(() => []);
    const reports = names.filter((name) => name.endsWith('.report.csv') && !name.includes('/.'));
    const texts = await Promise.all(
      reports.map((name) => readFile(join(this.#folder.processed, name), 'utf8')),
    );
    return growing.filter(({ rows }) => {
      const last = rows.at(-1)?.kind;
      return last?.kind === 'number' && !texts.some((text) => text.includes(last.number));
    }).length;
  }

  /** Files in `failed/` whose failed rows are all done. */
  async #unmoved(): Promise<number> {
    const redone = this.dropped.filter(({ end }) => end.isRedone);
    if (redone.length === 0) return 0;
    const names = await namesIn(this.#folder.failed);
    const contents = await Promise.all(names.map((name) => readFile(join(this.#folder.failed, name))));
    return redone.filter(({ bytes }) => contents.some((content) => content.equals(bytes))).length;
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
    const name = await this.#underFreeName(file, (path) => link(outside, path));
    await rm(outside);
    this.dropped.push(file);
    if (this.#ways.doneFiles) await writeFile(join(this.#folder.inbox, name + DONE), '');
  }

  async #begin(file: CargoFile): Promise<void> {
    await this.#addOrders(this.cargo.takeSeeds());
    await this.#underFreeName(file, (path) => this.#slow.begin(path, file));
    this.dropped.push(file);
  }

  /** @returns the name that `place` took */
  async #underFreeName(file: CargoFile, place: (path: string) => Promise<void>): Promise<string> {
    const extension = extname(file.name);
    const stem = file.name.slice(0, file.name.length - extension.length);
    for (let copy = 1; ; copy += 1) {
      const name = copy === 1 ? file.name : `${stem} (${copy})${extension}`;
      // The done-file of the file before is for that one.
      if ((await namesIn(this.#folder.inbox)).includes(name + DONE)) continue;
      try {
        await place(join(this.#folder.inbox, name));
        return name;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
    }
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
