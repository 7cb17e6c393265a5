import type { ColumnRole } from '../../domain/profile.ts';
import { simplified } from './column-name.ts';
import type { Certainty } from './phrases.ts';
import { WORDS } from './words.ts';

/** How surely a column of this name, `simplified`, is the role's; undefined for one that says nothing of it. */
export function certaintyOf(role: ColumnRole, name: string): Certainty | undefined {
  const known = KNOWN[role].get(name);
  // Beside a `Tracking Number 2`.
  if (known !== undefined || role !== 'tracking' || !name.endsWith('1')) return known;
  return KNOWN.tracking.get(name.slice(0, -1)) === 'sure' ? 'sure' : undefined;
}

const KNOWN = Object.fromEntries(
  Object.entries(WORDS).map(([role, words]) => [role, byName(words)]),
) as Readonly<Record<ColumnRole, ReadonlyMap<string, Certainty>>>;

/** Templates overlap: the surest class that has a name keeps it. */
function byName(words: Readonly<Record<Certainty, readonly string[]>>): ReadonlyMap<string, Certainty> {
  const entries = (['misleading', 'possible', 'sure'] as const).flatMap((certainty) =>
    words[certainty].map((word) => [simplified(word), certainty] as const),
  );
  return new Map(entries);
}
