import type { ColumnRole } from '../../domain/profile.ts';
import type { ColumnValues } from '../../intake/profile/column-values.ts';
import { yamlColumn } from '../../intake/profile/yaml-text.ts';
import { list, quoted } from '../../intake/wording.ts';
import type { ProposedRole, SeenColumn, StartingProfile } from './starting-profile.ts';

/** What a person is asked where several columns may be it, and where one may be. */
const QUESTIONS: Readonly<Partial<Record<ColumnRole, readonly [several: string, one: string]>>> = {
  order: [
    "Which of these is the shop's order number? Take its # away.",
    "Is this the shop's order number? Then take its # away.",
  ],
  tracking: [
    'Which of these is the tracking number? Take its # away.',
    'Is this the tracking number? Then take its # away.',
  ],
  carrier: [
    'Does one of these say who carries the parcel? Then take its # away.',
    'Does this say who carries the parcel? Then take its # away.',
  ],
  title: [
    'Should customers read one of these above the number? Then take its # away.',
    'Should customers read this above the number? Then take its # away.',
  ],
  sku: [
    'Which of these is the SKU of what the parcel holds, as the shop has it? Take its # away.',
    'Is this the SKU of what the parcel holds, as the shop has it? Then take its # away.',
  ],
  quantity: [
    'And which is the number of pieces? Where each row is one piece: quantity: none.',
    'And is this the number of pieces? Where each row is one piece: quantity: none.',
  ],
};

const UNKNOWN: Readonly<Partial<Record<ColumnRole, string>>> = {
  order: "# order:    # CHECK: no column looks like the shop's order number; write its name here",
  tracking: '# tracking:    # CHECK: no column looks like the tracking number; write its name here',
};

/** The lines of `columns:`; those that a person has to decide are comments. */
export function columnLines({ roles, unused, shape }: StartingProfile): string[] {
  const lines = [...roles.filter(({ role }) => !ITEM.includes(role)).flatMap(roleLines), ...itemLines(roles)];
  if (roles.length === 0) return [];
  const rest = unused.length === 0 ? [] : [`# Not used: ${list(unused.map(quoted))}`];
  if (shape.header === null) {
    const cells = (shape.records[0] ?? []).map((value, index) => `${index + 1} ${quoted(value)}`);
    rest.push(`# The first row: ${cells.join(', ')}`);
  }
  return ['columns:', ...[...lines, ...rest].map((line) => `  ${line}`)];
}

const ITEM: readonly ColumnRole[] = ['sku', 'quantity'];

/** Neither column says anything without the other, and words such as barcode stand in many files. */
function itemLines(roles: readonly ProposedRole[]): string[] {
  const [sku, quantity] = ITEM.map((wanted) => roles.find(({ role }) => role === wanted));
  if (sku === undefined || quantity === undefined) return [];
  if (sku.columns.length > 0 && quantity.columns.length > 0) return [sku, quantity].flatMap(roleLines);
  const isTaken = ({ certainty }: ProposedRole) => certainty === 'sure' || certainty === 'check';
  if (isTaken(sku)) {
    return [
      ...roleLines(sku),
      '# quantity: none    # CHECK: no column says how many pieces; where each row is one, take the # away',
    ];
  }
  const [count] = quantity.columns;
  if (!isTaken(quantity) || count === undefined) return [];
  return [
    `# CHECK: ${yamlColumn(count.ref)} counts pieces, and no column says of what. Where it counts something else, take the # away.`,
    '# quantity: none',
  ];
}

function roleLines({ role, certainty, columns }: ProposedRole): string[] {
  const line = ({ ref, values }: SeenColumn, warning = '') =>
    `${role}: ${yamlColumn(ref)}    # ${warning}${samples(values)}`;
  const [first] = columns;
  if (first === undefined) {
    const words = UNKNOWN[role];
    return words === undefined ? [] : [words];
  }
  if (certainty === 'sure') return [line(first)];
  if (certainty === 'check') return [line(first, 'CHECK: the name may mean something else; ')];
  if (certainty === 'guess') {
    const others = columns.slice(1).map((column) => `# or ${line(column)}`);
    return [line(first, 'CHECK: so the values look; '), ...others];
  }
  const [several, one] = QUESTIONS[role] ?? [];
  const question = columns.length > 1 ? several : one;
  return [
    ...(question === undefined ? [] : [`# ${question}`]),
    ...columns.map((column) => `# ${line(column)}`),
  ];
}

const MOST_SAMPLES = 2;

function samples({ counts }: ColumnValues): string {
  if (counts.length === 0) return 'empty in these rows';
  const shown = counts.slice(0, MOST_SAMPLES).map(([value]) => quoted(value));
  return `such as ${shown.join(', ')}`;
}
