import { constants, type Stats } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { StoppedError } from '../domain/failure.ts';
import { errorCode, unlessGone } from './file-errors.ts';
import { isTemporaryName, nameMatcher } from './names.ts';

/** Files that lie in an inbox, and those of them that could not be taken. */
export interface Lying {
  /** Looked at: `MOST_LOOKS` at most. */
  readonly files: number;
  readonly unreadable: readonly UnreadableFile[];
}

/** A file that a daemon of this user could not open, and whose it is. */
interface UnreadableFile {
  readonly name: string;
  /** Name of the errno, such as `EACCES`. */
  readonly code: string;
  readonly uid: number;
  readonly gid: number;
  /** Permission bits. */
  readonly mode: number;
}

/** Of a full inbox some tell enough. */
const MOST_LOOKS = 200;
const PERMISSION_BITS = 0o7777;

/**
 * Opens the files that match the inbox's patterns, as a claim does, and reads nothing of them. An uploader's umask
 * shows only in what it has uploaded: a probe of ours is always readable for us.
 * @throws StoppedError when the signal fires; what the file system says of the folder.
 */
export async function lyingIn(
  folder: string,
  patterns: readonly string[],
  signal: AbortSignal,
): Promise<Lying> {
  const isWanted = nameMatcher(patterns);
  const names = (await readdir(folder)).filter((name) => !isTemporaryName(name) && isWanted(name));
  const unreadable: UnreadableFile[] = [];
  let files = 0;
  for (const name of names.slice(0, MOST_LOOKS)) {
    if (signal.aborted) throw new StoppedError();
    const stats = await regularFile(join(folder, name));
    if (stats === undefined) continue;
    files += 1;
    const code = await openingFails(join(folder, name));
    if (code === undefined) continue;
    unreadable.push({ name, code, uid: stats.uid, gid: stats.gid, mode: stats.mode & PERMISSION_BITS });
  }
  return { files, unreadable };
}

/** Undefined for what no claim takes, and for a file that a daemon took meanwhile. */
async function regularFile(path: string): Promise<Stats | undefined> {
  const stats = await lstat(path).catch(unlessGone);
  return stats?.isFile() ? stats : undefined;
}

/** The errno; undefined where the file can be opened, or is gone by now. */
async function openingFails(path: string): Promise<string | undefined> {
  try {
    await using _file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    return undefined;
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    return code === 'ENOENT' ? undefined : code;
  }
}
