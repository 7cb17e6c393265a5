import { isAscii, isUtf8 } from 'node:buffer';
import { writeFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import type { FileRecord } from '../../src/domain/row.ts';
import type { ReadOptions } from '../../src/intake/reading/read.ts';
import { markedEncoding } from '../../src/intake/reading/text.ts';
import { RetryCopy } from '../../src/intake/report/retry-file.ts';
import { type Read, readAll } from './breaches.ts';

const signal = new AbortController().signal;

/**
 * Every other record of a file, copied as for a retry file and read again: rows are the same rows then, and no bad row
 * becomes one or takes one along. Bad rows with quotes are left out: a quote may find another one now.
 *
 * Not asked of records above the header line, which are meant to change; of a byte order mark that stood in the middle,
 * where two files were joined; where only the other records kept the file from looking like UTF-8, or made it look like
 * UTF-16, like a report or damaged; below a header line of other columns, which may be left out; of rows without a
 * header, where those that differ have a say in what a whole row is, or all of them in what the delimiter is; nor of a header
 * line that is known by no name, where another line below it seems to be one now; nor of a header of zero bytes.
 */
export async function breachesOfRetry(
  { reading, records }: Read,
  path: string,
  options: ReadOptions,
): Promise<readonly string[]> {
  const layout = reading?.layout;
  if (!reading || !layout) return [];
  const { header } = layout;
  if (header === null && reading.profile.delimiter === 'auto') return [];
  if (header === null && records.some(({ fields }) => fields?.length !== layout.fields.length)) return [];
  const below = records.filter(({ startByte }) => header === null || startByte >= header.endByte);
  if (below.some(isOtherHeader)) return [];
  const chosen = below.filter((record, at) => at % 2 === 0 && !isBrokenByQuotes(record));
  if (chosen.length === 0) return [];
  if (reading.damagedColumns().length > 0) return [];
  if (reading.survey.isReport && layout.columns.outcome === null) return [];
  const retry = `${path}.retry`;
  const pieces: Buffer[] = [];
  {
    await using copy = await RetryCopy.open(path, reading.survey.format, signal);
    for await (const piece of copy.start(header)) pieces.push(piece);
    for (const record of chosen)
      for await (const piece of copy.record(record, layout.dialect.lineEnd)) pieces.push(piece);
  }
  const bytes = Buffer.concat(pieces);
  if (header !== null && layout.fields.some((name) => name.includes('\0'))) return [];
  const { format } = reading.survey;
  const isKnownByMark = format.hasMark || !format.encoding.startsWith('utf-16');
  if (!isKnownByMark || (!format.hasMark && markedEncoding(bytes) !== undefined)) return [];
  if (format.encoding === 'windows-1252' && !isAscii(bytes) && isUtf8(bytes)) return [];
  await writeFile(retry, bytes);
  const again = await readAll(retry, options);
  if (again.reading?.damagedColumns().length) return [];
  const before = chosen.map(shown);
  const after = again.records.map(shown);
  const { columns } = reading.profile;
  const isByPosition = typeof columns.order === 'object' && columns.order.kind === 'position';
  const isHeader = isDeepStrictEqual(again.reading?.layout?.fields, layout.fields);
  if (header !== null && isByPosition && again.reading !== null && !isHeader) return [];
  // What holds no row may be refused as a whole.
  if (again.reading === null && !before.some(isRow)) return [];
  const ofWeight = before.includes('bad') && again.reading !== null ? isRow : () => true;
  if (isDeepStrictEqual(after.filter(ofWeight), before.filter(ofWeight))) return [];
  const at = before.findIndex((words, index) => words !== after[index]);
  return [
    `read again, record ${at} of ${before.length} is ${after[at] ?? 'none'} and was ${before[at] ?? 'none'}`,
  ];
}

const isRow = (words: string): boolean => words.startsWith('[');

function isBrokenByQuotes({ fields, verdict }: FileRecord): boolean {
  return verdict.kind === 'bad' && (fields === null || fields.some((cell) => cell.includes('"')));
}

function isOtherHeader({ verdict }: FileRecord): boolean {
  return verdict.kind === 'bad' && verdict.message.includes('a header line whose columns are not');
}

/** What would be done for it. */
function shown({ verdict }: FileRecord): string {
  if (verdict.kind !== 'row') return verdict.kind;
  return verdict.rows
    .map(({ orderNumber, trackingNumber, carrierCode, title, item }) =>
      JSON.stringify([orderNumber, trackingNumber, carrierCode, title, item]),
    )
    .join(' + ');
}
