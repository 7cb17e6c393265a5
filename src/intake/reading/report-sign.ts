import { cutFirst, DELIMITERS_TRIED } from './cells.ts';

/** The column that makes a file a report of ours. */
const REPORT_SIGN = 'trackdrop_outcome';
const MARK = /^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)/;
/** Somebody may have written a few lines above the header. */
const MOST_LINES = 50;
const HEADER_LENGTH = 64 * 1024;

/**
 * True for the start of a report of ours, whatever dialect and encoding a spreadsheet saved it in: one of its first
 * lines has the column. The word alone, in a cell of a row, makes no report.
 */
export function isReportStart(chunk: Buffer): boolean {
  // The word is ASCII, which only UTF-16 writes with zero bytes between.
  const text = chunk.toString('latin1').replaceAll('\0', '').replace(MARK, '');
  if (!text.includes(REPORT_SIGN)) return false;
  const ends = /\r\n|\r|\n/g;
  for (let line = 0, start = 0; line < MOST_LINES && start < text.length; line += 1) {
    if (namesSign(Buffer.from(text.slice(start, start + HEADER_LENGTH), 'latin1'))) return true;
    ends.lastIndex = start;
    if (ends.exec(text) === null) return false;
    start = ends.lastIndex;
  }
  return false;
}

function namesSign(text: Buffer): boolean {
  const lineEnd = /^[^\n]*\r(?!\n)/.test(text.toString('latin1')) ? 'cr' : 'lf';
  return DELIMITERS_TRIED.some((delimiter) => {
    const { cells } = cutFirst(text, { delimiter, lineEnd, quotes: true, restColumn: null }) ?? {};
    return cells?.includes(REPORT_SIGN) === true;
  });
}
