import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { appendFile, chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { FolderError } from '../../src/domain/failure.ts';
import { Events } from '../../src/events.ts';
import { Claims } from '../../src/intake/claim.ts';
import { dataFolder, found } from './folders.ts';

const ID = '20261122-062233-7f3a';
const OTHER_ID = '20261122-062234-0b1c';
const unknown = () => undefined;
/** A second file system of the machine, where it has one. */
const OTHER_DEVICE = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

function claims(folders: { inbox: string; working: string }) {
  const events = new Events();
  const stuck: string[] = [];
  events.on('file.stuck', ({ message }) => stuck.push(message));
  return {
    claims: new Claims({ inbox: 'main', folder: folders.inbox, working: folders.working }, events),
    stuck,
  };
}

test('a claimed file lies in working under its own name, and the inbox is free for the next of that name', async () => {
  await using data = await dataFolder();
  await data.drop('a.csv', 'first');
  const { claims: inbox } = claims(data);
  const path = await inbox.claim(await found(data.inbox, 'a.csv'), ID);
  assert.equal(path, join(data.working, ID, 'a.csv'));
  await data.drop('a.csv', 'second');
  await inbox.claim(await found(data.inbox, 'a.csv'), OTHER_ID);
  assert.deepEqual(await data.files(), {
    [`working/${ID}/a.csv`]: 'first',
    [`working/${OTHER_ID}/a.csv`]: 'second',
  });
});

test('a file that vanished, grew or was replaced since it was listed is left alone, without a word', async () => {
  await using data = await dataFolder();
  const { claims: inbox, stuck } = claims(data);
  for (const name of ['gone.csv', 'grown.csv', 'replaced.csv']) await data.drop(name, 'x');
  const [gone, grown, replaced] = await Promise.all(
    ['gone.csv', 'grown.csv', 'replaced.csv'].map((name) => found(data.inbox, name)),
  );
  assert.ok(gone && grown && replaced);
  await rm(gone.path);
  await appendFile(grown.path, 'y');
  await data.drop('new.csv', 'x');
  await rename(join(data.inbox, 'new.csv'), replaced.path);
  for (const file of [gone, grown, replaced]) assert.equal(await inbox.claim(file, ID), undefined);
  assert.deepEqual(stuck, []);
  assert.deepEqual(await data.files(), { 'inbox/grown.csv': 'xy', 'inbox/replaced.csv': 'x' });
  assert.deepEqual(await readdir(data.working), []);
});

test('a file that may not be read stays, is said once until it changes, and is taken when it may', async () => {
  await using data = await dataFolder();
  const path = await data.drop('secret.csv', 'x');
  await chmod(data.base, 0o777);
  await chmod(data.inbox, 0o777);
  await chmod(path, 0o000);
  const { claims: inbox, stuck } = claims(data);
  const isRoot = process.getuid?.() === 0;
  // Root may read anything, so for this test it is somebody else.
  if (isRoot) process.seteuid?.(65534);
  try {
    const file = await found(data.inbox, 'secret.csv');
    assert.equal(await inbox.claim(file, ID), undefined);
    assert.equal(await inbox.claim(file, ID), undefined);
    assert.equal(stuck.length, 1);
    assert.match(stuck[0] ?? '', /mode 0000/);
    if (isRoot) process.seteuid?.(0);
    await chmod(path, 0o666);
    if (isRoot) process.seteuid?.(65534);
    assert.ok(await inbox.claim(await found(data.inbox, 'secret.csv'), ID));
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
});

test('where the working folder cannot be made the file stays in the inbox', async () => {
  await using data = await dataFolder();
  await data.drop('a.csv', 'x');
  await writeFile(data.working, 'in the way');
  const { claims: inbox } = claims(data);
  const file = await found(data.inbox, 'a.csv');
  await assert.rejects(inbox.claim(file, ID), (error: unknown) => {
    assert.ok(error instanceof FolderError);
    return error.code === 'working-unavailable';
  });
  assert.equal((await data.files())['inbox/a.csv'], 'x');
});

test('a claim that was cut off in the inbox is finished, under the name that is known', async () => {
  await using data = await dataFolder();
  await data.drop(`.claimed-${ID}-cut-na`, 'x');
  await mkdir(join(data.working, OTHER_ID), { recursive: true });
  await writeFile(join(data.working, OTHER_ID, 'b.csv'), 'y');
  await mkdir(join(data.working, '20261122-062235-dead'));
  const { claims: inbox } = claims(data);
  const leftovers = await inbox.leftovers((id) => (id === ID ? 'cut-name.csv' : undefined));
  assert.deepEqual(leftovers, [
    { dropId: ID, name: 'cut-name.csv', path: join(data.working, ID, 'cut-name.csv') },
    { dropId: OTHER_ID, name: 'b.csv', path: join(data.working, OTHER_ID, 'b.csv') },
  ]);
  assert.deepEqual(await inbox.leftovers(unknown), leftovers);
});

test('an empty folder of a drop, left by a kill before or after its file was there, is removed', async () => {
  await using data = await dataFolder();
  await mkdir(join(data.working, ID), { recursive: true });
  await mkdir(join(data.working, OTHER_ID));
  await writeFile(join(data.working, OTHER_ID, '.nfs0001'), 'a file that somebody still holds open');
  const { claims: inbox } = claims(data);
  assert.deepEqual(await inbox.leftovers(unknown), []);
  assert.deepEqual(await readdir(data.working), [OTHER_ID]);
});

test('a name of 255 bytes is claimed whole', async () => {
  await using data = await dataFolder();
  const name = `${'n'.repeat(251)}.csv`;
  await data.drop(name, 'x');
  const { claims: inbox } = claims(data);
  assert.equal(await inbox.claim(await found(data.inbox, name), ID), join(data.working, ID, name));
});

test('a working folder on another file system gets a whole copy, also where the first try was cut off, and the originals stay', async () => {
  await using data = await dataFolder();
  await using other = await dataFolder(OTHER_DEVICE);
  await data.drop('a.csv', 'content');
  await data.drop(`.claimed-${OTHER_ID}-b.csv`, 'copied, not yet removed');
  await mkdir(join(other.working, OTHER_ID), { recursive: true });
  await writeFile(join(other.working, OTHER_ID, 'b.csv'), 'copied, not yet removed');
  const { claims: inbox } = claims({ inbox: data.inbox, working: other.working });
  const path = await inbox.claim(await found(data.inbox, 'a.csv'), ID);
  assert.equal(await readFile(path ?? '', 'utf8'), 'content');
  assert.equal((await inbox.leftovers(unknown)).length, 2);
  assert.deepEqual(await data.files(), {
    [`inbox/.witness-${ID}-a.csv`]: 'content',
    [`inbox/.witness-${OTHER_ID}-b.csv`]: 'copied, not yet removed',
  });
  assert.deepEqual(await other.files(), {
    [`working/${ID}/a.csv`]: 'content',
    [`working/${OTHER_ID}/b.csv`]: 'copied, not yet removed',
  });
});

test('a file that bears the claim name of a drop which has its file stays in the inbox, whatever the drop is called', async () => {
  await using data = await dataFolder();
  await mkdir(join(data.working, ID), { recursive: true });
  await writeFile(join(data.working, ID, 'a.csv'), 'of the drop');
  await data.drop(`.claimed-${ID}-a.csv`, 'of somebody else');
  await data.drop(`.claimed-${ID}-b.csv`, 'of somebody else, too');
  await data.drop(`.claimed-${OTHER_ID}-c.csv`, 'of nobody any more');
  const { claims: inbox } = claims(data);
  for (const nameOf of [unknown, () => 'a.csv']) {
    const leftovers = await inbox.leftovers(nameOf, (id) => id === OTHER_ID);
    assert.deepEqual(leftovers, [{ dropId: ID, name: 'a.csv', path: join(data.working, ID, 'a.csv') }]);
  }
  assert.deepEqual(await data.files(), {
    [`inbox/.claimed-${ID}-a.csv`]: 'of somebody else',
    [`inbox/.claimed-${ID}-b.csv`]: 'of somebody else, too',
    [`inbox/.claimed-${OTHER_ID}-c.csv`]: 'of nobody any more',
    [`working/${ID}/a.csv`]: 'of the drop',
  });
});

test('a copy from another file system that was cut off is made again with what its writer added, and no finished one is', async () => {
  await using data = await dataFolder();
  await using other = await dataFolder(OTHER_DEVICE);
  for (const id of [ID, OTHER_ID]) {
    await mkdir(join(other.working, id), { recursive: true });
    await writeFile(join(other.working, id, 'a.csv'), 'copied');
    await data.drop(`.claimed-${id}-a.csv`, 'copied, and more');
  }
  await data.drop(`.witness-${OTHER_ID}-a.csv`, 'copied');
  const { claims: inbox } = claims({ inbox: data.inbox, working: other.working });
  assert.equal((await inbox.leftovers(unknown)).length, 2);
  assert.deepEqual(await data.files(), {
    [`inbox/.claimed-${OTHER_ID}-a.csv`]: 'copied, and more',
    [`inbox/.witness-${ID}-a.csv`]: 'copied, and more',
    [`inbox/.witness-${OTHER_ID}-a.csv`]: 'copied',
  });
  assert.deepEqual(await other.files(), {
    [`working/${ID}/a.csv`]: 'copied, and more',
    [`working/${OTHER_ID}/a.csv`]: 'copied',
  });
});

test('a folder with several files and none that is known is said and left, whole', async () => {
  await using data = await dataFolder();
  await mkdir(join(data.working, ID), { recursive: true });
  for (const name of ['a.csv', 'b.csv']) await writeFile(join(data.working, ID, name), name);
  const { claims: inbox, stuck } = claims(data);
  assert.deepEqual(await inbox.leftovers(unknown), []);
  assert.match(stuck[0] ?? '', /holds 2 files/);
  assert.deepEqual(
    (await inbox.leftovers(() => 'b.csv')).map(({ name }) => name),
    ['b.csv'],
  );
  assert.equal(Object.keys(await data.files()).length, 2);
});
