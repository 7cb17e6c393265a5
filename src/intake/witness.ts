import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { passed } from '../runtime/step.ts';
import { isGone } from './file-errors.ts';
import { type FileState, lookAt } from './file-state.ts';
import { namesIn, removeIfEmpty } from './folder-contents.ts';
import { parseWitnessName } from './names.ts';
import { copyFlushed, flushFolder } from './place.ts';

/** A copy from another file system that is not whole yet. */
export const INCOMING = '.incoming';

/** A file that a writer may still hold, while its drop is read from a copy. */
interface FoundWitness {
  readonly dropId: string;
  /** Of the drop; may be cut, see `claimName`. */
  readonly name: string;
  readonly path: string;
}

/** The witnesses in a folder; none where it is missing, or is none. */
export async function witnessesIn(folder: string): Promise<readonly FoundWitness[]> {
  return (await namesIn(folder)).flatMap((entry) => {
    const parsed = parseWitnessName(entry);
    return parsed === undefined ? [] : [{ ...parsed, path: join(folder, entry) }];
  });
}

/**
 * Copies a file into a drop's folder as `path`, in place of what an earlier copy left there, and returns how it was
 * before the first byte was read: whoever writes meanwhile makes it another. Undefined where it is gone.
 */
export async function copyInto(source: string, path: string): Promise<FileState | undefined> {
  const before = await lookAt(source);
  if (before === undefined) return undefined;
  const drop = dirname(path);
  const incoming = join(drop, INCOMING);
  try {
    await copyFlushed(source, incoming);
  } catch (error) {
    // It was taken away between the look and the copy.
    if (isGone(error) && (await lookAt(source)) === undefined) return undefined;
    throw error;
  }
  passed('claim.copied');
  await rename(incoming, path);
  await flushFolder(drop);
  passed('claim.copy-named');
  return before;
}

/** Removes a witness, and the folder of its drop in `working/` where it was the last thing in it. */
export async function removeWitness(path: string): Promise<void> {
  await rm(path, { force: true });
  const folder = dirname(path);
  // Another one lies in the inbox, which is never ours to remove.
  if (parseWitnessName(basename(path))?.dropId !== basename(folder)) return;
  await removeIfEmpty(folder);
}
