import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { type Action, actionLists, tell } from './actions.ts';
import { World } from './world.ts';

export interface CheckOptions {
  readonly runs: number;
  readonly seed: number;
  /** Of the list that failed before, as it was printed; where given, only that one is tried. */
  readonly path?: string;
  /** Actions in one list. */
  readonly length: number;
  /** No list, and no shorter one after a failure, is begun after this. */
  readonly withinMs: number;
}

/** How often the same list is tried before a shorter one is believed to do no harm: the daemon has its own timing. */
const TRIES_OF_SHORTER = 2;

/**
 * Does random lists of actions to a daemon, and looks after each whether everything is as it must be. Returns undefined
 * when it is, else the shortest list that was found to break it, in words, with what to run it again by.
 */
export async function checkModel({
  runs,
  seed,
  path,
  length,
  withinMs,
}: CheckOptions): Promise<string | undefined> {
  let hasFailed = false;
  let log = '';
  let ran = 0;
  const property = fc.asyncProperty(actionLists(length), async (actions) => {
    for (let tried = 0; tried < (hasFailed ? TRIES_OF_SHORTER : 1); tried += 1) {
      ran += 1;
      await using world = await World.open();
      for (const action of actions) await world.act(action);
      const breaches = await world.settle();
      if (breaches.length === 0) continue;
      hasFailed = true;
      log = world.log;
      throw new Error(breaches.join('\n'));
    }
  });
  const result = await fc.check(property, {
    seed,
    numRuns: runs,
    interruptAfterTimeLimit: withinMs,
    ...(path === undefined ? {} : { path }),
  });
  if (!result.failed) return undefined;
  if (result.counterexample === null) return `no list was tried within ${withinMs} ms`;
  const [actions] = result.counterexample;
  const file = join(await mkdtemp(join(tmpdir(), 'trackdrop-model-')), 'daemons.log');
  await writeFile(file, log);
  return [
    ...inWords(actions),
    '',
    String(result.errorInstance instanceof Error ? result.errorInstance.message : result.errorInstance),
    '',
    `found in ${ran} tries; again: npm run model -- --seed ${seed} --path ${result.counterexamplePath} --length ${length}`,
    `the daemons' logs: ${file}`,
  ].join('\n');
}

function inWords(actions: readonly Action[]): string[] {
  return actions.map((action, at) => `${at + 1}. ${tell(action)}`);
}
