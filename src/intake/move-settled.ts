import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rename, rm, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { passed } from '../runtime/step.ts';
import { isGone } from './file-errors.ts';
import { isFile, isThere } from './file-state.ts';
import { makeFolder } from './make-folder.ts';
import { changedReportName, settledNames } from './names.ts';
import { type Placing, place } from './place.ts';
import type { DropLayout } from './reading/layout.ts';
import { OutputFile } from './report/output-file.ts';
import { EARLIER_REPORT_COLUMNS, REPORT_COLUMNS, type ReportRow, ReportWriter } from './report/report.ts';
import type { Settled } from './settle.ts';

/** Of a report, before other work gets its turn. */
const LINES_IN_A_GO = 1_000;

/** A drop whose files lie in `failed/`, and need nobody any more. */
interface MovingDrop {
  readonly id: string;
  /** As its report needs it; null where the file could not be read. */
  readonly layout: DropLayout | null;
  /** Where its files lie, as far as nobody took them away. */
  readonly from: Settled;
  /** Where the file of the drop stays, should a copy of it go in its place: its writer may still hold it. */
  readonly keepOriginalAs?: string | undefined;
}

/** The rows of a drop before and after it was done by others. */
interface MoveRows {
  /** As the report in `failed/` has them: whether somebody changed it is known by them. */
  readonly before: () => Iterable<ReportRow>;
  /** As the new report has them. */
  readonly after: () => Iterable<ReportRow>;
}

/** Where the files go; `isRerun` and `access` as in Placing. */
type Destination = Settled & Pick<Placing, 'access' | 'isRerun'>;

interface Move {
  readonly from: string;
  readonly to: string;
  /** See MovingDrop. */
  readonly keepOriginalAs?: string | undefined;
}

/**
 * Moves the file of a drop and its retry file to other names, writes its report there anew, and removes the old one; a
 * report that somebody changed is theirs, and moves along beside the new one. What was taken away is no error, and
 * nothing is overwritten: false, and everything back, where one of the names is taken.
 *
 * Cut off between any two steps it is to be done again with the same names, `isRerun` and the same rows.
 * @throws StoppedError when the signal fires; the file system's errors, after which it is to be done again too.
 */
export async function moveSettled(
  drop: MovingDrop,
  rows: MoveRows,
  to: Destination,
  signal: AbortSignal,
): Promise<boolean> {
  const [old, names] = [settledNames(drop.from.file, 1), settledNames(to.file, 1)];
  const at = (name: string) => join(to.folder, name);
  const was = (name: string) => join(drop.from.folder, name);
  const { keepOriginalAs } = drop;
  // Last, and never taken back: what is kept of it is the original.
  const files: readonly Move[] = [
    { from: was(old.retry), to: at(names.retry) },
    { from: was(old.drop), to: at(names.drop), keepOriginalAs },
  ];
  await makeFolder(to.folder, to.access);
  // The name of a retry file that was taken back to the inbox need not be free: it lies there again, as a drop.
  const written: Move = { from: at(`.redone-${drop.id}`), to: at(names.report) };
  if (!to.isRerun && (await isAnyTaken([written, ...(await thoseThere(files))]))) return false;

  await writeReport(written.from, drop, rows.after());
  passed('redo.report-written');
  const moves = [written, ...files];
  const back = { ...to, isRerun: true };
  const done: Move[] = [];
  for (const move of moves) {
    const result = await moveOne(move, drop.id, to, signal);
    if (result === 'moved') done.push(move);
    if (result !== 'taken') continue;
    for (const { from, to: placed } of done) {
      await moveOne({ from: placed, to: from }, drop.id, back, signal);
    }
    await rm(written.from, { force: true });
    return false;
  }
  passed('redo.files-moved');
  const report = was(old.report);
  if (await isUnchanged(report, drop, rows.before)) await unlink(report);
  else await moveOne({ from: report, to: at(changedReportName(names.report)) }, drop.id, back, signal);
  return true;
}

/** `absent` where there is no such file, because somebody or an earlier try moved it, or something else instead. */
async function moveOne(
  { from, to, keepOriginalAs }: Move,
  id: string,
  { access, isRerun }: Pick<Placing, 'access' | 'isRerun'>,
  signal: AbortSignal,
): Promise<'moved' | 'absent' | 'taken'> {
  if (!(await isFile(from))) return 'absent';
  const kept =
    keepOriginalAs === undefined ? {} : { onCopied: (original: string) => rename(original, keepOriginalAs) };
  const target = { folder: dirname(to), name: basename(to), temporary: `.moving-${id}` };
  const placing: Placing = { ...target, access, isRerun, ...kept };
  return (await place(from, placing, signal)) ? 'moved' : 'taken';
}

async function writeReport(path: string, drop: MovingDrop, rows: Iterable<ReportRow>): Promise<void> {
  await using file = await OutputFile.create(path);
  for (const line of linesOf(drop, rows, REPORT_COLUMNS)) await file.write(line);
  await file.finish();
}

function* linesOf(
  { layout, id }: MovingDrop,
  rows: Iterable<ReportRow>,
  columns: readonly string[],
): Generator<string> {
  const writer = new ReportWriter(layout, id, columns);
  yield writer.start();
  for (const row of rows) yield writer.row(row);
}

async function isUnchanged(path: string, drop: MovingDrop, rows: MoveRows['before']): Promise<boolean> {
  const found = createHash('sha256');
  try {
    for await (const bytes of createReadStream(path)) found.update(bytes);
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
  const digest = found.digest('hex');
  if (digest === (await digestOf(linesOf(drop, rows(), REPORT_COLUMNS)))) return true;
  // An older program may have written it.
  return digest === (await digestOf(linesOf(drop, rows(), EARLIER_REPORT_COLUMNS)));
}

async function digestOf(lines: Iterable<string>): Promise<string> {
  const hash = createHash('sha256');
  let count = 0;
  for (const line of lines) {
    hash.update(line);
    count += 1;
    if (count % LINES_IN_A_GO === 0) await setImmediate();
  }
  return hash.digest('hex');
}

async function thoseThere(moves: readonly Move[]): Promise<Move[]> {
  const there: Move[] = [];
  for (const move of moves) if (await isFile(move.from)) there.push(move);
  return there;
}

async function isAnyTaken(moves: readonly Move[]): Promise<boolean> {
  for (const { to } of moves) if (await isThere(to)) return true;
  return false;
}
