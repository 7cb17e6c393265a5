import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** Longer than any input takes, whatever else the machine does. */
const INPUT_BOUND_MS = 20_000;

/** What a worker is to do; `at` holds the number of the input that it is at. */
export interface Order {
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  readonly at: Int32Array;
}

/** What a worker says. */
export type Told = { readonly index: number; readonly words: string } | { readonly found: Found };

/** How many files were refused as a whole, and what the records of the others were. */
export interface Found {
  readonly unreadable: number;
  readonly rows: number;
  readonly bad: number;
  readonly skipped: number;
}

export interface Outcome {
  /** Null where the worker did not come to its end. */
  readonly found: Found | null;
  /** Each with the number of its input. */
  readonly breaches: readonly string[];
}

/** Reads the inputs of a seed from one number up to another in a thread of its own, which is ended where it hangs. */
export async function runInputs(order: Omit<Order, 'at'>): Promise<Outcome> {
  const at = new Int32Array(new SharedArrayBuffer(4)).fill(order.from);
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: { ...order, at } });
  const breaches: string[] = [];
  let found: Found | null = null;
  const blame = (words: string) => breaches.push(`input ${Atomics.load(at, 0)}: ${words}`);
  worker.on('message', (told: Told) => {
    if ('found' in told) found = told.found;
    else breaches.push(`input ${told.index}: ${told.words}`);
  });
  worker.on('error', (error) => blame(`the thread ended: ${error instanceof Error ? error.stack : error}`));
  let last = -1;
  const watch = setInterval(() => {
    const now = Atomics.load(at, 0);
    if (now === last) {
      blame(`no end within ${INPUT_BOUND_MS} ms`);
      void worker.terminate();
    }
    last = now;
  }, INPUT_BOUND_MS);
  await once(worker, 'exit');
  clearInterval(watch);
  if (found === null && breaches.length === 0) blame('the thread ended without a word');
  return { found, breaches };
}
