import { PLACED, type RowOutcome } from './outcome.ts';
import { placeKey, type Row } from './row.ts';
import type { Wish } from './wish.ts';

/**
 * The ends of rows, which say so where a row names another carrier than the first one of its number: one track has one
 * carrier.
 */
export function tellingCarriers(
  wishes: readonly Wish[],
  outcomes: readonly RowOutcome[],
): readonly RowOutcome[] {
  const words = new Map<string, string>();
  for (const { rows } of wishes) {
    const [first] = rows;
    for (const row of rows) {
      if (row.carrierCode === first.carrierCode && row.title === first.title) continue;
      words.set(
        placeKey(row),
        `its carrier is that of line ${first.line}, ${inWords(first)}, and not ${inWords(row)}`,
      );
    }
  }
  if (words.size === 0) return outcomes;
  return outcomes.map((end) => {
    const said = PLACED.has(end.outcome) ? words.get(placeKey(end)) : undefined;
    return said === undefined ? end : { ...end, message: `${end.message}; ${said}` };
  });
}

function inWords({ title, carrierCode }: Row): string {
  return `${title} (${carrierCode})`;
}
