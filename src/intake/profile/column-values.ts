import { unwrapped } from '../protect.ts';

/** What the rows of a sample hold in one column. */
export interface ColumnValues {
  /** How many of the rows hold anything. */
  readonly filled: number;
  /** Each value with how often it stands there, most first; as often, in the order of the file. */
  readonly counts: readonly (readonly [value: string, count: number])[];
}

/** The values of a column, counted from 0. */
export function valuesOf(records: readonly (readonly string[])[], index: number): ColumnValues {
  const counts = new Map<string, number>();
  for (const cells of records) {
    const value = unwrapped(cells[index] ?? '');
    if (value !== '') counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const filled = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return { filled, counts: [...counts].sort(([, a], [, b]) => b - a) };
}

/** UPS, the posts' S10, digits as many as carriers have, letters with many digits. */
const LIKE_TRACKING =
  /^(1Z[0-9A-Z]{16}|[A-Z]{2}\d{9}[A-Z]{2}|\d{11,34}|(?=.*[A-Z])(?=(?:.*\d){8})[A-Z0-9]{11,34})$/i;
/** A day with its time has as many digits as a number of DPD. */
const LIKE_TIME =
  /^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?$/;
/** Digits, perhaps with a client's letters before them and a parcel's number behind. */
const LIKE_ORDER = /^#?(?:[A-Z]{1,8}[-_]?)?\d{4,11}(?:-\d{1,2})?$/i;
const LIKE_DATE = /^(?:19|20)\d{6}$/;

/** How much, from 0 to 1, the values look like tracking numbers. */
export function trackingLikeness(values: ColumnValues): number {
  return share(values, (value) => {
    const number = value.replace(/\s/g, '');
    return LIKE_TRACKING.test(number) && !LIKE_TIME.test(number);
  });
}

/**
 * How much, from 0 to 1, they look like order numbers, those of nine digits or more before shorter ones. A value that
 * each row repeats is somebody's account.
 */
export function orderLikeness(values: ColumnValues): number {
  const varied = values.filled === 0 ? 0 : values.counts.length / values.filled;
  const like = share(values, (value) => LIKE_ORDER.test(value) && !LIKE_DATE.test(value));
  const likeMagentos = share(values, (value) => LIKE_ORDER.test(value) && /\d{9}/.test(value));
  return varied * (0.75 * like + 0.25 * likeMagentos);
}

function share({ filled, counts }: ColumnValues, isLike: (value: string) => boolean): number {
  const like = counts.reduce((sum, [value, count]) => sum + (isLike(value) ? count : 0), 0);
  return filled === 0 ? 0 : like / filled;
}
