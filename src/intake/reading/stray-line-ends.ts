import type { Columns } from '../profile/columns.ts';
import { unwrapped } from '../protect.ts';
import { CR, LF } from './ascii.ts';
import { cutAtAnyLineEnd, type Dialect, plainCells, type RawRecord } from './cells.ts';
import { looksLikeANumber } from './several-numbers.ts';

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

/**
 * True where bytes that are no rows of their own (see `rowsAtAnyLineEnd`) seem to hold one behind a line end of another
 * kind all the same: of a file whose rows end after their last filled cell. Both together are no wider than the header,
 * and the second parcel would be lost among the cells that nobody reads. Where the first piece has not the columns of both
 * numbers, the break stands in a text before them, of the only row.
 */
export function holdsAnotherRow(
  bytes: Uint8Array,
  dialect: Dialect,
  { order, tracking }: Pick<Columns, 'order' | 'tracking'>,
): boolean {
  const cut = cutAtAnyLineEnd(bytes, dialect)?.map(({ cells }) => cells);
  const [first = [], ...others] = cut ?? plainPieces(bytes, dialect);
  const cellsOfRow = Math.max(order, tracking) + 1;
  const isNumber = (cell: string | undefined) => looksLikeANumber(unwrapped(cell ?? ''));
  // Of a row that is cut off, what would be taken for one more number of this one.
  const isInNumber = first.length - 1 === tracking && others.some(([cell]) => isNumber(cell));
  return (
    isInNumber ||
    (first.length >= cellsOfRow &&
      others.some(
        (cells) => cells.length >= cellsOfRow && (isNumber(cells[order]) || isNumber(cells[tracking])),
      ))
  );
}

/** As if quotes meant nothing, for they do not fit. */
function plainPieces(bytes: Uint8Array, dialect: Dialect): readonly (readonly string[])[] {
  const lines = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString()
    .split(/[\r\n]+/);
  return lines.map((line) => plainCells(Buffer.from(line), dialect));
}

/** A line with nothing in it, which is no record. */
export function isBlank(cells: readonly string[]): boolean {
  return cells.length === 1 && cells[0]?.trim() === '';
}
