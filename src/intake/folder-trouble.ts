import { constants } from 'node:fs';
import { access, lstat, statfs } from 'node:fs/promises';
import { sep } from 'node:path';
import { FolderError } from '../domain/failure.ts';
import { standingInWords, thisUser } from './accounts.ts';
import { errorCode } from './file-errors.ts';
import { list } from './wording.ts';

const NOT_ALLOWED = new Set(['EACCES', 'EPERM', 'EROFS']);
const NO_ROOM = new Set(['ENOSPC', 'EDQUOT']);
/** Less than this is no room: a report of one row and its folder take more. */
const ROOM_BYTES = 16 * 1024;

/**
 * What is in the way of work in some folders, with what to do about it where that is known. Of a folder that may not be used
 * it is the same whatever was tried in it, and of a disk that is full it names the folders: the system's own words are
 * about whichever file came first, or about none.
 */
export async function reasonOf(error: Error, folders: readonly string[]): Promise<string> {
  const { cause = error } = error;
  const code = errorCode(error) ?? errorCode(cause) ?? '';
  const known = NOT_ALLOWED.has(code)
    ? await closedAmong(folders.filter(isNamedBy(errorCode(error) ? error : cause)), code)
    : NO_ROOM.has(code)
      ? await fullAmong(folders, code)
      : undefined;
  if (known !== undefined) return known;
  return error instanceof FolderError && error.hint !== ''
    ? `${error.message}. ${error.hint}`
    : error.message;
}

/** By the one path or the two that an error of the file system names; any folder where it names none. */
function isNamedBy(error: unknown): (folder: string) => boolean {
  const { path, dest } = error as { readonly path?: string; readonly dest?: string };
  const named = [path, dest].filter((each) => each !== undefined).map(String);
  return (folder) =>
    named.length === 0 || named.some((each) => each === folder || each.startsWith(folder + sep));
}

async function closedAmong(folders: readonly string[], code: string): Promise<string | undefined> {
  for (const folder of folders) {
    try {
      await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    } catch (error) {
      const refused = errorCode(error);
      if (refused === undefined) throw error;
      if (!NOT_ALLOWED.has(refused)) continue;
      if (refused === 'EROFS') return `${code}: ${folder} is read-only. Mount it so that it can be written.`;
      return `${code}: ${await closedInWords(folder)}`;
    }
  }
  return undefined;
}

/** A folder below one that may not be entered cannot even be looked at. */
async function closedInWords(folder: string): Promise<string> {
  const user = thisUser();
  try {
    const standing = await standingInWords(await lstat(folder));
    return `${folder} has ${standing}, and ${user} may not use it. Let it list, enter and write there: chown it, or chmod g+rwx with a group that both are in.`;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return `a folder above ${folder} keeps ${user} out. Let it in: chmod g+x or o+x.`;
  }
}

async function fullAmong(folders: readonly string[], code: string): Promise<string | undefined> {
  const full: string[] = [];
  for (const folder of folders) {
    try {
      const { bavail, bsize, files, ffree } = await statfs(folder);
      if (bavail * bsize < ROOM_BYTES || (files > 0 && ffree === 0)) full.push(folder);
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
    }
  }
  return full.length === 0
    ? undefined
    : `${code}: no room is left in ${list(full)}. Make room there, and it goes on.`;
}
