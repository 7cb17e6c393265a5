import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultRule } from '../../src/sandbox/faults.ts';
import { makeDataFolder, type SiblingName } from '../processes/data-folder.ts';
import { startSandboxProcess } from '../processes/sandbox-process.ts';
import { chanceOf } from './chance.ts';
import { judge, type Verdict } from './judge.ts';
import { killAt, nextMoment, type Stage, stagesLeft } from './killing.ts';
import { complaintsOf, Yard } from './yard.ts';

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
  /** Times that a file was read again, since its writer had gone on. */
  readonly grown: number;
  /** Files that left `failed/` by themselves. */
  readonly redone: number;
  readonly stages: Readonly<Partial<Record<Stage, number>>>;
  /** The data folder, kept because something was wrong with it. */
  readonly kept: string | null;
}

/** More come while the daemon works. */
const FILES_AT_START = 4;
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
  inbox: {
    stableFor: '300ms',
    unfinishedFor: '1s',
    rescanEvery: '500ms',
    shipments: { create: true },
  },
  root: { log: { level: 'debug' } },
} as const;

/** Far beyond the longest round: no row ends because it waited for too long. */
const ROWS_WAIT = { orderNotFound: '1h', orderHeld: '0s', unpaid: '0s', every: '400ms' };

/** Rounds differ by their seeds: whether rows wait, whether files have done-files, and which folders lie on another file system. */
function kindOf(seed: number) {
  const rowsWait = Math.abs(seed) % 2 === 1;
  const doneFiles = Math.abs(seed) % 5 === 2;
  const inbox = {
    ...SHORT.inbox,
    ...(rowsWait ? { waitFor: ROWS_WAIT } : {}),
    ...(doneFiles ? { doneFile: '{name}.done' } : {}),
  };
  const others: readonly (readonly SiblingName[])[] = [[], ['working'], ['processed', 'failed', 'waiting']];
  const elsewhere = others[Math.floor(Math.abs(seed) / 2) % others.length] ?? [];
  return { words: { ...SHORT, inbox }, elsewhere, ways: { rowsWait, doneFiles } };
}

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
  const { words, elsewhere, ways } = kindOf(seed);
  const folder = await makeDataFolder(shop, words, elsewhere);
  const yard = new Yard(folder, chance, (seeds) => shop.control('POST orders', seeds), ways);
  const breaches: string[] = [];
  const stages: Partial<Record<Stage, number>> = {};
  let restarts = 0;

  for (let killed = 0; killed < kills; ) {
    await yard.fill(FILES_AT_START);
    await yard.meddle();
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
  const [grown, redone] = [yard.count('drop.changed', 'drop.grown'), yard.count('drop.redone')];
  return { ...verdict, breaches, kills, restarts, files: yard.dropped.length, grown, redone, stages, kept };
}
