import { constants } from 'node:fs';
import { mkdir, open, readdir, rename, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FolderError } from '../domain/failure.ts';
import type { Events } from '../events.ts';
import { passed } from '../runtime/step.ts';
import { errorCode, isGone } from './file-errors.ts';
import { isSameState, stateOf } from './file-state.ts';
import type { FoundFile } from './listing.ts';
import { claimName, parseClaimName, witnessName } from './names.ts';
import { removeDoneFile, removeSpentDoneFile } from './spent-done-file.ts';
import { whyStuck } from './stuck-file.ts';
import { copyInto } from './witness.ts';

export interface ClaimFolders {
  /** The inbox's name, for events. */
  readonly inbox: string;
  readonly folder: string;
  readonly working: string;
  /** See InboxOptions. */
  readonly doneFile?: string | null;
}

/** A file in `working/` whose drop was not settled when the process that had it ended. */
export interface Leftover {
  readonly dropId: string;
  readonly name: string;
  readonly path: string;
}

/** More than the system does at once; of ten thousand folders, each would otherwise wait for a turn of its own. */
const LISTED_AT_ONCE = 64;

/** Takes files out of one inbox into `working/<dropId>/`, so that nobody else has them and nothing is overwritten. */
export class Claims {
  readonly #folders: ClaimFolders;
  readonly #events: Events;
  /** Files that were said to be stuck, with the state in which they were. */
  readonly #stuck = new Map<string, string>();

  constructor(folders: ClaimFolders, events: Events) {
    this.#folders = folders;
    this.#events = events;
  }

  /**
   * Opens the file (one that cannot be read stays where it is), renames it inside the inbox to
   * `.claimed-<dropId>-NAME`, so that an uploader's next file of that name is another file, and moves it to
   * `working/<dropId>/NAME`. `dropId` must be new. To another file system it is copied, and stays in the inbox as
   * `.witness-<dropId>-NAME`: its writer may go on with it, and would not be heard of in the copy.
   *
   * Returns its path, or undefined where the file is gone, has changed since it was listed, or cannot be taken; the
   * last is said as `file.stuck`, once until the file changes.
   * @throws FolderError `working-unavailable` when the working folder cannot be written; the file stays in the inbox,
   * or is found by `leftovers`.
   */
  async claim(file: FoundFile, dropId: string): Promise<string | undefined> {
    const drop = join(this.#folders.working, dropId);
    await inWorking(() => mkdir(drop, { recursive: true }));
    const claimed = join(this.#folders.folder, claimName(dropId, file.name));
    if (!(await this.#take(file, claimed))) {
      await inWorking(() => rmdir(drop));
      return undefined;
    }
    passed('claim.renamed');
    const { doneFile } = file;
    if (doneFile !== null) await inWorking(() => removeDoneFile(doneFile));
    const path = join(drop, file.name);
    await inWorking(() => moveInto(claimed, dropId, path));
    passed('claim.moved');
    return path;
  }

  /**
   * Finishes claims that were interrupted in the inbox, then lists what lies in `working/`, in the order of the drop
   * ids. `nameOf` gives the true name of a drop, where it is known: a claim name may hold a cut one.
   * @throws FolderError when a folder cannot be read or written.
   */
  async leftovers(nameOf: (dropId: string) => string | undefined): Promise<readonly Leftover[]> {
    const { folder, working } = this.#folders;
    return await inWorking(async () => {
      for (const entry of await readdir(folder, { withFileTypes: true })) {
        const claim = parseClaimName(entry.name);
        // Of what is no regular file, whatever its name, no claim is ours: as a drop it could never be read.
        if (claim === undefined || !entry.isFile()) continue;
        const drop = join(working, claim.dropId);
        await mkdir(drop, { recursive: true });
        const { doneFile = null } = this.#folders;
        if (doneFile !== null)
          await removeSpentDoneFile(folder, doneFile, nameOf(claim.dropId) ?? claim.name);
        const path = join(drop, nameOf(claim.dropId) ?? claim.name);
        await moveInto(join(folder, entry.name), claim.dropId, path);
      }
      const leftovers: (Leftover | undefined)[] = [];
      const dropIds = await listed(working);
      for (let at = 0; at < dropIds.length; at += LISTED_AT_ONCE) {
        const some = dropIds.slice(at, at + LISTED_AT_ONCE);
        leftovers.push(...(await Promise.all(some.map((dropId) => this.#leftover(dropId, nameOf(dropId))))));
      }
      return leftovers.filter((leftover) => leftover !== undefined);
    });
  }

  /**
   * Ids of drops for which there is a folder in `working/`, or a file on its way there; whether anything lies in the
   * folder is for `leftovers` to look at.
   * @throws FolderError when a folder cannot be read.
   */
  async dropIds(): Promise<readonly string[]> {
    const { folder, working } = this.#folders;
    return await inWorking(async () => {
      const onTheWay = (await readdir(folder)).flatMap((name) => parseClaimName(name)?.dropId ?? []);
      return [...(await listed(working)), ...onTheWay];
    });
  }

  async #leftover(dropId: string, ownName: string | undefined): Promise<Leftover | undefined> {
    const drop = join(this.#folders.working, dropId);
    const names = (await listed(drop)).filter((name) => !name.startsWith('.'));
    const known = names.find((candidate) => candidate === ownName);
    const name = known ?? (names.length === 1 ? names[0] : undefined);
    if (name !== undefined) return { dropId, name, path: join(drop, name) };
    if (names.length > 1) this.#sayUnclear(drop, names);
    else await removeEmpty(drop);
    return undefined;
  }

  /** Nobody knows which of them is the drop; to take the wrong one could push rows that nobody dropped. */
  #sayUnclear(drop: string, names: readonly string[]): void {
    if (this.#stuck.has(drop)) return;
    this.#stuck.set(drop, names.join());
    const message = `${drop} holds ${names.length} files and nothing says which one was dropped; they are left there`;
    const hint = 'Put the right one into the inbox.';
    this.#events.emit('file.stuck', { inbox: this.#folders.inbox, name: names[0] ?? '', message, hint });
  }

  async #take(file: FoundFile, claimed: string): Promise<boolean> {
    try {
      if (!(await isAsListed(file))) return false;
      await rename(file.path, claimed);
    } catch (error) {
      if (isGone(error)) return false;
      if (errorCode(error) === undefined) throw error;
      await this.#sayStuck(file, error as Error);
      return false;
    }
    this.#stuck.delete(file.name);
    return true;
  }

  async #sayStuck(file: FoundFile, error: Error): Promise<void> {
    const stuck = await whyStuck(file, error);
    if (stuck === undefined) return;
    const state = `${stuck.state} ${file.inode} ${file.bytes} ${file.mtimeMs}`;
    if (this.#stuck.get(file.name) === state) return;
    this.#stuck.set(file.name, state);
    const { message, hint } = stuck;
    this.#events.emit('file.stuck', { inbox: this.#folders.inbox, name: file.name, message, hint });
  }
}

/** False when the file is another, or has grown, since it was listed: then it is not known to be complete. */
async function isAsListed(file: FoundFile): Promise<boolean> {
  await using handle = await open(
    file.path,
    constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
  );
  const stats = await handle.stat({ bigint: true });
  return stats.isFile() && isSameState(stateOf(stats), file);
}

/** Done again after an interrupted copy, it ends right: what is at `path` then can only be that copy. */
async function moveInto(source: string, dropId: string, path: string): Promise<void> {
  try {
    await rename(source, path);
  } catch (error) {
    if (errorCode(error) !== 'EXDEV') throw error;
    await copyInto(source, path);
    await rename(source, join(dirname(source), witnessName(dropId, basename(path))));
  }
}

/** What a kill leaves just before the file came into its folder, or just after it left. */
async function removeEmpty(folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (error) {
    // Somebody else's hidden file, or no folder at all: not ours to remove.
    if (!['ENOTEMPTY', 'ENOTDIR', 'ENOENT'].includes(errorCode(error) ?? '')) throw error;
  }
}

/** Names in a folder, sorted; none where it is missing or is no folder. */
async function listed(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (isGone(error) || errorCode(error) === 'ENOTDIR') return [];
    throw error;
  }
}

async function inWorking<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    throw new FolderError(
      'working-unavailable',
      `a claimed file cannot be moved: ${(error as Error).message}`,
      {
        hint: 'Make sure that the working folder is there, has room and may be written.',
        cause: error,
      },
    );
  }
}
