import { isStorable } from '../../domain/storable.ts';
import { quoted } from '../wording.ts';

/** What names the columns of a file. */
interface Named {
  readonly fields: readonly string[];
}

/** Line breaks, control characters, and those that nobody sees (zero-width space, byte order mark). */
export const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** What systems and people write for "there is none", and what a spreadsheet shows where a formula has failed. */
export const STANDS_FOR_NONE = /^(?:[^\p{L}\p{N}]+|#?n\/a|#[a-z]+[!?]|none|null|nan|undefined)$/iu;

/**
 * What keeps a value from being a number or code of at most `longest` characters, in words that follow the column's
 * name; undefined where nothing does.
 */
export function valueProblem(value: string, longest: number): string | undefined {
  if (value === '') return 'is empty';
  if (UNPRINTABLE.test(value)) return `holds a line break or an invisible character: ${quoted(value)}`;
  if (value.includes('"')) return `holds a stray quote: ${quoted(value)}`;
  if (STANDS_FOR_NONE.test(value)) return `holds ${quoted(value)}, which is no number`;
  if (!isStorable(value)) return `holds characters that Magento cannot store: ${quoted(value)}`;
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
