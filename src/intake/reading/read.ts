import { UnreadableDropError } from '../../domain/failure.ts';
import type { Profile } from '../../domain/profile.ts';
import type { FileRecord, RecordVerdict } from '../../domain/row.ts';
import { isLineEnd } from '../stable.ts';
import type { CarrierDefaults } from './carriers.ts';
import { countLineEnds } from './cells.ts';
import { type CutRecord, Cutter } from './cutter.ts';
import type { DamagedColumns } from './excel-damage.ts';
import { firstLook, type LookOptions } from './first-look.ts';
import type { Head } from './head.ts';
import { type Judge, openJudge } from './judge.ts';
import type { DropLayout } from './layout.ts';
import { recordsAbove } from './records-above.ts';
import type { Survey } from './survey.ts';
import { saysEnd, textLine } from './text-line.ts';
import { TextWindow } from './window.ts';

/** By what a file is read. */
export interface ReadOptions extends LookOptions {
  readonly limits: LookOptions['limits'] & {
    readonly rows: number;
    readonly recordBytes: number;
    readonly fieldBytes: number;
  };
  /** The inbox's. */
  readonly carriers: CarrierDefaults;
  /** What a first reading has found, whose zeros are refused now; null, or left out, in a first reading. */
  readonly damaged?: DamagedColumns | null;
}

/** A file that is being read. */
export interface DropReading {
  readonly survey: Survey;
  /** Null for a file that holds nothing but blanks. */
  readonly layout: DropLayout | null;
  readonly profile: Profile;
  /** Every record in the order of the file, many at a time; blank lines are no records. Iterable once. */
  readonly records: AsyncIterable<readonly FileRecord[]>;
  /** After the last record: where there is any, the file must be read again with them as `damaged`. */
  damagedColumns(): DamagedColumns;
}

/**
 * Reads a claimed file: a first pass that looks at all of it (see `surveyFile`), its header, then its records, with
 * memory bounded by `limits.recordBytes`. Compare with `isAsSurveyed` when all is read.
 * @throws UnreadableDropError when the file as a whole cannot be read, also later, from `records`; StoppedError.
 */
export async function readDrop(
  path: string,
  options: ReadOptions,
  signal: AbortSignal,
): Promise<DropReading> {
  const { limits, carriers, damaged = null } = options;
  const { survey, start, profile } = await firstLook(path, options, signal);
  if (start === null) return { survey, layout: null, profile, records: nothing(), damagedColumns: () => [] };
  const { head, layout } = start;
  const judge = openJudge(layout, profile, { carriers, fieldBytes: limits.fieldBytes, damaged });
  const records = readRecords({ path, survey, head, layout, judge, limits }, signal);
  return { survey, layout, profile, records, damagedColumns: () => judge.damagedColumns() };
}

async function* nothing(): AsyncGenerator<never> {}

interface Opened {
  readonly path: string;
  readonly survey: Survey;
  readonly head: Head;
  readonly layout: DropLayout;
  readonly judge: Judge;
  readonly limits: ReadOptions['limits'];
}

async function* readRecords(
  { path, survey, head, layout, judge, limits }: Opened,
  signal: AbortSignal,
): AsyncGenerator<readonly FileRecord[]> {
  const above = recordsAbove(head, layout, judge);
  if (above.length > 0) yield above;
  await using window = await TextWindow.open(path, survey.format, signal);
  await window.skipTo(layout.header?.endByte ?? 0);
  const { dialect, columns, fields } = layout;
  const rules = { dialect, columns, fields, recordBytes: limits.recordBytes };
  const cutter = new Cutter(window, rules, firstLine(head, layout));
  let count = above.length;
  do {
    await window.extend();
    const isCutOff = window.isEnd && !isLineEnd(window.text.subarray(-2));
    for (const cut of cutter.cut()) {
      const records = cut.map((record) => judged(record, judge));
      const last = records.at(-1);
      // Behind a last line end there may be blanks.
      if (isCutOff && window.text.length === 0 && last?.endByte === window.startByte)
        records[records.length - 1] = unlessCutOff(last, layout.fields.length);
      count += records.length;
      if (count > limits.rows) throw tooManyRows(limits.rows, records);
      yield records;
    }
  } while (!window.isEnd);
}

/** The line after the header, whose names may hold line breaks. */
function firstLine(head: Head, { header, dialect }: DropLayout): number {
  if (header === null) return 1;
  const bytes = head.text.subarray(header.startByte - head.startByte, header.endByte - head.startByte);
  return header.line + Math.max(1, countLineEnds(bytes, dialect));
}

function judged({ line, startByte, endByte, cells, problem }: CutRecord, judge: Judge): FileRecord {
  const verdict: RecordVerdict =
    problem === null ? judge.judge(cells ?? [], line) : { kind: 'bad', message: problem };
  return { line, startByte, endByte, fields: cells, verdict };
}

/**
 * A last row without its line end and without all its cells is what an upload that broke off leaves; its last
 * cell may be half a number.
 */
function unlessCutOff(last: FileRecord, columns: number): FileRecord {
  const { line, fields, verdict } = last;
  if (verdict.kind === 'bad' || fields === null || fields.length >= columns) return last;
  if (verdict.kind === 'skipped' && (textLine(fields, columns) === undefined || saysEnd(fields[0] ?? '')))
    return last;
  const message = `Line ${line}: the file ends in the middle of this row, with ${fields.length} of ${columns} cells and no line end; the upload may have broken off, so the number may be cut.`;
  // Half a number is hardly another parcel's, and where it is, that one is better looked at than shipped.
  const parcels = verdict.kind === 'row' ? verdict.rows : [];
  return { ...last, verdict: { kind: 'bad', message, parcels } };
}

function tooManyRows(maxRows: number, records: readonly FileRecord[]): UnreadableDropError {
  return new UnreadableDropError(
    'too-many-rows',
    `The file has more than ${maxRows} rows, the most that is taken (limits.rows).`,
    records.at(-1)?.line ?? 1,
    'Split it into several files, each with the header line.',
  );
}
