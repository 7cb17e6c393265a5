import assert from 'node:assert/strict';
import {
  chmod,
  chown,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { grantFile } from '../../src/intake/grant.ts';
import { makeFolder } from '../../src/intake/make-folder.ts';
import { copyFlushed, place } from '../../src/intake/place.ts';
import type { Access } from '../../src/runtime/access.ts';
import { dataFolder } from './folders.ts';

const signal = new AbortController().signal;
const uid = process.getuid?.() ?? null;
const isRoot = uid === 0;
const NEEDS_ROOT = isRoot ? false : 'only root may make files of another owner or group';
/** Nobody needs to know them: numbers are enough for the file system. */
const UPLOADER = 4711;
const OPERATIONS = 4712;
const ACCESS: Access = { uid, fileMode: 0o640, folderMode: 0o750, gid: isRoot ? OPERATIONS : null };

async function owned(path: string) {
  const { uid: owner, gid, mode } = await stat(path);
  return { owner, gid, mode: (mode & 0o7777).toString(8) };
}

/** Under a umask that would give too much, then under one that would give nothing to others. */
async function underEachUmask(work: () => Promise<void>): Promise<void> {
  for (const umask of [0o000, 0o077]) {
    const before = process.umask(umask);
    try {
      await work();
    } finally {
      process.umask(before);
    }
  }
}

test('a file that is put away has its mode and group whatever the umask', async () => {
  await underEachUmask(async () => {
    await using data = await dataFolder();
    await mkdir(data.failed);
    const source = await data.drop('a.csv', 'text');
    const { ino } = await stat(source);
    const placing = { folder: data.failed, name: 'a.csv', temporary: '.t', isRerun: false, access: ACCESS };
    assert.equal(await place(source, placing, signal), true);
    const target = join(data.failed, 'a.csv');
    assert.equal((await stat(target)).ino, ino, 'moved, not copied');
    const { gid, mode } = await owned(target);
    assert.equal(mode, '640');
    if (ACCESS.gid !== null) assert.equal(gid, ACCESS.gid);
  });
});

test('folders are made with their mode and group, and one that is there stays as it is', async () => {
  await underEachUmask(async () => {
    await using data = await dataFolder();
    const kept = await owned(data.base);
    const day = join(data.processed, '2026-11-22');
    await Promise.all(Array.from({ length: 20 }, () => makeFolder(day, ACCESS)));
    for (const path of [data.processed, day]) {
      const { gid, mode } = await owned(path);
      assert.equal(mode, '750', path);
      if (ACCESS.gid !== null) assert.equal(gid, ACCESS.gid);
    }
    assert.deepEqual(await owned(data.base), kept);
    assert.deepEqual((await readdir(data.base)).sort(), ['inbox', 'processed']);
    assert.deepEqual(await readdir(data.processed), ['2026-11-22']);
  });
});

test('a folder that a crash left without its name is made whole', async () => {
  await using data = await dataFolder();
  await mkdir(join(data.base, '.making-processed'), { mode: 0o700 });
  await makeFolder(data.processed, ACCESS);
  assert.equal((await owned(data.processed)).mode, '750');
  assert.deepEqual((await readdir(data.base)).sort(), ['inbox', 'processed']);
});

test('a folder goes on handing down the group that it inherited', { skip: NEEDS_ROOT }, async () => {
  await using data = await dataFolder();
  await chown(data.base, 0, OPERATIONS);
  await chmod(data.base, 0o2770);
  await makeFolder(data.failed, { ...ACCESS, gid: null });
  assert.deepEqual(await owned(data.failed), { owner: 0, gid: OPERATIONS, mode: '2750' });
});

test('a file of another owner is copied, with its times, and the original goes last', {
  skip: NEEDS_ROOT,
}, async () => {
  await using data = await dataFolder();
  await mkdir(data.failed);
  const source = await data.drop('a.csv', 'text');
  await chown(source, UPLOADER, UPLOADER);
  await utimes(source, 1_700_000_000, 1_700_000_001);
  const placing = { folder: data.failed, name: 'a.csv', temporary: '.t', isRerun: false, access: ACCESS };
  assert.equal(await place(source, placing, signal), true);
  const target = join(data.failed, 'a.csv');
  assert.deepEqual(await owned(target), { owner: 0, gid: OPERATIONS, mode: '640' });
  assert.equal((await stat(target)).mtimeMs, 1_700_000_001_000);
  assert.deepEqual(await data.files(), { 'failed/a.csv': 'text' });
});

test('what becomes of the original of a copy is for the caller to say', { skip: NEEDS_ROOT }, async () => {
  await using data = await dataFolder();
  await mkdir(data.failed);
  const told: string[] = [];
  const placing = {
    folder: data.failed,
    temporary: '.t',
    isRerun: false,
    access: ACCESS,
    onCopied: async (original: string) => void told.push(original),
  };
  const ours = await data.drop('ours.csv', 'text');
  await place(ours, { ...placing, name: 'ours.csv' }, signal);
  assert.deepEqual(told, [], 'a writer of ours that was moved is in the file itself');
  const theirs = await data.drop('theirs.csv', 'text');
  await chown(theirs, UPLOADER, UPLOADER);
  await place(theirs, { ...placing, name: 'theirs.csv' }, signal);
  assert.deepEqual(told, [theirs]);
  assert.deepEqual(Object.keys(await data.files()), [
    'failed/ours.csv',
    'failed/theirs.csv',
    'inbox/theirs.csv',
  ]);
});

test('a copy for which a crash left a second name never writes into the file of that name', async () => {
  await using data = await dataFolder();
  await mkdir(data.failed);
  const source = await data.drop('a.csv', 'text');
  const [target, temporary] = [join(data.failed, 'a.csv'), join(data.failed, '.t')];
  // As after a kill between the copy's second name and the removal of its first one; a person was faster than we.
  await writeFile(temporary, 'corrected');
  await link(temporary, target);
  const access = { ...ACCESS, uid: -1 };
  const placing = { folder: data.failed, name: 'a.csv', temporary: '.t', isRerun: true, access };
  assert.equal(await place(source, placing, signal), false);
  assert.equal(await readFile(target, 'utf8'), 'corrected');
  assert.deepEqual(Object.keys(await data.files()), ['failed/a.csv', 'inbox/a.csv']);
});

test('where the mount decides on modes a file is put away with those, and that is known', async () => {
  await using data = await dataFolder();
  await using file = await open(await data.drop('a.csv', 'text'));
  // As FAT and SMB do; no such file system can be counted on here.
  file.chmod = () => Promise.reject(Object.assign(new Error('EPERM'), { code: 'EPERM', syscall: 'fchmod' }));
  assert.equal(await grantFile(file, { ...ACCESS, gid: null, fileMode: 0o604 }), false);
});

test('a group that the file system refuses is said with what to change', async () => {
  await using data = await dataFolder();
  await using file = await open(await data.drop('a.csv', 'text'));
  file.chown = () => Promise.reject(Object.assign(new Error('EPERM'), { code: 'EPERM', syscall: 'fchown' }));
  await assert.rejects(grantFile(file, { ...ACCESS, gid: 4713 }), {
    code: 'group-refused',
    hint: /SMB: gid=/,
  });
});

test('a copy is a new file, whatever lies under its name', async () => {
  await using data = await dataFolder();
  const source = await data.drop('a.csv', 'text');
  const [first, other] = [join(data.base, '.t'), join(data.base, 'b.csv')];
  await writeFile(first, 'corrected');
  await link(first, other);
  await copyFlushed(source, first);
  assert.deepEqual([await readFile(first, 'utf8'), await readFile(other, 'utf8')], ['text', 'corrected']);
});

test('a piece of a copy that a crash left is removed, also where no copy is made any more', async () => {
  await using data = await dataFolder();
  await mkdir(data.failed);
  const source = await data.drop('a.csv', 'text');
  await writeFile(join(data.failed, '.t'), 'te');
  const placing = { folder: data.failed, name: 'a.csv', temporary: '.t', isRerun: true, access: ACCESS };
  assert.equal(await place(source, placing, signal), true);
  assert.deepEqual(await data.files(), { 'failed/a.csv': 'text' });
});
