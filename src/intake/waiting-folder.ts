import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FolderError } from '../domain/failure.ts';
import type { Access } from '../runtime/access.ts';
import { passed } from '../runtime/step.ts';
import { errorCode, isGone } from './file-errors.ts';
import { lookAt } from './file-state.ts';
import { grantAt } from './grant.ts';
import { makeFolder } from './make-folder.ts';
import { claimName, isTemporaryName, parseClaimName, secondRoundName, settledNames } from './names.ts';
import { flushFolder, isThere, place } from './place.ts';
import { isReportStart } from './reading/report-sign.ts';
import type { OutputSource, SettledRow } from './report/outputs.ts';
import { writeWaitingReport } from './report/waiting-file.ts';
import { copyInto } from './witness.ts';

export interface WaitingFolders {
  /** The inbox's name. */
  readonly inbox: string;
  /** The inbox's folder. */
  readonly folder: string;
  readonly working: string;
  readonly waiting: string;
}

/** The end of a report, where its last line names the drop. */
const REPORT_END_BYTES = 4_096;
/** Its start, where the header names our columns. */
const REPORT_START_BYTES = 65_536;

/** `waiting/` of one inbox: files of rows that wait, each with its report. */
export class WaitingFolder {
  readonly #folders: WaitingFolders;
  readonly #access: Access;

  constructor(folders: WaitingFolders, access: Access) {
    this.#folders = folders;
    this.#access = access;
  }

  get path(): string {
    return this.#folders.waiting;
  }

  pathOf(name: string): string {
    return join(this.#folders.waiting, name);
  }

  /**
   * Whether the file is there; somebody may have taken it away.
   * @throws FolderError `waiting-unavailable` where its folder, or the inbox beside it, is gone itself: then nobody
   * took anything.
   */
  async has(name: string): Promise<boolean> {
    if ((await lookAt(this.pathOf(name))) !== undefined) return true;
    for (const folder of [this.#folders.waiting, this.#folders.folder]) {
      if (await isFolder(folder)) continue;
      throw new FolderError('waiting-unavailable', `the folder ${folder} is not there`, {
        facts: { inbox: this.#folders.inbox, folder },
        hint: 'Make it, or mount it again: what waits there goes on by itself.',
      });
    }
    return (await lookAt(this.pathOf(name))) !== undefined;
  }

  /** The `copy`th name, from 1, for a file and its report; undefined where one of the two is taken. */
  async freeName(wanted: string, copy: number): Promise<string | undefined> {
    const names = settledNames(wanted, copy);
    const isTaken = (await isThere(this.pathOf(names.drop))) || (await isThere(this.pathOf(names.report)));
    return isTaken ? undefined : names.drop;
  }

  /**
   * Moves a report, then its file into the folder, over nothing; false, and the file where it was, where a name is
   * taken. `isRerun` as for `place`.
   */
  async placeBoth(
    from: { readonly report: string; readonly file: string },
    name: string,
    { dropId, isRerun, signal }: { dropId: string; isRerun: boolean; signal: AbortSignal },
  ): Promise<boolean> {
    const folder = this.#folders.waiting;
    await makeFolder(folder, this.#access);
    const names = settledNames(name, 1);
    const placing = { folder, temporary: `.waiting-${dropId}`, isRerun, access: this.#access };
    if (!(await place(from.report, { ...placing, name: names.report }, signal))) return false;
    if (await place(from.file, { ...placing, name: names.drop }, signal)) return true;
    await this.removeReport(name, dropId);
    return false;
  }

  /**
   * Puts a new report in the place of the old one, which must be ours or gone: false, and nothing done, where somebody
   * put something else there.
   */
  async replaceReport(
    name: string,
    source: Pick<OutputSource, 'id' | 'layout'>,
    rows: Iterable<SettledRow>,
    signal: AbortSignal,
  ): Promise<boolean> {
    const report = this.#reportOf(name);
    if (!(await mayReplace(report, source.id))) return false;
    const next = join(this.#folders.waiting, `.report-${source.id}`);
    try {
      await writeWaitingReport(source, rows, next, signal);
      await grantAt(next, this.#access);
      await rename(next, report);
      await flushFolder(this.#folders.waiting);
      return true;
    } finally {
      await rm(next, { force: true });
    }
  }

  /** Removes a file of ours whose rows stand in another one, and its report. */
  async removeBoth(name: string, dropId: string): Promise<void> {
    await rm(this.pathOf(name), { force: true });
    await this.removeReport(name, dropId);
  }

  /** Removes the report of a file that waits no more, unless somebody put something else there. */
  async removeReport(name: string, dropId: string): Promise<void> {
    const report = this.#reportOf(name);
    if (await mayReplace(report, dropId)) await rm(report, { force: true });
  }

  /** Removes the report of a stranger, where it is one. */
  async removeStrangersReport(name: string): Promise<void> {
    const report = this.#reportOf(name);
    if (await isReport(report)) await rm(report, { force: true });
  }

  /**
   * Takes the file under a name of ours, by which nobody else takes it any more, then moves it to `working/<dropId>/`,
   * over what an interrupted move left there. False where it is gone.
   */
  async takeOut(name: string, dropId: string): Promise<boolean> {
    const taken = this.pathOf(claimName(dropId, name));
    try {
      await rename(this.pathOf(name), taken);
    } catch (error) {
      if (isGone(error)) return false;
      throw error;
    }
    passed('wait.taken');
    await this.#moveToWorking(taken, dropId, name);
    return true;
  }

  /** Ends what `takeOut` began. `nameOf` gives the true name of a drop, where it is known: a name of ours may be cut. */
  async finishTakingOut(nameOf: (dropId: string) => string | undefined): Promise<void> {
    for (const entry of await namesIn(this.#folders.waiting)) {
      const claim = parseClaimName(entry);
      if (claim === undefined) continue;
      const { dropId, name } = claim;
      await this.#moveToWorking(this.pathOf(entry), dropId, nameOf(dropId) ?? name);
    }
  }

  /** Files of ours that wait under none of these names, as after the ledger was lost. */
  async strangers(
    known: ReadonlySet<string>,
  ): Promise<readonly { readonly name: string; readonly bytes: number }[]> {
    const found: { name: string; bytes: number }[] = [];
    for (const name of await namesIn(this.#folders.waiting)) {
      if (isTemporaryName(name) || known.has(name) || secondRoundName(name)?.kind !== 'waiting') continue;
      const state = await lookAt(this.pathOf(name));
      if (state !== undefined) found.push({ name, bytes: state.bytes });
    }
    return found;
  }

  async #moveToWorking(taken: string, dropId: string, name: string): Promise<void> {
    const drop = join(this.#folders.working, dropId);
    await mkdir(drop, { recursive: true });
    try {
      await rename(taken, join(drop, name));
    } catch (error) {
      if (errorCode(error) !== 'EXDEV') throw error;
      await copyInto(taken, join(drop, name));
      await rm(taken, { force: true });
    }
  }

  #reportOf(name: string): string {
    return this.pathOf(settledNames(name, 1).report);
  }
}

/** True where nothing is there, or a report of that drop. */
async function mayReplace(report: string, dropId: string): Promise<boolean> {
  try {
    const stats = await stat(report);
    if (!stats.isFile()) return false;
    await using handle = await open(report, 'r');
    const buffer = Buffer.alloc(REPORT_END_BYTES);
    const from = Math.max(0, stats.size - REPORT_END_BYTES);
    const { bytesRead } = await handle.read(buffer, 0, REPORT_END_BYTES, from);
    return buffer.subarray(0, bytesRead).includes(dropId);
  } catch (error) {
    if (isGone(error)) return true;
    throw error;
  }
}

async function isReport(path: string): Promise<boolean> {
  const isRegular = (await stat(path).catch(unlessGone))?.isFile() === true;
  if (!isRegular) return false;
  await using handle = await open(path, 'r');
  const buffer = Buffer.alloc(REPORT_START_BYTES);
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
  return isReportStart(buffer.subarray(0, bytesRead));
}

function unlessGone(error: unknown): undefined {
  if (!isGone(error)) throw error;
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}
