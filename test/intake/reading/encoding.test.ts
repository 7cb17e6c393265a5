import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { EncodingSearch } from '../../../src/intake/reading/find-encoding.ts';
import { type Encoding, encodeText } from '../../../src/intake/reading/text.ts';
import { openValidity } from '../../../src/intake/reading/validity.ts';
import { runs } from '../../runs.ts';
import { acme, by, read, shown, unreadable } from './contents.ts';

const TEXT = 'Bestellnummer;Sendungsnummer;title\r\n1001;1Z1;Päckchen\r\n';
const ROWS = ['2 1001 1Z1 custom Päckchen'];

function bytesIn(encoding: Encoding, text = TEXT): Buffer {
  return Buffer.from(encodeText(Buffer.from(text), encoding));
}

test('a mark at the start says how a file is text', async () => {
  for (const encoding of ['utf-8', 'utf-16le', 'utf-16be'] as const) {
    const { survey, records } = await read(bytesIn(encoding, `\ufeff${TEXT}`));
    assert.deepEqual(survey.format, { encoding, hasMark: true });
    assert.deepEqual(shown(records), ROWS);
  }
});

test('without a mark what is valid says it: UTF-8, else UTF-16, else Windows-1252', async () => {
  for (const encoding of ['utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const) {
    const { survey, records } = await read(bytesIn(encoding));
    assert.deepEqual(survey.format, { encoding, hasMark: false });
    assert.deepEqual(shown(records), ROWS);
  }
});

test('ISO-8859-1 is read where the profile says so: Windows-1252 has other characters in 32 places', async () => {
  const text = TEXT.replace('Päckchen', 'P\u0080ä');
  const { survey, records } = await read(bytesIn('iso-8859-1', text), by({ encoding: 'iso-8859-1' }));
  assert.equal(survey.format.encoding, 'iso-8859-1');
  assert.equal(records[0]?.fields?.[2], 'P\u0080ä');
  const guessed = await read(bytesIn('iso-8859-1', text));
  assert.equal(guessed.records[0]?.fields?.[2], 'P€ä');
});

test('a file that is not what its profile says fails whole, and says both', async () => {
  const cases: readonly [Encoding, Buffer, RegExp][] = [
    [
      'utf-8',
      bytesIn('windows-1252'),
      /By its profile the file is UTF-8 text, but it holds bytes that are not/,
    ],
    ['utf-16le', bytesIn('utf-8', `${TEXT}x`), /is UTF-16LE text, but it holds bytes/],
    [
      'utf-16be',
      bytesIn('utf-16le', `\ufeff${TEXT}`),
      /UTF-16BE text, but it starts with the mark of UTF-16LE/,
    ],
    [
      'windows-1252',
      bytesIn('utf-8', `\ufeff${TEXT}`),
      /Windows-1252 text, but it starts with the mark of UTF-8/,
    ],
    ['iso-8859-1', bytesIn('utf-16le'), /zero bytes/],
  ];
  for (const [encoding, bytes, message] of cases) {
    const error = await unreadable(bytes, by({ encoding }));
    assert.equal(error.code, 'not-text');
    assert.match(error.message, message);
  }
});

test('the profile that the name of a file gives it says its encoding too', async () => {
  const known = [acme({ name: 'gls', files: ['GLS_*.txt'], encoding: 'iso-8859-1' })];
  const options = { name: 'GLS_20261122_0900.txt', profiles: { fixed: null, known } };
  const { survey } = await read(bytesIn('iso-8859-1'), options);
  assert.equal(survey.format.encoding, 'iso-8859-1');
});

test('UTF-16 that breaks off, or has something else joined to it, is no text', async () => {
  const whole = bytesIn('utf-16le', `\ufeff${TEXT}`);
  assert.match((await unreadable(whole.subarray(0, -1))).message, /holds bytes that are not/);
  assert.match((await unreadable(Buffer.concat([bytesIn('utf-16le'), Buffer.of(0)]))).message, /zero bytes/);
});

test('zeros that an upload left behind the text are no UTF-16', async () => {
  const padded = Buffer.concat([Buffer.from(TEXT), Buffer.alloc(10_000)]);
  assert.match((await unreadable(padded)).message, /an upload that broke off/);
});

const texts = fc.string({
  unit: fc.constantFrom('a', ';', '\n', 'ä', '€', '\u3042', '😀', '\0'),
  maxLength: 40,
});
const pieces = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 60 });

function cut(bytes: Buffer, lengths: readonly number[]): readonly Buffer[] {
  const parts: Buffer[] = [];
  let at = 0;
  for (const length of lengths) {
    parts.push(bytes.subarray(at, at + length));
    at += length;
  }
  return [...parts, bytes.subarray(at)];
}

test('bytes are valid or not wherever the pieces in which they are read end', () => {
  const encodings = fc.constantFrom<'utf-8' | 'utf-16le' | 'utf-16be'>('utf-8', 'utf-16le', 'utf-16be');
  const damage = fc.option(fc.record({ at: fc.nat(60), byte: fc.integer({ min: 0, max: 255 }) }), {
    nil: undefined,
  });
  fc.assert(
    fc.property(texts, encodings, pieces, damage, (text, encoding, lengths, damaged) => {
      const bytes = bytesIn(encoding, text);
      if (damaged && damaged.at < bytes.length) bytes[damaged.at] = damaged.byte;
      const validity = openValidity(encoding);
      for (const piece of cut(bytes, lengths)) validity.add(piece);
      assert.equal(validity.isValid(), decodes(bytes, encoding));
    }),
    runs(500),
  );
});

function decodes(bytes: Buffer, encoding: string): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

test('every text without zeros is found to be the text that was written, up to its encoding', () => {
  fc.assert(
    fc.property(texts, pieces, (text, lengths) => {
      const bytes = Buffer.from(text.replaceAll('\0', 'x'));
      const [first = Buffer.alloc(0), ...others] = cut(bytes, lengths);
      const search = new EncodingSearch(first, 'auto');
      for (const piece of [first, ...others]) search.add(piece);
      assert.deepEqual(search.found(), { encoding: 'utf-8', hasMark: false });
    }),
  );
});
