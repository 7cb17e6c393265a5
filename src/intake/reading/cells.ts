import { isAscii } from 'node:buffer';
import { CsvError, type InfoRecord, type Options, parse } from 'csv-parse/sync';
import { DELIMITERS } from '../../domain/profile.ts';
import { CR, LF, QUOTE } from './ascii.ts';

/** How a text is cut into records and cells; goes through JSON. */
export interface Dialect {
  readonly delimiter: string;
  /** `cr` where CR alone ends a line. In other files a lone CR is a stray character, see `Cutter`. */
  readonly lineEnd: 'lf' | 'cr';
  /** False: a quote is a character like any other. */
  readonly quotes: boolean;
  /** The column, counted from 1, that takes the rest of the line with its delimiters. */
  readonly restColumn: number | null;
}

/** The delimiters that are tried where a profile names none. */
export const DELIMITERS_TRIED: readonly string[] = Object.values(DELIMITERS);

/** A record as it was cut; offsets count in the bytes given. */
export interface RawRecord {
  readonly cells: readonly string[];
  /** After the record's line end. */
  readonly endByte: number;
  /** A cell holds a line break, in quotes or astray. */
  readonly hasBreak: boolean;
}

/**
 * Cuts bytes of text that end with a whole line, or with the file, into records. Stops at the first record whose
 * quotes do not fit, or go on beyond the bytes; `trouble` says which, and the record starts where the last one ends.
 */
export function cutRecords(
  text: Uint8Array,
  dialect: Dialect,
): { records: readonly RawRecord[]; trouble: 'open-quote' | 'stray-quote' | null } {
  // To set the parser up takes as long as a dozen rows.
  if (text.length === 0) return { records: [], trouble: null };
  return dialect.quotes && text.includes(QUOTE)
    ? cutQuoted(text, dialect)
    : { records: cutLines(text, dialect), trouble: null };
}

/**
 * Without quotes each line is a record, and each delimiter ends a cell: for that csv-parse takes five times as long,
 * and fifty where rows are of different widths, since it makes an error for each.
 */
function cutLines(text: Uint8Array, dialect: Dialect): readonly RawRecord[] {
  const [last, stray] = dialect.lineEnd === 'cr' ? [CR, '\n'] : [LF, '\r'];
  const bytes = Buffer.from(text.buffer, text.byteOffset, text.byteLength);
  // Of ASCII a character is a byte, and one string for all lines is made sooner than one for each.
  const whole = isAscii(bytes) ? bytes.toString('latin1') : undefined;
  const records: RawRecord[] = [];
  for (let at = 0; at < bytes.length; ) {
    const found = bytes.indexOf(last, at);
    const end = found < 0 ? bytes.length : found;
    const line = whole === undefined ? bytes.toString('utf8', at, end) : whole.slice(at, end);
    at = found < 0 ? end : end + (last === CR && bytes[end + 1] === LF ? 2 : 1);
    const cells = trimmed(restJoined(line.split(dialect.delimiter), dialect));
    const strayAt = line.indexOf(stray);
    records.push({ cells, endByte: at, hasBreak: strayAt >= 0 && strayAt < line.length - 1 });
  }
  return records;
}

function cutQuoted(text: Uint8Array, dialect: Dialect, more: Options = {}): ReturnType<typeof cutRecords> {
  const records: RawRecord[] = [];
  const take = (cells: string[], { bytes }: InfoRecord) => {
    const hasBreak = cells.some((cell) => cell.includes('\n') || cell.includes('\r'));
    records.push({ cells: restJoined(cells, dialect), endByte: bytes, hasBreak });
    return null;
  };
  try {
    parse(text, { ...options(dialect), ...more, on_record: take });
    return { records, trouble: null };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { records, trouble: error.code === 'CSV_QUOTE_NOT_CLOSED' ? 'open-quote' : 'stray-quote' };
  }
}

/**
 * Cuts bytes of whole records again, now at every LF, CR LF and lone CR outside quotes; undefined where quotes do
 * not fit.
 */
export function cutAtAnyLineEnd(text: Uint8Array, dialect: Dialect): readonly RawRecord[] | undefined {
  const { records, trouble } = cutQuoted(text, dialect, { record_delimiter: ['\r\n', '\n', '\r'] });
  return trouble === null ? records : undefined;
}

/** Offset after the first line end at or after `from`, -1 where there is none. */
export function afterLineEnd(text: Uint8Array, from: number, { lineEnd }: Pick<Dialect, 'lineEnd'>): number {
  const at = text.indexOf(lineEnd === 'cr' ? CR : LF, from);
  if (at < 0) return -1;
  return lineEnd === 'cr' && text[at + 1] === LF ? at + 2 : at + 1;
}

/** The cells of one physical line as if quotes meant nothing; too many lines may need it for a parser to be set up. */
export function plainCells(line: Uint8Array, dialect: Dialect): readonly string[] {
  const text = Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString();
  const cells = text.trimEnd() === '' ? [''] : text.split(dialect.delimiter).map((cell) => cell.trim());
  return restJoined(cells, dialect);
}

/** The first record of a text, which may go on beyond it; undefined where its quotes do not fit. */
export function cutFirst(text: Uint8Array, dialect: Dialect): RawRecord | undefined {
  return cutQuoted(text, dialect, { to: 1 }).records[0];
}

/** The cells of the record that starts on a line of the text; where its quotes do not fit, they mean nothing. */
export function firstCells(line: Uint8Array, text: Uint8Array, dialect: Dialect): readonly string[] {
  const quoted = dialect.quotes && line.includes(QUOTE) ? cutFirst(text, dialect) : undefined;
  return quoted?.cells ?? plainCells(line, dialect);
}

/** How many lines end within the bytes. */
export function countLineEnds(text: Uint8Array, dialect: Pick<Dialect, 'lineEnd'>): number {
  let count = 0;
  for (let at = afterLineEnd(text, 0, dialect); at >= 0; at = afterLineEnd(text, at, dialect)) count += 1;
  return count;
}

function options({ delimiter, lineEnd, quotes, restColumn }: Dialect) {
  return {
    delimiter,
    record_delimiter: lineEnd === 'cr' ? ['\r\n', '\r'] : ['\r\n', '\n'],
    quote: quotes ? '"' : (false as const),
    // Blanks beside a delimiter that belongs to the cell must stay.
    trim: restColumn === null,
    relax_column_count: true,
    columns: false as const,
  };
}

function restJoined(cells: string[], { restColumn, delimiter }: Dialect): string[] {
  if (restColumn === null) return cells;
  const rest = cells.length < restColumn ? [] : [cells.slice(restColumn - 1).join(delimiter)];
  return trimmed([...cells.slice(0, restColumn - 1), ...rest]);
}

/** In place: a new list for each record would cost as much as cutting it. */
function trimmed(cells: string[]): string[] {
  for (let index = 0; index < cells.length; index += 1) cells[index] = (cells[index] ?? '').trim();
  return cells;
}
