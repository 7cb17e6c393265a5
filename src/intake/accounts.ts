import { readFile } from 'node:fs/promises';
import { isGone } from './file-errors.ts';

/** `sftp (1001)` where the system's own list has a name for the number, else the number. */
export async function userInWords(uid: number, list = '/etc/passwd'): Promise<string> {
  return await inWords(uid, list);
}

/** As `userInWords`, of a group. */
export async function groupInWords(gid: number, list = '/etc/group'): Promise<string> {
  return await inWords(gid, list);
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
