import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { FolderError } from '../domain/failure.ts';
import type { Access } from '../runtime/access.ts';
import { errorCode } from './file-errors.ts';

/** What a file system says that has no modes of its own (FAT, SMB): there the mount decides. */
const NO_MODES = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);
const PERMISSION_BITS = 0o777;
const SETGID = 0o2000;

/**
 * Gives a file of the daemon's own the mode and group that were configured. False, and nothing changed, where it
 * belongs to somebody else, as what an SFTP server wrote does: only the owner may change either.
 * @throws FolderError `group-refused`; whatever the file system says.
 */
export async function grantAt(path: string, access: Access): Promise<boolean> {
  await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const { uid } = await file.stat();
  if (access.uid !== null && access.uid !== uid) return false;
  await grantFile(file, access);
  return true;
}

/**
 * Mode and group for an open file of the daemon's own, so that it has them before it has a name. False where the file
 * system has no modes of its own: `check` warns of that.
 * @throws FolderError `group-refused`
 */
export async function grantFile(file: FileHandle, { fileMode, gid }: Access): Promise<boolean> {
  return await grant(file, fileMode, gid);
}

/** The same for a folder; one that has inherited its group from the folder above goes on handing it down. */
export async function grantFolder(folder: FileHandle, { folderMode, gid }: Access): Promise<boolean> {
  const { mode } = await folder.stat();
  return await grant(folder, folderMode | (mode & SETGID), gid);
}

async function grant(handle: FileHandle, mode: number, gid: number | null): Promise<boolean> {
  const { uid, gid: present } = await handle.stat();
  // The group first: a new one may take the setgid bit away.
  if (gid !== null && gid !== present) await giveGroup(handle, uid, gid);
  try {
    await handle.chmod(mode);
  } catch (error) {
    if (!NO_MODES.has(errorCode(error) ?? '')) throw error;
  }
  return ((await handle.stat()).mode & PERMISSION_BITS) === (mode & PERMISSION_BITS);
}

async function giveGroup(handle: FileHandle, uid: number, gid: number): Promise<void> {
  try {
    await handle.chown(uid, gid);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    throw new FolderError(
      'group-refused',
      `files there cannot be given to group ${gid}: ${(error as Error).message}`,
      {
        facts: { gid },
        hint: 'Take permissions.group out where the mount decides on the group (SMB: gid=); else see what the file system allows.',
        cause: error,
      },
    );
  }
}
