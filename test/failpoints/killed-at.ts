import { fileURLToPath } from 'node:url';
import type { StepName } from '../../src/runtime/step.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import type { DaemonProcessOptions } from '../processes/daemon-process.ts';
import { makeDataFolder, type SiblingName } from '../processes/data-folder.ts';
import { SHORT_TIMES } from '../processes/short-times.ts';
import { chanceOf } from '../torture/chance.ts';
import { judge } from '../torture/judge.ts';
import { complaintsOf, Yard } from '../torture/yard.ts';
import { inWords, shapesOf } from './scenes.ts';

/** A daemon is killed at the nth passing of a step. */
export interface Kill {
  readonly step: StepName;
  readonly nth: number;
}

const KILL_AT = fileURLToPath(new URL('./kill-at.ts', import.meta.url));
/** One that never comes to the step is killed all the same, and that is told. */
const KILLED_WITHIN_MS = 20_000;

/** What a daemon must be started with, so that it is killed there. */
export function killingAt({ step, nth }: Kill): Pick<DaemonProcessOptions, 'env' | 'nodeArgs'> {
  return { env: { KILL_AT: `${step}#${nth}` }, nodeArgs: ['--import', KILL_AT] };
}

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
  const folder = await makeDataFolder(shop, SHORT_TIMES, elsewhere);
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

async function killOnce(yard: Yard, kill: Kill): Promise<readonly string[]> {
  await using daemon = yard.start(killingAt(kill));
  const late = setTimeout(() => void daemon.stop('SIGTERM'), KILLED_WITHIN_MS);
  const { code, signal } = await daemon.exit;
  clearTimeout(late);
  if (signal === 'SIGKILL') return complaintsOf(daemon);
  return [`it was not killed at ${inWords(kill)}, and ended with ${code}: ${daemon.stderr()}`];
}
