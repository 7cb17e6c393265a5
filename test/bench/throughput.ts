import { setInterval } from 'node:timers/promises';
import type { LogLine } from '../processes/log-lines.ts';
import type { SandboxProcess } from '../processes/sandbox-process.ts';
import type { Figure } from './figures.ts';
import { memoryOf, processorMs } from './process-cost.ts';
import type { Progress } from './progress.ts';
import { checkWork, filesOf, type Measure, type MeasureParts, openScene, SLOW_STORE } from './scene.ts';

const SAMPLES_APART_MS = 100;
const MIB = 1024 * 1024;

export const oneFile: Measure = {
  name: 'one-file',
  about: '2,000 rows in one file; store 50 ms read, 100 ms write; 5 workers',
  run: (parts) => throughput({ files: 1, rowsEach: 2_000 }, parts),
};

export const tenFiles: Measure = {
  name: 'ten-files',
  about: '10 files of 200 rows, the same store',
  run: (parts) => throughput({ files: 10, rowsEach: 200 }, parts),
};

/**
 * Rows a second from the first `drop.claimed` to the last `drop.settled`, by the daemon's own clock: reading, looking
 * up, report and moves are in it, the wait for the file to lie still is not. Five workers and 100 ms a write allow 50.
 */
async function throughput(
  load: { readonly files: number; readonly rowsEach: number },
  { progress, nodeArgs }: MeasureParts,
): Promise<readonly Figure[]> {
  const rows = load.files * load.rowsEach;
  await using scene = await openScene(SLOW_STORE, nodeArgs);
  const { sandbox, data, daemon } = scene;
  const files = await filesOf(sandbox, load);
  progress.say('waiting for the files to lie still');
  await data.drop(files);
  const claimed = await daemon.waitFor('drop.claimed');
  const processorBeforeMs = await processorMs(daemon.pid);
  const pushing = pushRate(sandbox, rows, progress);
  const settled = await daemon.waitForMany('drop.settled', load.files);
  const processorAfterMs = await processorMs(daemon.pid);
  const memory = await memoryOf(daemon.pid);
  const pushedPerSecond = await pushing;
  await checkWork(scene, rows);
  const counts = await sandbox.counts();
  const tookMs = Math.max(...settled.map(atMs)) - atMs(claimed);
  return [
    { name: 'rows, claimed to settled', value: rows / (tookMs / 1000), unit: '/s', bound: { atLeast: 45 } },
    { name: 'writes, first to last', value: pushedPerSecond, unit: '/s' },
    { name: 'requests a row', value: counts.total / rows, unit: '', bound: { atMost: 1.03 } },
    { name: 'processor time a row', value: (processorAfterMs - processorBeforeMs) / rows, unit: 'ms' },
    { name: 'resident at most', value: memory.mostResidentBytes / MIB, unit: 'MiB' },
  ];
}

/** Writes that arrive at the store a second, from the first to the last; seen every 100 ms. */
async function pushRate(sandbox: SandboxProcess, writes: number, progress: Progress): Promise<number> {
  let first: { readonly seen: number; readonly atMs: number } | undefined;
  for await (const _ of setInterval(SAMPLES_APART_MS)) {
    const { track: seen } = await sandbox.counts();
    const nowMs = performance.now();
    if (seen > 0) first ??= { seen, atMs: nowMs };
    progress.say(`${seen} of ${writes} rows written`);
    if (first && seen >= writes) return (seen - first.seen) / ((nowMs - first.atMs) / 1000);
  }
  throw new Error('a timer ended by itself');
}

function atMs({ time }: LogLine): number {
  return Date.parse(time);
}
