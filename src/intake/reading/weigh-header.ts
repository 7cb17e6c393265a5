import type { Profile } from '../../domain/profile.ts';
import { simplified } from '../profile/column-name.ts';
import type { Columns } from '../profile/columns.ts';
import { certaintyOf } from '../profile/synonyms.ts';
import { afterLineEnd, type Dialect, firstCells } from './cells.ts';

/** A line that may be the header, as it was understood. */
interface HeaderGuess {
  readonly fields: readonly string[];
  readonly columns: Columns;
  readonly profile: Profile;
  readonly dialect: Dialect;
  /** The text below it. */
  readonly below: Uint8Array;
  /** Its columns have led to the profile. */
  readonly isByHeader: boolean;
}

/** Nothing that comes later can be the header with more right. */
export const SURE = 3;

/**
 * How much speaks for a line as the header. Its names may say it, or the record below: a row, or at least as many
 * cells. By bare nouns, and by positions, two words of prose with a delimiter between are a header as well.
 */
export function weighHeader(guess: HeaderGuess): number {
  if (saysSo(guess)) return SURE;
  const { fields, columns, dialect, below } = guess;
  const next = firstFilled(below, dialect);
  const isRow = [columns.order, columns.tracking].some((index) => /\d/.test(next[index] ?? ''));
  const isWide = next.length > Math.max(columns.order, columns.tracking);
  if (isRow && isWide) return SURE;
  return next.length === fields.length ? 1 : 0;
}

function saysSo({ fields, columns, profile, isByHeader }: HeaderGuess): boolean {
  if (isByHeader || columns.outcome !== null) return true;
  return (['order', 'tracking'] as const).every((role) => {
    const choice = profile.columns[role];
    if (typeof choice === 'object') return choice.kind === 'name';
    return certaintyOf(role, simplified(fields[columns[role]] ?? '')) === 'sure';
  });
}

/** The cells of the first record that has any; none where there is no such record. */
function firstFilled(text: Uint8Array, dialect: Dialect): readonly string[] {
  for (let at = 0; at < text.length; ) {
    const rest = text.subarray(at);
    const lineEnd = afterLineEnd(rest, 0, dialect);
    const line = rest.subarray(0, lineEnd < 0 ? rest.length : lineEnd);
    const cells = firstCells(line, rest, dialect);
    if (cells.some((cell) => cell !== '')) return cells;
    at += line.length;
  }
  return [];
}
