import { randomUUID } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { errorCode, refusalCode } from './file-errors.ts';
import { removeIfEmpty } from './folder-contents.ts';

/** Hidden, so that no daemon takes it; nobody's claim; and never the name of a file that is there. */
const PROBE_PREFIX = '.trackdrop-check-';

/** What a check puts into folders, so that it can be removed again whatever happens. */
export class Traces {
  readonly #made: { readonly path: string; readonly isFolder: boolean }[] = [];

  /** A free name in the folder, for a file that is about to be put there. */
  name(folder: string): string {
    const path = join(folder, PROBE_PREFIX + randomUUID());
    this.#made.push({ path, isFolder: false });
    return path;
  }

  async makeFile(folder: string): Promise<string> {
    const path = this.name(folder);
    await using file = await open(path, 'wx');
    await file.writeFile('trackdrop check\n');
    // A full disk often shows only now.
    await file.sync();
    return path;
  }

  /** One by one from `above`, which is there, so that it is known which were not there before. */
  async makeFolders(above: string, path: string): Promise<void> {
    let made = above;
    for (const name of relative(above, path).split(sep)) {
      made = join(made, name);
      try {
        await mkdir(made);
        this.#made.push({ path: made, isFolder: true });
      } catch (error) {
        // A daemon was faster. What else may bear that name shows when it is listed.
        if (errorCode(error) !== 'EEXIST') throw error;
      }
    }
  }

  /** Removes all of it, last first; gives what could not be removed. */
  async remove(): Promise<readonly string[]> {
    const left: string[] = [];
    for (const { path, isFolder } of this.#made.reverse()) {
      try {
        // A folder that a daemon uses by now is no trace of ours any more.
        await (isFolder ? removeIfEmpty(path) : rm(path, { force: true }));
      } catch (error) {
        refusalCode(error);
        left.push(path);
      }
    }
    return left;
  }
}
