import { asIs, type Kind, Refusal } from './kind.ts';

const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const UNIT_BYTES = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 } as const;

/** A duration, in ms once read; a bare number is refused, since nobody knows what it counts. */
export function duration(minMs = 0): Kind<number> {
  const examples = '500ms, 5s, 2m, 4h or 14d';
  return measure('duration', UNIT_MS, `a duration such as ${examples}`, minMs);
}

/** A duration, or a word that stands for no end; null once read. */
export function durationOr(word: string): Kind<number | null> {
  const { schema, read, ...kind } = duration();
  return {
    ...kind,
    name: `duration or ${word}`,
    schema: { anyOf: [schema, { const: word }] },
    read(written) {
      if (written === word) return null;
      const value = read(written);
      return value instanceof Refusal ? new Refusal(`${value.expected}, or ${word}`) : value;
    },
  };
}

/** A size, in bytes once read. */
export function size(minBytes = 1): Kind<number> {
  return measure('size', UNIT_BYTES, 'a size such as 64KiB, 1MiB or 2GiB', minBytes);
}

function measure(
  name: string,
  units: Readonly<Record<string, number>>,
  expected: string,
  min: number,
): Kind<number> {
  const pattern = new RegExp(`^([0-9]{1,12}) ?(${Object.keys(units).join('|')})$`);
  return {
    name,
    schema: { type: 'string', pattern: pattern.source },
    secret: false,
    fromText: asIs,
    read(written) {
      const [, digits = '', unit = ''] = (typeof written === 'string' && pattern.exec(written)) || [];
      const value = Number(digits) * (units[unit] ?? Number.NaN);
      if (!Number.isSafeInteger(value)) return new Refusal(expected);
      return value >= min ? value : new Refusal(`${expected}, and more than nothing`);
    },
  };
}
