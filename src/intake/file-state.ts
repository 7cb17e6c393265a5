import type { BigIntStats } from 'node:fs';
import { lstat, stat } from 'node:fs/promises';
import { unlessGone } from './file-errors.ts';

/** What one look at a file shows. */
export interface FileState {
  readonly bytes: number;
  readonly mtimeMs: number;
  readonly inode: bigint;
}

/** From stats taken with `bigint`: only they tell times of less than a ms apart, and inodes beyond 2^53. */
export function stateOf(stats: BigIntStats): FileState {
  return { bytes: Number(stats.size), mtimeMs: Number(stats.mtimeNs) / 1e6, inode: stats.ino };
}

/** Undefined where nothing of that name is there; a link is looked at itself. */
export async function lookAt(path: string | Buffer): Promise<FileState | undefined> {
  const stats = await lstat(path, { bigint: true }).catch(unlessGone);
  return stats && stateOf(stats);
}

/** True for anything of that name, a link that leads nowhere too. */
export async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(unlessGone)) !== undefined;
}

/** Whether a regular file is there; false for a link to one. */
export async function isFile(path: string): Promise<boolean> {
  return (await lstat(path).catch(unlessGone))?.isFile() === true;
}

/** Whether a folder is there, or a link to one. */
export async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(unlessGone))?.isDirectory() === true;
}

/** True where nothing shows that the file was written to or replaced between the two looks. */
export function isSameState(one: FileState, other: FileState): boolean {
  return one.inode === other.inode && one.bytes === other.bytes && one.mtimeMs === other.mtimeMs;
}
