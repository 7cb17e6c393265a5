import { isWrapped } from '../protect.ts';
import { quoted } from '../wording.ts';
import { BLANK, CR, LF, QUOTE } from './ascii.ts';
import { columnName } from './cell-problem.ts';
import { type Dialect, plainCells } from './cells.ts';
import { quoteFault } from './quote-fault.ts';

/**
 * The cells of a physical line whose quotes do not fit, as if quotes meant nothing; `problem` says why they cannot be
 * trusted, and is null where they can: some systems write `="1Z..."`, which saves numbers from Excel, without quoting it.
 */
export function readDoubtful(
  bytes: Uint8Array,
  dialect: Dialect,
  trouble: 'open-quote' | 'stray-quote',
  { line, fields }: { readonly line: number; readonly fields: readonly string[] },
): { readonly cells: readonly string[]; readonly problem: string | null } {
  const plain = plainCells(bytes, dialect);
  const sound = soundCells(plain);
  if (sound !== undefined) return { cells: sound, problem: null };
  const fault = quoteFault(Buffer.from(bytes).toString().trimEnd(), dialect.delimiter);
  const where = fault === undefined ? 'this line' : cellName(fault.index, fields);
  const what = fault === undefined ? '' : `: ${quoted(fault.value)}`;
  // A quote of a later line closes it where no value ends, or none does.
  const problem =
    (fault?.isOpen ?? trouble === 'open-quote')
      ? `Line ${line}: a quote opens in ${where} and is never closed${what}; perhaps its closing quote is missing; the lines after it were read as rows of their own.`
      : `Line ${line}: a quote stands in ${where} where none can be${what}; a cell that holds quotes must be in quotes itself, and its own quotes doubled.`;
  return { cells: plain, problem };
}

function cellName(index: number, fields: readonly string[]): string {
  return index < fields.length ? columnName({ fields }, index) : `cell ${index + 1}`;
}

/**
 * Where the line of the text's first quote starts, when that quote stands inside a cell: csv-parse would surely stop
 * there, at the cost of an error for each such line, and every line of a file may be one. -1 where it may fit.
 */
export function firstDoubtful(text: Uint8Array, { delimiter, lineEnd, quotes }: Dialect): number {
  const at = quotes ? text.indexOf(QUOTE) : -1;
  let filledAt = at - 1;
  while (text[filledAt] === BLANK) filledAt -= 1;
  const before = text[filledAt] ?? LF;
  // Of what is no ASCII, some is blank; a quote after nothing but blanks may well open a cell.
  const isInside = before > BLANK && before < 0x7f && before !== delimiter.charCodeAt(0);
  if (!isInside) return -1;
  const start = text.lastIndexOf(lineEnd === 'cr' ? CR : LF, at) + 1;
  return text[start] === LF ? start + 1 : start;
}

/** Undefined where a quote stands in a cell that it neither wraps nor surrounds. */
function soundCells(cells: readonly string[]): readonly string[] | undefined {
  const sound: string[] = [];
  for (const cell of cells) {
    if (!cell.includes('"') || isWrapped(cell)) sound.push(cell);
    else if (/^"[^"]*"$/.test(cell)) sound.push(cell.slice(1, -1));
    else return undefined;
  }
  return sound;
}
