/** Excel shows 15 digits and forgets the rest, and drops leading zeros; eleven it still shows as they are. */
const NUMBER = /^(0\d+|\d{12,})$/;
/**
 * What spreadsheets make a number of another form of, or a date: `12E5`, `1-2`, `3/4`, `1.2.`, `1.50`, `MAR1`, `1-Dez`. A whole
 * date is left to them: it means the same in another form.
 */
const NUMBER_OR_DATE =
  /^(\d+(\.\d+)?e[+-]?\d+|\d{1,4}[-/.,]\d{1,4}\.?|\d{1,4}[-/. ]?MONTH[a-zä]{0,6}|MONTH[a-zä]{0,6}[-/. ]?\d{1,4})$/
    .source;
const MONTH = '(jan|jän|feb|mar|mär|mrz|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez)';
const WOULD_CHANGE = new RegExp(`${NUMBER.source}|${NUMBER_OR_DATE.replaceAll('MONTH', MONTH)}`, 'i');

/** What a spreadsheet runs as a formula, also in the wide forms of East Asian keyboards (OWASP, CSV injection). */
const SIGN = '[=+\\-@＝＋－＠]';
const FORMULA = new RegExp(`^([\\t\\r]|\\s*${SIGN})`);
/** A spreadsheet that divides cells elsewhere than the file does begins one after each of these, quoted or not. */
const AFTER_DIVIDER = '(?<=[,;|\\t\\r\\n]\\s*)';
const FORMULA_INSIDE = new RegExp(`(?=${SIGN})${AFTER_DIVIDER}`, 'g');
const PROTECTED_INSIDE = new RegExp(`(?='${SIGN})${AFTER_DIVIDER}'`, 'g');

/** A quote inside would end the text, and what follows could be a formula after all. */
const WRAPPED = /^=(["'])([^"']*)\1$/;

/**
 * A value as a cell of a report: what a spreadsheet would change survives (`="..."`), and nothing is run as a formula.
 */
export function protectedCell(value: string): string {
  if (WOULD_CHANGE.test(value)) return `="${value}"`;
  const [, quote, wrapped = ''] = WRAPPED.exec(value) ?? [];
  if (quote === '"' && WOULD_CHANGE.test(wrapped)) return value;
  const cell = value.replace(FORMULA_INSIDE, "'");
  return FORMULA.test(cell) && cell.trim() !== '' ? `'${cell}` : cell;
}

/** Also as a text program makes it of a typed one. */
const APOSTROPHE_FIRST = /^['‘’]/;
const APOSTROPHE_LAST = /['‘’]$/;
/** A formula that is its number, which keeps nothing from a spreadsheet, and is written all the same. */
const DIGITS_FORMULA = /^=(\d+)$/;

/**
 * A value without what protected it from a spreadsheet, trimmed: a leading apostrophe, or one on each side, then
 * `="..."` or `='...'`, or the `=` before digits. In a `text` an apostrophe may be meant, and goes only before a
 * character that it was put there for. A value reads the same before and after it went through a report.
 */
export function unwrapped(cell: string, kind: 'number' | 'text' = 'number'): string {
  const trimmed = (cell.includes("'") ? cell.replace(PROTECTED_INSIDE, '') : cell).trim();
  const bare = kind === 'number' ? withoutApostrophes(trimmed) : withoutProtection(trimmed);
  const wrapped = WRAPPED.exec(bare)?.[2] ?? (kind === 'number' ? DIGITS_FORMULA.exec(bare)?.[1] : undefined);
  return (wrapped ?? bare).trim();
}

function withoutProtection(text: string): string {
  return text.startsWith("'") && FORMULA.test(text.slice(1)) ? text.slice(1).trim() : text;
}

function withoutApostrophes(text: string): string {
  if (!APOSTROPHE_FIRST.test(text)) return text;
  const bare = text.slice(1).trim();
  // Before a formula the first one may be a report's, and the last one the formula's own.
  return APOSTROPHE_LAST.test(bare) && !FORMULA.test(bare) ? bare.slice(0, -1).trim() : bare;
}

/** True for a cell that is nothing but a wrapped value; some systems write `="..."` without quoting it. */
export function isWrapped(cell: string): boolean {
  return WRAPPED.test(cell);
}
