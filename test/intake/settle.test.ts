import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { FolderError, StoppedError, UnreadableDropError } from '../../src/domain/failure.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import type { FileRecord } from '../../src/domain/row.ts';
import { ChosenNames } from '../../src/intake/chosen-names.ts';
import { replaceReserved } from '../../src/intake/place.ts';
import { readDrop } from '../../src/intake/reading/read.ts';
import { surveyFile } from '../../src/intake/reading/survey.ts';
import type { SettledRow } from '../../src/intake/report/outputs.ts';
import { type Settled, type SettleOptions, type SettlingDrop, settle } from '../../src/intake/settle.ts';
import { dataFolder } from './folders.ts';

const ID = '20261122-062233-7f3a';
const OTHER_ID = '20261122-062234-0b1c';
const READ = {
  limits: { fileBytes: 1e7, rows: 1e5, recordBytes: 4096, fieldBytes: 1024 },
  carriers: { default: 'custom', defaultTitle: 'Parcel' },
  name: 'a.csv',
  profiles: { fixed: null, known: [] },
};
const signal = new AbortController().signal;
/** A quarter past midnight of the 23rd in Berlin, still the 22nd in UTC. */
const NOW_MS = Date.UTC(2026, 10, 22, 23, 15);
const GOOD = 'order_number,tracking_number\r\n1001,1Z1\r\n1002,1Z2\r\n';

const ACCESS = { uid: null, fileMode: 0o640, folderMode: 0o750, gid: null };

type Folders = { working: string; processed: string; failed: string };

function options(folders: Folders, more: Partial<SettleOptions> = {}): SettleOptions {
  const { processed, failed } = folders;
  return { processed, failed, timezone: 'UTC', nowMs: NOW_MS, access: ACCESS, onChosen: () => true, ...more };
}

async function inWorking(folders: Folders, name: string, content: string | Uint8Array): Promise<string> {
  const folder = join(folders.working, ID);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

/** A drop that was read, with `tracked` for every row, or the outcome that `failing` gives its order number. */
async function readIn(path: string, name: string, failing: Readonly<Record<string, Outcome>> = {}) {
  const { survey, layout, records } = await readDrop(path, READ, signal);
  const all: FileRecord[] = [];
  for await (const some of records) all.push(...some);
  const rows = all.map(({ line, startByte, endByte, fields, verdict }): SettledRow => {
    const base = { line, startByte, endByte, fields, orderId: 7, shipmentId: 8, trackId: null, mail: null };
    if (verdict.kind === 'bad')
      return { ...base, outcome: 'bad-row', message: verdict.message, orderId: null };
    if (verdict.kind === 'skipped') return { ...base, outcome: 'skipped', message: verdict.reason };
    return { ...base, outcome: failing[verdict.rows[0].orderNumber] ?? 'tracked', message: '' };
  });
  const drop: SettlingDrop = {
    id: ID,
    name,
    path,
    layout,
    format: survey.format,
    failure: null,
    chosen: null,
  };
  return { drop, rows };
}

test('a drop without a failed row goes to the day it was settled on, by the configured time zone', async () => {
  await using data = await dataFolder();
  const { drop, rows } = await readIn(await inWorking(data, 'a.csv', GOOD), 'a.csv');
  const settled = await settle(drop, rows, options(data, { timezone: 'Europe/Berlin' }), signal);
  assert.deepEqual(settled, { folder: join(data.processed, '2026-11-23'), file: 'a.csv' });
  assert.deepEqual(await data.files(), {
    'processed/2026-11-23/a.csv': GOOD,
    'processed/2026-11-23/a.report.csv': [
      '\ufefforder_number,tracking_number,trackdrop_line,trackdrop_outcome,trackdrop_message,trackdrop_order_id,trackdrop_shipment_id,trackdrop_track_id,trackdrop_profile,trackdrop_drop,trackdrop_mail',
      `1001,1Z1,2,tracked,,7,8,,plain: no other profile fits,${ID},not mailed`,
      `1002,1Z2,3,tracked,,7,8,,plain: no other profile fits,${ID},not mailed`,
      '',
    ].join('\r\n'),
  });
  assert.deepEqual(await readdir(data.working), []);
});

test('one failed row makes a failed drop, with the failed records byte for byte in the retry file', async () => {
  await using data = await dataFolder();
  const text =
    '\ufeffOrder Number; Tracking_number ;Title\r\n\r\n1001;1Z1;x\n1002; 1Z2 ;"a\r\nb"\r\n1003;;\r\n1004;1Z4;"ä';
  const { drop, rows } = await readIn(await inWorking(data, 'a.csv', text), 'a.csv', {
    '1002': 'no-shipment',
  });
  assert.deepEqual(await settle(drop, rows, options(data), signal), { folder: data.failed, file: 'a.csv' });
  const files = await data.files();
  assert.equal(files['failed/a.csv'], text);
  assert.equal(
    files['failed/a.retry.csv'],
    '\ufeffOrder Number; Tracking_number ;Title\r\n1002; 1Z2 ;"a\r\nb"\r\n1003;;\r\n1004;1Z4;"ä',
  );
  assert.match(files['failed/a.report.csv'] ?? '', /^1002;1Z2;"a\r\nb";4;no-shipment;;7;8;;plain: .*\r$/m);
});

test('a retry file keeps the encoding of its drop', async () => {
  await using data = await dataFolder();
  const records = [
    'order_number\ttracking_number\ttitle\r\n',
    '1\tA1\tä\r\n',
    '2\tA2\tö€\r\n',
    '3\tA3\tü\r\n',
  ];
  for (const encode of [utf16, latin1]) {
    const path = await inWorking(data, 'a.txt', encode(records.join('')));
    const { drop, rows } = await readIn(path, 'a.txt', { 2: 'gave-up' });
    const { folder, file } = await settle(drop, rows, options(data), signal);
    const retry = await readFile(join(folder, file.replace('.txt', '.retry.txt')));
    assert.deepEqual(retry, encode((records[0] ?? '') + records[2]));
  }
});

function utf16(text: string): Buffer {
  return Buffer.from(`\ufeff${text}`, 'utf16le');
}

function latin1(text: string): Buffer {
  return Buffer.from(text.replace('€', '\x80'), 'latin1');
}

test('a report protects numbers from Excel and Excel from formulas, and reads back as it was', async () => {
  await using data = await dataFolder();
  const text =
    'order_number,tracking_number,title\n000123,00340434161094042557,=1+1\n100000123,12345678901,"+a, ""b"""\n';
  const first = await readIn(await inWorking(data, 'a.csv', text), 'a.csv', {
    '000123': 'gave-up',
    '100000123': 'gave-up',
  });
  await settle(first.drop, first.rows, options(data), signal);
  const report = (await data.files())['failed/a.report.csv'] ?? '';
  assert.ok(report.includes('"=""000123""","=""00340434161094042557""",\'=1+1,2,gave-up'), report);
  assert.ok(report.includes('100000123,12345678901,"\'+a, ""b""",3,gave-up'), report);
  const again = await readIn(await inWorking(data, 'a.report.csv', report), 'a.report.csv');
  const { records } = await readDrop(again.drop.path, READ, signal);
  for await (const some of records) {
    assert.deepEqual(
      some.map(
        ({ verdict }) => verdict.kind === 'row' && [verdict.rows[0].trackingNumber, verdict.rows[0].title],
      ),
      [
        ['00340434161094042557', '=1+1'],
        ['12345678901', '+a, "b"'],
      ],
    );
  }
  await settle(again.drop, again.rows, options(data), signal);
  const second = (await data.files())['processed/2026-11-22/a.report-2.csv'] ?? '';
  assert.equal(second.split('\r\n')[0], report.split('\r\n')[0], 'the columns of ours stand there once');
  assert.ok(second.includes('"=""000123""","=""00340434161094042557"""'), second);
});

test('a drop that could not be read has a report of one line and no retry file', async () => {
  await using data = await dataFolder();
  const path = await inWorking(data, 'a.csv', 'a,b\n1,2\n');
  const { format } = await surveyFile(path, { maxBytes: 1e6, encoding: 'auto' }, signal);
  const error: unknown = await readDrop(path, READ, signal).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof UnreadableDropError);
  const drop = { id: ID, name: 'a.csv', path, layout: null, format, failure: error, chosen: null };
  await settle(drop, [], options(data), signal);
  const files = await data.files();
  assert.deepEqual(Object.keys(files), ['failed/a.csv', 'failed/a.report.csv']);
  assert.match(
    files['failed/a.report.csv'] ?? '',
    /\r\n1,bad-row,"Line 1: this should be the header line, .*",,,,,20261122-062233-7f3a,\r\n$/,
  );
});

test('a name that is taken, by any of its files, gives all of them the same suffix', async () => {
  await using data = await dataFolder();
  await mkdir(data.failed);
  await writeFile(join(data.failed, 'a.csv'), 'of yesterday');
  await writeFile(join(data.failed, 'a-2.retry.csv'), 'of somebody else');
  const chosen: Settled[] = [];
  const { drop, rows } = await readIn(await inWorking(data, 'a.csv', GOOD), 'a.csv', { 1001: 'gave-up' });
  await settle(drop, rows, options(data, { onChosen: (one) => chosen.push(one) > 0 }), signal);
  assert.deepEqual(chosen, [{ folder: data.failed, file: 'a-3.csv' }]);
  const files = await data.files();
  assert.deepEqual(
    Object.keys(files),
    ['a-2.retry', 'a-3', 'a-3.report', 'a-3.retry', 'a'].map((stem) => `failed/${stem}.csv`),
  );
  assert.equal(files['failed/a.csv'], 'of yesterday');
});

test('a name that is taken between the choice and the move is left alone too', async () => {
  await using data = await dataFolder();
  const { drop, rows } = await readIn(await inWorking(data, 'a.csv', GOOD), 'a.csv', { 1001: 'gave-up' });
  const onChosen = async ({ file }: Settled) => {
    if (file === 'a.csv') await writeFile(join(data.failed, 'a.retry.csv'), 'came first');
    return true;
  };
  const settled = await settle(drop, rows, options(data, { onChosen }), signal);
  assert.equal(settled.file, 'a-2.csv');
  const files = await data.files();
  assert.equal(files['failed/a.retry.csv'], 'came first');
  assert.deepEqual(Object.keys(files).length, 4, 'nothing is left of the first choice');
});

test('a name that an interrupted settling has chosen is left to it, though nothing lies there yet', async () => {
  await using data = await dataFolder();
  const { drop, rows } = await readIn(await inWorking(data, 'a.csv', GOOD), 'a.csv');
  const names = new ChosenNames();
  const folder = join(data.processed, '2026-11-22');
  // Only the report's name is shared.
  assert.ok(names.take(OTHER_ID, { folder, file: 'a.txt' }));
  const onChosen = (chosen: Settled) => names.take(ID, chosen);
  assert.equal((await settle(drop, rows, options(data, { onChosen }), signal)).file, 'a-2.csv');

  names.release(OTHER_ID);
  assert.ok(names.take(ID, { folder, file: 'a.csv' }));
  assert.ok(
    names.take(OTHER_ID, { folder, file: 'a-2.csv' }),
    'a drop that chooses anew gives up what it had',
  );
});

const OTHER_DEVICE = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

test('folders on another file system get whole copies, without a trace of the copying', async () => {
  await using data = await dataFolder();
  await using other = await dataFolder(OTHER_DEVICE);
  const { drop, rows } = await readIn(await inWorking(data, 'a.csv', GOOD), 'a.csv', { 1001: 'gave-up' });
  await settle(drop, rows, options(other), signal);
  assert.deepEqual(await data.files(), {});
  const files = await other.files();
  assert.deepEqual(Object.keys(files), ['failed/a.csv', 'failed/a.report.csv', 'failed/a.retry.csv']);
  assert.equal(files['failed/a.csv'], GOOD);
});

test('without hard links a name is reserved first, and a taken one is left alone', async () => {
  await using data = await dataFolder();
  const source = await data.drop('a', 'new');
  const target = await data.drop('b', 'old');
  assert.equal(await replaceReserved(source, target), 'taken');
  assert.equal(await replaceReserved(source, join(data.inbox, 'c')), 'placed');
  assert.deepEqual(await data.files(), { 'inbox/b': 'old', 'inbox/c': 'new' });
});

class Crash extends Error {}

test('settling that was cut off anywhere ends right when it is done again', async () => {
  // To the last one every file belongs to somebody else, and is copied.
  const ways = [
    { device: tmpdir(), access: ACCESS },
    { device: OTHER_DEVICE, access: ACCESS },
    { device: tmpdir(), access: { ...ACCESS, uid: -1 } },
  ];
  for (const { device, access } of ways) {
    // What an interrupted settling leaves: the first moves done, the next one half done in each possible way.
    for (const state of [
      'chosen',
      'report moved',
      'report in both',
      'report reserved',
      'retry moved',
      'drop in both',
      'all moved',
    ]) {
      await using data = await dataFolder();
      await using other = await dataFolder(device);
      const failing = { 1001: 'gave-up' } as const;
      const first = await readIn(await inWorking(data, 'a.csv', GOOD), 'a.csv', failing);
      let chosen: Settled | null = null;
      const crash = (one: Settled) => {
        chosen = one;
        throw new Crash();
      };
      await assert.rejects(
        settle(
          first.drop,
          first.rows,
          options({ ...data, failed: other.failed }, { onChosen: crash, access }),
          signal,
        ),
        Crash,
      );
      assert.ok(chosen);
      const working = join(data.working, ID);
      const report = await readFile(join(working, '.report'));
      const retry = await readFile(join(working, '.retry'));
      const target = (name: string) => join(other.failed, name);
      if (state === 'report reserved') await writeFile(target('a.report.csv'), '');
      else if (state !== 'chosen') await writeFile(target('a.report.csv'), report);
      if (['retry moved', 'drop in both', 'all moved'].includes(state))
        await writeFile(target('a.retry.csv'), retry);
      if (['drop in both', 'all moved'].includes(state)) await writeFile(target('a.csv'), GOOD);
      if (state === 'all moved') await rm(first.drop.path);
      const again = { ...first.drop, chosen };
      const into = options({ ...data, failed: other.failed }, { access });
      const settled = await settle(again, first.rows, into, signal);
      assert.deepEqual(settled, { folder: other.failed, file: 'a.csv' }, state);
      const files = await other.files();
      assert.deepEqual(files, {
        'failed/a.csv': GOOD,
        'failed/a.report.csv': report.toString(),
        'failed/a.retry.csv': retry.toString(),
      });
      assert.deepEqual(Object.keys(await data.files()), [], state);
    }
  }
});

test('a folder that cannot be made is said as such, and everything stays for another try', async () => {
  await using data = await dataFolder();
  await writeFile(data.failed, 'in the way');
  const { drop, rows } = await readIn(await inWorking(data, 'a.csv', GOOD), 'a.csv', { 1001: 'gave-up' });
  await assert.rejects(settle(drop, rows, options(data), signal), (error: unknown) => {
    assert.ok(error instanceof FolderError);
    return error.code === 'drop-unsettled';
  });
  assert.equal((await data.files())[`working/${ID}/a.csv`], GOOD);
  await settle(drop, rows, options({ ...data, failed: `${data.failed}-2` }), signal);
  assert.equal((await data.files())['failed-2/a.csv'], GOOD);
});

test('a drop whose file is nowhere is never called settled', async () => {
  await using data = await dataFolder();
  const { drop, rows } = await readIn(await inWorking(data, 'a.csv', GOOD), 'a.csv');
  const nowhere = {
    ...drop,
    path: join(data.working, ID, 'b.csv'),
    chosen: { folder: data.failed, file: 'b.csv' },
  };
  await assert.rejects(settle(nowhere, rows, options(data), signal), FolderError);
  assert.equal((await data.files())[`working/${ID}/a.csv`], GOOD);
  const elsewhere = { ...drop, path: await data.drop('c.csv', GOOD) };
  await assert.rejects(settle(elsewhere, rows, options(data), signal), RangeError);
});

test('settling stops when asked, before anything is moved', async () => {
  await using data = await dataFolder();
  const { drop, rows } = await readIn(await inWorking(data, 'a.csv', GOOD), 'a.csv');
  await assert.rejects(settle(drop, rows, options(data), AbortSignal.abort()), StoppedError);
  assert.equal((await data.files())[`working/${ID}/a.csv`], GOOD);
});

/** Fires at the look that comes after so many. */
function firesAfter(looks: number): AbortSignal {
  let left = looks;
  return {
    get aborted() {
      left -= 1;
      return left < 0;
    },
  } as AbortSignal;
}

test('a signal stops settling between two moves and in the middle of a copy, and a rerun ends right', async () => {
  await using data = await dataFolder();
  await using other = await dataFolder(OTHER_DEVICE);
  const text = `${GOOD}1003,${'x'.repeat(3 * 64 * 1024)}\r\n`;
  const { drop, rows } = await readIn(await inWorking(data, 'a.csv', text), 'a.csv', { 1001: 'gave-up' });
  const seen = new Set<string>();
  let chosen: Settled | null = null;
  const onChosen = (one: Settled) => {
    chosen = one;
    return true;
  };
  for (let looks = 0; ; looks += 1) {
    const folders = options({ ...data, failed: other.failed }, { onChosen });
    const end = await settle({ ...drop, chosen }, rows, folders, firesAfter(looks)).catch((e: unknown) => e);
    if (!(end instanceof Error)) break;
    assert.ok(end instanceof StoppedError, String(end));
    assert.equal((await data.files())[`working/${ID}/a.csv`], text);
    const names = await readdir(other.failed).catch(() => []);
    seen.add(names.join());
  }
  assert.ok(seen.has('a.report.csv,a.retry.csv'), 'between the moves');
  assert.ok(seen.has(`.settling-${ID},a.report.csv,a.retry.csv`), 'in the middle of a copy');
  const files = await other.files();
  assert.deepEqual(Object.keys(files), ['failed/a.csv', 'failed/a.report.csv', 'failed/a.retry.csv']);
  assert.equal(files['failed/a.csv'], text);
  assert.deepEqual(await data.files(), {});
});

test('what somebody else put into the folder of a drop stays there', async () => {
  await using data = await dataFolder();
  const { drop, rows } = await readIn(await inWorking(data, 'a.csv', GOOD), 'a.csv');
  await inWorking(data, 'note.txt', 'mine');
  await settle(drop, rows, options(data), signal);
  const files = await data.files();
  assert.equal(files[`working/${ID}/note.txt`], 'mine');
  assert.equal(Object.keys(files).length, 3, 'and nothing of ours beside it');
});
