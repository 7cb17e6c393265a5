import { type Dialect, plainCells } from './cells.ts';
import { isWrapped } from './protect.ts';

/** What can be told of a physical line whose quotes do not fit. */
export interface DoubtfulLine {
  readonly cells: readonly string[];
  /** The cells can be trusted all the same. */
  readonly isSound: boolean;
}

/** A line as if quotes meant nothing; some systems write `="1Z..."`, which saves numbers from Excel, without quoting it. */
export function readDoubtful(line: Uint8Array, dialect: Dialect): DoubtfulLine {
  const plain = plainCells(line, dialect);
  const sound = soundCells(plain);
  return sound === undefined ? { cells: plain, isSound: false } : { cells: sound, isSound: true };
}

/**
 * Where the line of the text's first quote starts, when that quote stands inside a cell: csv-parse would surely stop
 * there, at the cost of an error for each such line, and every line of a file may be one. -1 where it may fit.
 */
export function firstDoubtful(text: Uint8Array, { delimiter, lineEnd, quotes }: Dialect): number {
  const at = quotes ? text.indexOf(QUOTE) : -1;
  const before = text[at - 1] ?? BLANK;
  // Of what is no ASCII, some is blank; a quote after a blank may well open a cell.
  const isInside = at > 0 && before > BLANK && before < 0x7f && before !== delimiter.charCodeAt(0);
  return isInside ? text.lastIndexOf(lineEnd === 'cr' ? CR : LF, at) + 1 : -1;
}

const QUOTE = 0x22;
const BLANK = 0x20;
const LF = 0x0a;
const CR = 0x0d;

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
