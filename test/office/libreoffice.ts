import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ReportWriter } from '../../src/intake/report/report.ts';
import { RunningDaemon } from '../running-daemon.ts';
import { cellsShown } from '../saved-by-excel.ts';
import { type CsvFilter, Office, withoutOffice } from './soffice.ts';

const NUMBER = '00340434161094042557';
const ENGLISH: CsvFilter = { delimiter: ',', encoding: 'utf-8', language: 'en-US', evaluatesFormulas: true };
const GERMAN: CsvFilter = {
  delimiter: ';',
  encoding: 'windows-1252',
  language: 'de-DE',
  evaluatesFormulas: true,
};

/** What somebody may write into a title so that it runs on the computer of whoever opens the report. */
const HOSTILE = [
  '=1+1',
  '+1+1',
  '-1+1',
  '@SUM(1)',
  '\t=1+1',
  '\r=1+1',
  ' =1+1',
  '\u00a0=1+1',
  '\ufeff=1+1',
  '＝1+1',
  '"=1+1',
  '"",=1+1,""',
  'a,=1+1',
  'a;=1+1',
  'a; =1+1;b',
  'a\t=1+1',
  'a\n=1+1',
  '="0012"&"3"',
  "='a'",
  "'=1+1",
  '=HYPERLINK("http://localhost/"&A1,"x")',
  `=cmd|' /C calc'!A0`,
];

describe('LibreOffice', { skip: withoutOffice }, () => {
  let office: Office;
  before(async () => {
    office = await Office.open();
  });
  after(() => office[Symbol.asyncDispose]());

  for (const delimiter of [',', ';'] as const) {
    for (const opened of [ENGLISH, GERMAN]) {
      it(`runs nothing of a report with "${delimiter}" that is opened with "${opened.delimiter}"`, async () => {
        const dialect = { delimiter, lineEnd: 'lf', quotes: true, restColumn: null } as const;
        const profile = { name: 'plain', why: '=1+1' };
        const writer = new ReportWriter({ fields: ['=1+1', 'title', 'order'], dialect, profile }, '=1+1');
        let report = writer.start();
        for (const [at, cell] of HOSTILE.entries()) {
          const ids = { orderId: 1, shipmentId: null, trackId: null, mail: null };
          report += writer.row({
            line: at + 2,
            fields: [cell, `x ${cell}`, NUMBER],
            outcome: 'bad-row',
            message: cell,
            ...ids,
          });
        }
        const formulas = new Set(await office.formulas(report, { ...opened, encoding: 'utf-8' }));
        const isFound = delimiter === opened.delimiter;
        assert.deepEqual([...formulas], isFound ? [`of:="${NUMBER}"`] : []);
      });
    }
  }

  it('would run a formula that is not protected', async () => {
    assert.deepEqual(await office.formulas('a,b\nx,=1+1\n', ENGLISH), ['of:=1+1']);
  });

  for (const filter of [ENGLISH, { ...ENGLISH, evaluatesFormulas: false }, GERMAN]) {
    const how = `in ${filter.language}${filter.evaluatesFormulas ? '' : ', formulas left as text'}`;
    it(`gives back a report as it was, corrected row and all, and saved twice its damage is refused (${how})`, async () => {
      await using daemon = await RunningDaemon.start();
      const [right] = daemon.sandbox.generate(1, { shipped: true }) as [string];
      const header = ['order_number', 'tracking_number', 'title', 'sku', 'quantity'].join(filter.delimiter);
      const rows = [
        ['999999991', NUMBER, 'Grüße, "Müller"; Köln', '', ''],
        ['000000102', '1Z2', '', '', ''],
        ['999999993', '1Z3', '', filter.language === 'de-DE' ? '1.2.' : '1/2', '1'],
        ['999999994', '123456789012345678', '', '', ''],
      ];
      const written = rows.map((cells) =>
        cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(filter.delimiter),
      );
      const { text } = await daemon.settle('a.csv', `${[header, ...written].join('\n')}\n`);
      const opened = { ...filter, encoding: 'utf-8' } as const;

      const once = await office.saved(text.replace('999999991', `"=""${right}"""`), opened, filter);
      const first = await daemon.settle('a.report.csv', once);
      const of = (report: string) => {
        const [names = [], ...cells] = cellsShown(report, filter.delimiter);
        return cells.map((row) => [
          row[names.indexOf('trackdrop_outcome')],
          row[names.indexOf('trackdrop_message')] ?? '',
        ]);
      };
      assert.deepEqual(
        of(first.text).map(([outcome]) => outcome),
        ['tracked', 'order-not-found', 'order-not-found', 'order-not-found'],
      );
      assert.deepEqual(daemon.standing(right), [NUMBER]);
      assert.equal(daemon.sandbox.tracks().find(({ order }) => order === right)?.title, rows[0]?.[2]);

      if (!filter.evaluatesFormulas) return;
      const twice = await office.saved(once, filter);
      const second = await daemon.settle('b.csv', twice);
      const found = of(second.text);
      assert.deepEqual(
        found.map(([outcome]) => outcome),
        ['bad-row', 'bad-row', 'bad-row', 'bad-row'],
      );
      for (const [at, original] of [right, '000000102', rows[2]?.[3], '123456789012345678'].entries())
        assert.ok(found[at]?.[1]?.includes(`the original is "${original}"`), found[at]?.[1]);
    });
  }
});
