import type { ColumnValues } from './column-values.ts';

/** What a 3PL seems to put round the shop's order numbers; nothing of it is sure. */
export interface OrderHabits {
  /** Before the digits of nearly all of them; null where there is no such thing. */
  readonly prefix: string | null;
  /** Behind the digits of many of them. */
  readonly suffixes: readonly string[];
  /** A number that may have lost its zeros; null where none has. */
  readonly short: string | null;
}

/** Magento's own numbers have nine digits, zeros first (Magento_SalesSequence, etc/config: pattern `%s%'.09d%s`). */
export const MAGENTO_DIGITS = 9;
const NEARLY_ALL = 0.9;
const MANY = 0.5;
const MOST_SUFFIXES = 5;

/** Looks for what most order numbers of a column have around their digits. */
export function orderHabits({ counts, filled }: ColumnValues): OrderHabits {
  const of = (wanted: (value: string) => string | undefined) => {
    const found = new Map<string, number>();
    for (const [value, count] of counts) {
      const part = wanted(value);
      if (part !== undefined) found.set(part, (found.get(part) ?? 0) + count);
    }
    return [...found].sort(([, a], [, b]) => b - a);
  };
  const [prefix] = of((value) => /^([^\d\s]{1,20})\d/u.exec(value)?.[1]);
  const suffixes = of((value) => /\d(-\d{1,2}|[-_][A-Za-z]{1,3})$/.exec(value)?.[1]);
  const isMany = suffixes.reduce((sum, [, count]) => sum + count, 0) > MANY * filled;
  const isShort = ([value]: readonly [string, number]) =>
    /^[1-9]\d*$/.test(value) && value.length < MAGENTO_DIGITS;
  return {
    prefix: prefix !== undefined && prefix[1] >= NEARLY_ALL * filled ? prefix[0] : null,
    suffixes: isMany && suffixes.length <= MOST_SUFFIXES ? suffixes.map(([suffix]) => suffix) : [],
    short: counts.length > 0 && counts.every(isShort) ? (counts[0]?.[0] ?? null) : null,
  };
}
