import { COLUMN_ROLES, type ColumnRole, type Profile } from '../../domain/profile.ts';
import type { Columns } from '../reading/layout.ts';
import { simplified } from './column-name.ts';
import { type ColumnProblem, type ColumnRefusal, refusalOf } from './column-refusal.ts';
import { placesOf } from './columns-named.ts';
import { type Certainty, certaintyOf } from './synonyms.ts';

export { columnAt } from './columns-named.ts';

/** What a line of a file is, when it is taken for its header. */
export type ColumnMatch =
  | { readonly kind: 'found'; readonly columns: Columns }
  | ({
      readonly kind: 'refused';
      /** How much of a header the line looks like: 0 not at all, more is better. */
      readonly rank: number;
    } & ColumnRefusal);

/** The columns of a line whose names could be a role's, by how surely they are. */
export type Candidates = Readonly<Record<Certainty, readonly number[]>>;

/**
 * Which column of a header line is what: where the profile says so, else by the words that are known for it. Never
 * guesses: two columns that could both be it, and a word known to mislead, are refused with both named.
 */
export function matchColumns(fields: readonly string[], profile: Profile): ColumnMatch {
  const candidates = candidatesIn(fields, profile);
  const problems: ColumnProblem[] = [];
  const placeOf = (found: number | null | ColumnProblem): number | null => {
    if (typeof found !== 'object' || found === null) return found;
    problems.push(found);
    return null;
  };
  const roleAt = (role: ColumnRole) => placeOf(findRole(role, fields, profile, candidates[role]));
  const [order, tracking, sku, quantity] = [
    roleAt('order'),
    roleAt('tracking'),
    roleAt('sku'),
    roleAt('quantity'),
  ];
  const columns = {
    carrier: roleAt('carrier'),
    carrierCode: roleAt('carrierCode'),
    title: roleAt('title'),
    ...itemColumns(sku, quantity, profile, candidates, placeOf),
    outcome: placeOf(findReportColumn('trackdrop_outcome', fields)),
    line: placeOf(findReportColumn('trackdrop_line', fields)),
  };
  if (order !== null && order === tracking) problems.push({ kind: 'shared', at: order });
  if (order !== null && tracking !== null && problems.length === 0) {
    return { kind: 'found', columns: { order, tracking, ...columns } };
  }
  const likeliest = (role: ColumnRole) => {
    const choice = profile.columns[role];
    if (typeof choice === 'object') return placesOf(choice, fields)[0];
    const { sure, possible, misleading } = candidates[role];
    return [...sure, ...possible, ...misleading][0];
  };
  return {
    kind: 'refused',
    rank: rankOf(candidates),
    ...refusalOf(problems, { fields, profile, likeliest }),
  };
}

/** What a file must have; nothing can be done without either. */
const NEEDED: ReadonlySet<ColumnRole> = new Set(['order', 'tracking']);

function findRole(
  role: ColumnRole,
  fields: readonly string[],
  { columns }: Profile,
  { sure, possible, misleading }: Candidates,
): number | null | ColumnProblem {
  const choice = columns[role];
  if (typeof choice === 'object') {
    const [place, ...others] = placesOf(choice, fields);
    // Whoever names a column means it: without it every row would silently lack what it holds.
    if (place === undefined) return { kind: 'missing', role, wanted: choice };
    return others.length > 0 ? { kind: 'unclear', role, at: [place, ...others] } : place;
  }
  if (choice === 'none') return NEEDED.has(role) ? { kind: 'missing', role, wanted: null } : null;
  const [place, ...others] = sure.length > 0 ? sure : possible;
  if (others.length > 0) return { kind: 'unclear', role, at: sure.length > 0 ? sure : possible };
  const isDoubtful = sure.length === 0 && misleading.length > 0;
  if (place !== undefined && !(isDoubtful && NEEDED.has(role))) return place;
  if (!NEEDED.has(role)) return null;
  if (isDoubtful) return { kind: 'unclear', role, at: [...possible, ...misleading].sort((a, b) => a - b) };
  return { kind: 'missing', role, wanted: null };
}

/**
 * A SKU and a quantity say together what a parcel holds: a misspelled `quantity` would ship one piece of each, a
 * misspelled `sku` everything that is open. Only a profile can say that a SKU alone means one piece. A quantity that
 * may as well count parcels is none where no SKU is.
 */
function itemColumns(
  sku: number | null,
  quantity: number | null,
  { columns }: Profile,
  candidates: Readonly<Record<ColumnRole, Candidates>>,
  placeOf: (found: ColumnProblem) => number | null,
): Pick<Columns, 'sku' | 'quantity'> {
  if (sku !== null && quantity === null && columns.quantity === 'auto') {
    return { sku: placeOf({ kind: 'half-an-item', there: 'sku', lacking: 'quantity' }), quantity };
  }
  if (sku !== null || quantity === null) return { sku, quantity };
  const isMeant = typeof columns.quantity === 'object' || candidates.quantity.sure.length > 0;
  if (!isMeant || columns.sku === 'none') return { sku, quantity: null };
  return { sku, quantity: placeOf({ kind: 'half-an-item', there: 'quantity', lacking: 'sku' }) };
}

/** A report's own columns have no other names: an input's `outcome` is none of ours. */
function findReportColumn(name: string, fields: readonly string[]): number | null | ColumnProblem {
  const [place = null, ...others] = fields.flatMap((field, index) => (field.trim() === name ? [index] : []));
  return place !== null && others.length > 0 ? { kind: 'twice', at: [place, ...others] } : place;
}

/** Columns that the profile names for one role are no candidates for another. */
function candidatesIn(
  fields: readonly string[],
  { columns }: Profile,
): Readonly<Record<ColumnRole, Candidates>> {
  const names = fields.map(simplified);
  const taken = new Set(
    Object.values(columns).flatMap((choice) => (typeof choice === 'object' ? placesOf(choice, fields) : [])),
  );
  const of = (role: ColumnRole): Candidates => {
    const found = { sure: [] as number[], possible: [] as number[], misleading: [] as number[] };
    for (const [index, name] of names.entries()) {
      const certainty = taken.has(index) ? undefined : certaintyOf(role, name);
      if (certainty) found[certainty].push(index);
    }
    return found;
  };
  return Object.fromEntries(COLUMN_ROLES.map((role) => [role, of(role)])) as Record<ColumnRole, Candidates>;
}

const RANKS: Readonly<Record<Certainty, number>> = { sure: 3, possible: 2, misleading: 1 };

/** Needed columns tell a header from prose; a word of the others may stand in any cell. */
function rankOf(candidates: Readonly<Record<ColumnRole, Candidates>>): number {
  const ranks = COLUMN_ROLES.map((role) => {
    const best = (['sure', 'possible', 'misleading'] as const).find(
      (certainty) => candidates[role][certainty].length > 0,
    );
    return best === undefined ? 0 : RANKS[best] * (NEEDED.has(role) ? 10 : 1);
  });
  return ranks.reduce((sum, rank) => sum + rank, 0);
}
