import { trackingKey } from './row.ts';
import { isDateOf, isTimeOf } from './spreadsheet-dates.ts';
import { numberTrace } from './spreadsheet-numbers.ts';

/**
 * What a spreadsheet program does to a cell that it opens as CSV and saves again. It takes for a number, a date or
 * a truth value whatever looks like one in its language, and saves what it shows.
 */
export type SpreadsheetDamage = keyof typeof WORDS;

const WORDS = {
  'zeros-lost': 'a spreadsheet has taken its leading zeros',
  shortened: 'a spreadsheet has shortened the number',
  'number-form': 'a spreadsheet has written it as a number of its own form',
  date: 'a spreadsheet has made a date of it',
  time: 'a spreadsheet has made a time of it',
  truth: 'a spreadsheet has translated it',
  error: 'a spreadsheet shows that in place of what does not fit or cannot be computed',
  'characters-lost': 'it was saved in an encoding that lacks some of its characters',
} as const;

/** What happened, as the end of a sentence. */
export function wordsFor(damage: SpreadsheetDamage): string {
  return WORDS[damage];
}

/**
 * What a spreadsheet did to `original`, where `returned` is what it makes of that; undefined where both are the
 * same but for blanks and case, and where somebody corrected the cell to something else.
 *
 *     00340434161094042557 -> 3,40434E+17           shortened
 *     000000101            -> 101                   zeros-lost
 *     1-2                  -> 01. Feb, 2-Jan        date
 *     100000124            -> 100000125             (a correction)
 */
export function spreadsheetDamage(original: string, returned: string): SpreadsheetDamage | undefined {
  if (original === '' || trackingKey(original) === trackingKey(returned)) return undefined;
  if (ERROR.test(returned)) return 'error';
  if (isTranslated(original, returned)) return 'truth';
  // Nothing else that a spreadsheet writes is longer, and whoever drops the file decides what is in it.
  if (original.length > LONGEST || returned.length > LONGEST) return undefined;
  const trace = numberTrace(original, returned);
  if (trace !== undefined) return trace;
  if (isDateOf(original, returned)) return 'date';
  if (isTimeOf(original, returned)) return 'time';
  return hasLostCharacters(original, returned) ? 'characters-lost' : undefined;
}

const LONGEST = 64;

/**
 * Of a column that is too narrow, and of formulas that cannot be computed: Excel in English and German, LibreOffice.
 */
const ERROR =
  /^(#{2,}|#(NAME\?|VALUE!|REF!|N\/A|NULL!|NUM!|DIV\/0!|SPILL!|CALC!|WERT!|BEZUG!|NV|ZAHL!|ÜBERLAUF!|KALK!)|Err:\d{3})$/;

/** The truth values as spreadsheets in English, German, French, Italian, Spanish and Dutch know them. */
const TRUE = ['true', 'wahr', 'vrai', 'vero', 'verdadero', 'waar'];
const FALSE = ['false', 'falsch', 'faux', 'falso', 'onwaar'];

function isTranslated(original: string, returned: string): boolean {
  return [TRUE, FALSE].some(
    (words) => words.includes(original.toLowerCase()) && words.includes(returned.toLowerCase()),
  );
}

/** "CSV" without "UTF-8" is saved in Windows-1252, which writes `?` for what it lacks. */
function hasLostCharacters(original: string, returned: string): boolean {
  const [before, after] = [[...original], [...returned]];
  if (before.length !== after.length) return false;
  return before.every(
    (character, at) =>
      character === after[at] || (after[at] === '?' && (character.codePointAt(0) ?? 0) > 0xff),
  );
}
