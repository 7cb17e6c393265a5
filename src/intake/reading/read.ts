import { UnreadableDropError } from '../../domain/failure.ts';
import type { FileRecord } from '../../domain/row.ts';
import { isLineEnd } from '../stable.ts';
import type { Layout } from './cell-problem.ts';
import { afterLineEnd, type Dialect } from './cells.ts';
import { Cutter } from './cutter.ts';
import { type HeaderLine, readHeaderLine } from './header.ts';
import { judge } from './record.ts';
import { type Survey, surveyFile } from './survey.ts';
import { TextWindow } from './window.ts';

export interface ReadOptions {
  readonly limits: {
    readonly fileBytes: number;
    readonly rows: number;
    readonly recordBytes: number;
    readonly fieldBytes: number;
  };
  readonly carriers: { readonly default: string; readonly defaultTitle: string };
}

/** The header line and where it stands; bytes count as in FileRecord. */
export interface DropHeader extends HeaderLine {
  readonly line: number;
  readonly startByte: number;
  readonly endByte: number;
}

export interface DropReading {
  readonly survey: Survey;
  /** Null for a file that holds nothing but blanks. */
  readonly header: DropHeader | null;
  /** Every record in the order of the file, many at a time; blank lines are no records. Iterable once. */
  readonly records: AsyncIterable<readonly FileRecord[]>;
}

/**
 * Reads a claimed file: a first pass that looks at all of it (see `surveyFile`), its header line, then its records,
 * with memory bounded by `limits.recordBytes`. Compare with `isAsSurveyed` when all is read.
 * @throws UnreadableDropError when the file as a whole cannot be read, also later, from `records`; StoppedError.
 */
export async function readDrop(
  path: string,
  options: ReadOptions,
  signal: AbortSignal,
): Promise<DropReading> {
  const survey = await surveyFile(path, options.limits.fileBytes, signal);
  const header = await readHeader(path, survey, options.limits.recordBytes, signal);
  return { survey, header, records: readRecords(path, survey, header, options, signal) };
}

async function readHeader(
  path: string,
  { format }: Survey,
  maxBytes: number,
  signal: AbortSignal,
): Promise<DropHeader | null> {
  await using window = await TextWindow.open(path, format, signal);
  for (let line = 1; ; ) {
    const first = window.text.findIndex((byte) => byte === CR || byte === LF);
    // A CR at the end of what was read may be half of a CR LF.
    const isWhole = first >= 0 && first + 1 < window.text.length;
    if (!isWhole && !window.isEnd) {
      if (window.text.length > maxBytes) throw headerTooLong(maxBytes, line);
      await window.extend();
      continue;
    }
    if (window.text.length === 0) return null;
    const lineEnd: Dialect['lineEnd'] =
      window.text[first] === CR && window.text[first + 1] !== LF ? 'cr' : 'lf';
    const endByte =
      first < 0 ? window.text.length : afterLineEnd(window.text, first, { lineEnd, delimiter: ',' });
    const text = window.text.subarray(0, endByte);
    if (text.toString().trim() !== '') {
      const header = readHeaderLine(text, lineEnd, line);
      return { ...header, line, startByte: window.startByte, endByte: window.startByte + endByte };
    }
    window.skip(endByte);
    line += 1;
  }
}

async function* readRecords(
  path: string,
  { format }: Survey,
  header: DropHeader | null,
  { limits, carriers }: ReadOptions,
  signal: AbortSignal,
): AsyncGenerator<readonly FileRecord[]> {
  if (header === null) return;
  const layout: Layout = { ...header, carriers, fieldBytes: limits.fieldBytes };
  await using window = await TextWindow.open(path, format, signal);
  await window.skipTo(header.endByte);
  const cutter = new Cutter(window, header.dialect, limits.recordBytes, header.line + 1);
  let count = 0;
  while (!window.isEnd) {
    await window.extend();
    const isCutOff = window.isEnd && !isLineEnd(window.text.subarray(-2));
    const records: FileRecord[] = [];
    for (const { line, startByte, endByte, cells, problem } of cutter.cut()) {
      const verdict =
        problem === null ? judge(cells ?? [], line, layout) : ({ kind: 'bad', message: problem } as const);
      records.push({ line, startByte, endByte, fields: cells, verdict });
    }
    const last = records.at(-1);
    if (isCutOff && last) records[records.length - 1] = unlessCutOff(last, header.fields.length);
    count += records.length;
    if (count > limits.rows) throw tooManyRows(limits.rows, records);
    if (records.length > 0) yield records;
  }
}

const LF = 0x0a;
const CR = 0x0d;

/**
 * A last row without its line end and without all its cells is what an upload that broke off leaves; its last
 * cell may be half a number.
 */
function unlessCutOff(last: FileRecord, columns: number): FileRecord {
  const { line, fields, verdict } = last;
  if (verdict.kind !== 'row' || fields === null || fields.length >= columns) return last;
  const message = `Line ${line}: the file ends in the middle of this row, with ${fields.length} of ${columns} cells and no line end; the upload may have broken off, so the number may be cut.`;
  return { ...last, verdict: { kind: 'bad', message } };
}

function headerTooLong(maxBytes: number, line: number): UnreadableDropError {
  return new UnreadableDropError(
    'no-header',
    `Line ${line} should be the header line, and does not end within ${maxBytes} bytes; this is no CSV file.`,
    line,
  );
}

function tooManyRows(maxRows: number, records: readonly FileRecord[]): UnreadableDropError {
  return new UnreadableDropError(
    'too-many-rows',
    `The file has more than ${maxRows} rows, the most that is taken (limits.rows).`,
    records.at(-1)?.line ?? 1,
    'Split it into several files, each with the header line.',
  );
}
