import { CsvError, type InfoRecord, parse } from 'csv-parse/sync';

/** How a text is cut into records and cells. */
export interface Dialect {
  readonly delimiter: string;
  /** `cr` where CR alone ends a line. In other files a lone CR is a stray character, never the end of a number. */
  readonly lineEnd: 'lf' | 'cr';
}

/** A record as it was cut; offsets count in the bytes given. */
export interface RawRecord {
  readonly cells: readonly string[];
  /** After the record's line end. */
  readonly endByte: number;
}

/**
 * Cuts bytes of text that end with a whole line, or with the file, into records. Stops at the first record whose
 * quotes do not fit, or go on beyond the bytes; `trouble` says which, and the record starts where the last one ends.
 */
export function cutRecords(
  text: Uint8Array,
  dialect: Dialect,
): { records: readonly RawRecord[]; trouble: 'open-quote' | 'stray-quote' | null } {
  const records: RawRecord[] = [];
  const take = (cells: readonly string[], { bytes }: InfoRecord) => {
    records.push({ cells, endByte: bytes });
    return null;
  };
  try {
    parse(text, { ...options(dialect), trim: true, on_record: take });
    return { records, trouble: null };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { records, trouble: error.code === 'CSV_QUOTE_NOT_CLOSED' ? 'open-quote' : 'stray-quote' };
  }
}

/** The cells of one physical line as if quotes meant nothing. */
export function cutPlainly(line: Uint8Array, dialect: Dialect): readonly string[] {
  const [cells = []] = parse(line, { ...options(dialect), quote: false, trim: true }) as string[][];
  return cells;
}

/** Offset after the first line end at or after `from`, -1 where there is none. */
export function afterLineEnd(text: Uint8Array, from: number, { lineEnd }: Dialect): number {
  const at = text.indexOf(lineEnd === 'cr' ? CR : LF, from);
  if (at < 0) return -1;
  return lineEnd === 'cr' && text[at + 1] === LF ? at + 2 : at + 1;
}

/** How many lines end within the bytes. */
export function countLineEnds(text: Uint8Array, dialect: Dialect): number {
  let count = 0;
  for (let at = afterLineEnd(text, 0, dialect); at >= 0; at = afterLineEnd(text, at, dialect)) count += 1;
  return count;
}

const LF = 0x0a;
const CR = 0x0d;

function options({ delimiter, lineEnd }: Dialect) {
  const record_delimiter = lineEnd === 'cr' ? ['\r\n', '\r'] : ['\r\n', '\n'];
  return { delimiter, record_delimiter, relax_column_count: true, columns: false as const };
}
