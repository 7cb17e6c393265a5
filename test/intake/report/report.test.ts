import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { REPORT_COLUMNS, ReportWriter } from '../../../src/intake/report/report.ts';

const WHY = 'dhl: its header has Sendungsnummer';
const DROP = '20261122-062233-k3f9q1';
const writer = new ReportWriter(
  {
    fields: ['order_number', 'title', 'tracking_number'],
    dialect: { delimiter: ',', lineEnd: 'lf', quotes: true, restColumn: null },
    profile: { name: 'dhl', why: 'its header has Sendungsnummer' },
  },
  DROP,
);

function rowOf(fields: readonly string[] | null, outcome: 'tracked' | 'bad-row', message: string): string {
  return writer.row({
    line: 2,
    fields,
    outcome,
    message,
    orderId: 1,
    shipmentId: null,
    trackId: null,
    mail: null,
  });
}

describe('A report', () => {
  it('has the columns of the file and what became of each row', () => {
    assert.equal(
      writer.start() + rowOf(['0100', 'Mug', '1Z1'], 'tracked', 'done'),
      '\ufefforder_number,title,tracking_number,trackdrop_line,trackdrop_outcome,trackdrop_message,' +
        'trackdrop_order_id,trackdrop_shipment_id,trackdrop_track_id,trackdrop_profile,trackdrop_drop,trackdrop_mail\r\n' +
        `"=""0100""",Mug,1Z1,2,tracked,done,1,,,${WHY},${DROP},not mailed\r\n`,
    );
  });

  it('has the columns that its page promises, in that order', async () => {
    const page = await readFile(new URL('../../../docs/report.md', import.meta.url), 'utf8');
    const promised = Array.from(page.matchAll(/^\| `(trackdrop_\w+)` \| \S/gm), ([, name]) => name);
    assert.deepEqual(promised, [...REPORT_COLUMNS]);
  });

  it('shows a row with too many cells in its message, since cut to the header it would look whole', () => {
    assert.equal(
      rowOf(['100', 'Acme', 'Inc', '1Z1'], 'bad-row', '4 cells where the header has 3.'),
      `,,,2,bad-row,"4 cells where the header has 3. It reads: 100,Acme,Inc,1Z1",1,,,${WHY},${DROP},\r\n`,
    );
  });

  it('has each message on one line, with nothing in it that a terminal obeys', () => {
    const said = 'Errors:\r\n  A shipment\ncannot be \u001b[2Jcreated\u0000\u202e.\n';
    assert.equal(
      rowOf(['100', 'Mug', '1Z1'], 'bad-row', said),
      `100,Mug,1Z1,2,bad-row,Errors: A shipment cannot be \\u001b[2Jcreated\\u0000\\u202e.,1,,,${WHY},${DROP},\r\n`,
    );
  });

  it('keeps the cells of a row whose surplus ones are empty', () => {
    assert.equal(
      rowOf(['100', 'Mug', '1Z1', ''], 'tracked', 'done'),
      `100,Mug,1Z1,2,tracked,done,1,,,${WHY},${DROP},not mailed\r\n`,
    );
  });

  it('names the columns of a file without a header by their places', () => {
    const headerless = new ReportWriter(
      {
        fields: ['column_1', 'column_2'],
        dialect: { delimiter: ';', lineEnd: 'lf', quotes: false, restColumn: null },
        profile: { name: 'gls', why: 'the inbox names it' },
      },
      DROP,
    );
    const [header = ''] = headerless.start().split('\r\n');
    assert.ok(header.startsWith('\ufeffcolumn_1;column_2;trackdrop_line;'), header);
    assert.ok(header.endsWith(';trackdrop_drop;trackdrop_mail'), header);
  });

  it('puts its own columns in the place of those of an earlier report', () => {
    const again = new ReportWriter(
      {
        fields: ['order_number', 'tracking_number', ...REPORT_COLUMNS.map((name) => name.toUpperCase())],
        dialect: { delimiter: ',', lineEnd: 'lf', quotes: true, restColumn: null },
        profile: { name: 'plain', why: 'no other profile fits' },
      },
      DROP,
    );
    assert.equal(
      again.start(),
      `\ufefforder_number,tracking_number,${REPORT_COLUMNS.join(',')}\r\n`,
      'they stand there once',
    );
    const fields = [
      '100',
      '1Z1',
      '9',
      'gave-up',
      'old words',
      '1',
      '2',
      '3',
      'old: profile',
      'old drop',
      'mailed',
    ];
    const row = {
      line: 2,
      outcome: 'tracked',
      message: 'done',
      orderId: 1,
      shipmentId: 2,
      trackId: 3,
      mail: 'unknown',
    } as const;
    assert.equal(
      again.row({ ...row, fields }),
      `100,1Z1,2,tracked,done,1,2,3,plain: no other profile fits,${DROP},mail unknown\r\n`,
    );
  });
});
