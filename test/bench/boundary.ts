import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { imageCommand } from '../dockerfile.ts';
import { startNode } from '../processes/node-process.ts';
import { type SandboxProcess, startSandboxProcess } from '../processes/sandbox-process.ts';
import { processorMs } from './process-cost.ts';
import { checkTracks, FAST_STORE, type Measure, type StoreTraits } from './scene.ts';
import { throughput } from './throughput.ts';

const ROWS = 20_000;
/** As many requests as the daemon has in flight by default. */
const WORKERS = 5;
/** The same headers in both: a token, which nobody has to sign with. */
const STORE: StoreTraits = { ...FAST_STORE, auth: 'bearer' };
const LOOP = fileURLToPath(new URL('./axios-loop.ts', import.meta.url));

interface Pace {
  readonly rowsPerSecond: number;
  readonly processorMsPerRow: number;
  /** Of one core. */
  readonly storeShare: number;
}

/**
 * What it costs to be told by a file, to look first and to keep a record: the daemon beside a loop that only sends.
 * Each has a store and a process of its own that did nothing before; the loop runs before and after the daemon, so
 * that a machine which is busy with other things hurts both.
 */
export const boundary: Measure = {
  name: 'boundary',
  about: '20,000 rows beside a bare axios loop of as many writes; a store without latency',
  async run(parts) {
    const { progress } = parts;
    const before = await loop('before the daemon');
    const daemon = await throughput({ store: STORE, files: 1, rowsEach: ROWS }, parts);
    const after = await loop('after the daemon');
    const mean = (figure: keyof Pace) => (before[figure] + after[figure]) / 2;
    const share = (daemon.rowsPerSecond / mean('rowsPerSecond')) * 100;
    const cost = daemon.processorMsPerRow / mean('processorMsPerRow');
    const storeShare = Math.max(before.storeShare, daemon.storeShare, after.storeShare) * 100;
    return [
      { name: 'bare axios loop, before', value: before.rowsPerSecond, unit: '/s' },
      { name: 'daemon, claimed to settled', value: daemon.rowsPerSecond, unit: '/s' },
      { name: 'bare axios loop, after', value: after.rowsPerSecond, unit: '/s' },
      { name: 'daemon to loop, rows a second', value: share, unit: '%', bound: { atLeast: 60 } },
      { name: 'processor time a row, loop', value: mean('processorMsPerRow'), unit: 'ms' },
      { name: 'processor time a row, daemon', value: daemon.processorMsPerRow, unit: 'ms' },
      { name: 'daemon to loop, processor time', value: cost, unit: 'x', bound: { atMost: 1.6 } },
      // A store that is always busy would make everything equally fast.
      { name: 'of a core, the store at most', value: storeShare, unit: '%', bound: { atMost: 90 } },
    ];

    async function loop(when: string): Promise<Pace> {
      progress.say(`the loop ${when}`);
      await using sandbox = await startSandboxProcess(FAST_STORE);
      const pace = await axiosLoop(sandbox);
      await checkTracks(sandbox, ROWS);
      return pace;
    }
  },
};

async function axiosLoop(sandbox: SandboxProcess): Promise<Pace> {
  await using folder = await temporaryFolder();
  const bodies = join(folder.path, 'bodies.jsonl');
  await writeFile(bodies, await trackBodies(sandbox));
  const lines = { ready: Promise.withResolvers<void>(), tookMs: Promise.withResolvers<number>() };
  await using client = startNode({
    args: [
      ...(await imageCommand()).nodeArgs,
      LOOP,
      sandbox.url,
      `Bearer ${sandbox.bearer}`,
      String(WORKERS),
      bodies,
    ],
    onLine: (line) => (line === 'ready' ? lines.ready.resolve() : lines.tookMs.resolve(Number(line))),
  });
  void client.exit.then(() => {
    const ended = new Error(`the loop ended\n${client.stderr()}`);
    lines.ready.reject(ended);
    lines.tookMs.reject(ended);
  });
  await lines.ready.promise;
  const beforeMs = { client: await processorMs(client.pid), store: await processorMs(sandbox.pid) };
  client.child.stdin?.write('go\n');
  const tookMs = await lines.tookMs.promise;
  const afterMs = { client: await processorMs(client.pid), store: await processorMs(sandbox.pid) };
  return {
    rowsPerSecond: ROWS / (tookMs / 1000),
    processorMsPerRow: (afterMs.client - beforeMs.client) / ROWS,
    storeShare: (afterMs.store - beforeMs.store) / tookMs,
  };
}

/** The same bodies as the daemon's, one a line. */
async function trackBodies(sandbox: SandboxProcess): Promise<string> {
  await sandbox.generate(ROWS, { shipped: true });
  const bodies = (await sandbox.shipments()).map(({ entityId, order, orderId }) => ({
    entity: {
      order_id: orderId,
      parent_id: entityId,
      track_number: `JD${order.padStart(16, '0')}`,
      title: 'UPS Ground',
      carrier_code: 'ups',
      description: `trackdrop:${order.padStart(12, '0')}`,
    },
  }));
  return bodies.map((body) => `${JSON.stringify(body)}\n`).join('');
}

async function temporaryFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'trackdrop-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
