import type { Profile } from '../../domain/profile.ts';
import { valuesOf } from '../../intake/profile/column-values.ts';
import { columnsUsed } from '../../intake/profile/columns-used.ts';
import { orderHabits } from '../../intake/profile/order-habits.ts';
import { looksLikeStatus, suggestedRule } from '../../intake/profile/status-column.ts';
import { yamlColumn, yamlList } from '../../intake/profile/yaml-text.ts';
import type { DropLayout } from '../../intake/reading/layout.ts';
import { list, quoted } from '../../intake/wording.ts';

/** Of the records that become rows, the first ones. */
export interface RowSample {
  /** As they were cut. */
  readonly records: readonly (readonly string[])[];
  readonly orderNumbers: readonly string[];
}

/**
 * What can be read and may still be wrong, a sentence each with the keys that would change it: parcels that were
 * cancelled among the rows, and order numbers with something round them that is not the shop's.
 */
export function secondLooks(layout: DropLayout, profile: Profile, sample: RowSample): string[] {
  return [...cancelledAmongRows(layout, profile, sample), ...oddOrderNumbers(sample)];
}

function cancelledAmongRows(layout: DropLayout, profile: Profile, { records }: RowSample): string[] {
  const { used, ruling } = columnsUsed(layout, profile);
  const taken = new Set([...used, ...ruling].map(({ position }) => position - 1));
  return layout.fields.flatMap((name, index) => {
    const values = taken.has(index) ? undefined : valuesOf(records, index);
    if (values === undefined || !looksLikeStatus(name, values)) return [];
    const rule = suggestedRule(name, values);
    if (!('skip' in rule)) return [];
    const column = yamlColumn(layout.header === null ? index + 1 : name);
    return [
      `The column ${quoted(name)} holds ${list(rule.skip.map(quoted))} in some of the rows. Where such a row must not count: rows: [{ column: ${column}, skip: ${yamlList(rule.skip)} }].`,
    ];
  });
}

function oddOrderNumbers({ orderNumbers }: RowSample): string[] {
  const { prefix, suffixes } = orderHabits(
    valuesOf(
      orderNumbers.map((each) => [each]),
      0,
    ),
  );
  return [
    ...(prefix === null
      ? []
      : [
          `The order numbers begin with ${quoted(prefix)}. Where the shop's do not: orderNumber: { stripPrefixes: ${yamlList([prefix])} }.`,
        ]),
    ...(suffixes.length === 0
      ? []
      : [
          `Many order numbers end with ${list(suffixes.map(quoted))}. Where the shop's do not: orderNumber: { stripSuffixes: ${yamlList(suffixes)} }.`,
        ]),
  ];
}
