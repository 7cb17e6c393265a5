import { rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { contentOf } from './content-hash.ts';
import { errorCode } from './file-errors.ts';
import { lookAt } from './file-state.ts';
import { namesIn } from './folder-contents.ts';
import { witnessName } from './names.ts';
import { copyInto } from './witness.ts';

/**
 * Moves a claimed file to `path` in the folder of its drop. To another file system it is copied, and the original stays
 * where it is as the drop's witness: its writer may go on with it. Done again after an interrupted copy, it ends right:
 * see `placeFor`.
 * @throws what the file system says
 */
export async function moveInto(source: string, dropId: string, path: string): Promise<void> {
  try {
    await rename(source, path);
  } catch (error) {
    if (errorCode(error) !== 'EXDEV') throw error;
    await copyInto(source, path);
    await rename(source, witnessOf(source, dropId, basename(path)));
  }
}

/**
 * Where in the drop's folder a claimed file belongs that lies in the inbox still: its free place there, or that of its copy,
 * from another file system, which is made again. Undefined where what lies there is no copy of it, or the copy was
 * finished: anybody can give a file such a name.
 */
export async function placeFor(claimed: string, drop: string, name: string): Promise<string | undefined> {
  const names = (await namesIn(drop)).filter((each) => !each.startsWith('.'));
  if (names.length === 0) return join(drop, name);
  // The true name is not known where the ledger was lost, and a claim name may hold a cut one.
  const held = names.includes(name) ? name : names[0];
  if (held === undefined || (held !== name && names.length > 1)) return undefined;
  const path = join(drop, held);
  const isFinished = (await lookAt(witnessOf(claimed, basename(drop), held))) !== undefined;
  return !isFinished && (await isCopyOf(path, claimed)) ? path : undefined;
}

/** Its writer may have gone on with the original since; of an empty file anything would seem the rest. */
async function isCopyOf(path: string, original: string): Promise<boolean> {
  const copy = await contentOf(path);
  if (copy === undefined) return false;
  const { sha256, beginnings } = (await contentOf(original, copy.bytes > 0 ? [copy.bytes] : [])) ?? {};
  return copy.sha256 === sha256 || copy.sha256 === beginnings?.get(copy.bytes);
}

function witnessOf(claimed: string, dropId: string, name: string): string {
  return join(dirname(claimed), witnessName(dropId, name));
}
