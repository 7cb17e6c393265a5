import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { folderFindings } from '../../../src/commands/check/folder-findings.ts';
import type { FolderCheck } from '../../../src/intake/folder-check.ts';

const USER = { uid: 1000, gids: [1000, 27], umask: 0o22 };

function finding(check: Partial<FolderCheck>, user: typeof USER | undefined = USER) {
  const path = check.path ?? '/data/inbox';
  const [found] = folderFindings(
    {
      folders: [
        {
          purpose: 'inbox',
          path,
          isThere: true,
          arrival: null,
          trouble: null,
          keepsModes: null,
          nearest: { path, isFolder: true, uid: 0, gid: 50, mode: 0o755 },
          ...check,
        },
      ],
      left: [],
    },
    user,
  );
  assert.ok(found);
  return found;
}

describe('a folder that this user may not use', () => {
  test('is told with owner, group and mode, with user, groups and umask, and with what to change', () => {
    const { result, message, hint } = finding({ trouble: { at: 'writing', code: 'EACCES' } });
    assert.equal(result, 'problem');
    assert.equal(
      message,
      '/data/inbox takes no file: permission denied (EACCES); it has owner 0, group 50, mode 0755; ' +
        'this user is 1000, in groups 1000, 27, with umask 0022',
    );
    assert.match(
      hint ?? '',
      /chown 1000 \/data\/inbox; or, .*chgrp 1000 \/data\/inbox && chmod 2770 \/data\/inbox/,
    );
  });

  test('and is not there yet is told with the folder above that does not allow it', () => {
    const { message, hint } = finding({
      purpose: 'failed',
      path: '/data/failed',
      isThere: false,
      trouble: { at: 'making', code: 'EACCES' },
      nearest: { path: '/data', isFolder: true, uid: 0, gid: 0, mode: 0o755 },
    });
    assert.match(
      message,
      /^\/data\/failed is not there and cannot be made: .*; \/data has owner 0, group 0, mode 0755/,
    );
    assert.match(
      hint ?? '',
      /mkdir -p \/data\/failed && chown 1000 \/data\/failed; or let the user write in \/data\./,
    );
  });

  test('is told without a user where users have no numbers', () => {
    const [found] = folderFindings(
      {
        folders: [
          {
            purpose: 'inbox',
            path: '/i',
            isThere: true,
            arrival: null,
            trouble: { at: 'listing', code: 'EPERM' },
            keepsModes: null,
            nearest: null,
          },
        ],
        left: [],
      },
      undefined,
    );
    assert.equal(found?.message, '/i cannot be listed: operation not permitted (EPERM)');
  });
});

describe('an inbox with the sticky bit', () => {
  const nearest = { path: '/data/inbox', isFolder: true, uid: 500, gid: 50, mode: 0o1777 };

  test("is a problem, since nobody but an uploader may move that uploader's files", () => {
    const { result, message, hint } = finding({ nearest });
    assert.deepEqual([result, hint], ['problem', 'Take the bit away: chmod -t /data/inbox']);
    assert.match(message, /mode 1777/);
  });

  test('is none for root, nor for the owner of the folder', () => {
    assert.equal(finding({ nearest }, { ...USER, uid: 0 }).result, 'ok');
    assert.equal(finding({ nearest }, { ...USER, uid: 500 }).result, 'ok');
    assert.equal(finding({ nearest: { ...nearest, mode: 0o777 } }).result, 'ok');
  });
});

for (const [code, hint] of [
  ['EROFS', /mounted read-only/],
  ['ENOSPC', /Make room/],
  ['EDQUOT', /Make room/],
  ['ENOTDIR', /is no folder/],
  ['EIO', /may be broken/],
  ['ENOENT', /forgotten mount/],
] as const) {
  test(`what to do is said for ${code}`, () => {
    const found = finding({ trouble: { at: 'finding', code } });
    assert.equal(found.result, 'problem');
    assert.match(found.message, new RegExp(`\\(${code}\\)$`));
    assert.match(found.hint ?? '', hint);
  });
}

test('a folder on another file system is a warning, and one that run makes is none', () => {
  const copied = finding({ purpose: 'failed', arrival: 'copy' });
  assert.equal(copied.result, 'warning');
  assert.match(copied.message, /another file system, so that files are copied/);
  const missing = finding({ purpose: 'failed', arrival: 'rename', isThere: false });
  assert.deepEqual([missing.result, missing.message], ['ok', '/data/inbox is not there yet; run makes it']);
});

test('a folder whose mount decides on modes is a warning with what to set there', () => {
  const { result, message, hint } = finding({ purpose: 'failed', arrival: 'rename', keepsModes: false });
  assert.equal(result, 'warning');
  assert.match(message, /the modes of its mount, whatever permissions.file says/);
  assert.match(hint ?? '', /file_mode/);
});

test('a folder that gives no file to the group is a problem of the mount, not of its owner', () => {
  const { result, message, hint } = finding({
    purpose: 'failed',
    trouble: { at: 'granting', code: 'EPERM' },
  });
  assert.equal(result, 'problem');
  assert.match(message, /gives no file to the group of permissions.group: operation not permitted/);
  assert.match(hint ?? '', /SMB: gid=/);
});

test('a probe that could not be removed again is named', () => {
  const [found] = folderFindings({ folders: [], left: ['/data/inbox/.trackdrop-check-1'] }, USER);
  assert.equal(found?.result, 'warning');
  assert.match(found?.message ?? '', /^\/data\/inbox\/\.trackdrop-check-1 could not be removed/);
});
