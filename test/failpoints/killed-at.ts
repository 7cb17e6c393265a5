import { fileURLToPath } from 'node:url';
import type { StepName } from '../../src/runtime/step.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { makeDataFolder, type SiblingName } from '../processes/data-folder.ts';
import { chanceOf } from '../torture/chance.ts';
import { judge } from '../torture/judge.ts';
import { complaintsOf, Yard } from '../torture/yard.ts';
import { shapesOf } from './scenes.ts';

/** A daemon is killed at the nth passing of a step. */
export interface Kill {
  readonly step: StepName;
  readonly nth: number;
}

const KILL_AT = fileURLToPath(new URL('./kill-at.ts', import.meta.url));
/** One that never comes to the step is killed all the same, and that is told. */
const KILLED_WITHIN_MS = 20_000;

const SHORT = {
  store: {
    timeout: '2s',
    retry: { attempts: 6, firstDelay: '50ms', maxDelay: '400ms' },
    uncertain: {
      looks: ['50ms', '150ms'],
      repeatTrackAfter: '300ms',
      repeatShipAfter: '400ms',
      verifyAfter: '300ms',
    },
  },
  inbox: { stableFor: '50ms', unfinishedFor: '200ms', rescanEvery: '200ms', shipments: { create: true } },
  root: { log: { level: 'debug' } },
} as const;

/**
 * Kills one daemon after the other on the same data folder, each at its own step, after dropping what passes it; lets
 * the last one finish, and returns what was wrong with that, in words. The shop is of these kills alone; the folder
 * is kept where something was wrong. The folders `elsewhere` lie on another file system.
 */
export async function killedAt(
  kills: readonly Kill[],
  elsewhere: readonly SiblingName[] = [],
): Promise<readonly string[]> {
  await using shop = await startSandbox({ readMs: 2, writeMs: 5 });
  const folder = await makeDataFolder(shop, SHORT, elsewhere);
  const yard = new Yard(folder, chanceOf(1), (seeds) => shop.addOrders(seeds));
  const breaches: string[] = [];
  for (const kill of kills) {
    for (const shape of shapesOf(kill.step)) await yard.drop(yard.cargo.nextFile(shape));
    breaches.push(...(await killOnce(yard, kill)));
  }
  breaches.push(...(await yard.finish()));
  const evidence = { folder, dropped: yard.dropped, cargo: yard.cargo };
  const verdict = await judge({ ...evidence, tracks: shop.tracks(), shipments: shop.shipments() });
  breaches.push(...verdict.breaches);
  if (breaches.length === 0) {
    await folder[Symbol.asyncDispose]();
    return [];
  }
  await yard.keepLogs();
  return [...breaches, `kept: ${folder.path}`];
}

async function killOnce(yard: Yard, { step, nth }: Kill): Promise<readonly string[]> {
  await using daemon = yard.start({ env: { KILL_AT: `${step}#${nth}` }, nodeArgs: ['--import', KILL_AT] });
  const late = setTimeout(() => void daemon.stop('SIGTERM'), KILLED_WITHIN_MS);
  const { code, signal } = await daemon.exit;
  clearTimeout(late);
  if (signal === 'SIGKILL') return complaintsOf(daemon);
  return [`it did not pass ${step} for ${nth} times, and ended with ${code}: ${daemon.stderr()}`];
}
