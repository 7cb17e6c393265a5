import { unwrapped } from '../protect.ts';
import { quoted } from '../wording.ts';
import { cellMissing, columnName, STANDS_FOR_NONE, valueProblem } from './cell-problem.ts';
import type { ExcelDamage } from './excel-damage.ts';

/** A number of a cell as it counts from now on, and what looks odd about it. */
export interface FoundNumber {
  readonly value: string;
  readonly note: string | null;
}

/**
 * What a cell of numbers holds, the first and perhaps more; or why it holds none, in words that name column and value.
 */
type NumberCell = FoundNumbers | { readonly problem: string };

/** The first number of a cell, and the others that stand in it. */
interface FoundNumbers extends FoundNumber {
  readonly others: readonly FoundNumber[];
}

/** A column that holds numbers, and how one is made from what a cell says. */
interface NumberColumn {
  readonly index: number;
  readonly fields: readonly string[];
  /** Characters that Magento's column holds. */
  readonly longest: number;
  /** Takes a cell apart; one piece where it holds one number. */
  readonly pieces: (value: string) => readonly string[];
  /** What the profile does to each number; undefined where it does nothing. */
  readonly clean?: ((value: string) => { readonly value: string } | { readonly problem: string }) | undefined;
  /** What else keeps a number from being one, in words that follow the column's name. */
  readonly refuse?: (value: string) => string | undefined;
  /** What looks odd about a number and is no reason to refuse it. */
  readonly doubt?: (value: string) => string | undefined;
  /** Two numbers with one key are the same number. */
  readonly keyOf: (value: string) => string;
  readonly damage: ExcelDamage;
}

/** A list that somebody pasted into one cell by mistake; a record must not become a file of its own. */
const MOST_NUMBERS = 100;

/**
 * Letters and digits, a digit among them and not zeros only: no separator, and no fault that a closer look could find.
 */
const PLAIN = /^(?!0+$)[A-Za-z]*\d[0-9A-Za-z]*$/;

const NONE: readonly FoundNumber[] = [];

/** Orders may begin with `#`, which a shop's own numbers can have. */
const BEGINS_LIKE_A_NUMBER = /^[\p{L}\p{N}#]/u;
const QUOTE_LIKE = /['‘’‚`´“”„]/;

/** Spaces that look like a blank and are none (no-break, narrow, ideographic); Magento would store them as they are. */
const ODD_SPACE = /[^\S \t\r\n\v\f\u2028\u2029\ufeff]/g;

/**
 * What is copied from a web page along with a number, and nobody sees: zero-width space, word joiner, byte order mark.
 */
const ZERO_WIDTH = /[\u200b\u2060\ufeff]/;
const ZERO_WIDTH_AT_ENDS = /^[\s\u200b\u2060\ufeff]+|(?<![\s\u200b\u2060\ufeff])[\s\u200b\u2060\ufeff]+$/g;

/** Prepares reading the numbers of one column. */
export function openNumberCell(column: NumberColumn): (cells: readonly string[]) => NumberCell {
  const { index, fields, longest, pieces, clean, refuse, doubt, keyOf, damage } = column;
  const name = columnName({ fields }, index);

  function one(piece: string): NumberCell {
    // Before a rule takes it apart: a pattern such as `\d+$` would find a number in 1.0E+12.
    const before = damage.look(piece);
    if (before?.isBad) return { problem: `${name} ${before.words}` };
    const cleaned = clean === undefined || piece === '' ? { value: piece } : clean(piece);
    if ('problem' in cleaned) return { problem: `${name} ${cleaned.problem}` };
    const { value } = cleaned;
    const isPlain = value.length <= longest && PLAIN.test(value);
    const fault = isPlain ? undefined : (valueProblem(value, longest) ?? strayMark(value) ?? refuse?.(value));
    if (fault !== undefined) return { problem: `${name} ${fault}` };
    const damaged = value === piece ? before : damage.look(value);
    if (damaged?.isBad) return { problem: `${name} ${damaged.words}` };
    const doubted = doubt?.(value);
    if (damaged === undefined) return { value, note: doubted ?? null, others: NONE };
    const note = [`${name} ${damaged.words}`, doubted].filter((words) => words !== undefined).join('; ');
    return { value, note, others: NONE };
  }

  function several(texts: readonly string[], cell: string): NumberCell {
    if (texts.length > MOST_NUMBERS)
      return {
        problem: `${name} holds ${texts.length} numbers, and at most ${MOST_NUMBERS} are taken: ${quoted(cell)}`,
      };
    const found = new Map<string, FoundNumber>();
    for (const text of texts) {
      const number = one(text);
      if ('problem' in number) return number;
      const key = keyOf(number.value);
      if (!found.has(key)) found.set(key, number);
    }
    const [first, ...more] = found.values();
    return first === undefined ? { problem: `${name} is empty` } : { ...first, others: more };
  }

  return (cells) => {
    const cell = cells[index];
    if (cell === undefined) return { problem: cellMissing(index, cells, { fields }) };
    if (PLAIN.test(cell)) return one(cell);
    const value = numberText(cell).replace(ODD_SPACE, ' ');
    const texts = pieces(value);
    return texts.length > 1 ? several(texts, value) : one(texts[0] ?? '');
  };
}

/**
 * Prepares reading the numbers of several columns as those of one cell. Where one of them holds any, the others may be
 * empty.
 */
export function openNumberCells(
  column: Omit<NumberColumn, 'index'>,
  indexes: readonly [number, ...number[]],
): (cells: readonly string[]) => NumberCell {
  const columns = indexes.map((index) => ({ index, numbersOf: openNumberCell({ ...column, index }) }));
  const [first, ...others] = columns;
  if (first === undefined || others.length === 0) return openNumberCell({ ...column, index: indexes[0] });

  return (cells) => {
    const filled = others.filter(({ index }) => isFilled(cells[index] ?? ''));
    if (filled.length === 0) return first.numbersOf(cells);
    const found = new Map<string, FoundNumber>();
    for (const { numbersOf } of isFilled(cells[first.index] ?? '') ? [first, ...filled] : filled) {
      const numbers = numbersOf(cells);
      if ('problem' in numbers) return numbers;
      for (const number of [numbers, ...numbers.others]) {
        const key = column.keyOf(number.value);
        if (!found.has(key)) found.set(key, { value: number.value, note: number.note });
      }
    }
    const [one = { value: '', note: null }, ...more] = found.values();
    return { ...one, others: more };
  };
}

/** A cell without what protects it from a spreadsheet, and without what cannot be seen around either. */
function numberText(cell: string): string {
  if (!ZERO_WIDTH.test(cell)) return unwrapped(cell);
  return unwrapped(cell.replace(ZERO_WIDTH_AT_ENDS, '')).replace(ZERO_WIDTH_AT_ENDS, '');
}

/** Of a column that may be empty, where `-` and `N/A` say so too. */
function isFilled(cell: string): boolean {
  if (PLAIN.test(cell)) return true;
  const value = numberText(cell);
  return value !== '' && !STANDS_FOR_NONE.test(value);
}

/** What somebody's habit has left at a number: sent with it, no carrier would know it. */
function strayMark(value: string): string | undefined {
  if (BEGINS_LIKE_A_NUMBER.test(value) && !QUOTE_LIKE.test(value)) return undefined;
  return `holds ${quoted(value)}, with a character that no number has there; where it always stands there, take it off in the profile (stripPrefixes, stripSuffixes)`;
}
