import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { imageCommand } from '../dockerfile.ts';
import { startNode } from '../processes/node-process.ts';
import { median } from './figures.ts';
import type { Measure } from './scene.ts';

const ROWS = 1_000_000;
const FINDER = fileURLToPath(new URL('./find.mjs', import.meta.url));

/** What `trackdrop find` asks, opening the ledger among it; not the start of its process. */
export const find: Measure = {
  name: 'find',
  about: '1,000,000 ended rows in the ledger, 200 orders and numbers looked for',
  async run({ progress }) {
    const folder = await mkdtemp(join(tmpdir(), 'trackdrop-find-'));
    try {
      progress.say(`writing a ledger of ${ROWS} rows`);
      const lines: string[] = [];
      const args = [...(await imageCommand()).nodeArgs, FINDER, join(folder, 'trackdrop.db'), String(ROWS)];
      await using child = startNode({ args, onLine: (line) => lines.push(line) });
      const { code } = await child.exit;
      if (code !== 0) throw new Error(`the finder ended with ${code}\n${child.stderr()}`);
      const { tookMs, keyedMs } = JSON.parse(lines.at(-1) ?? '') as Said;
      const slowest = tookMs.toSorted((one, other) => one - other)[Math.floor(tookMs.length * 0.99)] ?? 0;
      return [
        { name: 'found, median', value: median(tookMs), unit: 'ms', bound: { atMost: 10 } },
        { name: 'found, 99 of 100', value: slowest, unit: 'ms' },
        { name: 'entering the keys of a row', value: (keyedMs / ROWS) * 1_000, unit: 'us' },
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

interface Said {
  readonly tookMs: readonly number[];
  readonly keyedMs: number;
}
