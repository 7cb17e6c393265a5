import { COLUMN_ROLES, type ColumnRole, type Profile } from '../../domain/profile.ts';
import { simplified } from './column-name.ts';
import type { Columns } from './columns.ts';
import { columnAt } from './columns-named.ts';
import { certaintyOf } from './synonyms.ts';

/** A column of a file that is read, and why it is taken for what it is. */
export interface UsedColumn {
  readonly role: ColumnRole;
  readonly name: string;
  /** Counted from 1. */
  readonly position: number;
  /**
   * `named`: the profile says so; `sure`: its name does; `likely`: its name may mean something else, and no other fits.
   */
  readonly certainty: 'named' | 'sure' | 'likely';
}

/** A column by which the profile decides which rows count. */
export type RulingColumn = Pick<UsedColumn, 'name' | 'position'>;

/**
 * The columns that mean something to us, by role, those by which the profile decides which rows count, whether they mean
 * something besides or not, and the names of the others.
 */
export function columnsUsed(
  { fields, columns }: { readonly fields: readonly string[]; readonly columns: Columns },
  profile: Profile,
): {
  readonly used: readonly UsedColumn[];
  readonly ruling: readonly RulingColumn[];
  readonly unused: readonly string[];
} {
  const used = COLUMN_ROLES.flatMap((role): UsedColumn[] => {
    const index = columns[role];
    if (index === null) return [];
    const name = fields[index] ?? '';
    const isNamed = typeof profile.columns[role] === 'object';
    const certainty = isNamed ? 'named' : certaintyOf(role, simplified(name)) === 'sure' ? 'sure' : 'likely';
    const more = role === 'tracking' ? columns.moreTracking : [];
    return [
      { role, name, position: index + 1, certainty },
      ...more.map(
        (at): UsedColumn => ({ role, name: fields[at] ?? '', position: at + 1, certainty: 'sure' }),
      ),
    ];
  });
  const ruled = new Set(profile.rows.flatMap(({ column }) => columnAt(column, fields) ?? []));
  const ruling = [...ruled].map((index) => ({ name: fields[index] ?? '', position: index + 1 }));
  const taken = new Set([
    ...[...used, ...ruling].map(({ position }) => position - 1),
    ...[columns.outcome, columns.line, columns.drop],
  ]);
  return { used, ruling, unused: fields.filter((_, index) => !taken.has(index)) };
}
