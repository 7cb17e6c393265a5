import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import type { FileRecord } from '../../../src/domain/row.ts';
import { readDrop } from '../../../src/intake/reading/read.ts';
import { type Encoding, encodeText, markOf } from '../../../src/intake/reading/text.ts';
import { type SettledRow, writeOutputs } from '../../../src/intake/report/outputs.ts';
import { dataFolder } from '../folders.ts';
import { by, type More, OPTIONS } from '../reading/contents.ts';

const signal = new AbortController().signal;

/** The retry file of a drop of which every row fails whose line is one of these. */
async function retryOf(file: Buffer, more: More, fails: (line: number) => boolean): Promise<Buffer> {
  await using data = await dataFolder();
  const path = await data.drop('a.csv', file);
  const { limits: _, ...options } = more;
  const { survey, layout, records } = await readDrop(path, { ...OPTIONS, ...options }, signal);
  const all: FileRecord[] = [];
  for await (const some of records) all.push(...some);
  const rows = all.map(
    ({ line, startByte, endByte, fields }): SettledRow => ({
      ...{
        line,
        startByte,
        endByte,
        fields,
        message: '',
        orderId: null,
        shipmentId: null,
        trackId: null,
        mail: null,
      },
      outcome: fails(line) ? 'order-not-found' : 'tracked',
    }),
  );
  const source = { id: 'a', path, layout, format: survey.format, failure: null };
  const { retry } = await writeOutputs(source, rows, data.base, signal);
  assert.ok(retry !== null);
  return readFile(retry);
}

const ENCODINGS: readonly Encoding[] = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'iso-8859-1'];

test('failed rows come out byte for byte, however far apart they stand and in whatever encoding', async () => {
  const lines = Array.from({ length: 6000 }, (_, at) => `${1000 + at};1Z${at};Päckchen "${at}"\r\n`);
  for (const encoding of ENCODINGS) {
    const bytes = (text: string) => Buffer.from(encodeText(Buffer.from(text), encoding));
    const mark = encoding.startsWith('utf') ? markOf({ encoding, hasMark: true }) : Buffer.alloc(0);
    const header = 'order_number;tracking_number;title\r\n';
    const file = Buffer.concat([mark, bytes(header + lines.join(''))]);
    const profile = by({ encoding, quotes: false });
    const every = (step: number) => (line: number) => line % step === 0;
    assert.ok(file.equals(await retryOf(file, profile, every(1))));
    const some = lines.filter((_, at) => every(700)(at + 2));
    const wanted = Buffer.concat([mark, bytes(header + some.join(''))]);
    assert.ok(wanted.equals(await retryOf(file, profile, every(700))));
  }
});

test('of a file without a header the retry file has none, and keeps the mark', async () => {
  const profile = by({ header: 'none', delimiter: ';', at: { order: 1, tracking: 2 } });
  const file = Buffer.from('\ufeff1001;1Z1\r\n1002;1Z2\r\n');
  assert.equal((await retryOf(file, profile, (line) => line === 2)).toString(), '\ufeff1002;1Z2\r\n');
});

test('a record that a line end of another kind ends is one by itself, whatever stands beside it now', async () => {
  const header = 'order_number,tracking_number,title';
  const lf = Buffer.from(`${header}\n1001,1Z1,x\r1002,1Z2,x\n1003,1Z3\n`);
  const failed = (line: number) => line !== 3;
  assert.equal((await retryOf(lf, {}, failed)).toString(), `${header}\n1001,1Z1,x\r\n1003,1Z3\n`);
  const cr = Buffer.from(`${header}\r1001,1Z1,x\n1002,1Z2,x\r1003,1Z3\r\n`);
  assert.equal((await retryOf(cr, {}, failed)).toString(), `${header}\r1001,1Z1,x\r1003,1Z3\r`);
  const marked = Buffer.from(`\ufeff${header}\n1001,1Z1,x\r1002,1Z2,x\n`, 'utf16le');
  const retried = await retryOf(marked, {}, (line) => line === 2);
  assert.equal(retried.toString('utf16le'), `\ufeff${header}\n1001,1Z1,x\r\n`);
});

test('what stands above the header comes below it where it is a row, and not at all where it is prose', async () => {
  const file = Buffer.from('By ACME\n1001,1Z1\norder_number,tracking_number\n1002,1Z2\n1003,1Z3\n');
  assert.equal(
    (await retryOf(file, {}, (line) => line === 2 || line === 5)).toString(),
    'order_number,tracking_number\n1001,1Z1\n1003,1Z3\n',
  );
});
