import type { ColumnRole, Profile } from '../../domain/profile.ts';
import { type Candidates, candidatesIn, likeliest, NEEDED, rankOf } from './candidates.ts';
import { simplified } from './column-name.ts';
import { type ColumnProblem, type ColumnRefusal, refusalOf } from './column-refusal.ts';
import type { Columns } from './columns.ts';
import { type PlacesOf, placesIn } from './columns-named.ts';
import { certaintyOf } from './synonyms.ts';

/** What a line of a file is, when it is taken for its header. */
export type ColumnMatch =
  | { readonly kind: 'found'; readonly columns: Columns }
  | ({
      readonly kind: 'refused';
      /** How much of a header the line looks like: 0 not at all, more is better. */
      readonly rank: number;
    } & ColumnRefusal);

/**
 * Which column of a header line is what: where the profile says so, else by the words that are known for it. Never
 * guesses: two columns that could both be it, and a word known to mislead, are refused with both named.
 */
export function matchColumns(fields: readonly string[], profile: Profile): ColumnMatch {
  const placesOf = placesIn(fields);
  const header = { fields, profile, placesOf, candidates: candidatesIn(fields, profile, placesOf) };
  const { candidates } = header;
  const problems: ColumnProblem[] = [];
  const placeIn = (found: Found): number | null => {
    if (found.problem !== undefined) problems.push(found.problem);
    return found.place;
  };
  const placeOf = (role: ColumnRole) => placeIn(findRole(role, header));
  const [order, tracking] = [placeOf('order'), placeOf('tracking')];
  const item = findItem(header);
  const columns = {
    carrier: placeOf('carrier'),
    carrierCode: placeOf('carrierCode'),
    title: placeOf('title'),
    sku: placeIn(item.sku),
    quantity: placeIn(item.quantity),
    shipment: placeOf('shipment'),
    storeView: placeOf('storeView'),
    source: placeOf('source'),
    outcome: placeIn(findReportColumn('trackdrop_outcome', fields)),
    line: placeIn(findReportColumn('trackdrop_line', fields)),
    drop: placeIn(findReportColumn('trackdrop_drop', fields)),
  };
  if (order !== null && order === tracking) problems.push({ kind: 'shared', at: order });
  if (order !== null && tracking !== null && problems.length === 0) {
    const moreTracking = furtherTracking(tracking, [order, ...Object.values(columns)], header);
    return { kind: 'found', columns: { order, tracking, moreTracking, ...columns } };
  }
  const line = { fields, profile, likeliest: (role: ColumnRole) => likeliest(candidates[role]) };
  return { kind: 'refused', rank: rankOf(candidates), ...refusalOf(problems, line) };
}

type Found =
  | { readonly place: number | null; readonly problem?: undefined }
  | { readonly place: null; readonly problem: ColumnProblem };

const NOT_THERE: Found = { place: null };
const trouble = (problem: ColumnProblem): Found => ({ place: null, problem });

/** A line that may be the header, prepared for being asked. */
interface HeaderLine {
  readonly fields: readonly string[];
  readonly profile: Profile;
  readonly placesOf: PlacesOf;
  readonly candidates: Readonly<Record<ColumnRole, Candidates>>;
}

function findRole(role: ColumnRole, { fields, profile, placesOf, candidates }: HeaderLine): Found {
  const choice = profile.columns[role];
  if (typeof choice === 'object') {
    const [place, ...others] = placesOf(choice);
    // Whoever names a column means it: without it every row would silently lack what it holds.
    if (place === undefined) return trouble({ kind: 'missing', role, wanted: choice });
    if (others.length > 0) return trouble({ kind: 'unclear', role, at: [place, ...others] });
    const isRow =
      profile.header === 'auto' &&
      choice.kind === 'position' &&
      NEEDED.includes(role) &&
      isValue(fields[place]);
    return isRow ? trouble({ kind: 'row', role, at: place }) : { place };
  }
  const { sure, possible, misleading } = candidates[role];
  const isNeeded = NEEDED.includes(role);
  if (choice === 'none') return isNeeded ? trouble({ kind: 'missing', role, wanted: null }) : NOT_THERE;
  const known = sure.length > 0 || !isNeeded ? [] : misleading;
  const rivals = [...(sure.length > 0 ? sure : possible), ...known].sort((a, b) => a - b);
  if (rivals.length > 1 || known.length > 0) return trouble({ kind: 'unclear', role, at: rivals });
  const [place] = rivals;
  if (place !== undefined) return { place };
  return isNeeded ? trouble({ kind: 'missing', role, wanted: null }) : NOT_THERE;
}

/**
 * Under a profile of positions any line would do for a header: the first row of a file without one would be lost. Names
 * have digits as well, a few behind a word: `Ref. 1`, and the `column_12` of our reports.
 */
function isValue(cell: string | undefined): boolean {
  return cell !== undefined && /\d/.test(cell) && !/^\p{L}{3}[\p{L}\s._-]*\d{0,3}$/u.test(cell);
}

/**
 * A SKU and a quantity say together what a parcel holds: a misspelled `quantity` would ship one piece of each, a
 * misspelled `sku` everything that is open. Only a profile can say that a SKU alone means one piece. A word that may
 * as well count parcels is no quantity where there is no SKU.
 */
function findItem(header: HeaderLine): { sku: Found; quantity: Found } {
  const { profile, candidates } = header;
  const sku = findRole('sku', header);
  const { sku: skuChoice, quantity: choice } = profile.columns;
  const isWithoutSku = sku === NOT_THERE;
  const isCount = choice === 'auto' && (skuChoice === 'none' || candidates.quantity.sure.length === 0);
  if (isWithoutSku && isCount) return { sku, quantity: NOT_THERE };
  const quantity = findRole('quantity', header);
  if (isWithoutSku && quantity.place !== null) {
    return { sku, quantity: trouble({ kind: 'half-an-item', there: 'quantity', lacking: 'sku' }) };
  }
  const isLacking = sku.place !== null && quantity === NOT_THERE && choice === 'auto';
  return {
    sku,
    quantity: isLacking ? trouble({ kind: 'half-an-item', there: 'sku', lacking: 'quantity' }) : quantity,
  };
}

/**
 * Columns of the name that the tracking column has, or of one that surely means it, with a number from 2 to 9 behind. A
 * name that we gave a column, since the file has no header, says nothing.
 */
function furtherTracking(
  tracking: number,
  taken: readonly (number | null)[],
  { fields, profile }: HeaderLine,
): readonly number[] {
  if (profile.header === 'none') return [];
  const choice = profile.columns.tracking;
  const own = simplified(fields[tracking] ?? '').replace(/1$/, '');
  const isNamed = own !== '' && !(typeof choice === 'object' && choice.kind === 'position');
  return fields.flatMap((field, at) => {
    const [, name] = /^(.+)[2-9]$/.exec(simplified(field)) ?? [];
    if (name === undefined || at === tracking || taken.includes(at)) return [];
    return (isNamed && name === own) || certaintyOf('tracking', name) === 'sure' ? [at] : [];
  });
}

/** A report's own columns have no other names: an input's `outcome` is none of ours. */
function findReportColumn(name: string, fields: readonly string[]): Found {
  const at = fields.flatMap((field, index) => (field.trim() === name ? [index] : []));
  return at.length > 1 ? trouble({ kind: 'twice', at }) : { place: at[0] ?? null };
}
