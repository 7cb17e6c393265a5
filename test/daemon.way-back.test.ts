import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { PLAIN } from '../src/domain/profile.ts';
import { RunningDaemon } from './running-daemon.ts';
import { cellsShown, EXCEL, type Program, savedBy } from './saved-by-excel.ts';

const PROGRAMS = Object.keys(EXCEL) as Program[];
const NUMBER = '00340434161094042557';
const HEADER = 'order_number,tracking_number,title,sku,quantity\n';

/** What became of each row, as a report says. */
function ends(report: string): { readonly outcome: string; readonly message: string }[] {
  const delimiter = ['\t', ';', ','].find((sign) => report.includes(`${sign}trackdrop_outcome`));
  const [header = [], ...rows] = cellsShown(report, delimiter);
  const at = (name: string) => header.indexOf(`trackdrop_${name}`);
  return rows.map((row) => ({ outcome: row[at('outcome')] ?? '', message: row[at('message')] ?? '' }));
}

/** The rows of a report with some cells changed: `[row, column, value]`, rows counted from 1 below the header. */
function changed(
  rows: readonly string[][],
  ...changes: readonly [row: number, column: string, value: string][]
): string[][] {
  const copy = rows.map((row) => [...row]);
  for (const [row, column, value] of changes) {
    const at = copy[0]?.indexOf(column) ?? -1;
    assert.ok(at >= 0, column);
    (copy[row] ?? [])[at] = value;
  }
  return copy;
}

async function failedDrop(daemon: RunningDaemon, name: string, content: string): Promise<string[][]> {
  const { folder, text } = await daemon.settle(name, content);
  assert.equal(folder, 'failed');
  return cellsShown(text);
}

describe('A report that was corrected and dropped again', { concurrency: 4 }, () => {
  for (const program of PROGRAMS) {
    it(`has its corrected rows pushed, and no other, when ${program} saved it`, async () => {
      await using daemon = await RunningDaemon.start();
      const [one, two] = daemon.sandbox.generate(2, { shipped: true }) as [string, string];
      const rows = await failedDrop(
        daemon,
        'a.csv',
        `${HEADER}${one},1Z1,Grüße,,\n999999999,${NUMBER},"Müller; Söhne, Köln",,\n`,
      );
      const report = savedBy(program, changed(rows, [2, 'order_number', two]));
      const { text, folder } = await daemon.settle('a.report.csv', report);
      assert.deepEqual(
        ends(text).map(({ outcome }) => outcome),
        ['skipped', 'tracked'],
      );
      assert.match(folder, /^processed/);
      assert.deepEqual([daemon.standing(one), daemon.standing(two)], [['1Z1'], [NUMBER]]);
      const [track] = daemon.sandbox.tracks().filter(({ order }) => order === two);
      assert.equal(track?.title, 'Müller; Söhne, Köln');
      assert.equal(daemon.sandbox.counts().track, 2);
    });
  }

  it('has what a spreadsheet damaged refused, with the original beside it', async () => {
    await using daemon = await RunningDaemon.start();
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    const bad = ['999999991', '000000101', '999999993', '999999994', '999999995'];
    const records = bad
      .map((number, at) => `${number},${at === 4 ? '123456789012' : NUMBER},,1-2,1\n`)
      .join('');
    const rows = await failedDrop(daemon, 'a.csv', HEADER + records);
    const back = changed(
      rows,
      ...[1, 3, 4, 5].map((row) => [row, 'order_number', order] as [number, string, string]),
      [1, 'tracking_number', '340434161094042000'],
      [2, 'order_number', '101'],
      [3, 'tracking_number', '3,40434E+17'],
      [4, 'sku', '01. Feb'],
      [5, 'tracking_number', '1,23457E+11'],
    );
    const { text } = await daemon.settle('a.report.csv', savedBy('Excel in German', back));
    const found = ends(text);
    assert.deepEqual(
      found.map(({ outcome }) => outcome),
      bad.map(() => 'bad-row'),
    );
    const said = [
      [2, 'tracking_number', '340434161094042000', NUMBER],
      [3, 'order_number', '101', '000000101'],
      [4, 'tracking_number', '3,40434E+17', NUMBER],
      [5, 'sku', '01. Feb', '1-2'],
      [6, 'tracking_number', '1,23457E+11', '123456789012'],
    ];
    for (const [at, [line, column, value, original]] of said.entries()) {
      const start = `Line ${line}: the column "${column}" holds "${value}": `;
      assert.ok(found[at]?.message.startsWith(start), found[at]?.message);
      assert.ok(found[at]?.message.includes(`the original is "${original}"`), found[at]?.message);
    }
    assert.equal(daemon.sandbox.counts().track, 0);
  });

  it('has every damaged cell named, each with the value from before any spreadsheet', async () => {
    await using daemon = await RunningDaemon.start();
    const rows = await failedDrop(daemon, 'a.csv', `${HEADER}000000101,${NUMBER},,,\n`);
    const once = changed(rows, [1, 'tracking_number', '340434161094042000']);
    const first = await daemon.settle('a.report.csv', savedBy('Excel in English', once));
    const twice = changed(
      cellsShown(first.text),
      [1, 'order_number', '101'],
      [1, 'tracking_number', '3.40434E+17'],
    );
    const { text } = await daemon.settle('b.csv', savedBy('Excel in English', twice));
    assert.equal(
      ends(text)[0]?.message,
      `Line 2: the column "order_number" holds "101": a spreadsheet has taken its leading zeros, the original is "000000101"; the column "tracking_number" holds "3.40434E+17": a spreadsheet has shortened the number, the original is "${NUMBER}"; put those back, or, where the new values are meant, drop the row in a file without the report's columns.`,
    );
  });

  it('has a damage refused as often as it comes back, and taken once the original is put back', async () => {
    await using daemon = await RunningDaemon.start();
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    const rows = await failedDrop(daemon, 'a.csv', `${HEADER}999999991,00123456789,,,\n`);
    const damaged = changed(rows, [1, 'order_number', order], [1, 'tracking_number', '123456789']);
    let text = '';
    for (const name of ['a.report.csv', 'a-2.report-2.csv', 'x.csv']) {
      const back = text === '' ? damaged : cellsShown(text);
      ({ text } = await daemon.settle(name, savedBy('Excel in English', back)));
      assert.match(ends(text)[0]?.message ?? '', /the original is "00123456789"/);
    }
    const right = changed(cellsShown(text), [1, 'tracking_number', '00123456789']);
    await daemon.settle('x.report.csv', savedBy('Excel in English', right));
    assert.deepEqual(daemon.standing(order), ['00123456789']);
  });

  it('has a correction refused that a spreadsheet damaged when the same file was saved once more', async () => {
    await using daemon = await RunningDaemon.start();
    const rows = await failedDrop(daemon, 'a.csv', `${HEADER}999999991,1Z1,,,\n`);
    const corrected = changed(rows, [1, 'order_number', '000000777']);
    await daemon.settle('a.report.csv', savedBy('Excel in English', corrected));
    const twice = changed(corrected, [1, 'order_number', '777']);
    const { text } = await daemon.settle('b.csv', savedBy('Excel in English', twice));
    assert.match(ends(text)[0]?.message ?? '', /holds "777".*the original is "000000777"/);
  });

  for (const name of ['a.report (1).csv', 'a.report - Kopie.csv', 'fixed.csv']) {
    it(`is compared too where it is called ${name}, and its last column, which names the drop, is gone`, async () => {
      await using daemon = await RunningDaemon.start();
      const whole = await failedDrop(daemon, 'a.csv', `${HEADER}999999991,00123456789,,,\n`);
      const rows = whole.map((row) => row.slice(0, -1));
      await failedDrop(daemon, 'b.csv', `${HEADER}999999992,00555555555,,,\n`);
      const back = savedBy('Excel in English', changed(rows, [1, 'tracking_number', '123456789']));
      const { text } = await daemon.settle(name, back);
      assert.match(ends(text)[0]?.message ?? '', /the original is "00123456789"/);
    });
  }

  it('is read once more where its long numbers are damaged, and compared each time', async () => {
    await using daemon = await RunningDaemon.start();
    const records = [1, 2, 3].map((at) => `99999999${at},34043416109404${at}000,,,\n`);
    const rows = await failedDrop(daemon, 'a.csv', HEADER + records.join(''));
    const damaged = daemon.next('drop.damaged');
    const { text } = await daemon.settle('a.report.csv', savedBy('Excel in English', rows));
    await damaged;
    assert.deepEqual(
      ends(text).map(({ outcome }) => outcome),
      ['bad-row', 'bad-row', 'bad-row'],
    );
  });

  it('is read as it is where the ledger was lost, and says so', async () => {
    await using daemon = await RunningDaemon.start();
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    const rows = await failedDrop(daemon, 'a.csv', `${HEADER}999999991,00123456789,,,\n`);
    await daemon.stop();
    for (const end of ['', '-wal', '-shm'])
      await rm(join(daemon.data, `trackdrop.db${end}`), { force: true });
    await daemon.start();
    const back = changed(rows, [1, 'order_number', order]);
    const { text } = await daemon.settle('a.report.csv', savedBy('Excel in German', back));
    const [end] = ends(text);
    assert.equal(end?.outcome, 'tracked');
    assert.match(end?.message ?? '', /the record that it was before is not known/);
    assert.deepEqual(daemon.standing(order), ['00123456789']);
  });

  for (const order of ['order_id', 'order_number']) {
    it(`is not confused by columns of the file that are named like ours, its orders under ${order}`, async () => {
      await using daemon = await RunningDaemon.start();
      const [right] = daemon.sandbox.generate(1, { shipped: true }) as [string];
      const header = `line,outcome,message,shipment_id,track_id,${order},tracking_number`;
      const rows = await failedDrop(daemon, 'a.csv', `${header}\n7,tracked,x,5,6,999999991,${NUMBER}\n`);
      await daemon.settle('a.report.csv', savedBy('Excel in German', changed(rows, [1, order, right])));
      assert.deepEqual(daemon.standing(right), [NUMBER]);
    });
  }
});

describe('The report of a file without a header', { concurrency: 4 }, () => {
  const profiles = {
    fixed: null,
    known: [
      {
        ...PLAIN,
        name: 'gls',
        origin: 'own',
        files: ['GLS_*.txt'],
        encoding: 'iso-8859-1',
        delimiter: ';',
        quotes: false,
        header: 'none',
        columns: {
          ...PLAIN.columns,
          order: { kind: 'position', position: 1 },
          tracking: { kind: 'position', position: 2 },
        },
      },
    ],
  } as const;

  for (const name of ['GLS_1.report.csv', 'corrected.csv']) {
    it(`is read by the profile that read the file, called ${name} and saved by Excel`, async () => {
      await using daemon = await RunningDaemon.start({
        inbox: { files: ['GLS_*.txt', 'corrected*.csv'], profiles },
      });
      const [right] = daemon.sandbox.generate(1, { shipped: true }) as [string];
      const dropped = await daemon.settle(
        'GLS_1.txt',
        `999999991;${NUMBER};Köln\r\n999999992;00111111111;\r\n`,
      );
      assert.equal(dropped.folder, 'failed');
      const back = changed(
        cellsShown(dropped.text, ';'),
        [1, 'column_1', right],
        [2, 'column_2', '111111111'],
      );
      const { text } = await daemon.settle(name, savedBy('Excel in German', back));
      assert.deepEqual(
        ends(text).map(({ outcome }) => outcome),
        ['tracked', 'bad-row'],
      );
      assert.deepEqual(daemon.standing(right), [NUMBER]);
      assert.match(text, /gls/);
    });
  }
});

describe('A retry file that went through Excel', { concurrency: 4 }, () => {
  it('is compared with the failed rows of its drop, also when they were sorted and some taken away', async () => {
    await using daemon = await RunningDaemon.start();
    const [one, two] = daemon.sandbox.generate(2, { shipped: true }) as [string, string];
    const content = `${HEADER}${one},1Z1,,,\n999999991,00111111111,,,\n999999992,00222222222,,,\n999999993,1Z3,,,\n999999994,${NUMBER},,,\n`;
    await failedDrop(daemon, 'a.csv', content);
    const [header = [], ...rows] = cellsShown(await daemon.read('failed/a.retry.csv'));
    assert.deepEqual(
      rows.map(([order]) => order),
      ['999999991', '999999992', '999999993', '999999994'],
    );
    const back = [
      header,
      ['999999994', '3.40434E+17', '', '', ''],
      [two, '1Z3', '', '', ''],
      ['999999992', '222222222', '', '', ''],
    ];
    const { text } = await daemon.settle('a.retry.csv', savedBy('Excel in English', back));
    const found = ends(text);
    assert.deepEqual(
      found.map(({ outcome }) => outcome),
      ['bad-row', 'tracked', 'bad-row'],
    );
    assert.match(found[0]?.message ?? '', new RegExp(`the original is "${NUMBER}"`));
    assert.match(
      found[2]?.message ?? '',
      /the original is "00222222222"; put that back, or, .*, drop the row in a file under another name, without \.retry or \.waiting in it\.$/,
    );
    assert.doesNotMatch(found[1]?.message ?? '', /not known/);
    assert.deepEqual(daemon.standing(two), ['1Z3']);
  });

  it('gives, as it was written, the rows that failed, and nothing is said against them', async () => {
    await using daemon = await RunningDaemon.start();
    const content = `${HEADER}999999991,00111111111,,1-2,1\n999999992,${NUMBER},,,\n`;
    await failedDrop(daemon, 'a.csv', content);
    const retry = await daemon.read('failed/a.retry.csv');
    assert.equal(retry, content);
    const { text } = await daemon.settle('a.retry.csv', retry);
    assert.deepEqual(
      ends(text).map(({ outcome, message }) => [outcome, /not known|the original/.test(message)]),
      [
        ['order-not-found', false],
        ['order-not-found', false],
      ],
    );
  });

  it('keeps the width of its file, which has no header: a cell too many is one still', async () => {
    const position = (position: number) => ({ kind: 'position', position }) as const;
    const columns = { ...PLAIN.columns, order: position(1), tracking: position(3) };
    const own = { ...PLAIN, name: 'acme', origin: 'own', delimiter: ';', header: 'none', columns } as const;
    await using daemon = await RunningDaemon.start({ inbox: { profiles: { fixed: own, known: [] } } });
    const [shifted = '', ...orders] = daemon.sandbox.generate(12, { shipped: true });
    const rows = orders.map((order) => `${order};Shop;1Z${order};x\n`);
    const wide = `${shifted};Shop; 20457;1Z${shifted};x\n`;
    await daemon.settle('a.csv', rows.join('') + wide);
    for (const name of ['a.retry.csv', 'a-2.retry-2.csv']) {
      const { text } = await daemon.settle(name, wide);
      assert.match(ends(text)[0]?.message ?? '', /^Line 1: 5 cells where the file that it is from has 4; /);
    }
    assert.deepEqual(daemon.standing(shifted), []);
    const { text } = await daemon.settle('a.retry.csv', wide.replace('; 20457', ' 20457'));
    assert.equal(ends(text)[0]?.outcome, 'tracked');
  });
});
