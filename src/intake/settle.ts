import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FolderError } from '../domain/failure.ts';
import { wallClockIn } from '../domain/wall-clock.ts';
import type { Access } from '../runtime/access.ts';
import { passed, type StepName } from '../runtime/step.ts';
import { errorCode } from './file-errors.ts';
import { isThere } from './file-state.ts';
import { removeIfEmpty } from './folder-contents.ts';
import { makeFolder } from './make-folder.ts';
import { type SettledNames, settledNames } from './names.ts';
import { flushFolder, type Placing, place } from './place.ts';
import { type OutputSource, type Outputs, type SettledRow, writeOutputs } from './report/outputs.ts';
import { INCOMING } from './witness.ts';

/** A drop whose every row has its outcome. */
export interface SettlingDrop extends OutputSource {
  /** The name under which the file lay in the inbox. */
  readonly name: string;
  /** In `working/<id>/`; the file is gone where an interrupted settling moved it already. */
  readonly path: string;
  /** What `onChosen` was told by an interrupted settling; null at the first. */
  readonly chosen: Settled | null;
  /**
   * The path that the original gets where a copy is put away instead of it, since its writer may still hold it;
   * without one it is removed.
   */
  readonly keepOriginalAs?: string | undefined;
}

/** Where a drop's files go: the folder, and the drop's name in it, from which the others follow. */
export interface Settled {
  readonly folder: string;
  readonly file: string;
}

/** Where settled files go, and by what time. */
export interface SettleOptions {
  readonly processed: string;
  readonly failed: string;
  /** IANA name; for the folders by day. */
  readonly timezone: string;
  readonly nowMs: number;
  /** Of the files and of the folders that are made. */
  readonly access: Access;
  /**
   * Must have stored it when it returns true: a settling that is done again finds its own files by it. False where
   * another drop that is not settled yet has chosen one of the names.
   */
  readonly onChosen: (chosen: Settled) => boolean | Promise<boolean>;
}

/**
 * Writes report and retry file, chooses names that are free, then moves report, retry file and last the drop itself
 * into `processed/YYYY-MM-DD/` or `failed/`; one failed row makes a failed drop. Nothing is ever overwritten: where
 * a name is taken, all the drop's files get a suffix. A file is whole and on the disk before it gets its name.
 *
 * May be interrupted between any two steps and done again with `chosen` as it was stored and the same rows.
 * `rows` come in the order of the file and are read once.
 * @throws FolderError `drop-unsettled` when a folder cannot be written: try again later. StoppedError when the
 * signal fires, also between two moves.
 */
export async function settle(
  drop: SettlingDrop,
  rows: AsyncIterable<SettledRow> | Iterable<SettledRow>,
  options: SettleOptions,
  signal: AbortSignal,
): Promise<Settled> {
  const working = dirname(drop.path);
  // Hidden files of ours are removed there: a wrong path must not cost anybody's files.
  if (basename(working) !== drop.id)
    throw new RangeError(`${drop.path} is not in the working folder of ${drop.id}`);
  try {
    const settled = (await alreadySettled(drop)) ?? (await moveAll(drop, rows, working, options, signal));
    await clear(working);
    await flushFolder(dirname(working));
    return settled;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    throw unsettled(drop, (error as Error).message, error);
  }
}

/** Removes what we may have left in the drop's folder, and the folder, unless somebody put something else there. */
async function clear(working: string): Promise<void> {
  if (await removeIfEmpty(working)) return;
  for (const name of ['.report', '.retry', '.waiting', '.waiting-report', INCOMING])
    await rm(join(working, name), { force: true });
  await removeIfEmpty(working);
}

/** The drop is moved last: where it is there and no longer in `working/`, all its files are. */
async function alreadySettled(drop: SettlingDrop): Promise<Settled | undefined> {
  if (await isThere(drop.path)) return undefined;
  const { chosen } = drop;
  if (chosen !== null && (await isThere(join(chosen.folder, chosen.file)))) return chosen;
  throw unsettled(drop, 'its file is neither in its working folder nor where it was to go');
}

async function moveAll(
  drop: SettlingDrop,
  rows: AsyncIterable<SettledRow> | Iterable<SettledRow>,
  working: string,
  options: SettleOptions,
  signal: AbortSignal,
): Promise<Settled> {
  const outputs = await writeOutputs(drop, rows, working, signal);
  passed('settle.outputs-written');
  const folder = outputs.hasFailed ? options.failed : join(options.processed, dayOf(options));
  const { access } = options;
  if (drop.chosen !== null) {
    const into: Into = {
      folder: drop.chosen.folder,
      names: settledNames(drop.chosen.file, 1),
      access,
      isRerun: true,
    };
    await makeFolder(into.folder, access);
    if (await placeAll(drop, outputs, working, into, signal)) return drop.chosen;
  }
  await makeFolder(folder, access);
  for (let copy = 1; ; copy += 1) {
    const names = settledNames(drop.name, copy);
    if (await isAnyTaken(folder, names)) continue;
    const chosen: Settled = { folder, file: names.drop };
    if (!(await options.onChosen(chosen))) continue;
    passed('settle.stem-chosen');
    const into: Into = { folder, names, access, isRerun: false };
    if (await placeAll(drop, outputs, working, into, signal)) return chosen;
  }
}

interface Move {
  readonly from: string;
  readonly name: string;
  /** Passed when it is done. */
  readonly step: StepName;
}

/** Where the files of a drop go, and how. */
interface Into extends Pick<Placing, 'folder' | 'access' | 'isRerun'> {
  readonly names: SettledNames;
}

/** False, with everything back in `working/`, where one of the names was taken meanwhile. */
async function placeAll(
  drop: SettlingDrop,
  outputs: Outputs,
  working: string,
  { names, ...into }: Into,
  signal: AbortSignal,
): Promise<boolean> {
  const temporary = `.settling-${drop.id}`;
  const moves: readonly Move[] = [
    { from: outputs.report, name: names.report, step: 'settle.report-placed' },
    ...(outputs.retry === null
      ? []
      : [{ from: outputs.retry, name: names.retry, step: 'settle.retry-placed' } as const]),
    { from: drop.path, name: names.drop, step: 'settle.drop-placed' },
  ];
  const done: Move[] = [];
  for (const move of moves) {
    const kept = move.from === drop.path ? keeping(drop) : {};
    if (await place(move.from, { ...into, ...kept, name: move.name, temporary }, signal)) {
      done.push(move);
      passed(move.step);
      continue;
    }
    for (const { from, name } of done) {
      const back = { ...into, folder: working, name: basename(from), temporary, isRerun: true };
      await place(join(into.folder, name), back, signal);
    }
    return false;
  }
  return true;
}

function keeping({ keepOriginalAs }: SettlingDrop): Pick<Placing, 'onCopied'> {
  return keepOriginalAs === undefined ? {} : { onCopied: (original) => rename(original, keepOriginalAs) };
}

/** A first look only, so that few moves have to be taken back: `place` has the last word. */
async function isAnyTaken(folder: string, names: SettledNames): Promise<boolean> {
  for (const name of [names.drop, names.report, names.retry]) {
    if (await isThere(join(folder, name))) return true;
  }
  return false;
}

/** By time zone, since a clock is made once. */
const clocks = new Map<string, ReturnType<typeof wallClockIn>>();

/** The name of the folder of that day in `processed/`. */
export function dayOf({ timezone, nowMs }: Pick<SettleOptions, 'timezone' | 'nowMs'>): string {
  const shownAt = clocks.get(timezone) ?? wallClockIn(timezone);
  clocks.set(timezone, shownAt);
  return shownAt(nowMs).day;
}

function unsettled(drop: SettlingDrop, why: string, cause?: unknown): FolderError {
  return new FolderError('drop-unsettled', `the files of ${drop.name} cannot be put away: ${why}`, {
    facts: { drop: drop.id },
    hint: 'Make sure that the folders working, processed and failed are there, have room and may be written.',
    cause,
  });
}
