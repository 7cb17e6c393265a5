import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { runs } from '../../runs.ts';
import { read, shown } from './contents.ts';

const HEADER = 'order_number,tracking_number,title';
const BLANK = /^(\s|"\s*")*$/;

test('nothing of a file is lost: whatever its quotes, all that no record holds is blank', async () => {
  const character = fc.constantFrom('1', 'a', ',', ',', '"', '"', '=', ' ', '\n', '\n', '\r', '\r\n');
  const texts = fc.array(character, { maxLength: 60 }).map((some) => some.join(''));
  await fc.assert(
    fc.asyncProperty(texts, fc.constantFrom('\n', '\r\n', '\r'), async (text, end) => {
      const content = `${HEADER}${end}${text}`;
      const { layout, records } = await read(content);
      let at = layout?.header?.endByte ?? 0;
      let line = 1;
      for (const record of records) {
        assert.match(content.slice(at, record.startByte), BLANK);
        assert.ok(record.startByte < record.endByte && record.line > line);
        at = record.endByte;
        line = record.line;
      }
      assert.match(content.slice(at), BLANK);
    }),
    runs(200),
  );
});

test('a record stands on the line that its file says, whatever quotes stand before it', async () => {
  const character = fc.constantFrom('1', 'a', ',', '"', '"', '=', ' ', '\n');
  const texts = fc.array(character, { maxLength: 60 }).map((some) => some.join(''));
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      const content = `${HEADER}\n${text}`;
      for (const { line, startByte } of (await read(content)).records)
        assert.equal(line, content.slice(0, startByte).split('\n').length);
    }),
    runs(200),
  );
});

test('a stray quote costs its line alone, between rows that are quoted as they should be', async () => {
  const content = [
    HEADER,
    '1,A1,5" disk',
    '="0002",="1Z2",="x"',
    '"3","A3","a, ""b"""',
    '4,A4,x "y" z',
    '5,A5,\u00a0"quoted"',
    '6,A6,"line\nbreak"',
    '7,A7,say "a\nb"',
    '8,A8,z',
  ].join('\n');
  const { records } = await read(content);
  assert.deepEqual(
    shown(records).map((line) => line.slice(0, 28)),
    [
      'Line 2: a quote stands in th',
      '3 0002 1Z2 custom x',
      '4 3 A3 custom a, "b"',
      'Line 5: a quote stands in th',
      '6 5 A5 custom quoted',
      '7 6 A6 custom line break',
      'Line 9: a quote stands in th',
      'Line 10: a quote stands in t',
      '11 8 A8 custom z',
    ],
  );
});

test('a quote is waited for as long as a record may be, and no longer', async () => {
  const limits = { recordBytes: 100_000, fieldBytes: 1_000_000 };
  const rows = '2,A2,y\n'.repeat(10_000);
  const kindsOf = async (bytes: number) => {
    const [start, end] = ['1,A1,"', '"\n'];
    const text = rows.slice(0, bytes - start.length - end.length).replaceAll(',', ' ');
    const { records } = await read(`${HEADER}\n${start}${text}${end}${rows}`, { limits });
    return records.map(({ verdict }) => verdict.kind);
  };
  const within = await kindsOf(60_000);
  assert.deepEqual([within.length, within[0]], [10_001, 'row']);
  const long = '2,A2,y\n'.repeat(20_000);
  const { records } = await read(`${HEADER}\n1,A1,"x\n${long}3,A3,z"\n4,A4,w\n`, { limits });
  const bad = records.filter(({ verdict }) => verdict.kind === 'bad');
  assert.equal(records.length, 20_003);
  assert.deepEqual(
    bad.map(({ line }) => line),
    [2, 20_003],
  );
});

test('a record may be as long as the limit, to the byte', async () => {
  const record = (bytes: number) => `1,A1,"${'x\n'.repeat(bytes).slice(0, bytes - 8)}"\n`;
  for (const [bytes, kind] of [
    [4096, 'row'],
    [4097, 'bad'],
  ] as const) {
    const { records } = await read(`${HEADER}\n${record(bytes)}`, { limits: { fieldBytes: 1_000_000 } });
    assert.deepEqual(
      records.map(({ verdict }) => verdict.kind),
      [kind],
    );
  }
});
