import type { Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { groupInWords, standingInWords, thisUser } from './accounts.ts';
import { errorCode, isGone } from './file-errors.ts';

/** Why a file in an inbox cannot be taken, for whoever must change something. */
interface Stuck {
  readonly message: string;
  /** What to change. */
  readonly hint: string;
  /** Owner, group, mode and errno: what must be the same for it not to be said again. */
  readonly state: string;
}

const GROUP_MAY_READ = 0o040;
const STICKY = 0o1000;
const ROOT = 0;
const NOT_ALLOWED = new Set(['EACCES', 'EPERM']);
/** As servers of SMB and Windows say of a file that another program has open. */
const HELD = new Set(['EBUSY', 'ETXTBSY']);

/**
 * Looks at the file, and at the folder where renaming in it was refused. Undefined where the file is gone by now.
 * @throws what the file system says
 */
export async function whyStuck(
  { path, folder }: { readonly path: string | Buffer; readonly folder: string },
  error: Error,
): Promise<Stuck | undefined> {
  const stats = await ifThere(path);
  if (stats === undefined) return undefined;
  const code = errorCode(error) ?? '';
  const owner = await standingInWords(stats);
  return {
    message: `it stays in the inbox; it has ${owner}: ${error.message}`,
    hint: await hintFor(code, 'syscall' in error && error.syscall === 'rename', stats, folder),
    state: `${owner} ${code}`,
  };
}

async function hintFor(code: string, isRename: boolean, stats: Stats, folder: string): Promise<string> {
  if (HELD.has(code)) return 'Another program has it open; it is taken once that lets go of it.';
  if (!NOT_ALLOWED.has(code)) return 'It is tried again at each rescan; the disk or mount may be broken.';
  const user = thisUser();
  if (isRename) return await folderHint(folder, code, user);
  // A group that gives far more than this file, and that no daemon should be in.
  if (stats.gid === ROOT)
    return `Give it another group than root: chgrp it to a group that ${user} is in and chmod g+r, or chown it to that user; whoever puts files here should do so with such a group.`;
  const group = await groupInWords(stats.gid);
  return stats.mode & GROUP_MAY_READ
    ? `Its group may read it: make ${user} a member of the group ${group}, and start Trackdrop again.`
    : `The SFTP server's umask must leave the group read access (0027), as must the mode that the client sends, and ${user} must be in the group ${group}; for this file: chmod g+r.`;
}

/** rename(2) says EPERM of the sticky bit and of what is marked, chattr(1); EACCES of modes. */
async function folderHint(folder: string, code: string, user: string): Promise<string> {
  const stats = await lstat(folder);
  const isHeldBySticky = (stats.mode & STICKY) !== 0;
  if (code === 'EPERM' && !isHeldBySticky)
    return `The file or the inbox may be marked as immutable or append-only, which no mode shows: lsattr -d ${folder}, lsattr on the file; chattr -i or -a takes the mark away.`;
  return isHeldBySticky
    ? `The inbox has the sticky bit, by which only the owner of a file may move it: chmod -t ${folder}.`
    : `Let ${user} write in the inbox, which has ${await standingInWords(stats)}: chmod 2770 ${folder}, with a group that both are in.`;
}

async function ifThere(path: string | Buffer): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}
