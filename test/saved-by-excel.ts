import { parse } from 'csv-parse/sync';
import { encodeText } from '../src/intake/reading/text.ts';

/** How a program writes CSV, as its "Save As" does without a further question. */
interface SavedAs {
  readonly delimiter: ',' | ';' | '\t';
  readonly encoding: 'utf-8' | 'utf-16le' | 'windows-1252';
  readonly hasMark: boolean;
}

/**
 * Excel in English and in German, "CSV (Comma delimited)", "CSV UTF-8" and "Unicode Text": the delimiter of the system's list, CR LF,
 * quotes only where a cell holds the delimiter, a quote or a line break.
 */
export const EXCEL = {
  'Excel in English': { delimiter: ',', encoding: 'windows-1252', hasMark: false },
  'Excel in English, as UTF-8': { delimiter: ',', encoding: 'utf-8', hasMark: true },
  'Excel in German': { delimiter: ';', encoding: 'windows-1252', hasMark: false },
  'Excel in German, as UTF-8': { delimiter: ';', encoding: 'utf-8', hasMark: true },
  'Excel, as Unicode text': { delimiter: '\t', encoding: 'utf-16le', hasMark: true },
} as const satisfies Record<string, SavedAs>;

export type Program = keyof typeof EXCEL;

/** The cells of a report or a retry file by row; formulas as what they show, as in a spreadsheet. */
export function cellsShown(csv: string, delimiter = ','): string[][] {
  const rows = parse(csv.replace('\ufeff', ''), { delimiter, relax_column_count: true }) as string[][];
  return rows.map((row) => row.map((cell) => /^="([^"]*)"$/.exec(cell)?.[1] ?? cell));
}

/** The bytes of the file that the program saves with these cells. */
export function savedBy(program: Program, rows: readonly (readonly string[])[]): Uint8Array {
  const { delimiter, encoding, hasMark } = EXCEL[program];
  const written = (cell: string) =>
    /["\r\n]/.test(cell) || cell.includes(delimiter) ? `"${cell.replaceAll('"', '""')}"` : cell;
  const text = rows.map((row) => `${row.map(written).join(delimiter)}\r\n`).join('');
  return encodeText(Buffer.from(hasMark ? `\ufeff${text}` : text), encoding);
}
