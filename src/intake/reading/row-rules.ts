import { UnreadableDropError } from '../../domain/failure.ts';
import type { RowRule } from '../../domain/profile.ts';
import { columnAt } from '../profile/columns-named.ts';
import { unwrapped } from '../protect.ts';
import { list, quoted } from '../wording.ts';
import { openCellPatterns, remembered } from './cell-pattern.ts';
import { cellMissing } from './cell-problem.ts';
import type { DropLayout } from './layout.ts';

/** Why a record does not count, undefined for one that does. */
type Reason = (cells: readonly string[]) => string | undefined;

/** Why a record of a profile's file is no row. */
interface RowRules {
  /** By the first cell, which no stray delimiter can have moved: it may say what kind of record it is. */
  readonly byFirstCell: Reason;
  readonly byOthers: Reason;
  /** What is wrong with a record that ends before a cell of which some value is wanted; in words. */
  readonly missing: Reason;
}

/**
 * Prepares deciding by a profile's rules which records count.
 * @throws UnreadableDropError `no-such-column` where a rule's column is not there: a file without its status column
 * would have its cancelled rows sent.
 */
export function openRowRules(layout: DropLayout, rules: readonly RowRule[]): RowRules {
  const opened = rules.map((rule) => {
    const index = columnAt(rule.column, layout.fields);
    if (index === undefined) throw columnMissing(rule, layout);
    return { index, ...openRule(rule, layout.fields[index] ?? '') };
  });
  const needed = opened.filter(({ isNeeded }) => isNeeded);
  const reasonBy = (some: typeof opened): Reason => {
    return (cells) => {
      for (const { index, reasonOf, isNeeded } of some) {
        if (isNeeded && cells[index] === undefined) continue;
        const reason = reasonOf(cells[index] ?? '');
        if (reason !== undefined) return reason;
      }
      return undefined;
    };
  };
  return {
    byFirstCell: reasonBy(opened.filter(({ index }) => index === 0)),
    byOthers: reasonBy(opened.filter(({ index }) => index > 0)),
    missing: (cells) => {
      const cut = needed.find(({ index }) => cells[index] === undefined);
      return cut && cellMissing(cut.index, cells, layout);
    },
  };
}

interface OpenedRule {
  readonly reasonOf: (cell: string) => string | undefined;
  /** True where the rule decides nothing without its cell: a line cut short says nothing of its status. */
  readonly isNeeded: boolean;
}

function openRule({ only, skip }: RowRule, column: string): OpenedRule {
  const wanted = openCellPatterns(only);
  const unwanted = openCellPatterns(skip);
  const among = `not one of ${list(only.map(quoted))}`;
  const reasonOf = remembered((cell: string) => {
    const text = unwrapped(cell);
    const isSaid = text === '' ? `${column} is empty` : `${column} is ${quoted(text)}`;
    if (unwanted(text) >= 0) return isSaid;
    return only.length > 0 && wanted(text) < 0 ? `${isSaid}, ${among}` : '';
  });
  return {
    reasonOf: (cell) => reasonOf(cell) || undefined,
    isNeeded: only.length > 0 && wanted('') < 0 && unwanted('') < 0,
  };
}

function columnMissing({ column }: RowRule, { fields, header, profile }: DropLayout): UnreadableDropError {
  const called = column.kind === 'position' ? `number ${column.position}` : list(column.names.map(quoted));
  return new UnreadableDropError(
    'no-such-column',
    `The profile ${profile.name} decides by the column ${called} which rows count, and the file has no such column. It has ${list(fields.map(quoted))}.`,
    header?.line ?? 1,
    `Correct the column under rows in the profile, or have it exported again.`,
  );
}
