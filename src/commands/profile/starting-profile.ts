import type { ColumnRole, Profile } from '../../domain/profile.ts';
import { NEEDED } from '../../intake/profile/candidates.ts';
import {
  type ColumnValues,
  orderLikeness,
  trackingLikeness,
  valuesOf,
} from '../../intake/profile/column-values.ts';
import { columnAt, shortRef } from '../../intake/profile/columns-named.ts';
import { type OrderHabits, orderHabits } from '../../intake/profile/order-habits.ts';
import { type Proposal, propose } from '../../intake/profile/propose.ts';
import { looksLikeStatus } from '../../intake/profile/status-column.ts';
import type { Shape } from '../../intake/reading/guess-shape.ts';
import { openRecognition } from '../../intake/reading/recognise.ts';

/** What a file shows of the profile that would read it. */
export interface StartingProfile {
  readonly shape: Shape;
  /** All of them, or those that the preset leaves open and that nothing can be read without. */
  readonly roles: readonly ProposedRole[];
  /** Columns that may say which rows count. */
  readonly statuses: readonly SeenColumn[];
  readonly habits: OrderHabits;
  /** Where no column names the carrier: whose the numbers look like, most first. */
  readonly recognised: readonly (readonly [carrier: string, count: number])[];
  /** The one that names the carrier; undefined where none does for sure. */
  readonly carrier: SeenColumn | undefined;
  /** The preset says already what customers read. */
  readonly isTitled: boolean;
  /** Names of the columns that mean nothing. */
  readonly unused: readonly string[];
}

/** A column of the sample. */
export interface SeenColumn {
  /** As a profile names it. */
  readonly ref: string | number;
  readonly values: ColumnValues;
}

/** What a role's column may be, for the person who ends the profile. */
export interface ProposedRole {
  readonly role: ColumnRole;
  /** As in `Proposal`; `guess`: nothing but the look of the values says so. */
  readonly certainty: Proposal['certainty'] | 'guess';
  /** The columns that it may be, the likeliest first. */
  readonly columns: readonly SeenColumn[];
}

/** A longer one is no name that the configuration takes. */
const LONGEST_NAME = 200;

/** As likely as not: a column that has fewer such values is not guessed at. */
const LIKELY = 0.5;

/** Works out a profile from the first rows; `preset` is the one that reads the file already. */
export function startingProfile(shape: Shape, preset: Profile | undefined): StartingProfile {
  const { header, records, width } = shape;
  const fields = header?.fields ?? Array.from({ length: width }, () => '');
  const seen = fields.map((name, index) => ({
    ref: name.length > LONGEST_NAME ? index + 1 : shortRef(index, fields),
    values: valuesOf(records, index),
  }));
  const at = (index: number) => seen.slice(index, index + 1);
  const likeliest = byLook(seen);
  const roles = propose(fields).map(({ role, certainty, at: places }): ProposedRole => {
    const guesses = likeliest(role);
    if (certainty !== 'absent') return { role, certainty, columns: places.flatMap(at) };
    if (header === null && guesses.length > 0) return { role, certainty: 'guess', columns: guesses };
    return { role, certainty: guesses.length > 0 ? 'choose' : 'absent', columns: guesses };
  });
  const columnOf = (wanted: ColumnRole): SeenColumn | undefined =>
    preset?.columns[wanted] === 'none'
      ? undefined
      : (columnInPreset(wanted, preset, seen, fields) ??
        roles.find(({ role }) => role === wanted)?.columns[0]);
  const taken = new Set(roles.flatMap(({ columns }) => columns));
  const isNamed = roles.some(
    ({ role, columns }) => ['carrier', 'carrierCode'].includes(role) && columns.length > 0,
  );
  const tracking = columnOf('tracking');
  const ruled = new Set(preset?.rows.map(({ column }) => columnAt(column, fields)));
  const carrierRole = roles.find(({ role }) => role === 'carrier');
  const isCarrierSure = preset !== undefined || ['sure', 'check'].includes(carrierRole?.certainty ?? '');
  const isOpen = ({ role }: ProposedRole) =>
    preset === undefined || (NEEDED.includes(role) && preset.columns[role] === 'auto');
  return {
    shape,
    roles: roles.filter(isOpen),
    statuses: seen.filter(
      (column, index) =>
        !taken.has(column) && !ruled.has(index) && looksLikeStatus(fields[index] ?? '', column.values),
    ),
    habits: orderHabits(columnOf('order')?.values ?? { filled: 0, counts: [] }),
    recognised: isNamed || tracking === undefined ? [] : carriersOf(tracking.values),
    carrier: isCarrierSure ? columnOf('carrier') : undefined,
    isTitled:
      preset !== undefined && (preset.carriers.defaultTitle !== null || preset.columns.title !== 'none'),
    unused:
      header === null || preset !== undefined
        ? []
        : fields.filter((_, index) => !taken.has(seen[index] as SeenColumn)),
  };
}

/** Columns that look like order or tracking numbers, the likeliest first; no column is both. */
function byLook(seen: readonly SeenColumn[]): (role: ColumnRole) => readonly SeenColumn[] {
  const rank = (likeness: (values: ColumnValues) => number, of: readonly SeenColumn[]) =>
    of
      .map((column) => ({ column, likeness: likeness(column.values) }))
      .filter(({ likeness }) => likeness >= LIKELY)
      .sort((a, b) => b.likeness - a.likeness)
      .map(({ column }) => column);
  const tracking = rank(trackingLikeness, seen);
  const order = rank(
    orderLikeness,
    seen.filter((column) => column !== tracking[0]),
  );
  return (role) => (role === 'tracking' ? tracking : role === 'order' ? order : []);
}

function columnInPreset(
  role: ColumnRole,
  preset: Profile | undefined,
  seen: readonly SeenColumn[],
  fields: readonly string[],
): SeenColumn | undefined {
  const ref = preset?.columns[role];
  const index = typeof ref === 'object' ? columnAt(ref, fields) : undefined;
  return index === undefined ? undefined : seen[index];
}

function carriersOf({ counts }: ColumnValues): readonly (readonly [string, number])[] {
  const carrierOf = openRecognition();
  const found = new Map<string, number>();
  for (const [value, count] of counts) {
    const carrier = carrierOf(value);
    if (carrier !== undefined) found.set(carrier, (found.get(carrier) ?? 0) + count);
  }
  return [...found].sort(([, a], [, b]) => b - a);
}
