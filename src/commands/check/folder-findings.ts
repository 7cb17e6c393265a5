import { constants } from 'node:os';
import { getSystemErrorMessage } from 'node:util';
import { UsageError } from '../../domain/failure.ts';
import type { FolderCheck, FoldersChecked, FolderTrouble, Standing } from '../../intake/folder-check.ts';
import type { Lying } from '../../intake/unreadable.ts';
import type { Access } from '../../runtime/access.ts';
import type { User } from '../shell.ts';
import type { Finding } from './finding.ts';

/** What probes found of folders, with what to change where one of them is not as it must be. */
export function folderFindings({ folders, left }: FoldersChecked, user: User | undefined): Finding[] {
  return [
    ...folders.map((check) => folderFinding(check, user)),
    ...left.map(
      (path): Finding => ({
        result: 'warning',
        subject: 'probe',
        message: `${path} could not be removed again`,
        hint: 'Remove it; no daemon takes it.',
      }),
    ),
  ];
}

function folderFinding(check: FolderCheck, user: User | undefined): Finding {
  const { path, isThere, arrival, trouble } = check;
  const subject = check.purpose ?? 'folder';
  if (trouble) {
    const message = `${path} ${WHAT_FAILED[trouble.at]}: ${reason(trouble.code)}${standing(check, user)}`;
    return { result: 'problem', subject, message, hint: remedy(check, trouble, user), facts: { ...trouble } };
  }
  const sticky = stickyFinding(check, user);
  if (sticky) return sticky;
  const place = isThere ? path : `${path} is not there yet; run makes it`;
  if (check.keepsModes === false) {
    return {
      result: 'warning',
      subject,
      message: `${place}; files there have the modes of its mount, whatever permissions.file says`,
      hint: 'Set them where it is mounted, for SMB and FAT by file_mode, dir_mode and gid, so that operations can open what lies there.',
    };
  }
  if (arrival === 'copy') {
    return {
      result: 'warning',
      subject,
      message: `${place}; it is on another file system, so that files are copied into it, not renamed`,
      hint: 'That is safe, only slower. In a container, mount the folder above all of them instead of each alone.',
    };
  }
  return { result: 'ok', subject, message: place };
}

/** Whether files may be given to the group that was configured. */
export function groupFindings(access: Access | UsageError): Finding[] {
  if (!(access instanceof UsageError)) return [];
  const { message, hint } = access;
  return [{ result: 'problem', subject: 'permissions', message, hint }];
}

/** What lies in an inbox already; nothing where it is empty. */
export function filesFindings({ files, unreadable }: Lying, user: User | undefined): Finding[] {
  const subject = 'files';
  const [first] = unreadable;
  if (files === 0) return [];
  if (first === undefined) return [{ result: 'ok', subject, message: `${inNumber(files)} in the inbox` }];
  const message =
    `${inNumber(unreadable.length)} in the inbox cannot be read and would stay there, such as ${first.name}: ` +
    `${reason(first.code)}; it has ${inWords(first)}${user ? `; this user is ${userInWords(user)}` : ''}`;
  const hint =
    'Let the uploader make files that this user can read: one group for both, mode 2770 for the inbox, and umask 0027 for the SFTP server.';
  return [{ result: 'problem', subject, message, hint, facts: { unreadable: unreadable.length } }];
}

function inNumber(files: number): string {
  return files === 1 ? '1 file' : `${files} files`;
}

/** The probe does not show it, since it is a file of this user. */
function stickyFinding({ purpose, path, nearest }: FolderCheck, user: User | undefined): Finding | undefined {
  if (purpose !== 'inbox' || nearest === null || !(nearest.mode & STICKY)) return undefined;
  if (user === undefined || user.uid === 0 || user.uid === nearest.uid) return undefined;
  return {
    result: 'problem',
    subject: purpose,
    message: `${path} has mode ${octal(nearest.mode)}: with the sticky bit only the owner of a file may move it, and that is whoever uploads it`,
    hint: `Take the bit away: chmod -t ${path}`,
  };
}

const STICKY = 0o1000;

const WHAT_FAILED: Readonly<Record<FolderTrouble['at'], string>> = {
  finding: 'cannot be used',
  making: 'is not there and cannot be made',
  listing: 'cannot be listed',
  writing: 'takes no file',
  'taking-in': 'takes in no file from the folder before it',
  granting: 'gives no file to the group of permissions.group',
};

/** What the system calls an errno, with its name. */
function reason(code: string): string {
  const number = Object.entries(constants.errno).find(([name]) => name === code)?.[1];
  return number === undefined ? code : `${getSystemErrorMessage(-number)} (${code})`;
}

const NOT_ALLOWED = new Set(['EACCES', 'EPERM']);

function standing({ path, nearest, trouble }: FolderCheck, user: User | undefined): string {
  if (trouble === null || !NOT_ALLOWED.has(trouble.code) || nearest === null) return '';
  const where = nearest.path === path ? 'it' : nearest.path;
  return `; ${where} has ${inWords(nearest)}${user ? `; this user is ${userInWords(user)}` : ''}`;
}

function inWords({ uid, gid, mode }: Pick<Standing, 'uid' | 'gid' | 'mode'>): string {
  return `owner ${uid}, group ${gid}, mode ${octal(mode)}`;
}

function userInWords({ uid, gids, umask }: User): string {
  return `${uid}, in ${gids.length === 1 ? 'group' : 'groups'} ${gids.join(', ')}, with umask ${octal(umask)}`;
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

function remedy(check: FolderCheck, { at, code }: FolderTrouble, user: User | undefined): string {
  const { purpose, path, nearest } = check;
  if (at === 'granting')
    return 'Take permissions.group out where the mount decides on the group (SMB: gid=); else see what the file system allows.';
  if (NOT_ALLOWED.has(code)) return permission(check, user);
  switch (code) {
    case 'ENOENT':
      return purpose === 'inbox'
        ? 'Make the folder, or mount it: it is never made by Trackdrop, since a forgotten mount would look healthy.'
        : 'Something on the way to it is missing, or a link that leads nowhere.';
    case 'ENOTDIR':
      return `${at === 'finding' ? path : (nearest?.path ?? path)} is no folder: move it away, or name another one.`;
    case 'EROFS':
      return 'It is mounted read-only: mount it for writing.';
    case 'ENOSPC':
    case 'EDQUOT':
      return 'Make room on its disk.';
    default:
      return 'Make sure that the folder is there and can be read and written; the disk or mount may be broken.';
  }
}

function permission({ path, isThere, nearest }: FolderCheck, user: User | undefined): string {
  const uid = user?.uid ?? '<this user>';
  const gid = user?.gids[0] ?? '<its group>';
  if (!isThere) {
    return `Make it for this user: mkdir -p ${path} && chown ${uid} ${path}; or let the user write in ${nearest?.path ?? 'the folder above'}.`;
  }
  return `Let this user list and write it: chown ${uid} ${path}; or, where it must stay another's: chgrp ${gid} ${path} && chmod 2770 ${path}`;
}
