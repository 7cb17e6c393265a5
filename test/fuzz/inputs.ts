import { PLAIN, type Profile } from '../../src/domain/profile.ts';
import type { ReadOptions } from '../../src/intake/reading/read.ts';
import { type Chance, chanceOf } from '../torture/chance.ts';
import { mutated } from './mutate.ts';
import type { Originals } from './originals.ts';

/** What is read, and how. */
export interface Input {
  readonly bytes: Buffer;
  readonly options: ReadOptions;
}

const LIMITS = { fileBytes: 1e6, rows: 100_000, recordBytes: 4096, fieldBytes: 1024 };
/** So low that ordinary rows meet them. */
const LOW_LIMITS = { fileBytes: 1e6, rows: 100_000, recordBytes: 60, fieldBytes: 20 };

/** The input of this number among those of a seed; the same whenever it is asked for. */
export function inputOf({ files, profiles }: Originals, seed: number, index: number): Input {
  const chance = chanceOf(seed * 1_000_003 + index);
  const { name, bytes, profile } = chance.pick(files);
  const other = chance.pick(files);
  const longer = chance.hits(0.7) ? withMoreLines(bytes, chance) : bytes;
  const joined = chance.hits(0.1) ? Buffer.concat([longer, other.bytes]) : longer;
  const own = chance.hits(0.9) ? (profile ?? PLAIN) : chance.pick(profiles);
  return {
    bytes: mutated(joined, chance),
    options: {
      name: chance.hits(0.9) ? name : other.name,
      limits: chance.hits(0.85) ? LIMITS : LOW_LIMITS,
      carriers: { default: 'custom', defaultTitle: 'Parcel' },
      profiles: { fixed: chance.hits(0.3) ? null : changed(own, chance), known: profiles },
    },
  };
}

/** More than is read in one piece. */
const MANY_LINES = 4_000;

/** The fixtures are short: some of their lines again, in any order, are more to break. */
function withMoreLines(bytes: Buffer, chance: Chance): Buffer {
  const lines = bytes.toString('latin1').split(/(?<=\n|\r(?!\n))/);
  const count = chance.hits(0.03) ? MANY_LINES : chance.between(1, 20);
  const more = Array.from({ length: count }, () => chance.pick(lines));
  return Buffer.from([...lines, ...more].join(''), 'latin1');
}

/** A profile of somebody who tries things out. */
function changed(profile: Profile, chance: Chance): Profile {
  const byPosition = (position: number) => ({ kind: 'position', position }) as const;
  return {
    ...profile,
    ...(chance.hits(0.05) && { quotes: false }),
    ...(chance.hits(0.05) && { restColumn: chance.between(1, 4) }),
    ...(chance.hits(0.05) && { delimiter: chance.pick([',', ';', '\t', '|'] as const) }),
    ...(chance.hits(0.05) && {
      encoding: chance.pick(['utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'iso-8859-1'] as const),
    }),
    ...(chance.hits(0.1) && {
      header: chance.pick(['auto', 'none'] as const),
      columns: { ...profile.columns, order: byPosition(1), tracking: byPosition(2) },
    }),
    ...(chance.hits(0.05) && { split: { order: chance.pick(['auto', null, ' ']), tracking: '/' } }),
    ...(chance.hits(0.05) && {
      order: { stripPrefixes: ['#', 'ACME-'], stripSuffixes: ['-1'], pattern: '[0-9]+', padTo: 9 },
    }),
  };
}
