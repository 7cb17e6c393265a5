import { setInterval } from 'node:timers/promises';
import type { Figure } from './figures.ts';
import { memoryOf, processorMs } from './process-cost.ts';
import type { Progress } from './progress.ts';
import { checkWork, FAST_STORE, filesOf, type Measure, openScene } from './scene.ts';

/** The collection of garbage at the beginning of every rest is in it. */
const IDLE_FOR_MS = 30_000;
const ROWS = 2_000;
const BYTES_PER_MB = 1_000_000;

/** Memory and processor time of a daemon that has nothing to do, before and after a file of 2,000 rows. */
export const idle: Measure = {
  name: 'idle',
  about: 'nothing to do for 30 s, as configured by default',
  async run({ progress, nodeArgs }) {
    await using scene = await openScene(FAST_STORE, nodeArgs);
    const { sandbox, data, daemon } = scene;
    const fresh = await idleCost(daemon.pid, 'fresh', progress);
    const files = await filesOf(sandbox, { files: 1, rowsEach: ROWS });
    progress.say('a file in between');
    await data.drop(files);
    await daemon.waitFor('drop.settled');
    await checkWork(scene, ROWS);
    return [...fresh, ...(await idleCost(daemon.pid, 'after 2,000 rows', progress))];
  },
};

async function idleCost(pid: number, when: string, progress: Progress): Promise<readonly Figure[]> {
  const startedAtMs = performance.now();
  const processorBeforeMs = await processorMs(pid);
  for await (const _ of setInterval(1000)) {
    const idleMs = performance.now() - startedAtMs;
    progress.say(`${when}, idle for ${Math.round(idleMs / 1000)} of ${IDLE_FOR_MS / 1000} s`);
    if (idleMs >= IDLE_FOR_MS) break;
  }
  const usedMs = (await processorMs(pid)) - processorBeforeMs;
  const share = usedMs / (performance.now() - startedAtMs);
  const { residentBytes } = await memoryOf(pid);
  return [
    { name: `resident, ${when}`, value: residentBytes / BYTES_PER_MB, unit: 'MB', bound: { atMost: 110 } },
    { name: `of a core, ${when}`, value: share * 100, unit: '%', bound: { atMost: 0.5 } },
  ];
}
