import { UnreadableDropError } from '../../domain/failure.ts';
import { PLAIN, type Profile, type ProfileChoice } from '../../domain/profile.ts';
import { type Chosen, profileByHeader } from '../profile/choose.ts';
import type { Columns } from '../profile/columns.ts';
import { type ColumnMatch, matchColumns } from '../profile/match-columns.ts';
import { cutFirst, DELIMITERS_TRIED, type Dialect, type RawRecord } from './cells.ts';
import { HEAD_BYTES, type Head, type HeadLine } from './head.ts';
import type { DropLayout } from './layout.ts';
import { profileByReport } from './report-profile.ts';
import { commonWidth, greatestWidth, rowWidths } from './row-widths.ts';
import { SURE, weighHeader } from './weigh-header.ts';

/** How a file was understood, and the profile that says what its rows mean. */
interface FoundLayout {
  readonly layout: DropLayout;
  readonly profile: Profile;
}

/** What is known of a file before its lines are looked at. */
export interface Known {
  /** The profile that the inbox or the file's name gives it; undefined where its header decides. */
  readonly chosen: Chosen | undefined;
  readonly choice: ProfileChoice;
  readonly isReport: boolean;
}

type Refused = Extract<ColumnMatch, { kind: 'refused' }>;

const PLAIN_CHOSEN: Chosen = { profile: PLAIN, why: 'no other profile fits' };

/**
 * Looks for the header: the first line that, cut by one of the delimiters, surely has the columns that are needed, or
 * seems to, with a row below it; else the likeliest. Above it may stand lines of prose. Where the profile says that there is none, the columns are those of the first records.
 * @throws UnreadableDropError that says what the line which looks most like a header lacks.
 */
export function findLayout(head: Head, { chosen, choice, isReport }: Known): FoundLayout {
  const [first] = head.lines;
  if (first === undefined) throw endless();
  if (isReport) {
    const known = choice.known.map(asReport);
    const read = profileByReport(head, choice) ?? chosen;
    return withHeader(head, read && { ...read, profile: asReport(read.profile) }, { ...choice, known });
  }
  return chosen?.profile.header === 'none'
    ? withoutHeader(head, first, chosen)
    : withHeader(head, chosen, choice);
}

/** Whether one of these profiles is known by a line that may be the header, whether or not it can read the rest. */
export function hasHeaderOf(profiles: readonly Profile[], head: Head, isReport: boolean): boolean {
  if (profiles.length === 0) return false;
  const choice = { fixed: null, known: isReport ? profiles.map(asReport) : profiles };
  return head.lines.some((line) =>
    readingsOf(head, line, undefined, choice).some(({ profile }) => profile !== PLAIN),
  );
}

/** A report of ours has a header, quotes, and the dialect that a spreadsheet left it in, whatever the drop had. */
function asReport(profile: Profile): Profile {
  return { ...profile, delimiter: 'auto', quotes: true, header: 'auto', restColumn: null };
}

function withHeader(head: Head, chosen: Chosen | undefined, choice: ProfileChoice): FoundLayout {
  let closest: { line: number; refused: Refused } | undefined;
  let best: { found: FoundLayout; weight: number } | undefined;
  for (const headLine of head.lines) {
    for (const reading of readingsOf(head, headLine, chosen, choice)) {
      const { profile, dialect, record } = reading;
      const match = matchColumns(record.cells, profile);
      if (match.kind === 'found') {
        const { columns } = match;
        const below = head.text.subarray(headLine.start + record.endByte);
        const isByHeader = chosen === undefined && profile !== PLAIN;
        const weight = weighHeader({ fields: record.cells, columns, profile, dialect, below, isByHeader });
        if (best === undefined || weight > best.weight)
          best = { found: layoutOf(head, headLine, reading, columns), weight };
        if (weight === SURE) return best.found;
        continue;
      }
      if (isQuotedWhole(record.cells, dialect, profile)) throw quotedWhole(headLine.line);
      if (closest === undefined || match.rank > closest.refused.rank)
        closest = { line: headLine.line, refused: match };
    }
  }
  if (best !== undefined) return best.found;
  if (closest === undefined) throw endless();
  throw refusal(closest.refused, closest.line);
}

function layoutOf(
  head: Head,
  { line, start }: HeadLine,
  { profile, why, dialect, record }: HeaderReading,
  columns: Columns,
): FoundLayout {
  const startByte = head.startByte + start;
  const header = { line, startByte, endByte: startByte + record.endByte };
  const layout = { fields: record.cells, dialect, columns, header };
  return { layout: { ...layout, profile: { name: profile.name, why } }, profile };
}

/** All names in one cell, as where each line as a whole stands in quotes. */
function isQuotedWhole(
  [only, ...others]: readonly string[],
  { delimiter }: Dialect,
  profile: Profile,
): boolean {
  return (
    only?.includes(delimiter) === true &&
    others.length === 0 &&
    matchColumns(only.split(delimiter), profile).kind === 'found'
  );
}

interface HeaderReading extends Chosen {
  readonly dialect: Dialect;
  readonly record: Pick<RawRecord, 'cells' | 'endByte'>;
}

/**
 * The record that starts on a line, by each delimiter and by the profile that it would be read with. The delimiter
 * that gives most cells comes first: any two cells will do for a profile that gives its columns by position.
 */
function readingsOf(
  { text }: Head,
  { start, lineEnd }: HeadLine,
  chosen: Chosen | undefined,
  choice: ProfileChoice,
): readonly HeaderReading[] {
  const cut = (delimiter: string, { quotes, restColumn }: Profile) => {
    const dialect: Dialect = { delimiter, lineEnd, quotes, restColumn };
    return { dialect, record: cutFirst(text.subarray(start), dialect) ?? { cells: [], endByte: 0 } };
  };
  const readings = delimitersOf(chosen?.profile ?? PLAIN).flatMap((delimiter) => {
    const first = cut(delimiter, chosen?.profile ?? PLAIN);
    const { profile, why } = chosen ?? profileByHeader(first.record.cells, choice) ?? PLAIN_CHOSEN;
    if (!delimitersOf(profile).includes(delimiter)) return [];
    return [{ profile, why, ...(chosen === undefined ? cut(delimiter, profile) : first) }];
  });
  return readings.sort((a, b) => b.record.cells.length - a.record.cells.length);
}

function delimitersOf({ delimiter }: Profile): readonly string[] {
  return delimiter === 'auto' ? DELIMITERS_TRIED : [delimiter];
}

function withoutHeader(head: Head, first: HeadLine, { profile, why }: Chosen): FoundLayout {
  const { dialect, width } = dialectOfRows(head, first, profile);
  const fields = Array.from({ length: width }, (_, index) => `column_${index + 1}`);
  const layout = { fields, dialect, columns: columnsOf(fields, profile, first.line), header: null };
  return { layout: { ...layout, profile: { name: profile.name, why } }, profile };
}

function columnsOf(fields: readonly string[], profile: Profile, line: number): Columns {
  const match = matchColumns(fields, profile);
  if (match.kind === 'refused') throw refusal(match, line);
  return match.columns;
}

/**
 * The profile's delimiter, or the only one that cuts the first rows into equally many cells, more than one; where none
 * does, the only one that cuts them at all, or that does so with most of them: a row that is broken must not cost the
 * others.
 */
function dialectOfRows(
  head: Head,
  { lineEnd, line }: HeadLine,
  profile: Profile,
): { dialect: Dialect; width: number } {
  const { quotes, restColumn, name } = profile;
  const text = head.text.subarray(0, head.lines.at(-1)?.end);
  const readings = delimitersOf(profile).map((delimiter) => {
    const dialect: Dialect = { delimiter, lineEnd, quotes, restColumn };
    const widths = rowWidths(text, dialect);
    const common = commonWidth(widths);
    const share = widths.filter((each) => each === common).length / widths.length;
    // Rows may end before their last columns do.
    return { dialect, common, share, width: greatestWidth(widths) };
  });
  const [only, ...more] = readings;
  if (only !== undefined && more.length === 0) return only;
  const dividing = readings.filter(({ common }) => common > 1);
  const alike = dividing.filter(({ share }) => share === 1);
  const mostly = dividing.length === 1 ? dividing : dividing.filter(({ share }) => share > 1 / 2);
  const [fitting, ...others] = alike.length > 0 ? alike : mostly;
  if (fitting !== undefined && others.length === 0) return fitting;
  const which = fitting === undefined ? 'None' : 'More than one';
  throw new UnreadableDropError(
    'no-delimiter',
    `Line ${line}: ${which} of comma, semicolon, tab and pipe cuts the first rows into equally many cells, and without a header nothing else tells which it is.`,
    line,
    `Say it in the profile ${name}, such as delimiter: semicolon.`,
  );
}

function refusal({ code, message, hint }: Refused, line: number): UnreadableDropError {
  return new UnreadableDropError(code, `Line ${line}: ${message}`, line, hint);
}

function quotedWhole(line: number): UnreadableDropError {
  return new UnreadableDropError(
    'lines-in-quotes',
    `Line ${line}: the whole line stands in quotes, so that all its columns are one; a spreadsheet that expects another delimiter has saved the file.`,
    line,
    'Drop the file as it was before, or open that one with its own delimiter and save it again.',
  );
}

function endless(): UnreadableDropError {
  return new UnreadableDropError(
    'no-header',
    `The first line does not end within ${HEAD_BYTES} bytes; this is no CSV file.`,
    1,
    'Have the file written with a line end after each row.',
  );
}
