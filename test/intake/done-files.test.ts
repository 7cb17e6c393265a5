import assert from 'node:assert/strict';
import { mkdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Events } from '../../src/events.ts';
import { Claims } from '../../src/intake/claim.ts';
import { DoneFiles, doneFileMatcher, doneFileName } from '../../src/intake/done-files.ts';
import { claimName } from '../../src/intake/names.ts';
import { removeSpentDoneFile } from '../../src/intake/spent-done-file.ts';
import { dataFolder } from './folders.ts';
import { HandClock } from './hand-clock.ts';
import { watching } from './watching.ts';

const DROP_ID = '20261122-062233-7f3a';
const HALF = 'order_number,tracking_number\n1001,1Z';

type Data = Awaited<ReturnType<typeof dataFolder>>;

/** Writes until the file system's clock has gone on: within one of its ticks two files are of one age. */
async function later(data: Data, name: string): Promise<void> {
  const before = (await stat(data.inbox)).ctimeMs;
  for (;;) {
    await data.drop('.tick', String(Math.random()));
    if ((await stat(join(data.inbox, '.tick'))).ctimeMs > before) break;
  }
  await rm(join(data.inbox, '.tick'));
  await writeFile(join(data.inbox, name), '');
}

const claimsOf = (data: Data, doneFile: string) =>
  new Claims({ inbox: 'main', folder: data.inbox, working: data.working, doneFile }, new Events());

describe('Names of done-files', () => {
  it('are made of the name or the stem', () => {
    assert.equal(doneFileName('{name}.done', 'a.b.csv'), 'a.b.csv.done');
    assert.equal(doneFileName('{stem}.ok', 'a.b.csv'), 'a.b.ok');
    assert.equal(doneFileName('.{name}.$1', '$&.csv'), '.$&.csv.$1');
  });

  it('are known whatever their case, and only where something stands for the file', () => {
    const isDone = doneFileMatcher('{name}.done');
    for (const name of ['a.csv.done', 'A.CSV.DONE', 'x.done']) assert.ok(isDone(name), name);
    for (const name of ['.done', 'a.csv', 'a.done.csv']) assert.ok(!isDone(name), name);
    assert.ok(doneFileMatcher('fertig_größe_{stem}')('FERTIG_GRO\u0308ẞE_a'));
  });

  it('lead to the file that is named just so, before one that differs in case', () => {
    const entry = (name: string) => ({ name, path: name });
    const [lower, upper, done, odd] = ['a.csv', 'A.csv', 'A.csv.done', 'b.CSV.Done'].map(entry) as [
      ReturnType<typeof entry>,
      ReturnType<typeof entry>,
      ReturnType<typeof entry>,
      ReturnType<typeof entry>,
    ];
    const other = entry('B.csv');
    const doneFiles = new DoneFiles('{name}.done', [lower, upper, other], [done, odd]);
    assert.equal(doneFiles.of(upper), done);
    assert.equal(doneFiles.of(lower), undefined);
    assert.equal(doneFiles.of(other), odd);
    assert.deepEqual(doneFiles.spokenForBy(done), [upper]);
  });
});

describe('An inbox with done-files', { concurrency: true }, () => {
  const doneFile = '{name}.done';
  const now = () => new HandClock(Date.now());

  it('yields a file as soon as its done-file is there, whatever it ends with, and not before', async () => {
    await using data = await dataFolder();
    await data.drop('a.csv', HALF);
    await data.drop('b.csv', '');
    await using inbox = await watching(data.inbox, { doneFile }, now());
    await inbox.clock.move(50 * 60_000);
    assert.deepEqual(inbox.names(), []);
    assert.equal(inbox.watch.pending(), 0);
    await later(data, 'a.csv.done');
    await later(data, 'B.CSV.DONE');
    await inbox.clock.move(5_100);
    assert.deepEqual(inbox.names().toSorted(), ['a.csv', 'b.csv']);
  });

  it('never yields a done-file, also where its name is wanted', async () => {
    await using data = await dataFolder();
    await data.drop('a.csv', HALF);
    await later(data, 'a.ok.csv');
    await using inbox = await watching(data.inbox, { doneFile: '{stem}.ok.csv' }, now());
    await inbox.clock.move(10_000);
    assert.deepEqual([...new Set(inbox.names())], ['a.csv']);
  });

  it('waits where the done-file is older than the file: it was made for an earlier one', async () => {
    await using data = await dataFolder();
    await data.drop('a.csv.done', '');
    await later(data, 'a.csv');
    await using inbox = await watching(data.inbox, { doneFile }, now());
    await inbox.clock.move(59 * 60_000);
    assert.deepEqual(inbox.names(), []);
    await inbox.clock.move(2 * 60_000);
    assert.deepEqual(inbox.bystanders, ['a.csv: done-early']);
    await later(data, 'a.csv.done');
    await inbox.clock.move(5_100);
    assert.deepEqual(inbox.names(), ['a.csv']);
    assert.ok(inbox.bystanders.includes('a.csv: cleared'));
  });

  it('takes no folder and no link for a done-file', async () => {
    await using data = await dataFolder();
    await data.drop('a.csv', HALF);
    await data.drop('b.csv', HALF);
    await mkdir(join(data.inbox, 'a.csv.done'));
    await symlink(join(data.inbox, 'b.csv'), join(data.inbox, 'b.csv.done'));
    await using inbox = await watching(data.inbox, { doneFile }, now());
    await inbox.clock.move(61 * 60_000);
    assert.deepEqual(inbox.names(), []);
    assert.deepEqual(inbox.bystanders.toSorted(), ['a.csv: not-done', 'b.csv: not-done']);
  });

  it('names a file without a done-file, and a done-file without a file, after an hour', async () => {
    await using data = await dataFolder();
    await data.drop('a.csv', HALF);
    await data.drop('b.csv.done', '');
    await using inbox = await watching(data.inbox, { doneFile }, now());
    await inbox.clock.move(61 * 60_000);
    assert.deepEqual(inbox.bystanders.toSorted(), ['a.csv: not-done', 'b.csv.done: done-alone']);
  });
});

describe('A done-file', { concurrency: true }, () => {
  it('goes with the claim of its file', async () => {
    await using data = await dataFolder();
    await data.drop('a.csv', HALF);
    await later(data, 'A.csv.done');
    await using inbox = await watching(data.inbox, { doneFile: '{name}.done' });
    const [file] = inbox.found;
    assert.ok(file);
    assert.ok(await claimsOf(data, '{name}.done').claim(file, DROP_ID));
    assert.deepEqual(Object.keys(await data.files()), [`working/${DROP_ID}/a.csv`]);
  });

  it('stays while another file that it speaks for is there', async () => {
    await using data = await dataFolder();
    await data.drop('a.csv', HALF);
    await data.drop('a.txt', HALF);
    await later(data, 'a.done');
    const files = ['*.csv', '*.txt'];
    await using inbox = await watching(data.inbox, { doneFile: '{stem}.done', files });
    const claims = claimsOf(data, '{stem}.done');
    const [one, other] = inbox.found;
    assert.ok(one && other);
    await claims.claim(one, DROP_ID);
    assert.ok(Object.keys(await data.files()).includes('inbox/a.done'));
    await claims.claim(other, '20261122-062234-0b1c');
    assert.ok(!Object.keys(await data.files()).includes('inbox/a.done'));
  });

  it('stays where it is another one by now, made for the next file of that name', async () => {
    await using data = await dataFolder();
    await data.drop('a.csv', HALF);
    await later(data, 'a.csv.done');
    await using inbox = await watching(data.inbox, { doneFile: '{name}.done' });
    const [file] = inbox.found;
    assert.ok(file);
    await later(data, 'next');
    await rename(join(data.inbox, 'next'), join(data.inbox, 'a.csv.done'));
    await claimsOf(data, '{name}.done').claim(file, DROP_ID);
    assert.ok(Object.keys(await data.files()).includes('inbox/a.csv.done'));
  });

  it('of a claim that was cut off before it went is removed at the next start', async () => {
    await using data = await dataFolder();
    await data.drop(claimName(DROP_ID, 'a.csv'), HALF);
    await later(data, 'a.csv.DONE');
    const [left] = await claimsOf(data, '{name}.done').leftovers(() => undefined);
    assert.equal(left?.name, 'a.csv');
    assert.deepEqual(Object.keys(await data.files()), [`working/${DROP_ID}/a.csv`]);
  });

  it('of such a claim is removed beside a newer file of that name, and kept where it is newer than that', async () => {
    await using data = await dataFolder();
    await data.drop('a.csv.done', '');
    await later(data, 'a.csv');
    await removeSpentDoneFile(data.inbox, '{name}.done', 'a.csv');
    assert.deepEqual(Object.keys(await data.files()), ['inbox/a.csv']);
    await later(data, 'a.csv.done');
    await removeSpentDoneFile(data.inbox, '{name}.done', 'a.csv');
    assert.deepEqual(Object.keys(await data.files()), ['inbox/a.csv', 'inbox/a.csv.done']);
  });
});
