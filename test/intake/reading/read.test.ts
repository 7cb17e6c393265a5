import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { StoppedError } from '../../../src/domain/failure.ts';
import type { FileRecord } from '../../../src/domain/row.ts';
import { readDrop } from '../../../src/intake/reading/read.ts';
import { isAsSurveyed } from '../../../src/intake/reading/survey.ts';
import { type Encoding, encodeText, markOf } from '../../../src/intake/reading/text.ts';
import { runs } from '../../runs.ts';
import { dataFolder } from '../folders.ts';
import { OPTIONS, read, shown, unreadable } from './contents.ts';

const signal = new AbortController().signal;

test('the plain format is read, with defaults where carrier and title are missing or empty', async () => {
  const full = await read(
    'order_number,tracking_number,carrier_code,title\n1001,1Z1,ups,UPS\n1002,1Z2,,\n1003,1Z3\n',
  );
  assert.deepEqual(shown(full.records), [
    '2 1001 1Z1 ups UPS',
    '3 1002 1Z2 custom Parcel',
    '4 1003 1Z3 custom Parcel',
  ]);
  const short = await read('tracking_number,order_number\n1Z1,1001');
  assert.deepEqual(shown(short.records), ['2 1001 1Z1 custom Parcel']);
});

test('what a parcel holds is read from sku and quantity; a SKU without a quantity is one piece', async () => {
  const { records } = await read(
    'order_number,tracking_number,sku,quantity\n1001,1Z1,MUG,2\n1001,1Z1,CUP,\n1001,1Z2,="007",0.5000\n1002,1Z3,,\n1002,1Z4,"PIPE 12""",1\n',
  );
  assert.deepEqual(shown(records), [
    '2 1001 1Z1 custom Parcel 2 x MUG',
    '3 1001 1Z1 custom Parcel 1 x CUP',
    '4 1001 1Z2 custom Parcel 0.5 x 007',
    '5 1002 1Z3 custom Parcel',
    '6 1002 1Z4 custom Parcel 1 x PIPE 12"',
  ]);
});

test('a quantity that is none, or that lacks its SKU, is a bad row that names line, column and value', async () => {
  const wrong = ['-0', '-1', '1,50,0', '1.00001', '2 pcs', '1e3', '0x2', '123456789', '0.0.0'];
  const rows = wrong.map((quantity) => `1001;1Z1;MUG;${quantity}\n`).join('');
  const { records } = await read(
    `order_number;tracking_number;sku;Quantity\n${rows}1001;1Z1;;3\n1001;1Z1;MUG\n`,
  );
  assert.deepEqual(shown(records), [
    ...wrong.map(
      (quantity, index) =>
        `Line ${index + 2}: the column "Quantity" holds "${quantity}", which is no quantity; it must be a number such as 2 or 0.5, with at most four decimals, or 0 where nothing of the item is in the parcel.`,
    ),
    'Line 11: the column "Quantity" holds "3", and the column "sku" is empty.',
    'Line 12: only 3 of 4 cells are there, and the column "Quantity" is missing.',
  ]);
});

test('a file with only one of the columns sku and quantity is refused, since the other may be misspelled', async () => {
  const lacking = await unreadable('order_number,tracking_number,sku,quantty\n1001,1Z1,MUG,2\n');
  assert.equal(lacking.code, 'no-such-column');
  assert.match(lacking.message, /a column for the SKU and none for the quantity.*"quantty"/);
  const other = await unreadable('order_number,tracking_number,quantity\n1001,1Z1,2\n');
  assert.match(other.message, /a column for the quantity and none for the SKU/);
});

test('header names may differ in case, blanks, dots and dashes, in any order, among other columns', async () => {
  const { records } = await read(
    'Date; Tracking Number ;Weight;"ORDER_Number.";Title\n1.1.;1Z1;x;1001;Päckchen\n',
  );
  assert.deepEqual(shown(records), ['2 1001 1Z1 custom Päckchen']);
});

test('comma, semicolon, tab and pipe; LF, CRLF and CR alone', async () => {
  for (const delimiter of [',', ';', '\t', '|']) {
    for (const end of ['\n', '\r\n', '\r']) {
      const lines = [
        ['order_number', 'tracking_number'],
        ['0001', '1Z1'],
        ['0002', '1Z2'],
      ];
      const { records } = await read(lines.map((cells) => cells.join(delimiter)).join(end));
      assert.deepEqual(shown(records), ['2 0001 1Z1 custom Parcel', '3 0002 1Z2 custom Parcel']);
    }
  }
});

test('blank lines are no records, and a line of empty cells is skipped', async () => {
  const { records } = await read(
    '\n  \norder_number,tracking_number\n\n1001 , 1Z1\u00a0\n   \n,\n\n1002,1Z2\n\n',
  );
  assert.deepEqual(shown(records), [
    '5 1001 1Z1 custom Parcel',
    '7 skipped: every cell is empty',
    '9 1002 1Z2 custom Parcel',
  ]);
});

test('an empty file and one with a header only hold no records', async () => {
  assert.deepEqual(await read('').then(({ layout, records }) => [layout, records]), [null, []]);
  assert.deepEqual(await read('\ufeff\r\n ').then(({ layout, records }) => [layout, records]), [null, []]);
  for (const end of ['', '\n']) {
    const { layout, records } = await read(`order_number,tracking_number${end}`);
    assert.deepEqual([layout?.fields, records], [['order_number', 'tracking_number'], []]);
  }
});

test('a missing column is named, with what was found instead', async () => {
  const error = await unreadable('order_number,weight,title\n1,2,3\n');
  assert.equal(error.code, 'no-such-column');
  assert.match(error.message, /no column tracking_number\. It has "order_number", "weight" and "title"/);
  assert.match((await unreadable('1001,1Z1,ups\n')).message, /order_number and tracking_number/);
  const twice = await unreadable('order_number,tracking_number,Order Number\n1,2,3\n');
  assert.equal(twice.code, 'column-twice');
});

test('what is no text is called by its name, and nothing of it is read', async () => {
  const kinds: readonly [string | Buffer, RegExp][] = [
    [Buffer.from('PK\x03\x04....xl/workbook.xml', 'latin1'), /Excel workbook/],
    [Buffer.from('\xd0\xcf\x11\xe0\xa1\xb1', 'latin1'), /old Excel/],
    ['%PDF-1.7\n', /PDF/],
    [Buffer.from('\x89PNG\r\n', 'latin1'), /picture/],
    ['\n<!DOCTYPE html><html>', /web page/],
    ['{"orders":[]}', /JSON/],
    ['order_number,tracking_number\n1001,1Z\0\0\0\0', /zero bytes/],
    [Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from('ab', 'utf16le'), Buffer.of(1)]), /UTF-16LE/],
  ];
  for (const [content, message] of kinds) assert.match((await unreadable(content)).message, message);
});

test('a bad row names line, column and value, and the rows around it stand', async () => {
  const lines = [
    'order_number,tracking_number,carrier_code,title',
    '1001,,ups,UPS',
    ',1Z2,ups,UPS',
    '1003',
    '1004,1Z4,ups,UPS, Ground,',
    '1005,1Z5,ups,UPS,,',
    '1006,9.40011E+21,ups,UPS',
    '1007,"1Z\n7",ups,UPS',
    `1008,1Z8,${'c'.repeat(33)},UPS`,
    `1009,1Z9,ups,${'t'.repeat(300)}`,
    '1010,1Z😀,ups,UPS',
    `1011,${'9'.repeat(256)},ups,UPS`,
    '1012,0,ups,UPS',
    '1013,1Z\x1b[31m,ups,UPS',
    'Order Number,Tracking Number,Carrier Code,Title',
    '1014,1Z14,ups,UPS',
  ];
  const { records } = await read(lines.join('\n'));
  const expected = [
    /^Line 2: the column "tracking_number" is empty\.$/,
    /^Line 3: the column "order_number" is empty\.$/,
    /^Line 4: only 1 of 4 cells are there, and the column "tracking_number" is missing\.$/,
    /^Line 5: 5 cells where the header has 4; perhaps a comma inside a cell without quotes\.$/,
    /^6 1005 1Z5 ups UPS$/,
    /^Line 7: the column "tracking_number" holds "9\.40011E\+21": a spreadsheet has shortened/,
    /^Line 8: the column "tracking_number" holds a line break or an invisible character: "1Z\\n7"\.$/,
    /^Line 10: the column "carrier_code" is longer than 32 characters/,
    /^11 1009 1Z9 ups t{255}$/,
    /^Line 12: .*cannot store/,
    /^Line 13: the column "tracking_number" is longer than 255 characters: "9{60}…"\.$/,
    /^Line 14: .*takes for empty/,
    /^Line 15: .*"1Z\\u\{1b\}\[31m"\.$/,
    /^16 skipped: the header line again$/,
    /^17 1014 1Z14 ups UPS$/,
  ];
  assert.equal(records.length, expected.length);
  for (const [at, text] of shown(records).entries()) assert.match(text, expected[at] ?? /nothing/);
});

test('an empty cell too many is a habit, unless it has moved a number behind the columns of numbers', async () => {
  const all = await read('order_number,tracking_number\n1001,1Z1,\n1002,1Z2,\n');
  assert.deepEqual(shown(all.records), ['2 1001 1Z1 custom Parcel', '3 1002 1Z2 custom Parcel']);
  const header = 'name,address,order_number,tracking_number,title,note\n';
  const one = await read(
    `${header}Smith,Main St 5,1001,T900000001,DPD,\nDoe,Main St, 12,1002,T900000002,DPD,\n`,
  );
  assert.deepEqual(shown(one.records), [
    '2 1001 T900000001 custom DPD',
    'Line 3: 7 cells where the header has 6; perhaps a comma inside a cell without quotes.',
  ]);
  const unnamed = await read(
    'address,order_number,tracking_number,title,\nX,1001,T1,DPD,\nY, 7,1002,T2,DPD\n',
  );
  assert.deepEqual(shown(unnamed.records), [
    '2 1001 T1 custom DPD',
    'Line 3: 5 cells where the header has 4; perhaps a comma inside a cell without quotes.',
  ]);
  const short = await read('order_number,tracking_number,title,,,,,\n1001,1Z1,4006381333931,,\n');
  assert.deepEqual(shown(short.records), ['2 1001 1Z1 custom 4006381333931']);
});

test('a line of text below the rows is skipped, but for one that may be the start of a row', async () => {
  const rows = 'customer,order_number,tracking_number\nOtto,1001,1Z1\n';
  const last = async (line: string) =>
    shown((await read(rows + line)).records)
      .slice(1)
      .join();
  assert.equal(await last('*** END OF REPORT ***\n'), '3 skipped: a line of text: "*** END OF REPORT ***"');
  assert.equal(await last('*** END OF REPORT ***'), '3 skipped: a line of text: "*** END OF REPORT ***"');
  assert.equal(await last('Ende der Datei'), '3 skipped: a line of text: "Ende der Datei"');
  assert.equal(await last('Printed by Anna\n'), '3 skipped: a line of text: "Printed by Anna"');
  assert.equal(await last('\u001a'), '3 skipped: the mark that ends a file of DOS (Ctrl-Z)');
  assert.match(await last('Anna Men'), /^Line 3: the file ends in the middle of this row, with 1 of 3 cells/);
  assert.match(await last('1002\n'), /^Line 3: only 1 of 3 cells are there/);
  assert.match(await last('Anna,,\n'), /^Line 3: the column "order_number" is empty/);
  const { records } = await read('order_number,tracking_number\n1001,1Z1\nThe end\n\u001a\n');
  assert.match(shown(records)[1] ?? '', /^Line 3: only 1 of 2 cells are there/);
  assert.equal(shown(records)[2], '4 skipped: the mark that ends a file of DOS (Ctrl-Z)');
});

test('a quote that nothing closes costs its own line, and no row after it', async () => {
  const rows = Array.from(
    { length: 100 },
    (_, at) => `${1000 + at},1Z${at},ups,${at === 49 ? '"UPS' : 'UPS'}`,
  );
  const { records } = await read(['order_number,tracking_number,carrier_code,title', ...rows, ''].join('\n'));
  assert.equal(records.length, 100);
  const bad = records.filter(({ verdict }) => verdict.kind === 'bad');
  assert.match(
    shown(bad)[0] ?? '',
    /^Line 51: a quote opens in the column "title" and is never closed: ""UPS"; perhaps its closing/,
  );
  assert.deepEqual(bad[0]?.fields, ['1049', '1Z49', 'ups', '"UPS']);
  assert.equal(bad.length, 1);
});

test('a stray quote costs its own line, wherever the next quotes stand', async () => {
  const content =
    'order_number,tracking_number,title\n1,A1,5" disk\n2,A2,"x\n3,A3,"y"\n4,A4, "z, z" \n5,A5,"a "" b"\n6,A6,"q\n7,A7,r"\n8,A8,s\n';
  const lines = shown((await read(content)).records);
  assert.deepEqual(
    lines.map((line) => line.slice(0, 20)),
    [
      'Line 2: a quote stan',
      'Line 3: a quote open',
      '4 3 A3 custom y',
      '5 4 A4 custom z, z',
      '6 5 A5 custom a " b',
      'Line 7: a quote open',
      '9 8 A8 custom s',
    ],
  );
  assert.match(
    lines[0] ?? '',
    /^Line 2: a quote stands in the column "title" where none can be: "5" disk"; /,
  );
  assert.match(
    lines[1] ?? '',
    /^Line 3: a quote opens in the column "title" and is never closed: ""x"; perhaps /,
  );
  assert.match(
    lines[5] ?? '',
    /^Line 7: .* "title" and closes on line 8, with what looks like another row; nothing of lines 7 to 8 is taken/,
  );
});

test('a row that a stray quote has swallowed is named with the one that has it', async () => {
  const { records } = await read(
    'Order No;Tracking No;Title\n1;A1;x\n100000103;AAA3;"TV 40"" x\n100000104;AAA4;"\n5;A5;x\n',
  );
  assert.deepEqual(shown(records), [
    '2 1 A1 custom x',
    'Line 3: a quote opens in the column "Title" and closes on line 4, with what looks like another row; nothing of lines 3 to 4 is taken; remove the stray quote.',
    '5 5 A5 custom x',
  ]);
});

test('numbers that were wrapped to survive a spreadsheet are unwrapped, quoted or not', async () => {
  const content =
    'order_number,tracking_number,title\n="0001",="1Z1","UPS"\n"=""0002""","=""1Z2""",x\n\'0003,\'1Z3,\'s Heerenberg\n';
  assert.deepEqual(shown((await read(content)).records), [
    '2 0001 1Z1 custom UPS',
    '3 0002 1Z2 custom x',
    "4 0003 1Z3 custom 's Heerenberg",
  ]);
});

test('a lone CR in a file of LF lines never ends a number', async () => {
  const { records } = await read('order_number,tracking_number\n1001,1Z0001\r00021\n1002,1Z2\n');
  assert.deepEqual(
    records.map(({ verdict }) => verdict.kind),
    ['bad', 'row'],
  );
});

test('a report of ours that is dropped again gives its failed rows only', async () => {
  const content = [
    '\ufefforder_number;tracking_number;trackdrop_line;trackdrop_outcome',
    '1001;1Z1;2;tracked',
    '1002;="00340434161094042557";3;order-not-found',
    '1003;1Z3;4;Waiting',
    '1004;1Z4;;',
    '1005;1Z5;6;okay',
  ].join('\r\n');
  assert.deepEqual(shown((await read(content)).records), [
    '2 skipped: done before: tracked',
    '3 1002 00340434161094042557 custom Parcel',
    '4 skipped: waiting, and looked at again without this file',
    '5 1004 1Z4 custom Parcel',
    'Line 6: the column trackdrop_outcome holds "okay", which is no outcome; empty the cell to have the row done.',
  ]);
});

test('a record or a cell over its limit is a bad row, and reading goes on after it', async () => {
  const long = 'x'.repeat(400_000);
  for (const end of ['\n', '\r', '\r\n']) {
    const lines = [
      'order_number,tracking_number,title',
      `1,A1,${long}`,
      `2,A2,${'y'.repeat(2000)}`,
      '3,A3,z',
      `4,A4,${long}`,
    ];
    const { records } = await read(lines.join(end));
    assert.deepEqual(
      shown(records).map((line) => line.replace(/ bytes.*/, '')),
      [
        'Line 2: the row is longer than 4096',
        'Line 3: the column "title" holds more than 1024',
        '4 3 A3 custom z',
        'Line 5: the row is longer than 4096',
      ],
    );
    assert.equal(records[0]?.fields, null);
  }
});

test('records are cut the same wherever the pieces in which a file is read end', async () => {
  for (const end of ['\n', '\r\n', '\r']) {
    // The header ends with CR alone in the last case, and the rows after it with CR LF.
    const rowEnd = end === '\r' ? '\r\n' : end;
    for (let padding = 0; padding < 16; padding += 1) {
      const rows = Array.from({ length: 4500 }, (_, at) => `${10_000 + at},1Zäöü${at % 7}${rowEnd}`);
      rows[0] = `1,${'x'.repeat(200_000 + padding)}${rowEnd}`;
      const header = `order_number,tracking_number${'_'.repeat(padding)}${end}`;
      const text = Buffer.from(header + rows.join(''));
      const { records } = await read(text, { limits: { fieldBytes: 1e6 } });
      assert.equal(records.length, rows.length);
      const other = records.find(
        ({ line, startByte, endByte }, at) =>
          line !== at + 2 || text.toString('utf8', startByte, endByte) !== rows[at],
      );
      assert.equal(other, undefined);
    }
  }
});

test('the survey holds the hash of the bytes as they lie there', async () => {
  const { survey } = await read('\ufefforder_number,tracking_number\n');
  const hash = createHash('sha256').update('\ufefforder_number,tracking_number\n').digest('hex');
  assert.equal(survey.sha256, hash);
});

test('a line that is too long ends with its own CR LF, though the two are read apart', async () => {
  const header = 'order_number,tracking_number\r';
  for (const pieceBytes of [1, 2, 3].map((count) => count * 128 * 1024)) {
    const long = `1,${'x'.repeat(pieceBytes - header.length - '1,\r'.length)}\r\n`;
    const lines = [long, '2,A2\r\n', '3,A3\r\n'];
    const content = header + lines.join('');
    const { records } = await read(content);
    assert.deepEqual(
      records.map(({ startByte, endByte }) => content.slice(startByte, endByte)),
      lines,
    );
    assert.deepEqual(
      shown(records).map((line) => line.slice(0, 10)),
      ['Line 2: th', '3 2 A2 cus', '4 3 A3 cus'],
    );
  }
});

test('limits of the file strike as a whole', async () => {
  const content = 'order_number,tracking_number\n1,A\n2,B\n3,C\n';
  assert.equal((await unreadable(content, { limits: { rows: 2 } })).code, 'too-many-rows');
  assert.equal((await read(content, { limits: { rows: 3 } })).records.length, 3);
  assert.equal((await unreadable(content, { limits: { fileBytes: 20 } })).code, 'file-too-large');
  assert.equal((await unreadable('x'.repeat(300_000))).code, 'no-header');
});

test('a change after the survey shows', async () => {
  await using data = await dataFolder();
  const path = await data.drop('a.csv', 'order_number,tracking_number\n1,A\n');
  const { survey } = await readDrop(path, OPTIONS, signal);
  assert.ok(await isAsSurveyed(path, survey));
  await writeFile(path, 'order_number,tracking_number\n1,AB\n');
  assert.ok(!(await isAsSurveyed(path, survey)));
  assert.ok(!(await isAsSurveyed(join(data.base, 'gone'), survey)));
});

test('reading stops when asked', async () => {
  await using data = await dataFolder();
  const path = await data.drop('a.csv', 'order_number,tracking_number\n1,A\n');
  await assert.rejects(readDrop(path, OPTIONS, AbortSignal.abort()), StoppedError);
});

const characters: Readonly<Record<Encoding, string>> = {
  'utf-8': 'aZ09 äß€",;|\t\'\n\r.\u3042😀',
  'utf-16le': 'aZ09 äß€",;|\t\'\n\r.\u3042😀',
  'utf-16be': 'aZ09 äß€",;|\t\'\n\r.\u3042😀',
  'windows-1252': 'aZ09 äß€",;|\t\'\n\r.\u0081',
  'iso-8859-1': 'aZ09 äß\u0080",;|\t\'\n\r.\u0081',
};
const dialects = fc.record({
  encoding: fc.constantFrom<Encoding>('utf-8', 'utf-16le', 'utf-16be', 'windows-1252'),
  utf8Mark: fc.boolean(),
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  end: fc.constantFrom('\n', '\r\n', '\r'),
  endsLast: fc.boolean(),
});
const number = fc.stringMatching(/^[A-Z]?[1-9][0-9A-Z]{2,11}$/);

test('rows written in any dialect and encoding come back equal, and every slice byte for byte', async () => {
  await using data = await dataFolder();
  const drops = dialects.chain((dialect) => {
    const titles = fc.array(fc.constantFrom(...characters[dialect.encoding]), { maxLength: 12 });
    // What looks like a row before a line break is a bad row.
    const title = titles
      .map((some) => some.join(''))
      .map((text) => (/[\r\n]/.test(text) ? text.replace(/\d/g, 'd') : text));
    const row = fc.record({ order: number, tracking: number, title });
    return fc.record({ dialect: fc.constant(dialect), rows: fc.array(row, { minLength: 1, maxLength: 20 }) });
  });
  await fc.assert(
    fc.asyncProperty(drops, async ({ dialect, rows }) => {
      const { encoding, delimiter, end } = dialect;
      const quote = (cell: string) =>
        /["\n\r,;|\t]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
      // In Windows-1252 an umlaut before a blank is no UTF-8, whatever the other characters happen to be.
      const titled = rows.map((row, at) => ({ ...row, title: at === 0 ? `ä ${row.title}` : row.title }));
      const lines = titled.map(
        ({ order, tracking, title }) => [title, tracking, order].map(quote).join(delimiter) + end,
      );
      const header = ['title', 'Tracking-Number', 'order number'].join(delimiter) + end;
      if (!dialect.endsLast) lines.push((lines.pop() ?? '').slice(0, -end.length));
      const hasMark = encoding === 'utf-8' ? dialect.utf8Mark : encoding !== 'windows-1252';
      const bytes = (text: string) => encodeText(Buffer.from(text), encoding);
      const file = Buffer.concat([markOf({ encoding, hasMark }), bytes(header + lines.join(''))]);
      const path = await data.drop('p.csv', file);
      const reading = await readDrop(path, OPTIONS, signal);
      assert.deepEqual(reading.survey.format, { encoding, hasMark });
      const records: FileRecord[] = [];
      for await (const some of reading.records) records.push(...some);
      const text = Buffer.from(header + lines.join(''));
      let line = 2;
      for (const [at, written] of titled.entries()) {
        const record = records[at];
        assert.ok(record);
        const slice = text.subarray(record.startByte, record.endByte).toString();
        assert.equal(slice, lines[at]);
        const looksLikeRows = written.title
          .split(/\r\n|\r|\n/)
          .slice(1)
          .some((rest) => rest.split(delimiter).length > 2);
        assert.equal(record.verdict.kind, looksLikeRows ? 'bad' : 'row', JSON.stringify(record.verdict));
        assert.equal(record.line, line);
        const breaks = end === '\r' ? /\r\n?/g : /\n/g;
        line += Math.max(1, slice.match(breaks)?.length ?? 0);
        if (record.verdict.kind !== 'row') continue;
        assert.equal(record.verdict.rows[0].orderNumber, written.order);
        assert.equal(record.verdict.rows[0].trackingNumber, written.tracking);
      }
      assert.equal(records.length, titled.length);
    }),
    runs(100),
  );
});

test('a last row without its line end and without all its cells is not believed: it may be cut off', async () => {
  const header = 'order_number,tracking_number,carrier_code,title\n';
  const cut = await read(`${header}1001,1Z1,ups,UPS\n1002,1Z000100`);
  assert.equal(cut.records.length, 2);
  assert.match(
    shown(cut.records)[1] ?? '',
    /^Line 3: the file ends in the middle of this row, with 2 of 4 cells/,
  );
  for (const whole of ['1002,1Z000100\n', '1002,1Z000100\n ', '1002,1Z000100,ups,UPS']) {
    assert.equal((await read(header + whole)).records[0]?.verdict.kind, 'row', whole);
  }
});

test('several numbers in one cell are refused, never sent as one', async () => {
  const { records } = await read(
    'order_number;tracking_number\n1001;1Z1, 1Z2\n1002;1Z3|1Z4\n1003;1Z 999 AA1\n',
  );
  assert.match(shown(records)[0] ?? '', /^Line 2: .*holds several numbers: "1Z1, 1Z2"/);
  assert.match(shown(records)[1] ?? '', /^Line 3: .*holds several numbers/);
  assert.equal(shown(records)[2], '4 1003 1Z 999 AA1 custom Parcel');
});
