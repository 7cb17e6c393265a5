import { constants } from 'node:fs';
import { mkdir, open, readdir, rename, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FolderError } from '../domain/failure.ts';
import type { Events } from '../events.ts';
import { passed } from '../runtime/step.ts';
import { errorCode, isGone } from './file-errors.ts';
import { isSameState, stateOf } from './file-state.ts';
import { namesIn, removeIfEmpty } from './folder-contents.ts';
import type { FoundFile } from './listing.ts';
import { moveInto, placeFor } from './move-to-working.ts';
import { claimName, parseClaimName } from './names.ts';
import { removeDoneFile, removeSpentDoneFile } from './spent-done-file.ts';
import { whyStuck } from './stuck-file.ts';
import { filesIn, UnclearFolders } from './unclear-folders.ts';

/** Where files are claimed, and where they go. */
interface ClaimFolders {
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
  /** Of those that it claimed, as a start finds them. */
  readonly unclear: UnclearFolders;
  readonly #folders: ClaimFolders;
  readonly #events: Events;
  /** Files that were said to be stuck, with the state in which they were. */
  readonly #stuck = new Map<string, string>();

  constructor(folders: ClaimFolders, events: Events) {
    this.unclear = new UnclearFolders(folders.inbox, events);
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
    if (doneFile !== null) {
      await inWorking(() => removeDoneFile(doneFile));
      passed('claim.done-file-removed');
    }
    const path = join(drop, file.name);
    await inWorking(() => moveInto(claimed, dropId, path));
    passed('claim.moved');
    return path;
  }

  /**
   * Finishes claims that were interrupted in the inbox, then lists what lies in `working/`, in the order of the drop
   * ids. See `finish` and `find`.
   * @throws FolderError when a folder cannot be read or written.
   */
  async leftovers(
    nameOf: (dropId: string) => string | undefined,
    isOver?: (dropId: string) => boolean,
  ): Promise<readonly Leftover[]> {
    return await this.find(await this.finish(nameOf, isOver), nameOf);
  }

  /**
   * Finishes claims that were interrupted in the inbox; returns the ids of all drops that have a folder in `working/`, in
   * their order, whatever it holds. `nameOf` gives the true name of a drop, where it is known: a claim name may hold a cut
   * one. A file that bears the claim name of a drop which has its file already, or which `isOver`, is somebody else's and
   * stays in the inbox.
   * @throws FolderError when a folder cannot be read or written.
   */
  async finish(
    nameOf: (dropId: string) => string | undefined,
    isOver: (dropId: string) => boolean = () => false,
  ): Promise<readonly string[]> {
    const { folder, working } = this.#folders;
    return await inWorking(async () => {
      for (const entry of await readdir(folder, { withFileTypes: true })) {
        const claim = parseClaimName(entry.name);
        // Of what is no regular file, whatever its name, no claim is ours: as a drop it could never be read.
        if (claim === undefined || !entry.isFile() || isOver(claim.dropId)) continue;
        await this.#finish(join(folder, entry.name), claim.dropId, nameOf(claim.dropId) ?? claim.name);
      }
      return await namesIn(working);
    });
  }

  /**
   * What lies in the folders of these drops, in their order; drops without a file are left out.
   * @throws FolderError when a folder cannot be read.
   */
  async find(
    dropIds: readonly string[],
    nameOf: (dropId: string) => string | undefined,
  ): Promise<readonly Leftover[]> {
    return await inWorking(async () => {
      const leftovers: (Leftover | undefined)[] = [];
      for (let at = 0; at < dropIds.length; at += LISTED_AT_ONCE) {
        const some = dropIds.slice(at, at + LISTED_AT_ONCE);
        leftovers.push(...(await Promise.all(some.map((dropId) => this.#leftover(dropId, nameOf(dropId))))));
      }
      return leftovers.filter((leftover) => leftover !== undefined);
    });
  }

  /**
   * Ids of drops for which there is a folder in `working/`, whether anything lies in it or not, and of those for which a
   * file says by its name that it is on its way there.
   * @throws FolderError when a folder cannot be read.
   */
  async dropIds(): Promise<{ readonly inWorking: readonly string[]; readonly onTheWay: readonly string[] }> {
    const { folder, working } = this.#folders;
    return await inWorking(async () => {
      const onTheWay = (await readdir(folder)).flatMap((name) => parseClaimName(name)?.dropId ?? []);
      return { inWorking: await namesIn(working), onTheWay };
    });
  }

  /** Does nothing where the drop has its file already. */
  async #finish(claimed: string, dropId: string, name: string): Promise<void> {
    const { folder, working, doneFile = null } = this.#folders;
    const drop = join(working, dropId);
    const path = await placeFor(claimed, drop, name);
    if (path === undefined) return;
    await mkdir(drop, { recursive: true });
    if (doneFile !== null) await removeSpentDoneFile(folder, doneFile, name);
    await moveInto(claimed, dropId, path);
  }

  async #leftover(dropId: string, ownName: string | undefined): Promise<Leftover | undefined> {
    const drop = join(this.#folders.working, dropId);
    const names = await filesIn(drop);
    const known = names.find((candidate) => candidate === ownName);
    const name = known ?? (names.length === 1 ? names[0] : undefined);
    if (name !== undefined) return { dropId, name, path: join(drop, name) };
    // An empty folder is what a kill leaves just before the file came into it, or just after it left.
    if (names.length === 0) await removeIfEmpty(drop);
    else this.unclear.say(drop, names);
    return undefined;
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
