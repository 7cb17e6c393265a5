import { fileURLToPath } from 'node:url';
import { imageCommand } from '../dockerfile.ts';
import { startNode } from '../processes/node-process.ts';
import { type Figure, median } from './figures.ts';
import { plainFile } from './plain-file.ts';
import type { Progress } from './progress.ts';
import type { Measure } from './scene.ts';

const BYTES_PER_MB = 1_000_000;
/** Either way is measured so often, in turn: a machine that is busy with other things hurts both. */
const ROUNDS = 3;

const READER = fileURLToPath(new URL('./reader.mjs', import.meta.url));

const WAYS = { 'csv-parse': 'csv-parse alone', rows: 'to rows', ledger: 'into the ledger' } as const;
type Way = keyof typeof WAYS;

/** What the reader says of one reading of the file. */
interface Said {
  readonly rows: number;
  readonly tookMs: number;
  readonly mostResidentBytes: number;
}

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
  const said: Record<Way, Said[]> = { 'csv-parse': [], rows: [], ledger: [] };
  for (let round = 1; round <= rounds; round += 1) {
    for (const way of ['csv-parse', 'rows'] as const) {
      progress.say(`${WAYS[way]}, ${round} of ${rounds}`);
      said[way].push(await read(way, file.path, rows));
    }
  }
  progress.say(WAYS.ledger);
  said.ledger.push(await read('ledger', file.path, rows));

  const perSecond = (way: Way) => median(said[way].map(({ tookMs }) => rows / (tookMs / 1000)));
  const mostMb = (way: Way) =>
    Math.max(...said[way].map(({ mostResidentBytes }) => mostResidentBytes)) / BYTES_PER_MB;
  const share = (perSecond('rows') / perSecond('csv-parse')) * 100;
  const ledger = perSecond('ledger');
  return [
    { name: 'csv-parse alone', value: perSecond('csv-parse'), unit: '/s' },
    { name: 'to rows', value: perSecond('rows'), unit: '/s', bound: { atLeast: 100_000 } },
    { name: 'to rows, of csv-parse', value: share, unit: '%', bound: { atLeast: 50 } },
    { name: 'to rows, resident at most', value: mostMb('rows'), unit: 'MB', bound: { atMost: 150 } },
    { name: 'into the ledger', value: ledger, unit: '/s', bound: { atLeast: 60_000 } },
    { name: 'into the ledger, resident at most', value: mostMb('ledger'), unit: 'MB' },
  ];
}

/** In a process of its own, started as the image starts the daemon. */
async function read(way: Way, path: string, rows: number): Promise<Said> {
  const lines: string[] = [];
  const args = [...(await imageCommand()).nodeArgs, READER, way, path];
  await using child = startNode({ args, onLine: (line) => lines.push(line) });
  const { code } = await child.exit;
  if (code !== 0) throw new Error(`${way} ended with ${code}\n${child.stderr()}`);
  const said = JSON.parse(lines.at(-1) ?? '') as Said;
  if (said.rows !== rows) throw new Error(`${way} found ${said.rows} of ${rows} rows`);
  return said;
}
