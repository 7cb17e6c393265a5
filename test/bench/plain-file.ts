import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const PLAIN_NAME = 'parcels.csv';
const ROWS_AT_A_TIME = 10_000;

/** A file of the plain format, each row an order of its own, in a folder that goes with it. */
export async function plainFile(rows: number): Promise<AsyncDisposable & { readonly path: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'trackdrop-'));
  const path = join(folder, PLAIN_NAME);
  await pipeline(Readable.from(pieces(rows)), createWriteStream(path));
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

function* pieces(rows: number): Generator<string> {
  yield 'order_number,tracking_number,carrier_code,title\n';
  for (let first = 0; first < rows; first += ROWS_AT_A_TIME) {
    const count = Math.min(ROWS_AT_A_TIME, rows - first);
    yield Array.from({ length: count }, (_, at) => row(first + at)).join('');
  }
}

function row(at: number): string {
  const number = String(at + 1).padStart(9, '0');
  return `${number},JD014600${number},ups,UPS Ground\n`;
}
