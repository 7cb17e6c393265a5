import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ColumnRole } from '../../../src/domain/profile.ts';
import type { FileRecord } from '../../../src/domain/row.ts';
import { WORDS } from '../../../src/intake/profile/words.ts';
import type { DropLayout } from '../../../src/intake/reading/layout.ts';
import { readDrop } from '../../../src/intake/reading/read.ts';
import { encodeText, markOf, type TextFormat } from '../../../src/intake/reading/text.ts';
import { RetryCopy } from '../../../src/intake/report/retry-file.ts';
import { runs } from '../../runs.ts';
import { dataFolder } from '../folders.ts';
import { by, OPTIONS, read } from './contents.ts';

const signal = new AbortController().signal;

const format = (encoding: TextFormat['encoding'], hasMark = false): TextFormat => ({ encoding, hasMark });

/** Each way of writing text that a file may have, with characters that it has beyond ASCII. */
const FORMATS: readonly { format: TextFormat; letters: string }[] = [
  { format: format('utf-8'), letters: 'äöüßéñ€’łж京' },
  { format: format('utf-8', true), letters: 'äöüßéñ€’łж京' },
  { format: format('utf-16le', true), letters: 'äöüßéñ€’łж京' },
  { format: format('utf-16be', true), letters: 'äöüßéñ€’łж京' },
  { format: format('utf-16le'), letters: 'äöüßéñ€’łж京' },
  { format: format('utf-16be'), letters: 'äöüßéñ€’łж京' },
  { format: format('windows-1252'), letters: 'äöüßéñ€’' },
  { format: format('iso-8859-1'), letters: 'äöüßéñ' },
];

/** None of it names a column, and none of it is a row. */
const PROSE = [
  'Shipment report',
  'Acme Fulfilment Ltd; Lagerstraße 5; 20457 Hamburg',
  'Stand: 20.11.2026, 07:30',
  'Exported by "Anna"',
  '',
];

const ROLES = [
  'order',
  'tracking',
  'carrier',
  'title',
  'sku',
  'quantity',
  'shipment',
  'storeView',
  'source',
] as const;
type Role = (typeof ROLES)[number];

/** A word of the table, as another system may write it. */
function nameOf(role: ColumnRole) {
  const styles = [
    (word: string) => word,
    (word: string) => word.toUpperCase(),
    (word: string) => word.replaceAll(' ', '_'),
    (word: string) => ` ${word.replaceAll(' ', ' - ')} `,
  ];
  return fc
    .tuple(fc.constantFrom(...WORDS[role].sure), fc.constantFrom(...styles))
    .map(([word, style]) => style(word));
}

const number = fc.oneof(
  fc.stringMatching(/^[0-9A-Z]{2,10}[1-9]$/),
  fc.stringMatching(/^0{1,4}[0-9]{5,12}[1-9]$/),
  fc.stringMatching(/^[A-Z]{2} [0-9]{3,4} [0-9]{3,4}[1-9]$/),
  fc.stringMatching(/^[A-Z]{2,4}[-_/][0-9]{3,8}[1-9]$/),
);

/**
 * A text for people, in one line or two. What looks like rows round a line break is a bad row, so the second line has no
 * delimiters, and the first no digits beside them.
 */
function text(letters: string) {
  const plain = [...letters, ...'aBc019', ' ', '.', '(', ')'];
  const any = fc.array(fc.constantFrom(...plain, ...',;|\t"'), { maxLength: 10 });
  const more = fc.array(fc.constantFrom(...plain, '"'), { maxLength: 10 });
  return fc.tuple(any, fc.constantFrom('', '', '', '\n', '\r\n', '\r'), more).map(([one, between, other]) => {
    const first = one.join('');
    return between === '' ? first : [first.replace(/\d/g, ''), between, ...other].join('');
  });
}

interface Dialect {
  readonly delimiter: string;
  readonly end: string;
  readonly quotes: 'all' | 'needed';
  readonly endsLast: boolean;
  readonly hasBlankLines: boolean;
}

const dialect: fc.Arbitrary<Dialect> = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  end: fc.constantFrom('\n', '\r\n', '\r'),
  quotes: fc.constantFrom('all', 'needed'),
  endsLast: fc.boolean(),
  hasBlankLines: fc.boolean(),
});

const file = fc
  .tuple(fc.constantFrom(...FORMATS), dialect, fc.shuffledSubarray([...ROLES], { minLength: ROLES.length }))
  .chain(([{ format, letters }, dialect, roles]) => {
    const row = fc.record({
      order: number,
      tracking: number,
      carrier: text(letters),
      title: text(letters),
      sku: fc.oneof(
        fc.stringMatching(/^0[0-9]{3,15}$/),
        fc.constantFrom('TÜR-1', 'PIPE 12"', 'A,B;C|D', '1"2"3'),
      ),
      quantity: fc.constantFrom('1', '2', '0.5', '12.2500', ''),
      shipment: fc.constantFrom('000000012', 'EU-7', ''),
      storeView: fc.constantFrom('0', '2', ''),
      source: fc.constantFrom('berlin', '0012', 'wh,2;x|y', ''),
    });
    return fc.record({
      format: fc.constant(format),
      dialect: fc.constant(dialect),
      roles: fc.constant(roles),
      names: fc.record({
        order: nameOf('order'),
        tracking: nameOf('tracking'),
        carrier: nameOf('carrier'),
        title: nameOf('title'),
        sku: nameOf('sku'),
        quantity: nameOf('quantity'),
        shipment: nameOf('shipment'),
        storeView: nameOf('storeView'),
        source: nameOf('source'),
      }),
      prose: fc.array(fc.constantFrom(...PROSE), { maxLength: 4 }),
      rows: fc.array(row, { minLength: 1, maxLength: 12 }),
    });
  })
  .filter(({ format, names }) => Object.values(names).every((name) => isWritable(name, format)));

function isWritable(text: string, { encoding }: TextFormat): boolean {
  const last = { 'windows-1252': 0xff, 'iso-8859-1': 0xff }[encoding as string] ?? 0xffff;
  return [...text].every((character) => (character.codePointAt(0) ?? 0) <= last);
}

function written(cells: readonly string[], { delimiter, quotes }: Dialect): string {
  return cells
    .map((cell) =>
      quotes === 'all' || /["\n\r,;|\t]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell,
    )
    .join(delimiter);
}

/** As the customer reads it. */
const inOneLine = (text: string) => text.replace(/\s+/g, ' ').trim();

const linesIn = (text: string, end: string) =>
  Math.max(1, text.match(end === '\r' ? /\r\n?/g : /\n/g)?.length ?? 0);

async function copyOf(
  path: string,
  format: TextFormat,
  { header, dialect }: Pick<DropLayout, 'header' | 'dialect'>,
  records: readonly FileRecord[],
): Promise<Buffer> {
  await using copy = await RetryCopy.open(path, format, signal);
  const pieces: Buffer[] = [];
  for await (const piece of copy.start(header)) pieces.push(piece);
  for (const record of records)
    for await (const piece of copy.record(record, dialect.lineEnd)) pieces.push(piece);
  return Buffer.concat(pieces);
}

test('rows come back equal from any dialect, encoding and header, below any prose, and byte for byte', async () => {
  await using data = await dataFolder();
  await fc.assert(
    fc.asyncProperty(file, async ({ format, dialect, roles, names, prose, rows }) => {
      const { end } = dialect;
      // Bytes that are ASCII, or happen to be UTF-8, would be taken for it, and rightly so.
      const [first, ...others] = rows;
      assert.ok(first);
      const all = [{ ...first, title: `Ä ${first.title}` }, ...others];
      const above = prose.map((line) => line + end).join('');
      const header = written(
        roles.map((role: Role) => names[role]),
        dialect,
      );
      const lines = all.map(
        (row) =>
          written(
            roles.map((role: Role) => row[role]),
            dialect,
          ) + end,
      );
      const blank = dialect.hasBlankLines ? end + end : '';
      if (!dialect.endsLast) lines.push((lines.pop() ?? '').slice(0, -end.length));
      const bytes = (text: string) => encodeText(Buffer.from(text), format.encoding);
      const content = above + header + end + blank + lines.join(blank);
      const path = await data.drop('a.csv', Buffer.concat([markOf(format), bytes(content)]));
      const profile = format.encoding === 'iso-8859-1' ? by({ encoding: 'iso-8859-1' }) : {};
      const reading = await readDrop(path, { ...OPTIONS, ...profile }, signal);
      const found: FileRecord[] = [];
      for await (const some of reading.records) found.push(...some);

      assert.deepEqual(reading.survey.format, format);
      const headerLine = 1 + prose.length;
      const records = found.filter(({ line }) => line > headerLine);
      assert.ok(found.every(({ line, verdict }) => line > headerLine || verdict.kind === 'skipped'));
      let line = headerLine + 1 + (blank === '' ? 0 : 2);
      const expected = all.map((row, at) => {
        const startsOn = line;
        line += linesIn(lines[at] ?? '', end) + (blank === '' ? 0 : 2);
        return {
          line: startsOn,
          cells: roles.map((role: Role) => row[role].trim()),
          order: row.order,
          tracking: row.tracking,
          title: inOneLine(row.title) || inOneLine(row.carrier) || 'Parcel',
          item: { sku: row.sku, quantity: Number(row.quantity || 1) },
          shipmentNumber: row.shipment || null,
          storeView: row.storeView === '' ? null : Number(row.storeView),
          source: row.source || null,
        };
      });
      const read = records.map(({ line, fields, verdict }) => {
        assert.equal(verdict.kind, 'row', JSON.stringify(verdict));
        const [{ orderNumber, trackingNumber, title, item, shipmentNumber, storeView, source }] =
          verdict.kind === 'row' ? verdict.rows : assert.fail();
        return {
          line,
          cells: fields?.map((cell) => cell.trim()),
          order: orderNumber,
          tracking: trackingNumber,
          title,
          item,
          shipmentNumber,
          storeView,
          source,
        };
      });
      assert.deepEqual(read, expected);

      assert.ok(reading.layout);
      const copy = await copyOf(path, format, reading.layout, records);
      const wanted = Buffer.concat([markOf(format), bytes(header + end + lines.join(''))]);
      assert.ok(copy.equals(wanted), copy.toString('latin1'));
    }),
    runs(120),
  );
});

test('a cell keeps brackets, slashes and underscores at its ends, in text without umlauts as with them', async () => {
  for (const quote of ['', '"']) {
    for (const title of ['Parcel', 'Päckchen']) {
      const cells = ['_1001/', '(1Z999)', `/${title}_`].map((cell) => quote + cell + quote);
      const { records } = await read(`order_number,tracking_number,title\n${cells.join(',')}\n`);
      assert.deepEqual(records[0]?.fields, ['_1001/', '(1Z999)', `/${title}_`]);
    }
  }
});
