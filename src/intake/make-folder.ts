import { constants } from 'node:fs';
import { mkdir, open, rename, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Access } from '../runtime/access.ts';
import { passed } from '../runtime/step.ts';
import { errorCode, isGone } from './file-errors.ts';
import { isThere } from './file-state.ts';
import { grantFolder } from './grant.ts';
import { flushFolder } from './place.ts';

/**
 * Makes a folder, and those above it that are missing, each with the mode and group that were configured before it
 * has its name: one that a crash left without them would keep people out for ever, since a folder that is there, as
 * an operator made it, is left as it is. May be called for one folder by several at once.
 * @throws FolderError `group-refused`; whatever the file system says.
 */
export async function makeFolder(path: string, access: Access): Promise<void> {
  if (await isThere(path)) return;
  const above = dirname(path);
  await makeFolder(above, access);
  const unnamed = join(above, `.making-${basename(path)}`);
  try {
    await mkdirUnlessThere(unnamed);
    await grantAtOnce(unnamed, access);
    passed('folder.granted');
    await rename(unnamed, path);
  } catch (error) {
    // Somebody else has made it meanwhile, of the same unnamed one or faster.
    if (!(await isThere(path))) throw error;
    await removeUnlessGone(unnamed);
  }
  await flushFolder(above);
}

/** What a crash left is as good as a new one. */
async function mkdirUnlessThere(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}

async function grantAtOnce(path: string, access: Access): Promise<void> {
  await using folder = await open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  await grantFolder(folder, access);
}

async function removeUnlessGone(path: string): Promise<void> {
  try {
    await rmdir(path);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}
