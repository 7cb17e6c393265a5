import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FolderError } from '../domain/failure.ts';
import { errorCode, isGone } from './file-errors.ts';

/**
 * The mount points on the way to some folders, as they were when this was made. Where one of them is gone the folder below
 * it shows: it looks empty and sound, and what is put there is hidden as soon as the mount is back.
 */
export class Mounts {
  readonly #points: readonly string[];

  private constructor(points: readonly string[]) {
    this.#points = points;
  }

  static async on(folders: readonly string[]): Promise<Mounts> {
    const ways = new Set(folders.flatMap(wayTo));
    const points: string[] = [];
    for (const folder of ways) if (await isMounted(folder)) points.push(folder);
    return new Mounts(points);
  }

  /** Of these on the way to one folder, or all. @throws FolderError `mount-gone` */
  async require(to?: string): Promise<void> {
    const way = to === undefined ? this.#points : wayTo(to);
    for (const folder of this.#points) {
      if (!way.includes(folder) || (await isMounted(folder))) continue;
      throw new FolderError('mount-gone', `nothing is mounted at ${folder} any more`, {
        facts: { folder },
        hint: 'Mount it again: what was under way goes on.',
      });
    }
  }
}

/** The folder and those above it, without the root. */
function wayTo(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [] : [folder, ...wayTo(above)];
}

/** A mount of a folder on the same file system (`mount --bind`) cannot be told from the folder. */
async function isMounted(folder: string): Promise<boolean> {
  try {
    const [own, above] = await Promise.all([stat(folder), stat(dirname(folder))]);
    return own.dev !== above.dev;
  } catch (error) {
    // A folder that is not to be entered is there all the same; whoever uses it hears of that.
    if (isGone(error) || errorCode(error) === 'ENOTDIR') return false;
    if (errorCode(error) === undefined) throw error;
    return true;
  }
}
