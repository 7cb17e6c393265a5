import stringWidth from 'string-width';
import { printable } from '../runtime/printable.ts';

/** A column of a table; `align` is `left` by default. */
export interface Column {
  readonly head: string;
  readonly align?: 'left' | 'right';
}

/** How a table is to look. */
interface TableOptions {
  /** Columns of the terminal; the last cell of a line is cut to fit. Undefined: nothing is cut. */
  readonly width?: number | undefined;
  /** Dresses a cell that is ready to be shown; it must not change what the cell takes on the screen. */
  readonly style?: (cell: string, column: number, row: number) => string;
}

const GAP = '  ';
const ELLIPSIS = '…';

/**
 * Lines of a table, the head first, each without a line end. What a terminal would obey is escaped, so that a
 * file's content cannot move the cursor. A row that is a text and no list stands alone on its line.
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[] | string)[],
  options: TableOptions = {},
): string[] {
  const { width = Number.POSITIVE_INFINITY, style = (cell) => cell } = options;
  const shown = rows.map((row) => (typeof row === 'string' ? printable(row) : row.map(printable)));
  const heads = columns.map(({ head }) => head);
  const widths = columns.map(({ head }, at) =>
    Math.max(
      displayWidth(head),
      ...shown.map((row) => (Array.isArray(row) ? displayWidth(row[at] ?? '') : 0)),
    ),
  );
  const indent = widths.slice(0, -1).reduce((sum, each) => sum + each + GAP.length, 0);
  const line = (cells: readonly string[], dress: (cell: string, column: number) => string) =>
    columns
      .map(({ align = 'left' }, at) => {
        const isLast = at === columns.length - 1;
        const cell = isLast ? cutToWidth(cells[at] ?? '', width - indent) : (cells[at] ?? '');
        const padding = ' '.repeat(Math.max(0, (widths[at] ?? 0) - displayWidth(cell)));
        const dressed = cell === '' ? '' : dress(cell, at);
        return align === 'right' ? padding + dressed : dressed + (isLast ? '' : padding);
      })
      .join(GAP)
      .trimEnd();
  return [
    line(heads, (cell) => cell),
    ...shown.map((row, number) =>
      Array.isArray(row)
        ? line(row, (cell, column) => style(cell, column, number))
        : style(cutToWidth(String(row), width), -1, number),
    ),
  ];
}

/** Cuts a text to a number of columns of the screen, with an ellipsis where something is missing. */
export function cutToWidth(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let [kept, left] = ['', width - 1];
  for (const { segment } of SEGMENTER.segment(text)) {
    left -= displayWidth(segment);
    if (left < 0) break;
    kept += segment;
  }
  return kept + ELLIPSIS;
}

/** A letter with its accents, or an emoji of several characters, is cut off whole. */
const SEGMENTER = new Intl.Segmenter('en');

/** Breaks a text between words; a word that is too long for a line stays whole. */
export function wrapWords(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && displayWidth(line) + 1 + displayWidth(word) <= width) {
      lines[lines.length - 1] = `${line} ${word}`;
    } else lines.push(word);
  }
  return lines;
}

/**
 * Columns of the screen: two for Chinese letters and emoji, none for an accent that stands on a letter and for colours.
 */
function displayWidth(text: string): number {
  return stringWidth(text);
}
