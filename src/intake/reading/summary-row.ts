import { quoted } from '../wording.ts';
import { unwrapped } from './protect.ts';
import { looksLikeANumber } from './several-numbers.ts';

/**
 * What stands before a sum or a count at the end of a list: English, German, French, Italian, Spanish, Dutch. Then two
 * more words at most ("Total parcels shipped"), and perhaps the sum itself.
 */
const SUMMARY =
  /^(?:(?:grand |sub)?totals?|sums?|count|number of|summen?|(?:gesamt|zwischen|end)summe|(?:ins)?gesamt(?:zahl|anzahl)?|anzahl|somme|total g[ée]n[ée]ral|nombre(?: de)?|totale|somma|numero(?: di)?|suma|totaal|som|aantal)(?: \p{L}+){0,2}(?:\s*[:=])?(?:\s*[\d.,']+)?$/iu;

/**
 * Why a record is a summary row, not one that somebody forgot to fill in: its first filled cell says so, and
 * order and tracking number do not both look like numbers. Undefined for any other.
 */
export function summaryRow(cells: readonly string[], order: number, tracking: number): string | undefined {
  if ([order, tracking].some((index) => looksLikeANumber(unwrapped(cells[index] ?? '')))) return undefined;
  const first = cells.map((cell) => unwrapped(cell, 'text')).find((text) => text !== '') ?? '';
  return SUMMARY.test(first.replace(/\s+/gu, ' ')) ? `a summary row: ${quoted(first)}` : undefined;
}
