import { link, readdir, rm, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventName } from '../../src/events.ts';
import { readOnly } from '../../src/ledger/existing.ts';
import type { FaultRule } from '../../src/sandbox/faults.ts';
import { type DaemonProcess, startDaemonProcess } from '../processes/daemon-process.ts';
import { type DataFolder, makeDataFolder } from '../processes/data-folder.ts';
import { type SandboxProcess, startSandboxProcess } from '../processes/sandbox-process.ts';
import { Cargo, type CargoFile } from './cargo.ts';
import { type Chance, chanceOf } from './chance.ts';
import { judge, type Verdict } from './judge.ts';
import { killAt, nextMoment, type Stage, stagesLeft } from './killing.ts';

export interface RoundOptions {
  readonly seed: number;
  readonly kills: number;
  /** The store loses answers, writes late and is away for moments, on top of the kills. */
  readonly withFaults: boolean;
  readonly onKill?: (kills: number) => void;
}

export interface Round extends Verdict {
  readonly kills: number;
  readonly restarts: number;
  readonly files: number;
  readonly stages: Readonly<Partial<Record<Stage, number>>>;
  /** The data folder, kept because something was wrong with it. */
  readonly kept: string | null;
}

/** Files that are to lie between inbox and end while there are kills to come. */
const FILES_UNDER_WAY = 7;
/** Well above the longest history of one write below. */
const DRAINED_WITHIN_MS = 150_000;
/** Later than any effect of a request that a killed daemon sent. */
const QUIET_AFTER_MS = { plain: 2_200, withFaults: 3_000 } as const;
const SLOW_WRITE_MS = 2_000;

const SHORT = {
  store: {
    timeout: '2500ms',
    retry: { attempts: 6, firstDelay: '50ms', maxDelay: '400ms' },
    uncertain: {
      looks: ['200ms', '600ms', '1500ms'],
      repeatTrackAfter: '2500ms',
      repeatShipAfter: '3500ms',
      verifyAfter: '3s',
    },
  },
  inbox: { stableFor: '300ms', unfinishedFor: '1s', rescanEvery: '500ms', shipments: { create: true } },
  root: { log: { level: 'debug' } },
} as const;

/** A write that takes longer than a restart: the next daemon looks before it has landed. */
function slowWrites(seed: number): FaultRule {
  return {
    match: { method: 'POST', probability: 0.04, seed },
    fault: { kind: 'delay', delayMs: SLOW_WRITE_MS },
  };
}

/** The latest effect comes after a repeat may be sent, and before `verifyAfter` is over: beyond that nothing is promised. */
function faultRules(seed: number): FaultRule[] {
  const track = 'shipment/track';
  const ship = '/ship$';
  return [
    { match: { path: track, probability: 0.05, seed }, fault: { kind: 'resetAfter' } },
    {
      match: { path: track, probability: 0.04, seed },
      fault: { kind: 'lateEffect', afterMs: 500, answer: 'silence' },
    },
    {
      match: { path: track, probability: 0.03, seed },
      fault: { kind: 'lateEffect', afterMs: 2_700, answer: 504 },
    },
    { match: { path: ship, probability: 0.06, seed }, fault: { kind: 'resetAfter' } },
    {
      match: { path: ship, probability: 0.05, seed },
      fault: { kind: 'lateEffect', afterMs: 600, answer: 504 },
    },
    { match: { method: 'POST', probability: 0.04, seed }, fault: { kind: 'status', status: 503 } },
    { match: { method: 'GET', probability: 0.03, seed }, fault: { kind: 'status', status: 503 } },
    { match: { method: 'GET', probability: 0.03, seed }, fault: { kind: 'resetBefore' } },
  ];
}

/**
 * Drops files, kills the daemon again and again, lets the last one finish, and judges what came of it. Shop, data
 * folder and daemons are of this round alone.
 */
export async function runRound({ seed, kills, withFaults, onKill }: RoundOptions): Promise<Round> {
  const chance = chanceOf(seed);
  await using shop = await startSandboxProcess({ readMs: 8, writeMs: 15, jitterMs: 25, maxConcurrent: 8 });
  await shop.control('POST faults', [...(withFaults ? faultRules(seed) : []), slowWrites(seed)]);
  const folder = await makeDataFolder(shop, SHORT);
  const yard = new Yard(folder, shop, chance);
  const breaches: string[] = [];
  const stages: Partial<Record<Stage, number>> = {};
  let restarts = 0;

  for (let killed = 0; killed < kills; ) {
    await yard.fill(Math.ceil(FILES_UNDER_WAY / 2));
    if (chance.hits(0.25)) await yard.burst(chance.between(4, 10));
    await using daemon = yard.start();
    restarts += 1;
    const filled = yard.fillLater(daemon, chance.between(0, 700));
    const isKilled = await killAt(daemon, folder, nextMoment(chance));
    await filled;
    breaches.push(...complaintsOf(daemon));
    if (!isKilled) {
      breaches.push(`the daemon ended by itself: ${daemon.stderr()}`);
      break;
    }
    killed += 1;
    const wasActive = daemon.log.all.some(({ event }) => event === 'daemon.active');
    for (const stage of stagesLeft(folder, wasActive)) stages[stage] = (stages[stage] ?? 0) + 1;
    onKill?.(killed);
  }
  breaches.push(...(await yard.finish()));
  await sleep(withFaults ? QUIET_AFTER_MS.withFaults : QUIET_AFTER_MS.plain);
  const verdict = await judge({
    folder,
    dropped: yard.dropped,
    cargo: yard.cargo,
    tracks: await shop.tracks(),
    shipments: await shop.shipments(),
  });
  breaches.push(...verdict.breaches);
  if (breaches.length > 0) await yard.keepLogs();
  else await folder[Symbol.asyncDispose]();
  const kept = breaches.length > 0 ? folder.path : null;
  return { ...verdict, breaches, kills, restarts, files: yard.dropped.length, stages, kept };
}

/** The data folder of a round, with the files that come into it and the daemons that work on it. */
class Yard {
  readonly dropped: CargoFile[] = [];
  readonly cargo: Cargo;
  readonly #folder: DataFolder;
  readonly #shop: SandboxProcess;
  readonly #daemons: DaemonProcess[] = [];

  constructor(folder: DataFolder, shop: SandboxProcess, chance: Chance) {
    this.#folder = folder;
    this.#shop = shop;
    this.cargo = new Cargo(chance);
  }

  start(): DaemonProcess {
    const daemon = startDaemonProcess({ config: this.#folder.config });
    this.#daemons.push(daemon);
    return daemon;
  }

  /** Drops files until so many are under way. */
  async fill(wanted = FILES_UNDER_WAY): Promise<void> {
    for (let missing = wanted - (await this.#underWay()); missing > 0; missing -= 1) {
      await this.#drop(this.cargo.nextFile());
    }
  }

  /** Drops so many files of one row: claims and moves follow each other closely. */
  async burst(count: number): Promise<void> {
    for (let at = 0; at < count; at += 1) await this.#drop(this.cargo.nextFile('one row'));
  }

  /** The same while the daemon works. */
  async fillLater(daemon: DaemonProcess, afterMs: number): Promise<void> {
    await Promise.race([sleep(afterMs), daemon.exit]);
    await this.fill();
  }

  /** Lets a daemon come to the end of all files, stops it, and returns what was wrong with that. */
  async finish(): Promise<string[]> {
    await using daemon = this.start();
    // Before that, nobody listens for signals.
    await daemon.waitFor('inbox.watching');
    const untilMs = Date.now() + DRAINED_WITHIN_MS;
    while ((await this.#underWay()) > 0 && Date.now() < untilMs) await sleep(100);
    const left = await this.#underWay();
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

  /** Files in the inbox and in `working/`, however far they are; in this order, so that none slips past. */
  async #underWay(): Promise<number> {
    let count = (await readdir(this.#folder.inbox)).length;
    for (const drop of await namesIn(this.#folder.working)) {
      const names = await namesIn(join(this.#folder.working, drop));
      count += names.filter((name) => !name.startsWith('.')).length;
    }
    return count;
  }

  /** A whole file, and never over another one: an uploader that overwrites takes its own file away. */
  async #drop(file: CargoFile): Promise<void> {
    const seeds = this.cargo.takeSeeds();
    if (seeds.length > 0) await this.#shop.control('POST orders', seeds);
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

/** What no daemon may say here, where every folder can be used and nobody takes files away. */
const COMPLAINTS: ReadonlySet<string> = new Set<EventName>([
  'bug',
  'drop.vanished',
  'drop.stuck',
  'file.stuck',
  'inbox.unavailable',
  'store.right-missing',
]);

function complaintsOf({ log }: DaemonProcess): string[] {
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
