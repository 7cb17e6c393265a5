import { delimiterName } from '../../intake/profile/delimiter-name.ts';
import { MAGENTO_DIGITS } from '../../intake/profile/order-habits.ts';
import { suggestedRule } from '../../intake/profile/status-column.ts';
import { yamlColumn, yamlList, yamlText } from '../../intake/profile/yaml-text.ts';
import type { TextFormat } from '../../intake/reading/text.ts';
import { quoted } from '../../intake/wording.ts';
import { columnLines } from './starting-columns.ts';
import { mapLines } from './starting-maps.ts';
import type { StartingProfile } from './starting-profile.ts';

/** What is known of a profile beside what the rows show. */
interface StartingFacts {
  /** The sample's name. */
  readonly file: string;
  /** Pattern of the names of such files. */
  readonly pattern: string;
  readonly format: TextFormat;
  /** No letter says which encoding it is. */
  readonly isAscii: boolean;
  /** The preset that reads such files, and why; null where none does. */
  readonly preset: { readonly name: string; readonly why: string } | null;
}

/** The keys of a profile, with what a person should know beside them; each a line without a line end. */
export function startingYaml(profile: StartingProfile, facts: StartingFacts): string[] {
  const { preset, file, pattern } = facts;
  return [
    `about: ${yamlText(`Files such as ${file}`)}`,
    ...(preset ? [`extends: ${preset.name}    # reads such files: ${comment(preset.why)}`] : []),
    `files: ${yamlList([pattern])}    # with profile: auto, these are its files`,
    ...(preset ? [] : shapeLines(profile, facts)),
    ...columnLines(profile),
    ...ruleLines(profile),
    ...habitLines(profile),
    ...carrierLines(profile),
    ...mapLines(profile),
  ];
}

function shapeLines(
  { shape: { dialect, header, width, mostCells } }: StartingProfile,
  { format, isAscii }: StartingFacts,
): string[] {
  return [
    ...(isAscii ? [] : [`encoding: ${format.encoding}`]),
    `delimiter: ${delimiterName(dialect.delimiter)}`,
    ...(dialect.quotes ? [] : ['quotes: false    # CHECK: quotes stand inside of cells here']),
    ...(mostCells > width
      ? [
          `# Lines have up to ${mostCells} cells. Where the last column holds the delimiter itself, take the # away:`,
          ...(dialect.quotes ? ['# quotes: false'] : []),
          `# restColumn: ${width}`,
        ]
      : []),
    ...(header === null ? ['header: none    # the first line is a row already'] : []),
    ...(header !== null && header.line > 1
      ? [`# The header is found by itself, here on line ${header.line}.`]
      : []),
  ];
}

/** Proposed only: nobody but the merchant knows which of the words mean that the parcel is on its way. */
function ruleLines({ statuses }: StartingProfile): string[] {
  if (statuses.length === 0) return [];
  const rules = statuses.map(({ ref, values }) => {
    const rule = suggestedRule(String(ref), values);
    const choice = 'skip' in rule ? `skip: ${yamlList(rule.skip)}` : `only: ${yamlList(rule.only)}`;
    return `#   - { column: ${yamlColumn(ref)}, ${choice} }    # ${numbered(values.counts)}`;
  });
  return [
    '# Do all rows count? Where a column says which do, take the # away, and keep the right words:',
    '# rows:',
    ...rules,
  ];
}

function habitLines({ habits: { prefix, suffixes, short } }: StartingProfile): string[] {
  const lines = [
    ...(prefix === null ? [] : [`#   stripPrefixes: ${yamlList([prefix])}`]),
    ...(suffixes.length === 0 ? [] : [`#   stripSuffixes: ${yamlList(suffixes)}`]),
    ...(short === null
      ? []
      : [`#   padTo: ${MAGENTO_DIGITS}    # ${short} becomes ${short.padStart(MAGENTO_DIGITS, '0')}`]),
  ];
  if (lines.length === 0) return [];
  return [
    '# Are these the order numbers as the shop has them? Where they are not, take the # away:',
    '# orderNumber:',
    ...lines,
  ];
}

const MOST_CARRIERS = 12;
/** The configuration takes no longer one, as Magento's column holds none. */
const LONGEST_TITLE = 255;

function carrierLines({ carrier, recognised, isTitled }: StartingProfile): string[] {
  const counts = (carrier?.values.counts ?? []).filter(([value]) => value.length <= LONGEST_TITLE);
  if (counts.length > 0) {
    const entries = counts.slice(0, MOST_CARRIERS).map(([value, count]) => {
      const words = yamlText(value);
      return `    - { says: ${yamlList([value])}, code: custom, title: ${words} }    # ${rows(count)}`;
    });
    return [
      'carriers:',
      '  # What the file says, and what the customer reads. The code is custom; ups, usps, fedex and dhl only where the',
      '  # shop has an account with them configured.',
      '  map:',
      ...entries,
    ];
  }
  if (isTitled) return [];
  if (recognised.length === 0) {
    return ['# What do customers read above the number?', '# carriers:', '#   defaultTitle: Our carrier'];
  }
  const [[name] = ['']] = recognised;
  return [
    `# No column says who carries the parcel. The numbers look like: ${numbered(recognised)}.`,
    '# carriers:',
    recognised.length === 1
      ? `#   defaultTitle: ${yamlText(name)}    # or, where it may be another: recognise: true`
      : '#   recognise: true    # tells the carrier from the number',
  ];
}

function numbered(counts: readonly (readonly [string, number])[]): string {
  return counts.map(([value, count]) => `${comment(quoted(value))} ${rows(count)}`).join(', ');
}

function rows(count: number): string {
  return count === 1 ? '1 row' : `${count} rows`;
}

/** A comment ends with its line. */
function comment(words: string): string {
  return words.replace(/\s+/g, ' ');
}
