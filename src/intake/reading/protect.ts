/** Excel shows 15 digits and forgets the rest, and drops leading zeros; eleven it still shows as they are. */
const EXCEL_WOULD_DAMAGE = /^(0\d+|\d{12,})$/;
/** What a spreadsheet runs as a formula (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r]/;
/** A quote inside would end the text, and what follows could be a formula after all. */
const WRAPPED = /^=(["'])([^"']*)\1$/;

/** A value as a cell of a report: numbers survive Excel (`="..."`), and nothing is run as a formula. */
export function protectedCell(value: string): string {
  if (EXCEL_WOULD_DAMAGE.test(value)) return `="${value}"`;
  const [, quote, wrapped = ''] = WRAPPED.exec(value) ?? [];
  if (quote === '"' && EXCEL_WOULD_DAMAGE.test(wrapped)) return value;
  return FORMULA.test(value) && value.trim() !== '' ? `'${value}` : value;
}

/**
 * A value without what protected it from a spreadsheet, trimmed: a leading apostrophe, then `="..."` or `='...'`.
 * In a `text` an apostrophe may be meant, and goes only before a character that it was put there for. A value
 * reads the same before and after it went through a report.
 */
export function unwrapped(cell: string, kind: 'number' | 'text' = 'number'): string {
  const trimmed = cell.trim();
  const isProtected = trimmed.startsWith("'") && (kind === 'number' || FORMULA.test(trimmed.slice(1)));
  const bare = isProtected ? trimmed.slice(1).trim() : trimmed;
  return (WRAPPED.exec(bare)?.[2] ?? bare).trim();
}

/** True for a cell that is nothing but a wrapped value; some systems write `="..."` without quoting it. */
export function isWrapped(cell: string): boolean {
  return WRAPPED.test(cell);
}
