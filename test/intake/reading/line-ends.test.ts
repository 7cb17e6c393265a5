import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { runs } from '../../runs.ts';
import { by, read, shown } from './contents.ts';

const HEADER = 'order_number,tracking_number,title';

test('rows may end in LF, CR LF and CR in one file', async () => {
  for (const headerEnd of ['\n', '\r\n', '\r']) {
    const { records } = await read(`${HEADER}${headerEnd}1,A1,x\r\n2,A2,y\n3,A3,z\r4,A4,w`);
    assert.deepEqual(shown(records), [
      '2 1 A1 custom x',
      '3 2 A2 custom y',
      '4 3 A3 custom z',
      '5 4 A4 custom w',
    ]);
  }
});

test('a line end of the other kind ends no row where a piece would lack cells: it may be half a number', async () => {
  const { records } = await read(`${HEADER}\n1,A0001\r00021,x\n2,A2,y\n`);
  assert.match(shown(records)[0] ?? '', /^Line 2: .*line break or an invisible character: "A0001\\r00021"/);
  assert.equal(shown(records)[1], '3 2 A2 custom y');
  const other = await read(`${HEADER}\r1,A0001\n00021,x\r2,A2,y\r`);
  assert.match(shown(other.records)[0] ?? '', /^Line 2: .*line break/);
  assert.equal(shown(other.records)[1], '3 2 A2 custom y');
});

test('a row that ends early is no part of the row before it, which a line end of the other kind ends', async () => {
  const header = 'order_number,tracking_number,title,note,place,day';
  const { records } = await read(`${header}\n100001,A00001,x\r100002,A00002,y\n100003,A00003,z\n`);
  assert.match(shown(records)[0] ?? '', /^Line 2: a line end of another kind stands within the row/);
  assert.equal(shown(records)[1], '3 100003 A00003 custom z');
  const unnumbered = await read(`${header}\n100001,A00001,x\r100002,,y\n`);
  assert.match(shown(unnumbered.records)[0] ?? '', /^Line 2: a line end of another kind/);
  const wrapped = await read(`${header}\n100001,="A00001",x\r100002,="A00002",y\n`);
  assert.match(shown(wrapped.records)[0] ?? '', /^Line 2: a line end of another kind/);
});

test('what a line end of the other kind parts from a tracking number is no other number of its row', async () => {
  const { records } = await read(
    'order_number,tracking_number\n100001,1Z999AA10123456793\r14600006281230704\n100002,"1Z1000000001\r1Z1000000002"\n',
  );
  assert.match(shown(records)[0] ?? '', /^Line 2: a line end of another kind stands within the row/);
  const [, quoted] = records;
  assert.equal(quoted?.verdict.kind === 'row' && quoted.verdict.rows.length, 2);
});

test('a line end of the other kind in a name costs its row nothing, wherever the numbers stand', async () => {
  const before = await read('title,order_number,tracking_number,note\nBy\rACME,100001,A00001\n');
  assert.match(shown(before.records)[0] ?? '', /^2 100001 A00001 /);
  const behind = await read('order_number,tracking_number,note,place\n100001,A00001,By\rthe door,5 Rue X\n');
  assert.match(shown(behind.records)[0] ?? '', /^2 100001 A00001 /);
  const quoted = await read('order_number,tracking_number,note,place\n100001,A00001,"By\r100002",A00002\n');
  assert.match(shown(quoted.records)[0] ?? '', /^2 100001 A00001 /);
});

test('inside quotes a line end of the other kind is part of the cell, also beside rows that end in it', async () => {
  const { records } = await read(`${HEADER}\n1,A1,"a\rb"\n2,A2,"c\rd"\r3,A3,"e"\n4,A4,f\n`);
  assert.deepEqual(
    records.map(({ fields }) => fields),
    [
      ['1', 'A1', 'a\rb'],
      ['2', 'A2', 'c\rd'],
      ['3', 'A3', 'e'],
      ['4', 'A4', 'f'],
    ],
  );
});

test('a quote that opens far from its end is waited for, and one that nothing closes is not', async () => {
  const far = 'x\n'.repeat(100_000);
  const { records } = await read(`${HEADER}\n1,A1,"${far}"\n2,A2,y\n`, {
    limits: { recordBytes: 1e6, fieldBytes: 1e6 },
  });
  assert.deepEqual(
    records.map(({ line, verdict }) => [line, verdict.kind]),
    [
      [2, 'row'],
      [100_003, 'row'],
    ],
  );
  const open = await read(`${HEADER}\n1,A1,"x\n${'2,A2,y\n'.repeat(20_000)}`);
  assert.equal(open.records.length, 20_001);
  assert.equal(open.records.filter(({ verdict }) => verdict.kind === 'bad').length, 1);
});

test('the LF of a CR LF belongs to the line before, blank ones and stray quotes too, wherever pieces end', async () => {
  const kinds = ['1,A1,x', '"2","A2","y"', '3,A3,5" disk', ''];
  const lines = Array.from(
    { length: 4000 },
    (_, at) => `${kinds[((at * at + at) % 7) % 4]}${at % 3 === 0 ? '\r' : '\r\n'}`,
  );
  const filled = lines.filter((line) => line.trim() !== '');
  for (let padding = 0; padding < 16; padding += 1) {
    const content = `${HEADER}${'_'.repeat(padding)}\r${lines.join('')}`;
    const { records } = await read(content);
    assert.deepEqual(
      records.map(({ startByte, endByte }) => content.slice(startByte, endByte)),
      filled,
    );
  }
});

const ends = fc.constantFrom('\n', '\r\n', '\r');
const cell = fc.stringMatching(/^[1-9][0-9A-Z]{2,7}$/);

const row = fc.record({
  cells: fc.array(cell, { minLength: 3, maxLength: 3 }),
  isQuoted: fc.boolean(),
  end: ends,
});

test('rows of one width are all found, byte for byte, whatever line ends stand between them', async () => {
  await fc.assert(
    fc.asyncProperty(ends, fc.array(row, { maxLength: 12 }), async (headerEnd, rows) => {
      const lines = rows.map(
        ({ cells, isQuoted, end }) => cells.map((one) => (isQuoted ? `"${one}"` : one)).join(',') + end,
      );
      const content = HEADER + headerEnd + lines.join('');
      // A CR before the LF of the next row's end would be one line end of two bytes.
      const { records } = await read(content);
      assert.deepEqual(
        records.map(({ startByte, endByte }) => content.slice(startByte, endByte)),
        lines,
      );
      assert.deepEqual(
        records.map(({ fields }) => fields),
        rows.map(({ cells }) => cells),
      );
      assert.deepEqual(
        records.map(({ line }) => line),
        rows.map((_, at) => at + 2),
      );
    }),
    runs(100),
  );
});

test('so are those of a file without a header, whose width two rows together must not become', async () => {
  const headerless = by({ header: 'none', delimiter: ',', at: { order: 1, tracking: 2 } });
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 12 }), async (rows) => {
      const lines = rows.map(
        ({ cells, isQuoted, end }) => cells.map((one) => (isQuoted ? `"${one}"` : one)).join(',') + end,
      );
      const { layout, records } = await read(lines.join(''), headerless);
      assert.equal(layout?.fields.length, 3);
      assert.deepEqual(
        records.map(({ fields }) => fields),
        rows.map(({ cells }) => cells),
      );
    }),
    runs(100),
  );
});

test('without a header a break within quotes makes no row another width', async () => {
  const headerless = by({ header: 'none', delimiter: ',', at: { order: 1, tracking: 2 } });
  const { layout, records } = await read('1001,1Z1\n1002,1Z2,"by\rthe door",x\n1003,1Z3\n', headerless);
  assert.equal(layout?.fields.length, 4);
  assert.equal(records[1]?.fields?.[2], 'by\rthe door');
});
