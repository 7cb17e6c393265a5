import type { BigIntStats } from 'node:fs';
import { lstat, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FolderError } from '../domain/failure.ts';
import type { Access } from '../runtime/access.ts';
import { passed } from '../runtime/step.ts';
import { errorCode, isGone, unlessGone } from './file-errors.ts';
import { type FileState, isThere, stateOf } from './file-state.ts';
import { makeFolder } from './make-folder.ts';
import { claimName, isTemporaryName, parseClaimName, secondRoundName, settledNames } from './names.ts';
import { place } from './place.ts';
import { WaitingReports } from './waiting-reports.ts';
import { copyInto } from './witness.ts';

/** The folders of an inbox between which a waiting file goes. */
interface WaitingFolders {
  /** The inbox's name. */
  readonly inbox: string;
  /** The inbox's folder. */
  readonly folder: string;
  readonly working: string;
  readonly waiting: string;
}

/** `waiting/` of one inbox: files of rows that wait, each with its report. */
export class WaitingFolder {
  readonly reports: WaitingReports;
  readonly #folders: WaitingFolders;
  readonly #access: Access;

  constructor(folders: WaitingFolders, access: Access) {
    this.#folders = folders;
    this.#access = access;
    this.reports = new WaitingReports(folders.waiting, access);
  }

  get path(): string {
    return this.#folders.waiting;
  }

  pathOf(name: string): string {
    return join(this.#folders.waiting, name);
  }

  /** The folder's identity while a file lies there; undefined where it does not. @throws as `has` */
  async identityWith(name: string): Promise<string | undefined> {
    const before = await this.#identity();
    const isIn = await isThere(this.pathOf(name));
    return isIn && (await this.#identity()) === before ? before : undefined;
  }

  /** Device and inode, by which the folder is told from one below its mount, or in its place. */
  async #identity(): Promise<string> {
    await this.#statsOf(this.#folders.folder);
    const { dev, ino } = await this.#statsOf(this.#folders.waiting);
    return `${dev}:${ino}`;
  }

  /**
   * Whether the file is there; somebody may have taken it away. `seenIn` is the folder's identity when it lay there; null
   * where that is not known.
   * @throws FolderError `waiting-unavailable` where its folder, or the inbox beside it, is gone itself;
   * `waiting-replaced` where another folder is in its place: then nobody took anything.
   */
  async has(name: string, seenIn: string | null): Promise<boolean> {
    if (await isThere(this.pathOf(name))) return true;
    const before = await this.#identity();
    if (await isThere(this.pathOf(name))) return true;
    const after = await this.#identity();
    const { waiting, inbox } = this.#folders;
    if (after === before && (seenIn ?? after) === after) return false;
    throw new FolderError(
      'waiting-replaced',
      `${waiting} is another folder than the one where ${name} waits`,
      {
        facts: { inbox, folder: waiting },
        hint: `Mount that one again, or move it back: its rows wait on. Where it is gone for good, put an empty file named ${name} there, which ends them ten minutes later`,
      },
    );
  }

  /** What lies there. @throws what the file system says, also of a folder that is gone */
  async names(): Promise<readonly string[]> {
    return (await readdir(this.path)).sort();
  }

  /** None where the folder is gone. */
  async namesIfAny(): Promise<readonly string[]> {
    return (await this.names().catch(unlessGone)) ?? [];
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
    await this.reports.remove(name, dropId);
    return false;
  }

  /** Removes a file of ours whose rows stand in another one, and its report. */
  async removeBoth(name: string, dropId: string): Promise<void> {
    await rm(this.pathOf(name), { force: true });
    await this.reports.remove(name, dropId);
  }

  /**
   * Gives the file a name of ours, by which nobody else takes it any more; its path then, undefined where it is gone.
   */
  async take(name: string, dropId: string): Promise<string | undefined> {
    const taken = this.pathOf(claimName(dropId, name));
    try {
      await rename(this.pathOf(name), taken);
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
    passed('wait.taken');
    return taken;
  }

  /**
   * Moves a file that was taken to `working/<dropId>/`, over what an interrupted move left there; false where there is
   * none.
   */
  async moveTaken(name: string, dropId: string): Promise<boolean> {
    const taken = this.pathOf(claimName(dropId, name));
    if (!(await isThere(taken))) return false;
    await this.#moveToWorking(taken, dropId, name);
    return true;
  }

  /**
   * Moves all that were taken, and not moved. `nameOf` gives the true name of a drop, where it is known: a name of ours
   * may be cut. What bears the name of a drop that `isOver` is somebody else's by now.
   */
  async moveAllTaken(
    nameOf: (dropId: string) => string | undefined,
    isOver: (dropId: string) => boolean,
  ): Promise<void> {
    for (const entry of await this.namesIfAny()) {
      const claim = parseClaimName(entry);
      if (claim === undefined || isOver(claim.dropId)) continue;
      const { dropId, name } = claim;
      await this.#moveToWorking(this.pathOf(entry), dropId, nameOf(dropId) ?? name);
    }
  }

  /** Files among these that bear a name of waiting rows, and wait under none that is known. */
  async strangers(
    names: readonly string[],
    known: ReadonlySet<string>,
  ): Promise<ReadonlyMap<string, FileState>> {
    const found = new Map<string, FileState>();
    for (const name of names) {
      if (isTemporaryName(name) || known.has(name) || secondRoundName(name)?.kind !== 'waiting') continue;
      const stats = await lstat(this.pathOf(name), { bigint: true }).catch(unlessGone);
      if (stats?.isFile()) found.set(name, stateOf(stats));
    }
    return found;
  }

  /** Files whose names are none of ours, and when they came there, in ms by the file system's clock. */
  async misnamed(): Promise<ReadonlyMap<string, number>> {
    const found = new Map<string, number>();
    for (const name of await this.namesIfAny()) {
      if (isTemporaryName(name) || secondRoundName(name) !== undefined) continue;
      const stats = await lstat(this.pathOf(name)).catch(unlessGone);
      if (stats?.isFile()) found.set(name, stats.ctimeMs);
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

  async #statsOf(folder: string): Promise<BigIntStats> {
    const stats = await stat(folder, { bigint: true }).catch(unlessGone);
    if (stats?.isDirectory()) return stats;
    throw new FolderError('waiting-unavailable', `the folder ${folder} is not there`, {
      facts: { inbox: this.#folders.inbox, folder },
      hint: 'Make it, or mount it again: what waits there goes on by itself',
    });
  }
}
