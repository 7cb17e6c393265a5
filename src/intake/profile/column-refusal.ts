import type { ColumnRef, ColumnRole, Profile } from '../../domain/profile.ts';
import { list, quoted } from '../wording.ts';
import { candidatesIn, likeliest as likeliestOf, NEEDED } from './candidates.ts';
import { simplified } from './column-name.ts';
import { shortRef } from './columns-named.ts';
import { profileHint } from './profile-lines.ts';

/** Why a line cannot be taken for the header. */
export interface ColumnRefusal {
  readonly code: 'no-such-column' | 'column-twice' | 'column-unclear';
  /** To be read after `Line 3: `. */
  readonly message: string;
  /** What a person can do about it, with the lines of a profile that would. */
  readonly hint: string;
}

/** What keeps a line's columns from being understood; places count from 0. */
export type ColumnProblem =
  /** `wanted`: what the profile says; null where it leaves the column to be found. */
  | { readonly kind: 'missing'; readonly role: ColumnRole; readonly wanted: ColumnRef | null }
  /** Each of the columns could be it, or the only one is of a name that misleads. */
  | { readonly kind: 'unclear'; readonly role: ColumnRole; readonly at: readonly number[] }
  /** The profile counts the columns, and this one's cell is a value, not a name. */
  | { readonly kind: 'row'; readonly role: ColumnRole; readonly at: number }
  /** A column of a report of ours. */
  | { readonly kind: 'twice'; readonly at: readonly number[] }
  /** The profile has one column for both order and tracking number. */
  | { readonly kind: 'shared'; readonly at: number }
  | { readonly kind: 'half-an-item'; readonly there: HalfOfItem; readonly lacking: HalfOfItem };

type HalfOfItem = 'sku' | 'quantity';

const WORDS: Readonly<Record<ColumnRole, string>> = {
  order: 'the order number',
  tracking: 'the tracking number',
  carrier: 'the carrier',
  carrierCode: 'the carrier code',
  title: 'the title',
  sku: 'the SKU',
  quantity: 'the quantity',
  shipment: 'the number of the shipment in Magento',
  storeView: 'the store view',
  source: 'the inventory source',
};

/** The plain format's names, which need no profile. */
const PLAIN_NAMES: Readonly<Record<ColumnRole, string>> = {
  order: 'order_number',
  tracking: 'tracking_number',
  carrier: 'carrier',
  carrierCode: 'carrier_code',
  title: 'title',
  sku: 'sku',
  quantity: 'quantity',
  shipment: 'magento_shipment_number',
  storeView: 'store_view_id',
  source: 'source_code',
};

/** The line, and how it was taken. */
interface RefusedLine {
  readonly fields: readonly string[];
  readonly profile: Profile;
  /** The likeliest column of a role, counted from 0; undefined where no name hints at it. */
  readonly likeliest: (role: ColumnRole) => number | undefined;
}

/** All that is wrong with a line in one message; `problems` holds at least one. */
export function refusalOf(problems: readonly ColumnProblem[], line: RefusedLine): ColumnRefusal {
  const { fields } = line;
  const isLacking = problems.some(({ kind }) => kind === 'missing' || kind === 'half-an-item');
  const there = fields.length === 0 ? 'no columns that can be read' : list(fields.map(quoted));
  const words = [...notFound(problems, line), ...problems.flatMap((problem) => wordsOf(problem, line))].join(
    '; ',
  );
  return {
    code: codeOf(problems, fields),
    message: `${words}.${isLacking ? ` It has ${there}.` : ''}`,
    hint: hintFor(problems, line),
  };
}

function codeOf(problems: readonly ColumnProblem[], fields: readonly string[]): ColumnRefusal['code'] {
  const areAlike = (at: readonly number[]) =>
    at.length > 1 && new Set(at.map((index) => simplified(fields[index] ?? ''))).size === 1;
  if (
    problems.some(
      (problem) => problem.kind === 'twice' || (problem.kind === 'unclear' && areAlike(problem.at)),
    )
  ) {
    return 'column-twice';
  }
  return problems.some(({ kind }) => kind === 'unclear' || kind === 'shared')
    ? 'column-unclear'
    : 'no-such-column';
}

/** The columns that no name hints at, all in one clause. */
function notFound(problems: readonly ColumnProblem[], { profile }: RefusedLine): readonly string[] {
  const roles = problems.flatMap((problem) =>
    problem.kind === 'missing' && problem.wanted === null ? [problem.role] : [],
  );
  if (roles.length === 0) return [];
  if (profile.header === 'none') {
    const numbers = list(roles.map((role) => WORDS[role]));
    return [
      roles.length === 1
        ? `the profile ${profile.name} does not say in which column ${numbers} stands`
        : `the profile ${profile.name} does not say in which columns ${numbers} stand`,
    ];
  }
  const names = list(roles.map((role) => PLAIN_NAMES[role]));
  return [`this should be the header line, and has no ${roles.length === 1 ? 'column' : 'columns'} ${names}`];
}

function wordsOf(problem: ColumnProblem, { fields, profile }: RefusedLine): readonly string[] {
  const names = (at: readonly number[]) => list(at.map((index) => quoted(fields[index] ?? '')));
  switch (problem.kind) {
    case 'missing':
      return problem.wanted === null ? [] : [notThere(problem.role, problem.wanted, profile)];
    case 'unclear':
      return problem.at.length === 1
        ? [`the column ${names(problem.at)} may be ${WORDS[problem.role]}, and may as well be something else`]
        : [`the columns ${names(problem.at)} could each be ${WORDS[problem.role]}`];
    case 'row':
      return [
        `${quoted(fields[problem.at] ?? '')} stands where the name of a column should, the one that holds ${WORDS[problem.role]}`,
      ];
    case 'twice':
      return [`the columns ${names(problem.at)} mean the same; only one of them can be there`];
    case 'shared':
      return [
        `the profile ${profile.name} takes both order number and tracking number from the column ${names([problem.at])}`,
      ];
    case 'half-an-item':
      return [
        `there is a column for ${WORDS[problem.there]} and none for ${WORDS[problem.lacking]}, and they say together what a parcel holds`,
      ];
  }
}

function notThere(role: ColumnRole, wanted: ColumnRef, { name }: Profile): string {
  const column =
    wanted.kind === 'position'
      ? `column ${wanted.position}`
      : `the column ${wanted.names.map(quoted).join(' or ')}`;
  return `the profile ${name} takes ${WORDS[role]} from ${column}, which is not there`;
}

function hintFor(problems: readonly ColumnProblem[], line: RefusedLine): string {
  const { fields, profile } = line;
  const shared = problems.find((problem) => problem.kind === 'shared');
  const likeliest = shared ? likeliestApart(shared.at, line) : line.likeliest;
  if (problems.every(({ kind }) => kind === 'twice')) return 'Remove one of them.';
  const roles = new Set<ColumnRole>(NEEDED);
  const extras: string[] = [];
  for (const problem of problems) {
    if (problem.kind === 'missing' || problem.kind === 'unclear') roles.add(problem.role);
    if (problem.kind === 'half-an-item') {
      roles.add(problem.lacking);
      extras.push(ALONE[problem.there]);
    }
  }
  if (problems.some(({ kind }) => kind === 'row')) {
    extras.push(`Where the file has no header line, the profile ${profile.name} needs header: none.`);
  } else if (NEEDED.every((role) => likeliest(role) === undefined)) {
    return profileHint(profile, { header: 'none', columns: { order: 1, tracking: 2 } }, HEADERLESS);
  }
  const entries = [...roles].map((role) => {
    const unclear = problems.find((problem) => problem.kind === 'unclear' && problem.role === role);
    const index = unclear?.kind === 'unclear' ? unclear.at[0] : likeliest(role);
    if (profile.header === 'none') return [role, index === undefined ? 'its position' : index + 1];
    return [role, index === undefined ? 'its name in the file' : shortRef(index, fields)];
  });
  return [profileHint(profile, { columns: Object.fromEntries(entries) }), ...extras].join(' ');
}

/**
 * As the names alone say, since the profile says the same of both; with no word for either the column stays the
 * order's.
 */
function likeliestApart(shared: number, { fields, profile }: RefusedLine): RefusedLine['likeliest'] {
  const columns = { ...profile.columns, order: 'auto', tracking: 'auto' } as const;
  const candidates = candidatesIn(fields, { columns });
  const tracking = likeliestOf(candidates.tracking);
  const order = likeliestOf(candidates.order) ?? (tracking === shared ? undefined : shared);
  return (role) => {
    if (role === 'order') return order;
    if (role === 'tracking') return tracking === order ? undefined : tracking;
    return likeliestOf(candidates[role]);
  };
}

const HEADERLESS =
  'The header line must name order number and tracking number, such as order_number and tracking_number. Where the file has no such line, say in a profile in which columns they stand';

const ALONE: Readonly<Record<HalfOfItem, string>> = {
  sku: 'Where each row is one piece, say quantity: none.',
  quantity: 'Where it counts something else, say quantity: none.',
};
