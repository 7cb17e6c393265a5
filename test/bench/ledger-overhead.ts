import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FAST_STORE, type Measure } from './scene.ts';
import { throughput } from './throughput.ts';

const ROWS = 10_000;
const SAMPLE_EVERY_US = 500;

/**
 * The time that the daemon spends in the ledger, by samples of its stack: those with a function of `ledger/` anywhere
 * below, among them SQLite and what it waits for the disk. Of the run from `drop.claimed` to `drop.settled`, and, for
 * its own sake, of the time in which the daemon was not idle from the first row that it entered to its end. What other
 * processes take of the machine counts for both.
 */
export const ledgerOverhead: Measure = {
  name: 'ledger-overhead',
  about: '10,000 rows in one file; what of the time the ledger takes; a store without latency',
  async run({ progress, nodeArgs }) {
    const folder = await mkdtemp(join(tmpdir(), 'trackdrop-samples-'));
    try {
      const sampled = ['--cpu-prof', `--cpu-prof-dir=${folder}`, `--cpu-prof-interval=${SAMPLE_EVERY_US}`];
      const load = { store: FAST_STORE, files: 1, rowsEach: ROWS };
      const { rowsPerSecond } = await throughput(load, { progress, nodeArgs: [...nodeArgs, ...sampled] });
      const [name = ''] = await readdir(folder);
      const { ledgerMs, busyMs } = shareOf(JSON.parse(await readFile(join(folder, name), 'utf8')) as Profile);
      const runMs = (ROWS / rowsPerSecond) * 1_000;
      return [
        {
          name: 'of the run, in the ledger',
          value: (ledgerMs / runMs) * 100,
          unit: '%',
          bound: { atMost: 15 },
        },
        { name: 'of what is not idle', value: (ledgerMs / busyMs) * 100, unit: '%' },
        { name: 'in the ledger, a row', value: ledgerMs / ROWS, unit: 'ms' },
        { name: 'rows, while sampled', value: rowsPerSecond, unit: '/s' },
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** What `--cpu-prof` writes (the Chrome DevTools Protocol's Profiler.Profile). */
interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  /** Us since the sample before, one for each. */
  readonly timeDeltas: readonly number[];
}

interface Share {
  readonly ledgerMs: number;
  readonly busyMs: number;
}

function shareOf({ nodes, samples, timeDeltas }: Profile): Share {
  const below = (room: RegExp) => {
    const found = new Set<number>();
    // Parents come before their children.
    for (const { id, callFrame, children = [] } of nodes) {
      if (room.test(callFrame.url)) found.add(id);
      if (found.has(id)) for (const child of children) found.add(child);
    }
    return found;
  };
  const inLedger = below(/\/dist\/ledger\//);
  const entering = below(/\/dist\/ledger\/enter-records/);
  const idle = new Set(
    nodes.filter(({ callFrame }) => callFrame.functionName === '(idle)').map(({ id }) => id),
  );
  const from = samples.findIndex((sample) => entering.has(sample));
  if (from < 0) throw new Error('no row was entered');
  let [ledgerUs, busyUs] = [0, 0];
  for (const [at, sample] of samples.entries()) {
    if (at < from || idle.has(sample)) continue;
    const tookUs = timeDeltas[at] ?? 0;
    busyUs += tookUs;
    if (inLedger.has(sample)) ledgerUs += tookUs;
  }
  return { ledgerMs: ledgerUs / 1_000, busyMs: busyUs / 1_000 };
}
