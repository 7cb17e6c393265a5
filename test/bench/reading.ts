import { fileURLToPath } from 'node:url';
import { imageCommand } from '../dockerfile.ts';
import { startNode } from '../processes/node-process.ts';
import { type Figure, median } from './figures.ts';
import { plainFile } from './plain-file.ts';
import type { Progress } from './progress.ts';
import type { Said } from './said.ts';
import type { Measure } from './scene.ts';

const BYTES_PER_MB = 1_000_000;
/** Either way is measured so often, in turn: a machine that is busy with other things hurts both. */
const ROUNDS = 3;

const WAYS = {
  'bare-csv-parse': 'csv-parse alone',
  'read-to-rows': 'to rows',
  'read-into-ledger': 'into the ledger',
} as const;
type Way = keyof typeof WAYS;

/** Reading alone, without a store: beside the parser that it is made of, and on into the ledger. */
export const reading: Measure = {
  name: 'reading',
  about: '1,000,000 plain rows read, without a store',
  run: ({ progress }) => measured(1_000_000, ROUNDS, progress),
};

/** As `reading`: neither time nor memory may depend on the size of the file. */
export const longReading: Measure = {
  name: 'reading-long',
  about: '10,000,000 plain rows read, without a store; only when named, some minutes',
  run: ({ progress }) => measured(10_000_000, 1, progress),
};

async function measured(rows: number, rounds: number, progress: Progress): Promise<readonly Figure[]> {
  progress.say(`writing a file of ${rows} rows`);
  await using file = await plainFile(rows);
  const said: Record<Way, Said[]> = { 'bare-csv-parse': [], 'read-to-rows': [], 'read-into-ledger': [] };
  for (let round = 1; round <= rounds; round += 1) {
    for (const way of ['bare-csv-parse', 'read-to-rows'] as const) {
      progress.say(`${WAYS[way]}, ${round} of ${rounds}`);
      said[way].push(await read(way, file.path, rows));
    }
  }
  progress.say(WAYS['read-into-ledger']);
  said['read-into-ledger'].push(await read('read-into-ledger', file.path, rows));

  const perSecond = (way: Way) => median(said[way].map(({ tookMs }) => rows / (tookMs / 1000)));
  const mostMb = (way: Way) =>
    Math.max(...said[way].map(({ mostResidentBytes }) => mostResidentBytes)) / BYTES_PER_MB;
  const share = (perSecond('read-to-rows') / perSecond('bare-csv-parse')) * 100;
  const ledger = perSecond('read-into-ledger');
  return [
    { name: 'csv-parse alone', value: perSecond('bare-csv-parse'), unit: '/s' },
    { name: 'to rows', value: perSecond('read-to-rows'), unit: '/s', bound: { atLeast: 100_000 } },
    { name: 'to rows, of csv-parse', value: share, unit: '%', bound: { atLeast: 50 } },
    { name: 'to rows, resident at most', value: mostMb('read-to-rows'), unit: 'MB', bound: { atMost: 150 } },
    { name: 'into the ledger', value: ledger, unit: '/s', bound: { atLeast: 60_000 } },
    { name: 'into the ledger, resident at most', value: mostMb('read-into-ledger'), unit: 'MB' },
  ];
}

/** In a process of its own, started as the image starts the daemon. */
async function read(way: Way, path: string, rows: number): Promise<Said> {
  const lines: string[] = [];
  const script = fileURLToPath(new URL(`./${way}.ts`, import.meta.url));
  const args = [...(await imageCommand()).nodeArgs, script, path];
  await using child = startNode({ args, onLine: (line) => lines.push(line) });
  const { code } = await child.exit;
  if (code !== 0) throw new Error(`${way} ended with ${code}\n${child.stderr()}`);
  const said = JSON.parse(lines.at(-1) ?? '') as Said;
  if (said.rows !== rows) throw new Error(`${way} found ${said.rows} of ${rows} rows`);
  return said;
}
