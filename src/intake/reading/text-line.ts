import { quoted } from '../wording.ts';

/** With fewer columns, a line of one cell may as well be half a row. */
const FEWEST_COLUMNS = 3;
/** What ends a list without a sum, as far as it can be told: marks, or a word for the end. */
const SAYS_END = /^[^\p{L}\p{N}]|(?<!\p{L})(?:end|ende|eof|fin|fine|einde|final)(?!\p{L})/iu;
/** What DOS put behind the last line of a text; some systems still do (Ctrl-Z). */
const DOS_END = '\u001a';

/**
 * Why a record is a line of text between or below the rows, not one that lacks its cells: one cell without a digit,
 * where the file has several columns. Undefined for any other.
 */
export function textLine(cells: readonly string[], columns: number): string | undefined {
  const [text = ''] = cells;
  if (cells.length !== 1) return undefined;
  if (text === DOS_END) return 'the mark that ends a file of DOS (Ctrl-Z)';
  return columns < FEWEST_COLUMNS || /\d/.test(text) ? undefined : `a line of text: ${quoted(text)}`;
}

/** False for a line of text that may be the start of a row's first cell, where the file breaks off behind it. */
export function saysEnd(text: string): boolean {
  return SAYS_END.test(text);
}
