import { COLUMN_ROLES, type ColumnRole, type Profile } from '../../domain/profile.ts';
import type { DropLayout } from '../reading/layout.ts';
import { simplified } from './column-name.ts';
import { certaintyOf } from './synonyms.ts';

/** A column of a file that is read, and why it is taken for what it is. */
export interface UsedColumn {
  readonly role: ColumnRole;
  readonly name: string;
  /** Counted from 1. */
  readonly position: number;
  /** `named`: the profile says so; `sure`: its name does; `likely`: its name may mean something else, and no other fits. */
  readonly certainty: 'named' | 'sure' | 'likely';
}

/** The columns that mean something to us, by role, and the names of the others. */
export function columnsUsed(
  { fields, columns }: Pick<DropLayout, 'fields' | 'columns'>,
  profile: Profile,
): { readonly used: readonly UsedColumn[]; readonly unused: readonly string[] } {
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
  const taken = new Set([...used.map(({ position }) => position - 1), columns.outcome, columns.line]);
  return { used, unused: fields.filter((_, index) => !taken.has(index)) };
}
