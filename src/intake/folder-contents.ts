import { readdir, rmdir } from 'node:fs/promises';
import { errorCode, isGone } from './file-errors.ts';

/** Names in a folder, sorted; none where it is missing or is no folder. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (isGone(error) || errorCode(error) === 'ENOTDIR') return [];
    throw error;
  }
}

/** Removes a folder; false where it stays, since something lies in it, or bears its name and is no folder. */
export async function removeIfEmpty(folder: string): Promise<boolean> {
  try {
    await rmdir(folder);
    return true;
  } catch (error) {
    if (isGone(error)) return true;
    // POSIX leaves it to the system which of the first two it says.
    if (['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(errorCode(error) ?? '')) return false;
    throw error;
  }
}
