import { open, opendir, rename, stat, unlink } from 'node:fs/promises';
import { dirname, parse } from 'node:path';
import { FolderError, StoppedError } from '../domain/failure.ts';
import type { Access } from '../runtime/access.ts';
import { errorCode, refusalCode } from './file-errors.ts';
import { grantFile } from './grant.ts';
import { copyFlushed } from './place.ts';
import { Traces } from './traces.ts';

/** The folders that the files of one inbox go through. */
interface InboxFolders {
  readonly folder: string;
  readonly working: string;
  readonly waiting: string;
  readonly processed: string;
  readonly failed: string;
}

/** What a folder is for. */
type FolderPurpose = 'inbox' | 'working' | 'waiting' | 'processed' | 'failed';

/** What was found of one folder, by doing there what `run` does with a file. */
export interface FolderCheck {
  readonly purpose: FolderPurpose | null;
  readonly path: string;
  /** False where it is not there yet: then it was made for the check, as `run` makes it, and removed again. */
  readonly isThere: boolean;
  /** How a file comes in from the folder before; `copy` across file systems; null where that was not tried. */
  readonly arrival: 'rename' | 'copy' | null;
  readonly trouble: FolderTrouble | null;
  /** False where files have the modes of its mount, whatever is configured; null where that was not tried. */
  readonly keepsModes: boolean | null;
  /** The folder, or the nearest thing above it that is there; null where nothing of its path can be seen. */
  readonly nearest: Standing | null;
}

/** What the folder did not allow. */
export interface FolderTrouble {
  /**
   * What failed: to be found, made, listed, written to, to take in a file from the folder before, or to give it its
   * group.
   */
  readonly at: 'finding' | 'making' | 'listing' | 'writing' | 'taking-in' | 'granting';
  /** Name of the errno, such as `EACCES`. */
  readonly code: string;
}

/** Who owns something, and who may do what with it. */
export interface Standing {
  readonly path: string;
  readonly isFolder: boolean;
  readonly uid: number;
  readonly gid: number;
  /** Permission bits, with setuid, setgid and sticky. */
  readonly mode: number;
}

/** What was found of the folders, and what was left in them. */
export interface FoldersChecked {
  readonly folders: readonly FolderCheck[];
  /** Probe files and folders that could not be removed again. */
  readonly left: readonly string[];
}

/**
 * Puts probe files through the folders of an inbox as `run` puts a drop: made in the inbox, renamed there, moved
 * to `working`, and from there to `waiting`, `processed` and `failed`. Modes and device numbers would not tell: NFS maps
 * users, access lists allow more than modes say, and a rename fails between two mounts of one device. Folders that
 * are missing are made, except the inbox, as `run` does. Everything is removed again, also after a failure or the
 * signal. The probes are dot files, which a running daemon never takes. Where there is `access`, they get mode and
 * group of it as what is put away does.
 * @throws StoppedError when the signal fires.
 */
export async function checkFolders(
  folders: InboxFolders,
  access: Access | null,
  signal: AbortSignal,
): Promise<FoldersChecked> {
  return await leavingNothing(async (traces) => {
    const inbox = await tryFolder('inbox', folders.folder, traces, signal);
    const working = await tryFolder('working', folders.working, traces, signal);
    const waiting = await tryFolder('waiting', folders.waiting, traces, signal);
    const processed = await tryFolder('processed', folders.processed, traces, signal);
    const failed = await tryFolder('failed', folders.failed, traces, signal);
    return [
      inbox,
      await tryArrival(inbox, working, null, traces, signal),
      await tryArrival(working, waiting, access, traces, signal),
      await tryArrival(working, processed, access, traces, signal),
      await tryArrival(working, failed, access, traces, signal),
    ];
  });
}

/**
 * The same for a folder that has nothing to do with drops, such as the ledger's: whether it is there or can be made,
 * and a file can be made in it and removed.
 * @throws StoppedError when the signal fires.
 */
export async function checkFolder(path: string, signal: AbortSignal): Promise<FoldersChecked> {
  return await leavingNothing(async (traces) => [await tryFolder(null, path, traces, signal)]);
}

async function leavingNothing(
  work: (traces: Traces) => Promise<readonly FolderCheck[]>,
): Promise<FoldersChecked> {
  const traces = new Traces();
  let left: readonly string[] = [];
  let folders: readonly FolderCheck[];
  try {
    folders = await work(traces);
  } finally {
    left = await traces.remove();
  }
  return { folders, left };
}

async function tryFolder(
  purpose: FolderPurpose | null,
  path: string,
  traces: Traces,
  signal: AbortSignal,
): Promise<FolderCheck> {
  if (signal.aborted) throw new StoppedError();
  const nearest = await nearestOf(path);
  const isThere = nearest?.path === path;
  const check = { purpose, path, isThere, arrival: null, keepsModes: null, nearest };
  let at: FolderTrouble['at'] = 'finding';
  try {
    if (isThere && !nearest.isFolder) return { ...check, trouble: { at, code: 'ENOTDIR' } };
    if (!isThere && purpose === 'inbox') await stat(path);
    if (!isThere) {
      at = 'making';
      await traces.makeFolders(nearest?.path ?? parse(path).root, path);
    }
    at = 'listing';
    await (await opendir(path)).close();
    at = 'writing';
    await unlink(await traces.makeFile(path));
    return { ...check, trouble: null };
  } catch (error) {
    return { ...check, trouble: { at, code: refusalCode(error) } };
  }
}

/** Moves a probe between two folders that are well by themselves; leaves `to` as it is where one of them is not. */
async function tryArrival(
  from: FolderCheck,
  to: FolderCheck,
  access: Access | null,
  traces: Traces,
  signal: AbortSignal,
): Promise<FolderCheck> {
  if (signal.aborted) throw new StoppedError();
  if (from.trouble !== null || to.trouble !== null) return to;
  let at: FolderTrouble['at'] = 'taking-in';
  try {
    const made = await traces.makeFile(from.path);
    const renamed = traces.name(from.path);
    await rename(made, renamed);
    const arrived = traces.name(to.path);
    const arrival = await move(renamed, arrived, signal);
    at = 'granting';
    const keepsModes = access && (await tryGrant(arrived, access));
    await unlink(arrived);
    return { ...to, arrival, keepsModes };
  } catch (error) {
    return { ...to, trouble: { at, code: refusalCode(error instanceof FolderError ? error.cause : error) } };
  }
}

async function tryGrant(path: string, access: Access): Promise<boolean> {
  await using probe = await open(path, 'r');
  return await grantFile(probe, access);
}

async function move(source: string, target: string, signal: AbortSignal): Promise<'rename' | 'copy'> {
  try {
    await rename(source, target);
    return 'rename';
  } catch (error) {
    if (errorCode(error) !== 'EXDEV') throw error;
  }
  await copyFlushed(source, target, signal);
  await unlink(source);
  return 'copy';
}

/** The first on the way up from `path` that can be seen. */
async function nearestOf(path: string): Promise<Standing | null> {
  try {
    const stats = await stat(path);
    const { uid, gid, mode } = stats;
    return { path, isFolder: stats.isDirectory(), uid, gid, mode: mode & PERMISSION_BITS };
  } catch (error) {
    refusalCode(error);
    const above = dirname(path);
    return above === path ? null : await nearestOf(above);
  }
}

const PERMISSION_BITS = 0o7777;
