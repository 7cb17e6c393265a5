import { readFile } from 'node:fs/promises';
import { UsageError } from '../domain/failure.ts';

/** Who this process is to the file system. */
export interface ProcessUser {
  readonly uid: number;
  /** Groups whose files it may make: its own, and those it is a further member of. */
  readonly gids: readonly number[];
}

/** What was configured of the files that the daemon puts away. */
export interface Permissions {
  /** Permission bits. */
  readonly file: number;
  readonly folder: number;
  /** Name or number; null: as the system gives it. */
  readonly group: string | null;
}

/** Who may open what the daemon puts away, and whose files are its own. */
export interface Access {
  /** Files of another owner take no mode of ours. Null on systems where users have no numbers. */
  readonly uid: number | null;
  readonly fileMode: number;
  readonly folderMode: number;
  /** Null: as the system gives it. */
  readonly gid: number | null;
}

/**
 * Finds the group in the system's list, and whether the process may give its files to it: the owner of a file may for
 * groups that it is a member of, root for any (chown(2)). `user` is undefined where users have no numbers.
 * @throws UsageError `group-unknown` or `group-not-ours`
 */
export async function openAccess(
  { file, folder, group }: Permissions,
  user: ProcessUser | undefined,
  groupsFile = '/etc/group',
): Promise<Access> {
  const access = { uid: user?.uid ?? null, fileMode: file, folderMode: folder };
  if (group === null) return { ...access, gid: null };
  const gid = await groupNumber(group, groupsFile);
  if (gid === undefined) {
    throw new UsageError('group-unknown', `permissions.group: this system knows no group ${group}`, {
      facts: { group },
      hint: `Make it with groupadd, or give its number, as for a group of a directory service (getent group ${group}) or of another container.`,
    });
  }
  if (user !== undefined && user.uid !== 0 && !user.gids.includes(gid)) {
    throw new UsageError(
      'group-not-ours',
      `permissions.group: user ${user.uid} is no member of the group ${group}${group === String(gid) ? '' : ` (${gid})`} and may not give files to it`,
      {
        facts: { group, gid, uid: user.uid },
        hint: `Make the user a member (usermod -aG ${group} NAME) and start again; in a container: --group-add ${gid}.`,
      },
    );
  }
  return { ...access, gid };
}

/** Of a name, or of a number as it is; undefined where no line of the list (group(5)) has the name. */
async function groupNumber(group: string, groupsFile: string): Promise<number | undefined> {
  if (/^\d+$/.test(group)) return Number(group);
  for (const line of (await listOf(groupsFile)).split('\n')) {
    const [name, , number = ''] = line.split(':');
    if (name === group && /^\d+$/.test(number)) return Number(number);
  }
  return undefined;
}

/** A small image may have no such list: then no name is known. */
async function listOf(groupsFile: string): Promise<string> {
  try {
    return await readFile(groupsFile, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
