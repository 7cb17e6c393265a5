import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { breachesOf, readAll } from './breaches.ts';
import { inputOf } from './inputs.ts';
import { readOriginals } from './originals.ts';
import { breachesOfRetry } from './retry.ts';
import type { Order, Told } from './run.ts';

const { seed, from, to, at } = workerData as Order;
const originals = await readOriginals();
const folder = await mkdtemp(join(tmpdir(), 'trackdrop-fuzz-'));
const found = { unreadable: 0, rows: 0, bad: 0, skipped: 0 };

async function breachesOfInput(index: number): Promise<readonly string[]> {
  const { bytes, options } = inputOf(originals, seed, index);
  const path = join(folder, 'input.csv');
  await writeFile(path, bytes);
  const read = await readAll(path, options);
  if (read.reading === null) found.unreadable += 1;
  for (const { verdict } of read.records) found[verdict.kind === 'row' ? 'rows' : verdict.kind] += 1;
  return [...breachesOf(read, bytes), ...(await breachesOfRetry(read, path, options))];
}

for (let index = from; index < to; index += 1) {
  Atomics.store(at, 0, index);
  const breaches = await breachesOfInput(index).catch((error: Error) => [error.stack ?? String(error)]);
  for (const words of breaches) parentPort?.postMessage({ index, words } satisfies Told);
}
await rm(folder, { recursive: true });
parentPort?.postMessage({ found } satisfies Told);
