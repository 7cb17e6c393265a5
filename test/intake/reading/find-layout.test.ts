import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ColumnRef } from '../../../src/domain/profile.ts';
import { acme, by, read, shown, unreadable } from './contents.ts';

const named = (...names: string[]): ColumnRef => ({ kind: 'name', names });

test('the header is found below lines of prose, which are skipped by name', async () => {
  const { layout, records } = await read(
    'Shipments of "ACME\r\nDate,22.11.2026\r\n\r\nOrder No;Tracking No\r\n1001;1Z1\r\n',
  );
  assert.deepEqual(layout?.header, { line: 4, startByte: 39, endByte: 61 });
  assert.deepEqual(shown(records), [
    '1 skipped: above the header line',
    '2 skipped: above the header line',
    '5 1001 1Z1 custom Parcel',
  ]);
});

test('what looks like a row above the header is a bad row, never skipped', async () => {
  const { records } = await read('1001,1Z1\n\norder_number,tracking_number\n1002,1Z2\n');
  assert.deepEqual(shown(records), [
    'Line 1: this looks like a row, and stands above the header line, which is line 3; put it below.',
    '4 1002 1Z2 custom Parcel',
  ]);
});

test('the line that looks most like a header says what is missing', async () => {
  const error = await unreadable('Export\nof today\norder_number;carrier;weight\n1001;UPS;2\n');
  assert.equal(error.code, 'no-such-column');
  assert.equal(error.line, 3);
  assert.match(error.message, /^Line 3: .*tracking_number.*"order_number", "carrier" and "weight"/);
});

test('a header deeper than fifty lines is not looked for', async () => {
  const header = 'order_number,tracking_number\n1,A\n';
  assert.equal((await read(`${'x\n'.repeat(49)}${header}`)).layout?.header?.line, 50);
  assert.equal((await unreadable(`${'x\n'.repeat(50)}${header}`)).code, 'no-such-column');
});

test('blank lines before the header may be as many as they like, and count, wherever pieces of the file end', async () => {
  for (const end of ['\n', '\r\n', '\r']) {
    for (const indent of ['', ' ']) {
      const content = `${indent}${end.repeat(50_000)}order_number,tracking_number${end}1,A${end}`;
      const { layout, records } = await read(content);
      assert.equal(layout?.header?.line, 50_001);
      assert.equal(records[0]?.line, 50_002);
      assert.equal(records[0]?.endByte, content.length);
    }
  }
});

test('names of columns may hold line breaks, and the rows below are counted on', async () => {
  const { records } = await read('"order\nnumber","tracking\nnumber"\n1001,1Z1\n');
  assert.deepEqual(shown(records), ['4 1001 1Z1 custom Parcel']);
});

test('the delimiter of a profile is the only one that is tried', async () => {
  const content = 'order_number,tracking_number\n1001,1Z1\n';
  assert.equal((await read(content, by({ delimiter: ',' }))).records.length, 1);
  assert.equal((await unreadable(content, by({ delimiter: ';' }))).code, 'no-such-column');
});

test('columns by position are counted by the delimiter that gives most cells', async () => {
  const { layout, records } = await read(
    'Bestellung, wann;Sendung;Datum\n1001;1Z1;22.11.\n',
    by({ at: { order: 1, tracking: 2 } }),
  );
  assert.equal(layout?.dialect.delimiter, ';');
  assert.deepEqual(shown(records), ['2 1001 1Z1 custom Parcel']);
});

test('columns by position make no header of a row, whatever its numbers look like', async () => {
  const positions = by({ at: { order: 1, tracking: 2 } });
  for (const row of ['123,RR 123 456 785 DE', 'W 12,1Z1', 'pending,12']) {
    const { message, hint } = await unreadable(`${row}\n${row}\n`, positions);
    assert.match(message, /stands where the name of a column should/);
    assert.match(hint, /header: none/);
  }
  for (const header of ['Ref. 1,Sendung2', 'column_1,column_120']) {
    const { layout, records } = await read(`${header}\n123,RR 123 456 785 DE\n`, positions);
    assert.equal(layout?.header?.line, 1);
    assert.equal(records.length, 1);
  }
});

test('a line of prose is no header for the delimiter in it where a later one has rows below', async () => {
  const positions = by({ at: { order: 1, tracking: 2 } });
  for (const row of ['1001;1Z1;x', '"1001";"1Z1";"a\nb"', ';;\n\n1001;1Z1;']) {
    const { layout, records } = await read(
      `ACME Logistics, daily report\n\nAuftrag;Sendung;Text, kurz\n${row}\n`,
      positions,
    );
    assert.equal(layout?.dialect.delimiter, ';');
    assert.deepEqual(layout?.header?.line, 3);
    assert.match(shown(records).at(-1) ?? '', /1001 1Z1 custom Parcel$/);
  }
});

test('names that surely say what a column is are preferred to bare nouns above them', async () => {
  const prose = 'Orders, Tracking, ACME';
  const { layout, records } = await read(`${prose}\norder_number,tracking_number\n1001,1Z1\n`);
  assert.equal(layout?.header?.line, 2);
  assert.deepEqual(shown(records), ['1 skipped: above the header line', '3 1001 1Z1 custom Parcel']);
});

test('bare nouns are the header where rows stand below, though a surer header comes later', async () => {
  const { layout, records } = await read(
    'Order,Tracking\n1001,1Z1\norder_number,tracking_number\n1002,1Z2\n',
  );
  assert.equal(layout?.header?.line, 1);
  assert.equal(shown(records)[0], '2 1001 1Z1 custom Parcel');
});

test('of bare nouns without rows the likeliest line is the header', async () => {
  assert.equal((await read('Order,Tracking\n')).layout?.header?.line, 1);
  const positions = by({ at: { order: 1, tracking: 2 } });
  const { layout } = await read('ACME, daily report\nAuftrag;Sendung;Datum\nn/a;n/a;n/a\n', positions);
  assert.equal(layout?.header?.line, 2);
});

test('a file without a header has its columns by position, and its first line is a row', async () => {
  const profile = by({ header: 'none', at: { order: 2, tracking: 1 } });
  for (const [delimiter, end] of [
    [';', '\r\n'],
    ['|', '\r'],
    ['\t', '\n'],
  ] as const) {
    const lines = [['09980000020033', '4711'], ['09980000020034', '4712'], ['']];
    const { layout, records } = await read(lines.map((cells) => cells.join(delimiter)).join(end), profile);
    assert.deepEqual(layout?.fields, ['column_1', 'column_2']);
    assert.equal(layout?.header, null);
    assert.deepEqual(shown(records), [
      '1 4711 09980000020033 custom Parcel',
      '2 4712 09980000020034 custom Parcel',
    ]);
  }
});

test('without a header the delimiter is not guessed where none or more than one would do', async () => {
  const profile = by({ header: 'none', at: { order: 1, tracking: 2 } });
  for (const content of ['1001;1Z1,x,y\n1002;1Z2;x,y\n', '1001;1Z1,x\n1002;1Z2,y\n', '1001\n']) {
    const error = await unreadable(content, profile);
    assert.equal(error.code, 'no-delimiter');
    assert.match(error.hint, /acme.*delimiter: semicolon/);
  }
  const said = by({ header: 'none', delimiter: ';', at: { order: 1, tracking: 2 } });
  assert.equal((await read('1001;1Z1,x\n1002;1Z2,y\n', said)).records.length, 2);
  // No other one is there.
  assert.equal((await read('1001;1Z1\n1002;1Z2;x\n', profile)).layout?.fields.length, 3);
});

test('without a header a broken row costs itself alone, wherever it stands', async () => {
  const said = by({ header: 'none', delimiter: ';', at: { order: 1, tracking: 2 } });
  const found = by({ header: 'none', at: { order: 1, tracking: 2 } });
  const rows = ['1001;1Z1;Disk', '1002;1Z2;Mug', '1003;1Z3;Cup'];
  for (const broken of ['1004;1Z4;Disk 5" and more', '1004;1Z4;"Disk', '1004']) {
    for (const at of [0, 1, 3]) {
      const lines = rows.toSpliced(at, 0, broken);
      for (const profile of [said, found]) {
        const { layout, records } = await read(`${lines.join('\n')}\n`, profile);
        assert.equal(layout?.fields.length, 3);
        assert.deepEqual(
          records.map(({ verdict }) => verdict.kind),
          lines.map((line) => (line === broken ? 'bad' : 'row')),
        );
      }
    }
  }
});

test('without a header a row is whole that ends early as many do, and not one with a cell more than the others', async () => {
  const profile = by({ header: 'none', delimiter: ';', at: { order: 1, tracking: 3 } });
  const rows = Array.from({ length: 20 }, (_, at) => `${1001 + at};Abt;1Z${at}${at % 2 === 0 ? ';x' : ''}`);
  const { records } = await read([...rows, '1021;Abt; Co;1Z21;x', ''].join('\n'), profile);
  assert.equal(records.filter(({ verdict }) => verdict.kind === 'row').length, 20);
  assert.match(shown(records).at(-1) ?? '', /^Line 21: 5 cells where/);
});

test('a column beyond what a file without a header has is refused', async () => {
  const profile = by({ header: 'none', delimiter: ';', at: { order: 1, tracking: 7 } });
  assert.match((await unreadable('1001;1Z1\n', profile)).message, /^Line 1: .*column 7, which is not there/);
});

test('where quotes mean nothing they are part of the cell', async () => {
  const profile = by({
    header: 'none',
    quotes: false,
    delimiter: ';',
    at: { order: 1, tracking: 2, title: 3 },
  });
  const { records } = await read('1001;1Z1;5" disk\n1002;1Z2;"x\n1003;1Z3;y"\n', profile);
  assert.deepEqual(shown(records), [
    '1 1001 1Z1 custom 5" disk',
    '2 1002 1Z2 custom "x',
    '3 1003 1Z3 custom y"',
  ]);
});

test('the last column takes the rest of the line with its delimiters where the profile says so', async () => {
  const at = { order: 1, tracking: 2, title: 3 };
  const profile = by({ header: 'none', quotes: false, delimiter: '|', restColumn: 3, at });
  const { layout, records } = await read('1001|1Z1|a | b||c \n1002|1Z2\n1003|1Z3|\n', profile);
  assert.deepEqual(layout?.fields, ['column_1', 'column_2', 'column_3']);
  assert.deepEqual(
    records.map(({ fields }) => fields),
    [
      ['1001', '1Z1', 'a | b||c'],
      ['1002', '1Z2'],
      ['1003', '1Z3', ''],
    ],
  );
});

test('the profile whose columns the header has reads the file in its dialect', async () => {
  const known = [
    acme({
      name: 'wms',
      headers: ['Ref', 'Nr'],
      delimiter: '|',
      quotes: false,
      restColumn: 3,
      columns: { order: named('Ref'), tracking: named('Nr'), title: named('Text') },
    }),
  ];
  const { layout, profile, records } = await read('Prosa | mehr\nRef|Nr|Text\n1001|1Z1|"a|b\n', {
    profiles: { fixed: null, known },
  });
  assert.equal(profile.name, 'wms');
  assert.equal(layout?.profile.name, 'wms');
  assert.match(layout?.profile.why ?? '', /"Ref" and "Nr"/);
  assert.deepEqual(shown(records).slice(1), ['3 1001 1Z1 custom "a|b']);
});

test('a report of ours is read in whatever dialect it came back, by the columns of its profile', async () => {
  const written = {
    header: 'none',
    encoding: 'utf-16le',
    delimiter: '|',
    quotes: false,
    restColumn: 3,
  } as const;
  const profile = by({ ...written, at: { order: 1, tracking: 2 } });
  const lines = [
    'column_1;column_2;column_3;trackdrop_line;trackdrop_outcome',
    '1001;1Z1;"a;b";1;order-not-found',
    '1002;1Z2;ä;2;tracked',
    '',
  ];
  for (const encoding of ['utf8', 'latin1'] as const) {
    const { layout, records } = await read(Buffer.from(lines.join('\r\n'), encoding), profile);
    assert.equal(layout?.header?.line, 1);
    assert.deepEqual(shown(records), ['2 1001 1Z1 custom Parcel', '3 skipped: done before: tracked']);
  }
});

test('a file is no report of ours for a cell that speaks of one', async () => {
  const profile = by({
    header: 'none',
    encoding: 'windows-1252',
    delimiter: ';',
    at: { order: 1, tracking: 2, title: 3 },
  });
  for (const note of ['no trackdrop_outcome here', '"see, trackdrop_outcome, Gr\xfc\xdfe"']) {
    const content = Buffer.from(`1001;1Z1;${note}\n1002;1Z2;\n`, 'latin1');
    const { layout, survey, records } = await read(content, profile);
    assert.equal(layout?.header, null);
    assert.equal(survey.format.encoding, 'windows-1252');
    assert.deepEqual(
      records.map(({ verdict }) => verdict.kind),
      ['row', 'row'],
    );
  }
});

test('a report of ours is known by its header, below lines of prose and names with line breaks too', async () => {
  const profile = by({ header: 'none', delimiter: ';', quotes: false, at: { order: 1, tracking: 2 } });
  for (const above of ['', 'Bitte nochmal\n\n']) {
    for (const end of ['\n', '\r\n', '\r']) {
      const lines = ['"column_1",column_2,"a\nb", trackdrop_outcome ', '1001,1Z1,x,order-not-found', ''];
      const content = `${above}${lines.join('\n')}`.replaceAll('\n', end);
      for (const encoding of ['utf8', 'utf16le'] as const) {
        const { layout, records } = await read(Buffer.from(`\ufeff${content}`, encoding), profile);
        assert.equal(layout?.dialect.delimiter, ',');
        assert.match(shown(records).at(-1) ?? '', /1001 1Z1 custom Parcel$/);
      }
    }
  }
});

test('a file of nothing but blanks has no layout and no records', async () => {
  for (const content of ['', ' ', '\ufeff', '\r\n\r\n', '\t\n \n'.repeat(100_000)]) {
    const { layout, records } = await read(content, by({ header: 'none' }));
    assert.deepEqual([layout, records], [null, []]);
  }
});

test('a first line without an end is no header, be it of blanks', async () => {
  assert.equal(
    (await unreadable(`${' '.repeat(200_000)}\norder_number,tracking_number\n`)).code,
    'no-header',
  );
  assert.equal((await unreadable('x'.repeat(70_000))).code, 'no-header');
  assert.equal((await unreadable(`${'x'.repeat(70_000)}\n1,2\n`, by({ header: 'none' }))).code, 'no-header');
});

test('a CR at the end of what is looked at is no line end by itself: its LF may come next', async () => {
  const names = 'order_number,tracking_number,';
  const first = `${names}${'x'.repeat(64 * 1024 - names.length - 1)}\r\n`;
  assert.equal((await unreadable(`${first}1001,1Z1\r\n`)).code, 'no-header');
});
