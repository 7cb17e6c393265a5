import { afterLineEnd, cutAtAnyLineEnd, cutRecords, type Dialect, plainCells } from './cells.ts';
import { hasStrayLineEnd } from './stray-line-ends.ts';

/**
 * How many cells each of the first rows has, blank ones aside. Two kinds of lines count only where there are no others:
 * those whose quotes do not fit, since one of them must not cost a file that has no header all the rest; and the pieces
 * of those that a line end of another kind divides. Such a line is as wide as its two rows together: were that the
 * file's width, it would be one row, and its second parcel would be lost.
 */
export function rowWidths(text: Uint8Array, dialect: Dialect): readonly number[] {
  const sound: (readonly string[])[] = [];
  const doubtful: (readonly string[])[] = [];
  for (let at = 0; at < text.length; ) {
    const rest = text.subarray(at);
    const { records, trouble } = cutRecords(rest, dialect);
    let start = 0;
    for (const { cells, endByte, hasBreak } of records) {
      const isStray = hasBreak && hasStrayLineEnd(cells, dialect);
      const pieces = isStray ? cutAtAnyLineEnd(rest.subarray(start, endByte), dialect) : undefined;
      // Within quotes it divides nothing.
      if (pieces === undefined || pieces.length === 1) sound.push(cells);
      else doubtful.push(...pieces.map((piece) => piece.cells));
      start = endByte;
    }
    if (trouble === null) break;
    const lineEnd = afterLineEnd(rest, start, dialect);
    const end = lineEnd < 0 ? rest.length : lineEnd;
    doubtful.push(plainCells(rest.subarray(start, end), dialect));
    at += end;
  }
  const isFilled = (cells: readonly string[]) => cells.some(Boolean);
  const rows = sound.some(isFilled) ? sound : doubtful;
  return rows.filter(isFilled).map(({ length }) => length);
}

/** The width that most rows have; of two, the smaller; 0 where there are none. */
export function commonWidth(widths: readonly number[]): number {
  return [...countsOf(widths)].sort(([a, many], [b, more]) => more - many || a - b)[0]?.[0] ?? 0;
}

/** A row that a stray delimiter has made wider is rarer than rows that end after their last filled cell. */
const LEAST_SHARE_OF_A_WIDTH = 1 / 10;

/** The greatest width that so many rows have that it is no accident; 1 where there are none. */
export function greatestWidth(widths: readonly number[]): number {
  const usual = [...countsOf(widths)].filter(([, count]) => count >= widths.length * LEAST_SHARE_OF_A_WIDTH);
  return Math.max(1, ...usual.map(([width]) => width));
}

function countsOf(widths: readonly number[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const width of widths) counts.set(width, (counts.get(width) ?? 0) + 1);
  return counts;
}
