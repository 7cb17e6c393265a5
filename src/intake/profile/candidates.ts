import { COLUMN_ROLES, type ColumnRole, type Profile } from '../../domain/profile.ts';
import { simplified } from './column-name.ts';
import { type PlacesOf, placesIn } from './columns-named.ts';
import type { Certainty } from './phrases.ts';
import { certaintyOf } from './synonyms.ts';

/** The columns of a line that could be a role's, counted from 0, by how surely their names say so. */
export type Candidates = Readonly<Record<Certainty, readonly number[]>>;

/** What a file must have: nothing can be done without either. */
export const NEEDED: readonly ColumnRole[] = ['order', 'tracking'];

const CERTAINTIES = ['sure', 'possible', 'misleading'] as const;

/**
 * The candidates of each role. A column that the profile names is its role's only one, and none of another's; where
 * the line lacks it, the words that are known say which other one may be meant.
 */
export function candidatesIn(
  fields: readonly string[],
  { columns }: Pick<Profile, 'columns'>,
  placesOf: PlacesOf = placesIn(fields),
): Readonly<Record<ColumnRole, Candidates>> {
  const names = fields.map(simplified);
  const named = COLUMN_ROLES.map((role) => {
    const choice = columns[role];
    return typeof choice === 'object' ? placesOf(choice) : [];
  });
  const taken = new Set(named.flat());
  const entries = COLUMN_ROLES.map((role, index): [ColumnRole, Candidates] => {
    const [sure = [], found] = [named[index], { sure: [], possible: [], misleading: [] } as Found];
    if (sure.length > 0) return [role, { ...found, sure }];
    for (const [at, name] of names.entries()) {
      const certainty = taken.has(at) ? undefined : certaintyOf(role, name);
      if (certainty) found[certainty].push(at);
    }
    if (role === 'order' && isPlain(fields)) found.sure = found.sure.filter((at) => names[at] !== ORDER_ID);
    return [role, found];
  });
  return Object.fromEntries(entries) as Record<ColumnRole, Candidates>;
}

type Found = Record<Certainty, number[]>;

const ORDER_ID = simplified('order_id');

/**
 * Our own format, by its names as they are documented: whoever writes these means them, and an `order_id` beside
 * them is the shop's entity id. Under any other spelling either of two such columns may be the shop's number.
 */
function isPlain(fields: readonly string[]): boolean {
  return ['order_number', 'tracking_number'].every((name) => fields.includes(name));
}

/** The column that a role most probably is; undefined where no name hints at it. */
export function likeliest({ sure, possible, misleading }: Candidates): number | undefined {
  return [...sure, ...possible, ...misleading][0];
}

const RANKS: Readonly<Record<Certainty, number>> = { sure: 3, possible: 2, misleading: 1 };

/**
 * How much of a header the line looks like; 0: not at all. What a file needs counts most: a word for the others may
 * stand in any line of prose.
 */
export function rankOf(candidates: Readonly<Record<ColumnRole, Candidates>>): number {
  const ranks = COLUMN_ROLES.map((role) => {
    const best = CERTAINTIES.find((certainty) => candidates[role][certainty].length > 0);
    return best === undefined ? 0 : RANKS[best] * (NEEDED.includes(role) ? 10 : 1);
  });
  return ranks.reduce((sum, rank) => sum + rank, 0);
}
