import type { Stats } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { isGone } from './file-errors.ts';

/** `sftp (1001)` where the system's own list has a name for the number, else the number. */
export async function userInWords(uid: number, list = '/etc/passwd'): Promise<string> {
  return await inWords(uid, list);
}

/** As `userInWords`, of a group. */
export async function groupInWords(gid: number, list = '/etc/group'): Promise<string> {
  return await inWords(gid, list);
}

/** Owner, group and permission bits, with setuid, setgid and sticky. */
export async function standingInWords({
  uid,
  gid,
  mode,
}: Pick<Stats, 'uid' | 'gid' | 'mode'>): Promise<string> {
  const octal = (mode & PERMISSION_BITS).toString(8).padStart(4, '0');
  return `owner ${await userInWords(uid)}, group ${await groupInWords(gid)}, mode ${octal}`;
}

const PERMISSION_BITS = 0o7777;

/**
 * Who runs this process, as the middle of a sentence. Node knows nothing of a user without a name, as by
 * `docker run --user 4711`, and throws.
 */
export function thisUser(): string {
  try {
    const { uid, username } = userInfo();
    return `this user, ${username} (${uid}),`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SYSTEM_ERROR') throw error;
    return 'this user';
  }
}

/** Users of a directory service are not listed there, nor are those of the host of a container. */
async function inWords(id: number, list: string): Promise<string> {
  for (const line of (await linesOf(list)).split('\n')) {
    // The third field of passwd(5) and of group(5).
    const [name = '', , number] = line.split(':');
    if (number === String(id)) return `${name} (${id})`;
  }
  return String(id);
}

async function linesOf(list: string): Promise<string> {
  try {
    return await readFile(list, 'utf8');
  } catch (error) {
    // Windows, and images that hold nothing but one program.
    if (isGone(error)) return '';
    throw error;
  }
}
