import { quoted } from '../wording.ts';
import type { HeaderLine } from './header.ts';

/** What turns cells into a row. */
export interface Layout extends HeaderLine {
  readonly carriers: { readonly default: string; readonly defaultTitle: string };
  readonly fieldBytes: number;
}

/** What names the columns of a file. */
interface Named {
  readonly fields: readonly string[];
}

/** Line breaks, control characters, and those that nobody sees (zero-width space, byte order mark). */
export const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
/** Characters that Magento's utf8mb3 columns store as `????`. */
export const ASTRAL = /[\u{10000}-\u{10ffff}]/u;
/** What Excel makes of a number of more than 15 digits, in any language; it always writes the sign. */
const EXCEL_DAMAGE = /^\d([.,]\d+)?E\+\d+$/i;

/**
 * What keeps a cell from holding a number or code of at most `longest` characters, in words that name the column and
 * the value; undefined where nothing does.
 */
export function numberProblem(
  value: string,
  index: number,
  longest: number,
  cells: readonly string[],
  layout: Layout,
): string | undefined {
  if (index >= cells.length) return cellMissing(index, cells, layout);
  const problem = valueProblem(value, longest);
  return problem && `${columnName(layout, index)} ${problem}`;
}

/** As `numberProblem`, without the column. */
export function valueProblem(value: string, longest: number): string | undefined {
  if (value === '') return 'is empty';
  if (UNPRINTABLE.test(value)) return `holds a line break or an invisible character: ${quoted(value)}`;
  if (value.includes('"')) return `holds a stray quote: ${quoted(value)}`;
  if (EXCEL_DAMAGE.test(value)) {
    return `holds ${quoted(value)}: a spreadsheet has shortened the number, and the rest of it is lost; take it from the original file`;
  }
  if (ASTRAL.test(value)) return `holds characters that Magento cannot store: ${quoted(value)}`;
  if (value.length > longest) return `is longer than ${longest} characters: ${quoted(value)}`;
  return undefined;
}

/** In words: the record ends before this column. */
export function cellMissing(index: number, cells: readonly string[], layout: Named): string {
  return `only ${cells.length} of ${layout.fields.length} cells are there, and ${columnName(layout, index)} is missing`;
}

/** A column as it is called in a sentence: by its name in the file. */
export function columnName({ fields }: Named, index: number): string {
  return `the column ${quoted(fields[index] ?? '')}`;
}
