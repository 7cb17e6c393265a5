import { PLAIN } from '../../domain/profile.ts';
import { candidatesIn, rankOf } from '../profile/candidates.ts';
import { cutFirst, cutRecords, DELIMITERS_TRIED, type Dialect } from './cells.ts';
import type { Head } from './head.ts';
import { commonWidth } from './row-widths.ts';
import { looksLikeANumber } from './several-numbers.ts';

/** How a file seems to be cut, as far as its beginning shows. */
export interface Shape {
  readonly dialect: Dialect;
  /** Null where the first line is a row already. */
  readonly header: { readonly line: number; readonly fields: readonly string[] } | null;
  /** The rows' cells, the first ones; those that have as many cells as most. */
  readonly records: readonly (readonly string[])[];
  readonly width: number;
  /** The most cells that any row has; more than `width` where the delimiter stands in cells without quotes. */
  readonly mostCells: number;
}

const MOST_RECORDS = 2_000;

/** A line in which an order number or a tracking number may be named ranks as high, see `rankOf`. */
const NAMES_A_NUMBER = 10;

/**
 * Guesses delimiter, quotes and header of a file that no profile is known for: the line that most names hint at, else
 * the first one of as many cells as most have, where none of them holds a number. Undefined where no delimiter cuts it.
 */
export function guessShape(head: Head, text: Buffer): Shape | undefined {
  const named = namedHeader(head);
  if (named !== undefined) {
    const { line, fields, start, dialect } = named;
    const cut = recordsOf(text.subarray(start), dialect);
    const records = cut.records.slice(1).filter((cells) => cells.length === fields.length);
    const mostCells = most(cut.records);
    return { dialect: cut.dialect, header: { line, fields }, records, width: fields.length, mostCells };
  }
  const lineEnd = head.lines[0]?.lineEnd ?? 'lf';
  const readings = DELIMITERS_TRIED.map((delimiter) => {
    const { dialect, records } = recordsOf(text, { delimiter, lineEnd, quotes: true, restColumn: null });
    const width = commonWidth(records.map(({ length }) => length));
    const mostCells = most(records);
    return { dialect, width, mostCells, records: records.filter((cells) => cells.length === width) };
  }).filter(({ width }) => width > 1);
  const [best] = readings.sort((a, b) => b.records.length - a.records.length || b.width - a.width);
  if (best === undefined) return undefined;
  const [first = [], ...others] = best.records;
  const isHeader = first.every((cell) => cell !== '' && !looksLikeANumber(cell)) && others.length > 0;
  if (!isHeader) return { ...best, header: null };
  const line = head.lines.find(({ start, end }) => {
    const cells = cutFirst(head.text.subarray(start, end), best.dialect)?.cells ?? [];
    return cells.length === best.width;
  });
  return { ...best, records: others, header: { line: line?.line ?? 1, fields: first } };
}

function namedHeader({ text, lines }: Head) {
  const readings = lines
    .flatMap(({ line, start, lineEnd }) =>
      DELIMITERS_TRIED.map((delimiter) => {
        const dialect: Dialect = { delimiter, lineEnd, quotes: true, restColumn: null };
        const fields = cutFirst(text.subarray(start), dialect)?.cells ?? [];
        return { line, start, dialect, fields, rank: rankOf(candidatesIn(fields, PLAIN)) };
      }),
    )
    .filter(({ fields, rank }) => rank >= NAMES_A_NUMBER && fields.length > 1);
  return readings.sort((a, b) => b.rank - a.rank || b.fields.length - a.fields.length)[0];
}

/** Where quotes do not fit, cells are cut as if they meant nothing. */
function recordsOf(
  text: Buffer,
  dialect: Dialect,
): { dialect: Dialect; records: readonly (readonly string[])[] } {
  const quoted = cutRecords(text, dialect);
  const plain = { ...dialect, quotes: false };
  const { records } = quoted.trouble === 'stray-quote' ? cutRecords(text, plain) : quoted;
  const cells = records.slice(0, MOST_RECORDS).map((record) => record.cells);
  // A quote at the start of a cell, or behind the = of a spreadsheet's formula, is one that means something.
  const isPlain =
    quoted.trouble === 'stray-quote' && !cells.some((each) => each.some((cell) => /^=?"/.test(cell)));
  return {
    dialect: isPlain ? plain : dialect,
    records: cells.filter((each) => each.some((cell) => cell !== '')),
  };
}

function most(records: readonly (readonly string[])[]): number {
  return records.reduce((sum, { length }) => Math.max(sum, length), 0);
}
