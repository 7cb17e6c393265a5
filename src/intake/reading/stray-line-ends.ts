import { CR, LF } from './ascii.ts';
import { cutAtAnyLineEnd, type Dialect, type RawRecord } from './cells.ts';

/** True where a cell holds a break that is no line end of this file: it may be one all the same, or stand in quotes. */
export function hasStrayLineEnd(cells: readonly string[], { lineEnd }: Dialect): boolean {
  const stray = lineEnd === 'cr' ? /\n/ : /\r(?!\n)/;
  return cells.some((cell) => stray.test(cell));
}

/** The same of a physical line, before its end. */
export function lineHasStrayEnd(line: Uint8Array, { lineEnd }: Dialect): boolean {
  if (lineEnd === 'cr') return line.subarray(0, -1).includes(LF);
  const at = line.indexOf(CR);
  return at >= 0 && at < line.length - 2;
}

/**
 * The rows, blank lines among them, into which bytes fall at every kind of line end; undefined where they are no
 * rows of their own: where there is but one, or where one has not the header's width.
 */
export function rowsAtAnyLineEnd(
  bytes: Uint8Array,
  dialect: Dialect,
  width: number,
): readonly RawRecord[] | undefined {
  const pieces = cutAtAnyLineEnd(bytes, dialect) ?? [];
  const filled = pieces.filter(({ cells }) => !isBlank(cells));
  return filled.length > 1 && filled.every(({ cells }) => cells.length === width) ? pieces : undefined;
}

/** A line with nothing in it, which is no record. */
export function isBlank(cells: readonly string[]): boolean {
  return cells.length === 1 && cells[0]?.trim() === '';
}
