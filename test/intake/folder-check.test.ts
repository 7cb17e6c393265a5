import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, rename, rm, symlink, watch, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkFolder, checkFolders, type FoldersChecked } from '../../src/intake/folder-check.ts';
import { isTemporaryName, parseClaimName } from '../../src/intake/names.ts';
import type { Access } from '../../src/runtime/access.ts';
import { dataFolder } from './folders.ts';

const never = new AbortController().signal;
/** A second file system of the machine, where it has one. */
const OTHER_DEVICE = '/dev/shm';

const NOBODY = 65534;

type Data = Awaited<ReturnType<typeof dataFolder>>;

const check = (
  data: Pick<Data, 'inbox' | 'working' | 'waiting' | 'processed' | 'failed'>,
  signal = never,
  access: Access | null = null,
) => checkFolders({ ...data, folder: data.inbox }, access, signal);

/** `purpose: trouble` or `purpose: arrival`, a line a folder. */
function told({ folders }: FoldersChecked): string[] {
  return folders.map(({ purpose, arrival, trouble }) =>
    trouble ? `${purpose}: ${trouble.at} ${trouble.code}` : `${purpose}: ${arrival ?? 'well'}`,
  );
}

/** Everything below the base, folders too. */
async function everything({ base }: Data): Promise<string[]> {
  return (await readdir(base, { recursive: true })).sort();
}

/** Root may do anything, so for these tests it is somebody else meanwhile. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

test('folders that are well take a file in by renames, and those not there yet are made and removed again', async () => {
  await using data = await dataFolder();
  await mkdir(data.failed);
  await writeFile(join(data.failed, 'old.csv'), 'x');
  const before = await everything(data);
  const checked = await check(data);
  assert.deepEqual(told(checked), [
    'inbox: well',
    'working: rename',
    'waiting: rename',
    'processed: rename',
    'failed: rename',
  ]);
  assert.deepEqual(
    checked.folders.map(({ isThere }) => isThere),
    [true, false, false, false, true],
  );
  assert.deepEqual(checked.left, []);
  assert.deepEqual(await everything(data), before);
});

test('a probe has a name that a running daemon takes neither for a drop nor for a claim', async () => {
  await using data = await dataFolder();
  const seen = new Set<string>();
  const stop = new AbortController();
  const watching = watch(data.inbox, { signal: stop.signal });
  const watched = (async () => {
    for await (const { filename } of watching) {
      if (filename === 'end') return;
      if (filename) seen.add(filename);
    }
  })();
  await check(data);
  await writeFile(join(data.inbox, 'end'), '');
  await watched;
  assert.ok(seen.size >= 2, 'the probe was made and renamed in the inbox');
  for (const name of seen) {
    assert.ok(isTemporaryName(name), name);
    assert.equal(parseClaimName(name), undefined);
  }
});

test('a missing inbox is never made, and the other folders are tried all the same', async () => {
  await using data = await dataFolder();
  await rm(data.inbox, { recursive: true });
  assert.deepEqual(told(await check(data)), [
    'inbox: finding ENOENT',
    'working: well',
    'waiting: rename',
    'processed: rename',
    'failed: rename',
  ]);
  assert.deepEqual(await everything(data), []);
});

test('a file in the place of a folder is told from a folder that is missing', async () => {
  await using data = await dataFolder();
  await writeFile(data.working, 'in the way');
  await writeFile(join(data.base, 'file'), '');
  const processed = join(data.base, 'file', 'below', 'processed');
  assert.deepEqual(told(await check({ ...data, processed })), [
    'inbox: well',
    'working: finding ENOTDIR',
    'waiting: well',
    'processed: making ENOTDIR',
    'failed: well',
  ]);
  assert.deepEqual(await everything(data), ['file', 'inbox', 'working']);
});

test('a link that leads nowhere ends the check instead of being followed for ever', async () => {
  await using data = await dataFolder();
  await symlink(join(data.base, 'nowhere'), join(data.base, 'link'));
  const checked = await check({ ...data, failed: join(data.base, 'link', 'failed') });
  assert.deepEqual(told(checked)[4], 'failed: making ENOENT');
});

test('a group that files may not be given to is told of every folder where something is put away', async () => {
  await using data = await dataFolder();
  for (const path of [data.base, data.inbox]) await chmod(path, 0o777);
  const access = { uid: NOBODY, fileMode: 0o640, folderMode: 0o750, gid: 4712 };
  const checked = await asNobody(() => check(data, never, access));
  assert.deepEqual(told(checked), [
    'inbox: well',
    'working: rename',
    'waiting: granting EPERM',
    'processed: granting EPERM',
    'failed: granting EPERM',
  ]);
  assert.deepEqual(await everything(data), ['inbox']);
});

test('modes that a folder keeps are known from those that its mount decides on', async () => {
  await using data = await dataFolder();
  const checked = await check(data, never, { uid: null, fileMode: 0o604, folderMode: 0o750, gid: null });
  assert.deepEqual(
    checked.folders.map(({ keepsModes }) => keepsModes),
    [null, null, true, true, true],
  );
});

test('a folder that may not be written is told with its owner and mode', async () => {
  await using data = await dataFolder();
  await mkdir(data.working);
  await mkdir(data.processed);
  for (const path of [data.base, data.inbox, data.working]) await chmod(path, 0o777);
  await chmod(data.processed, 0o555);
  const checked = await asNobody(() => check(data));
  assert.deepEqual(told(checked)[3], 'processed: writing EACCES');
  const processed = checked.folders[3];
  assert.equal(processed?.nearest?.path, data.processed);
  assert.equal(processed?.nearest?.mode, 0o555);
  assert.equal(processed?.nearest?.uid, process.getuid?.());
});

test('a folder that cannot be made is told with the folder that would have to allow it', async () => {
  await using data = await dataFolder();
  await chmod(data.base, 0o755);
  await chmod(data.inbox, 0o777);
  if (process.getuid?.() !== 0) await chmod(data.base, 0o555);
  const checked = await asNobody(() => check(data));
  if (process.getuid?.() !== 0) await chmod(data.base, 0o755);
  assert.deepEqual(told(checked), [
    'inbox: well',
    'working: making EACCES',
    'waiting: making EACCES',
    'processed: making EACCES',
    'failed: making EACCES',
  ]);
  assert.equal(checked.folders[1]?.nearest?.path, data.base);
  assert.deepEqual(await everything(data), ['inbox']);
});

test('a folder that may be written but not listed is told, since run lists and flushes it', async () => {
  await using data = await dataFolder();
  await chmod(data.base, 0o777);
  await chmod(data.inbox, 0o333);
  const checked = await asNobody(() => check(data));
  await chmod(data.inbox, 0o777);
  assert.deepEqual(told(checked)[0], 'inbox: listing EACCES');
});

test('a working folder on another file system takes the file in as a copy', {
  skip: existsSync(OTHER_DEVICE) ? false : 'this machine has one file system only',
}, async () => {
  await using data = await dataFolder(tmpdir());
  await using other = await dataFolder(OTHER_DEVICE);
  const checked = await check({ ...data, working: other.working });
  assert.deepEqual(told(checked), [
    'inbox: well',
    'working: copy',
    'waiting: copy',
    'processed: copy',
    'failed: copy',
  ]);
  assert.deepEqual(await everything(data), ['inbox']);
  assert.deepEqual(await everything(other), ['inbox']);
});

test('a check that is stopped half-way leaves nothing behind', async () => {
  await using data = await dataFolder();
  const stop = new AbortController();
  const watching = watch(data.base, { signal: AbortSignal.timeout(60_000) });
  const checking = check(data, stop.signal);
  for await (const { filename } of watching) {
    if (filename === 'working') break;
  }
  stop.abort();
  await assert.rejects(checking, { code: 'stopped' });
  assert.deepEqual(await everything(data), ['inbox']);
});

test('a probe that somebody took away meanwhile is trouble of the move, and no leftover', async () => {
  await using data = await dataFolder();
  const watching = watch(data.inbox, { signal: AbortSignal.timeout(60_000) });
  const elsewhere = join(data.base, 'taken');
  const thief = (async () => {
    for await (const { filename } of watching) {
      const isTaken = await rename(join(data.inbox, filename ?? ''), elsewhere).then(
        () => true,
        () => false,
      );
      if (isTaken) return;
    }
  })();
  let checked = await check(data);
  while (!existsSync(elsewhere)) checked = await check(data);
  await thief;
  assert.match(told(checked).join(), /ENOENT/);
  assert.deepEqual(checked.left, []);
});

test('any other folder is tried alone', async () => {
  await using data = await dataFolder();
  const { folders } = await checkFolder(join(data.base, 'a', 'b'), never);
  assert.deepEqual([folders.length, folders[0]?.trouble, folders[0]?.isThere], [1, null, false]);
  assert.deepEqual(await everything(data), ['inbox']);
});
