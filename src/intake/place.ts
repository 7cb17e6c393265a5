import { constants } from 'node:fs';
import { type FileHandle, link, open, rename, rm, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { StoppedError } from '../domain/failure.ts';
import type { Access } from '../runtime/access.ts';
import { passed } from '../runtime/step.ts';
import { errorCode, isGone } from './file-errors.ts';
import { grantAt, grantFile } from './grant.ts';

/** Where a file is to go, and what an earlier try or a copy changes about that. */
export interface Placing {
  readonly folder: string;
  readonly name: string;
  /** A hidden name in the folder that is this move's alone, for a copy under way. */
  readonly temporary: string;
  /** True where an earlier, interrupted try may have been at this very folder and name. */
  readonly isRerun: boolean;
  readonly access: Access;
  /**
   * Told of the original instead of its removal, where a copy has gone in its place: whoever still writes to the
   * original is not heard of in the copy.
   */
  readonly onCopied?: (original: string) => Promise<void>;
}

/** File systems without hard links (SMB, FAT), and `fs.protected_hardlinks` where users have no numbers. */
const NO_LINKS = new Set(['EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL']);
/** What a file system says that cannot flush a folder; it keeps names by other means, or not at all. */
const NO_FOLDER_FLUSH = new Set(['EINVAL', 'EBADF', 'ENOTSUP', 'EISDIR', 'EPERM']);
const CHUNK_BYTES = 64 * 1024;
const OURS_ALONE = 0o600;

/**
 * Moves a file into a folder, and never over another: false, and nothing moved, where the name is taken. The
 * system refuses, not a check before the move, since anything can arrive between the two. It has the mode and group of
 * `access` before it has the name.
 *
 * `link`, then `unlink`. A file of another owner, which takes no mode of ours and whose owner could change it later,
 * goes as a flushed copy that is linked in its place; so does one on another file system. Without hard links an
 * empty file reserves the name and the move replaces it. An interrupted move leaves the source, the target, or
 * both; done again with `isRerun` it ends right: a target that is empty or holds the source's bytes is its own.
 * @throws StoppedError when the signal fires before the move, or while a copy is under way. FolderError
 * `group-refused`.
 */
export async function place(source: string, placing: Placing, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) throw new StoppedError();
  const { folder, name, temporary, isRerun, access, onCopied = remove } = placing;
  const target = join(folder, name);
  if (isRerun) await remove(join(folder, temporary));
  if (isRerun && (await isLeftover(source, target, signal))) await unlink(target);
  let result: Placed = 'other-device';
  if (await grantAt(source, access)) result = await placeWithin(source, target);
  const isCopy = result === 'other-device';
  if (isCopy) {
    const copy = join(folder, temporary);
    await copyFlushed(source, copy, signal, access);
    passed('place.copied');
    result = await placeWithin(copy, target);
    await remove(copy);
  }
  if (result !== 'placed') return false;
  passed('place.linked');
  await flushFolder(folder);
  passed('place.flushed');
  await (isCopy ? onCopied(source) : remove(source));
  return true;
}

/**
 * Copies a file with its times, flushed to the disk; with `access`, whole before anybody else may read it. What is at
 * `target` gives way to a new file: an earlier copy may have got a second name, under which somebody works on it.
 * @throws StoppedError when the signal fires; a piece of the copy is left. FolderError `group-refused`.
 */
export async function copyFlushed(
  source: string,
  target: string,
  signal?: AbortSignal,
  access?: Access,
): Promise<void> {
  await using from = await open(source, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const { atime, mtime, mode } = await from.stat();
  await remove(target);
  // Whatever the source has: a copy of ours that only its group may read would be out of our reach.
  await using to = await open(target, 'wx', access ? OURS_ALONE : (mode & 0o777) | OURS_ALONE);
  for (;;) {
    if (signal?.aborted) throw new StoppedError();
    const bytes = await readAt(from, null);
    if (bytes.length === 0) break;
    await to.writeFile(bytes);
  }
  if (access) await grantFile(to, access);
  await to.utimes(atime, mtime);
  await to.sync();
}

/** Makes sure that the names given in a folder survive the power cord. */
export async function flushFolder(folder: string): Promise<void> {
  try {
    await using handle = await open(folder, 'r');
    await handle.sync();
  } catch (error) {
    if (!NO_FOLDER_FLUSH.has(errorCode(error) ?? '')) throw error;
  }
}

async function remove(path: string): Promise<void> {
  await rm(path, { force: true });
}

type Placed = 'placed' | 'taken' | 'other-device';

async function placeWithin(source: string, target: string): Promise<Placed> {
  try {
    await link(source, target);
    return 'placed';
  } catch (error) {
    const code = errorCode(error) ?? '';
    if (code === 'EEXIST') return 'taken';
    if (code === 'EXDEV') return 'other-device';
    if (!NO_LINKS.has(code)) throw error;
  }
  return await replaceReserved(source, target);
}

/** The way without hard links; exported for its test, since few test machines have such a file system. */
export async function replaceReserved(source: string, target: string): Promise<Placed> {
  try {
    await (await open(target, 'wx')).close();
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return 'taken';
    throw error;
  }
  try {
    await rename(source, target);
    return 'placed';
  } catch (error) {
    await unlink(target);
    if (errorCode(error) === 'EXDEV') return 'other-device';
    throw error;
  }
}

async function isLeftover(source: string, target: string, signal: AbortSignal): Promise<boolean> {
  try {
    const [ours, theirs] = await Promise.all([stat(source), stat(target)]);
    if (theirs.size === 0) return true;
    return theirs.isFile() && ours.size === theirs.size && (await haveSameBytes(source, target, signal));
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}

async function haveSameBytes(one: string, other: string, signal: AbortSignal): Promise<boolean> {
  await using first = await open(one, 'r');
  await using second = await open(other, 'r');
  for (let position = 0; ; position += CHUNK_BYTES) {
    if (signal.aborted) throw new StoppedError();
    const [bytes, otherBytes] = await Promise.all([readAt(first, position), readAt(second, position)]);
    if (!bytes.equals(otherBytes)) return false;
    if (bytes.length === 0) return true;
  }
}

/** At the file's own position where `position` is null. */
async function readAt(file: FileHandle, position: number | null): Promise<Buffer> {
  const buffer = Buffer.alloc(CHUNK_BYTES);
  const { bytesRead } = await file.read(buffer, 0, CHUNK_BYTES, position);
  return buffer.subarray(0, bytesRead);
}
