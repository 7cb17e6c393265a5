import { setInterval } from 'node:timers/promises';
import type { LogLine } from '../processes/log-lines.ts';
import type { SandboxProcess } from '../processes/sandbox-process.ts';
import type { Bound, Figure } from './figures.ts';
import { memoryOf, processorMs } from './process-cost.ts';
import type { Progress } from './progress.ts';
import {
  checkWork,
  FAST_STORE,
  filesOf,
  type Measure,
  type MeasureParts,
  openScene,
  SLOW_STORE,
  type StoreTraits,
} from './scene.ts';

const SAMPLES_APART_MS = 100;
const BYTES_PER_MB = 1_000_000;

/** Five workers and 100 ms a write allow 50 rows a second; two look-ups for a hundred rows, 1.02 requests a row. */
const BOUNDS: Bounds = { rowsPerSecond: { atLeast: 45 }, requestsPerRow: { atMost: 1.03 } };

export const oneFile: Measure = {
  name: 'one-file',
  about: '2,000 rows in one file; store 50 ms read, 100 ms write; 5 workers',
  run: async (parts) =>
    inFigures(await throughput({ store: SLOW_STORE, files: 1, rowsEach: 2_000 }, parts), BOUNDS),
};

export const tenFiles: Measure = {
  name: 'ten-files',
  about: '10 files of 200 rows, the same store',
  run: async (parts) =>
    inFigures(await throughput({ store: SLOW_STORE, files: 10, rowsEach: 200 }, parts), BOUNDS),
};

/** What a row costs must not depend on how many there are: with this file a quadratic cost shows. */
export const largeFile: Measure = {
  name: 'large-file',
  about: '20,000 rows in one file; a store without latency',
  run: async (parts) => inFigures(await throughput({ store: FAST_STORE, files: 1, rowsEach: 20_000 }, parts)),
};

/** What a file costs must not depend on how many lie beside it. */
export const fullInbox: Measure = {
  name: 'full-inbox',
  about: '10,000 files of one row, dropped at once; a store without latency; only when named, four minutes',
  run: async (parts) =>
    inFigures(await throughput({ store: FAST_STORE, files: 10_000, rowsEach: 1 }, parts), {
      mostResidentMb: { atMost: 300 },
    }),
};

/** Nothing that the daemon holds may grow with the file. */
export const millionRows: Measure = {
  name: 'million-rows',
  about: '1,000,000 rows in one file; a store without latency; only when named, some ten minutes',
  run: async (parts) =>
    inFigures(await throughput({ store: FAST_STORE, files: 1, rowsEach: 1_000_000 }, parts), {
      mostResidentMb: { atMost: 300 },
    }),
};

interface Load {
  readonly store: StoreTraits;
  readonly files: number;
  readonly rowsEach: number;
}

export interface Throughput {
  readonly rowsPerSecond: number;
  readonly writesPerSecond: number;
  readonly requestsPerRow: number;
  readonly processorMsPerRow: number;
  /** How busy the store was meanwhile, of one core. */
  readonly storeShare: number;
  readonly mostResidentBytes: number;
}

/**
 * Rows a second from the first `drop.claimed` to the last `drop.settled`, by the daemon's own clock: reading, looking
 * up, report and moves are in it, the wait for the file to lie still is not.
 */
export async function throughput(load: Load, { progress, nodeArgs }: MeasureParts): Promise<Throughput> {
  const rows = load.files * load.rowsEach;
  await using scene = await openScene(load.store, nodeArgs);
  const { sandbox, data, daemon } = scene;
  const files = await filesOf(sandbox, load);
  progress.say('waiting for the files to lie still');
  await data.drop(files);
  const claimed = await daemon.waitFor('drop.claimed');
  const beforeMs = { daemon: await processorMs(daemon.pid), store: await processorMs(sandbox.pid) };
  const pushing = pushRate(sandbox, rows, progress);
  const settled = await daemon.waitForMany('drop.settled', load.files);
  const afterMs = { daemon: await processorMs(daemon.pid), store: await processorMs(sandbox.pid) };
  const memory = await memoryOf(daemon.pid);
  const pushedPerSecond = await pushing;
  await checkWork(scene, rows);
  const counts = await sandbox.counts();
  const tookMs = Math.max(...settled.map(atMs)) - atMs(claimed);
  return {
    rowsPerSecond: rows / (tookMs / 1000),
    writesPerSecond: pushedPerSecond,
    requestsPerRow: counts.total / rows,
    processorMsPerRow: (afterMs.daemon - beforeMs.daemon) / rows,
    storeShare: (afterMs.store - beforeMs.store) / tookMs,
    mostResidentBytes: memory.mostResidentBytes,
  };
}

interface Bounds {
  readonly rowsPerSecond?: Bound;
  readonly requestsPerRow?: Bound;
  readonly mostResidentMb?: Bound;
}

function inFigures(found: Throughput, bounds: Bounds = {}): readonly Figure[] {
  const { rowsPerSecond, requestsPerRow, mostResidentMb } = bounds;
  return [
    { name: 'rows, claimed to settled', value: found.rowsPerSecond, unit: '/s', bound: rowsPerSecond },
    { name: 'writes, first to last', value: found.writesPerSecond, unit: '/s' },
    { name: 'requests a row', value: found.requestsPerRow, unit: '', bound: requestsPerRow },
    { name: 'processor time a row', value: found.processorMsPerRow, unit: 'ms' },
    {
      name: 'resident at most',
      value: found.mostResidentBytes / BYTES_PER_MB,
      unit: 'MB',
      bound: mostResidentMb,
    },
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
