import assert from 'node:assert/strict';
import { chmod, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { lyingIn } from '../../src/intake/unreadable.ts';
import { dataFolder } from './folders.ts';

const never = new AbortController().signal;

test('a file that an uploader keeps to itself is told from those that can be read', async () => {
  await using data = await dataFolder();
  await data.drop('open.csv', 'x');
  const path = await data.drop('closed.csv', 'x');
  await data.drop('notes.doc', 'x');
  await data.drop('upload.csv.part', 'x');
  await mkdir(join(data.inbox, 'folder.csv'));
  await symlink('/etc/hostname', join(data.inbox, 'link.csv'));
  await chmod(data.base, 0o755);
  await chmod(data.inbox, 0o755);
  await chmod(path, 0o000);
  const isRoot = process.getuid?.() === 0;
  // Root may read anything, so for this test it is somebody else.
  if (isRoot) process.seteuid?.(65534);
  try {
    const { files, unreadable } = await lyingIn(data.inbox, ['*.csv'], never);
    assert.equal(files, 2);
    assert.deepEqual(
      unreadable.map(({ name, code, mode }) => ({ name, code, mode })),
      [{ name: 'closed.csv', code: 'EACCES', mode: 0 }],
    );
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
});

test('an inbox with nothing of its own holds no file', async () => {
  await using data = await dataFolder();
  await data.drop('.hidden.csv', 'x');
  assert.deepEqual(await lyingIn(data.inbox, ['*.csv'], never), { files: 0, unreadable: [] });
});
