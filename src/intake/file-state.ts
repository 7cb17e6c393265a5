import type { BigIntStats } from 'node:fs';
import { lstat, stat } from 'node:fs/promises';
import { isGone } from './file-errors.ts';

/** What one look at a file shows. */
export interface FileState {
  readonly bytes: number;
  readonly mtimeMs: number;
  readonly inode: bigint;
}

export function stateOf(stats: BigIntStats): FileState {
  return { bytes: Number(stats.size), mtimeMs: Number(stats.mtimeNs) / 1e6, inode: stats.ino };
}

/** Undefined where nothing of that name is there; a link is looked at itself. */
export async function lookAt(path: string | Buffer): Promise<FileState | undefined> {
  try {
    return stateOf(await lstat(path, { bigint: true }));
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** Whether a folder is there, or a link to one. */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}

export function isSameState(one: FileState, other: FileState): boolean {
  return one.inode === other.inode && one.bytes === other.bytes && one.mtimeMs === other.mtimeMs;
}
