/** Excel shows 15 digits and forgets the rest, and drops leading zeros; eleven it still shows as they are. */
const EXCEL_WOULD_DAMAGE = /^(0\d+|\d{12,})$/;
/** What a spreadsheet runs as a formula (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r]/;
const WRAPPED = /^=(["'])(.*)\1$/s;

/** A value as a cell of a report: numbers survive Excel (`="..."`), and nothing is run as a formula. */
export function protectedCell(value: string): string {
  if (EXCEL_WOULD_DAMAGE.test(value)) return `="${value}"`;
  const wrapped = WRAPPED.exec(value)?.[2];
  if (wrapped !== undefined && EXCEL_WOULD_DAMAGE.test(wrapped)) return value;
  return FORMULA.test(value) ? `'${value}` : value;
}

/**
 * A value without what protected it from a spreadsheet, trimmed: `="..."`, `='...'`, a leading apostrophe. In a
 * `text` an apostrophe may be meant, and goes only before a character that it was put there for.
 */
export function unwrapped(cell: string, kind: 'number' | 'text' = 'number'): string {
  const trimmed = cell.trim();
  const wrapped = WRAPPED.exec(trimmed)?.[2];
  if (wrapped !== undefined) return wrapped.trim();
  const isProtected = trimmed.startsWith("'") && (kind === 'number' || FORMULA.test(trimmed.slice(1)));
  return isProtected ? trimmed.slice(1).trim() : trimmed;
}

/** True for a cell that is nothing but a wrapped value; some systems write `="..."` without quoting it. */
export function isWrapped(cell: string): boolean {
  return WRAPPED.test(cell);
}
