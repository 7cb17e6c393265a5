import type { Chance } from '../torture/chance.ts';

/** What bytes of a drop are made of that readers stumble over. */
const PIECES = [
  '"',
  '""',
  '"""',
  '="',
  "'",
  ',',
  ';',
  '\t',
  '|',
  '\n',
  '\r',
  '\r\n',
  '\n\n',
  ' ',
  '\u00a0',
  '\ufeff',
  '\u200b',
  '\u2028',
  '\0',
  'ä',
  '€',
  '😀',
  '\u0301',
  '9.40011E+21',
  '00340434161094000000',
  'order_number',
  'Total',
  '1001,1Z1\n',
  '"a\nb"',
  'x'.repeat(200),
];

const ENCODINGS = ['utf8', 'latin1', 'utf16le'] as const;

/** Where bytes are cut, near the end as often as anywhere: most of the file is still there then. */
const nearEnd = (bytes: Buffer, chance: Chance): number =>
  chance.between(chance.hits(0.5) ? 0 : Math.max(0, bytes.length - 40), bytes.length);

type Mutation = (bytes: Buffer, chance: Chance) => Buffer;

/** Some bytes in the place of those between two offsets. */
const put = (bytes: Buffer, from: number, to: number, more: Uint8Array): Buffer =>
  Buffer.concat([bytes.subarray(0, from), more, bytes.subarray(to)]);

/** Deletes, doubles or moves one of the pieces that a delimiter or a line end divides. */
function ofPieces(divider: (chance: Chance) => string): Mutation {
  return (bytes, chance) => {
    const between = divider(chance);
    const pieces = bytes.toString('latin1').split(between);
    const at = chance.between(0, pieces.length - 1);
    const other = chance.between(0, pieces.length - 1);
    const [one = '', two = ''] = [pieces[at], pieces[other]];
    const changes = [
      () => pieces.splice(at, 1),
      () => pieces.splice(at, 0, one),
      () => pieces.splice(other, 0, one),
      () => {
        pieces[at] = two;
        pieces[other] = one;
      },
      () => {
        pieces[at] = '';
      },
      () => {
        pieces[at] = `"${one}"`;
      },
      () => {
        pieces[at] = one.slice(0, chance.between(0, one.length));
      },
    ];
    chance.pick(changes)();
    return Buffer.from(pieces.join(between), 'latin1');
  };
}

const MUTATIONS: readonly Mutation[] = [
  ofPieces(() => '\n'),
  ofPieces(() => '\n'),
  ofPieces((chance) => chance.pick([',', ';', '\t', '|'])),
  ofPieces((chance) => chance.pick([',', ';', '\t', '|'])),
  ofPieces(() => '"'),
  (bytes, chance) => {
    const at = chance.between(0, bytes.length);
    return put(bytes, at, at, Buffer.from(chance.pick(PIECES), chance.pick(ENCODINGS)));
  },
  (bytes, chance) => {
    const at = chance.between(0, bytes.length);
    return put(bytes, at, at, Buffer.from(chance.pick(PIECES)));
  },
  (bytes, chance) => {
    const at = chance.between(0, bytes.length);
    return put(bytes, at, at + 1, Buffer.of(chance.between(0, 255)));
  },
  (bytes, chance) => {
    const at = chance.between(0, bytes.length);
    return put(bytes, at, at + chance.between(1, 20), Buffer.alloc(0));
  },
  (bytes, chance) => bytes.subarray(0, nearEnd(bytes, chance)),
  (bytes, chance) => bytes.subarray(chance.between(0, Math.min(8, bytes.length))),
  (bytes, chance) => {
    const from = nearEnd(bytes, chance);
    return Buffer.concat([bytes, bytes.subarray(from)]);
  },
  (bytes) => Buffer.from(bytes.toString('latin1'), 'utf16le'),
  (bytes) => Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(bytes.toString(), 'utf16le')]),
  (bytes) => Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), bytes]),
  (bytes) => Buffer.from(bytes.toString('latin1').replaceAll('\n', '\r'), 'latin1'),
  (bytes, chance) => {
    const [from, to] = [chance.pick([',', ';', '\t', '|']), chance.pick([',', ';', '\t', '|'])];
    return Buffer.from(bytes.toString('latin1').replaceAll(from, to), 'latin1');
  },
  (bytes, chance) =>
    Buffer.concat([Buffer.from(`${'Prose, and more.\n'.repeat(chance.between(1, 60))}`), bytes]),
];

/** A file with one to four things wrong with it; what stands in it may then be anything. */
export function mutated(bytes: Buffer, chance: Chance): Buffer {
  let changed = bytes;
  for (let left = chance.between(1, 4); left > 0; left -= 1)
    changed = chance.pick(MUTATIONS)(changed, chance);
  return changed;
}
