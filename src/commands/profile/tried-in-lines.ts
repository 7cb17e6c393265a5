import type { UnreadableDropError } from '../../domain/failure.ts';
import type { ColumnRole } from '../../domain/profile.ts';
import { columnsUsed, type RulingColumn, type UsedColumn } from '../../intake/profile/columns-used.ts';
import { delimiterName } from '../../intake/profile/delimiter-name.ts';
import { list, quoted } from '../../intake/wording.ts';
import { printable } from '../../runtime/printable.ts';
import { type Column, cutToWidth, table, wrapWords } from '../table.ts';
import { dressFor, type Terminal, widthOf } from '../terminal.ts';
import { rowsTable, shortCell } from './rows-table.ts';
import { secondLooks } from './second-looks.ts';
import { shellWord } from './shell-word.ts';
import type { Sighting, SkippedGroup } from './sighting.ts';
import type { TriedAbout } from './tried-for-programs.ts';
import type { LineEnd, Tried } from './try-reading.ts';

type Read = Extract<Tried, { kind: 'read' }>;

/** What was found in a file as lines for people, each without a line end. */
export function triedInLines(tried: Tried, about: TriedAbout, terminal: Terminal): string[] {
  const width = widthOf(terminal);
  const dress = dressFor(terminal);
  const titled = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', dress('bold', title), ...lines];
  if (tried.kind === 'failed') return failureInLines(tried.error, about, width, dress);
  const { sighting } = tried;
  return [
    ...headInLines(tried, about, width),
    ...titled('Columns', columnsInLines(tried, width)),
    ...titled(rowsTitle(sighting), rowsTable(sighting.rows, width)),
    ...titled(
      'Skipped',
      sighting.skipped.map((group) => cutToWidth(skippedInWords(group), width)),
    ),
    ...titled('Bad rows', badInLines(sighting, width)),
    ...titled('Look at', looksInLines(tried, width)),
    '',
    dress(sighting.counts.bad > 0 ? 'red' : 'green', summary(tried)),
  ];
}

function failureInLines(
  { message, hint, code }: UnreadableDropError,
  { file, path }: TriedAbout,
  width: number,
  dress: (style: 'red', text: string) => string,
): string[] {
  return [
    dress('red', `${printable(file)} cannot be read: no row of it would be pushed.`),
    ...wrapWords(printable(message), width),
    ...(hint === '' ? [] : ['', ...wrapWords(printable(hint), width)]),
    // Never wrapped: a shell would take each line for a command.
    ...(ABOUT_COLUMNS.has(code)
      ? ['', 'A profile to start from:', `  trackdrop profile new ${shellWord(path)}`]
      : []),
  ];
}

/** Failures that a profile puts right. */
const ABOUT_COLUMNS: ReadonlySet<string> = new Set([
  'no-such-column',
  'column-twice',
  'column-unclear',
  'no-delimiter',
]);

function headInLines(tried: Read, { source, inbox, why }: TriedAbout, width: number): string[] {
  const { layout, profile, format, lineEnd } = tried;
  const reason = why ?? layout?.profile.why;
  const settings = source === null ? 'none found; presets and defaults hold' : source;
  const facts: (readonly [string, string])[] = [
    ['configuration', inbox === null ? settings : `${settings}, inbox ${inbox}`],
    ['profile', `${profile.name}${reason ? `: ${reason}` : ''}`],
    ['encoding', ENCODINGS[format.encoding] + (format.hasMark ? ', with a byte order mark' : '')],
    ['line ends', lineEnd === null ? 'none' : LINE_ENDS[lineEnd]],
  ];
  if (layout !== null) {
    const { delimiter, quotes, restColumn } = layout.dialect;
    const name = delimiterName(delimiter);
    const rest = restColumn === null ? '' : `; column ${restColumn} takes the rest of the line`;
    facts.push(['delimiter', `${name}${quotes ? '' : ', and quotes mean nothing'}${rest}`]);
    facts.push(['header', layout.header === null ? 'none' : `line ${layout.header.line}`]);
  }
  const indent = Math.max(...facts.map(([name]) => name.length)) + 2;
  return facts.flatMap(([name, words]) => {
    const [first = '', ...others] = wrapWords(printable(words), width - indent);
    return [name.padEnd(indent) + first, ...others.map((line) => ' '.repeat(indent) + line)];
  });
}

const ENCODINGS = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16 LE',
  'utf-16be': 'UTF-16 BE',
  'windows-1252': 'Windows-1252',
  'iso-8859-1': 'ISO-8859-1',
} as const;

const LINE_ENDS: Readonly<Record<LineEnd, string>> = { lf: 'LF', crlf: 'CR LF', cr: 'CR alone' };

const COLUMN_HEADS: readonly Column[] = [{ head: 'READ AS' }, { head: 'COLUMN' }, { head: 'WHY' }];

const ROLES: Readonly<Record<ColumnRole, string>> = {
  order: 'order number',
  tracking: 'tracking number',
  carrier: 'carrier',
  carrierCode: 'carrier code',
  title: 'title',
  sku: 'SKU',
  quantity: 'quantity',
  shipment: 'shipment number',
  storeView: 'store view',
  source: 'source',
};

const WHY: Readonly<Record<UsedColumn['certainty'], string>> = {
  named: 'the profile names it',
  sure: 'its name says so',
  likely: 'likely: no other column looks like it; name it in a profile to be sure',
};

function columnsInLines({ layout, profile }: Read, width: number): string[] {
  if (layout === null) return [];
  const { used, ruling, unused } = columnsUsed(layout, profile);
  const columnIn = ({ name, position }: RulingColumn) =>
    layout.header === null ? `number ${position}` : `${shortCell(name)}, number ${position}`;
  const rows = [
    ...used.map((column) => [ROLES[column.role], columnIn(column), WHY[column.certainty]]),
    ...ruling.map((column) => ['which rows count', columnIn(column), 'a rule of the profile looks at it']),
  ];
  const lines = table(COLUMN_HEADS, rows, { width });
  // Without a header nothing has a name.
  if (unused.length === 0 || layout.header === null) return lines;
  return [...lines, cutToWidth(`not used: ${list(unused.map(quoted))}`, width)];
}

function rowsTitle({ rows, counts }: Sighting): string {
  return rows.length < counts.rows ? `The first ${rows.length} of ${counts.rows} rows` : 'Rows';
}

function skippedInWords({ reason, count, lines }: SkippedGroup): string {
  const where = list([...lines.map(String), ...(lines.length < count ? ['more'] : [])]);
  return `${count}: ${printable(reason)} (${count === 1 ? 'line' : 'lines'} ${where})`;
}

function badInLines({ bad, counts }: Sighting, width: number): string[] {
  const lines = bad.flatMap(({ message }) => hanging(message, width));
  return bad.length < counts.bad ? [...lines, `and ${counts.bad - bad.length} more`] : lines;
}

function looksInLines({ layout, profile, sighting }: Read, width: number): string[] {
  const looks = layout === null ? [] : secondLooks(layout, profile, sighting.sample);
  return looks.flatMap((words) => hanging(words, width));
}

/** Lines that show which of them begins a sentence: those after it stand further in. */
function hanging(words: string, width: number): string[] {
  return wrapWords(printable(words), width - 2).map((line, at) => (at === 0 ? line : `  ${line}`));
}

function summary({ layout, sighting: { counts }, isDamaged }: Read): string {
  if (layout === null) return 'The file is empty: there is nothing to do.';
  const { rows, doubtful, skipped, bad } = counts;
  const parts = [
    `${rows === 1 ? '1 row' : `${rows} rows`} can be read${doubtful > 0 ? `, ${doubtful} of them with a note` : ''}`,
    `${skipped} skipped`,
    `${bad} bad`,
  ];
  const damage = isDamaged
    ? ' A spreadsheet has damaged the long numbers of this file: have it exported again.'
    : '';
  return `${parts.join('; ')}.${damage}`;
}
