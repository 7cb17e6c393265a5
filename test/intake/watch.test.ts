import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { appendFile, mkdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { FolderError } from '../../src/domain/failure.ts';
import { Events } from '../../src/events.ts';
import { watchInbox } from '../../src/intake/watch.ts';
import { type Clock, systemClock } from '../../src/runtime/clock.ts';
import { dataFolder } from './folders.ts';
import { HandClock } from './hand-clock.ts';
import { options, watching } from './watching.ts';

const ROW = 'order_number,tracking_number\n1001,1Z1\n';

test('a file is yielded once it has not changed for stableFor by our clock', async () => {
  await using data = await dataFolder();
  const path = await data.drop('a.csv', ROW);
  await utimes(path, new Date(0), new Date(0));
  await using inbox = await watching(data.inbox);
  await inbox.clock.move(4900);
  assert.deepEqual(inbox.names(), [], 'an old mtime does not make it stable');
  assert.equal(inbox.watch.pending(), 1);
  await inbox.clock.move(200);
  assert.deepEqual(inbox.names(), ['a.csv']);
  assert.equal(inbox.watch.pending(), 0);
});

test('a file that grows waits anew', async () => {
  await using data = await dataFolder();
  const path = await data.drop('a.csv', ROW);
  await using inbox = await watching(data.inbox);
  await inbox.clock.move(4000);
  await appendFile(path, '1002,1Z2\n');
  await inbox.clock.move(4900);
  assert.deepEqual(inbox.names(), []);
  await inbox.clock.move(1200);
  assert.deepEqual(inbox.names(), ['a.csv']);
});

test('a file that ends in mid-row waits for unfinishedFor, and an empty one for ten minutes', async () => {
  await using data = await dataFolder();
  await data.drop('half.csv', `${ROW}1002,1Z000100`);
  await data.drop('empty.csv', '');
  await using inbox = await watching(data.inbox);
  await inbox.clock.move(59_900);
  assert.deepEqual(inbox.names(), []);
  await inbox.clock.move(200);
  assert.deepEqual(inbox.names(), ['half.csv']);
  assert.equal(inbox.watch.pending(), 1);
  await inbox.clock.move(600_000);
  assert.ok(inbox.names().includes('empty.csv'));
});

test('a file that lies still and is waited for is said once, with the reason, and again once it has changed', async () => {
  await using data = await dataFolder();
  await data.drop('half.csv', `${ROW}1002,1Z000100`);
  const path = await data.drop('empty.csv', '');
  await data.drop('whole.csv', ROW);
  await using inbox = await watching(data.inbox, { rescanEveryMs: 300_000 });
  await inbox.clock.move(4900);
  assert.deepEqual(inbox.waits, []);
  await inbox.clock.move(200);
  const waitMs = (name: string) => inbox.waits.find((wait) => wait.name === name)?.waitMs ?? 0;
  assert.ok(Math.abs(waitMs('empty.csv') - 595_000) < 100);
  assert.ok(Math.abs(waitMs('half.csv') - 55_000) < 100);
  await inbox.clock.move(40_000);
  assert.deepEqual(inbox.waits.map(({ name, doubt }) => `${name}: ${doubt}`).sort(), [
    'empty.csv: empty',
    'half.csv: unfinished',
  ]);
  await appendFile(path, '1');
  await inbox.clock.move(310_000);
  assert.deepEqual(
    inbox.waits.slice(2).map(({ name, doubt }) => `${name}: ${doubt}`),
    ['empty.csv: unfinished'],
  );
});

test('once leaves an empty file where it is, and says so when the others are done', async () => {
  await using data = await dataFolder();
  await data.drop('a.csv', ROW);
  await data.drop('empty.csv', '');
  const clock = new HandClock();
  const events = new Events();
  const said: string[] = [];
  events.on('file.left', ({ name }) => said.push(`left ${name}`));
  events.on('file.awaited', ({ name }) => said.push(`awaited ${name}`));
  const once = options(data.inbox, { once: true });
  const watch = watchInbox(once, { clock, events }, new AbortController().signal);
  const over = (async () => {
    for await (const file of watch) {
      said.push(file.name);
      await rm(file.path);
    }
  })();
  // Nobody sleeps any more after the last file, so the move itself is not waited for.
  void clock.move(10_000);
  await over;
  assert.deepEqual(said, ['a.csv', 'left empty.csv']);
});

test('once takes an empty file that has lain there for ten minutes by its own time', async () => {
  await using data = await dataFolder();
  const path = await data.drop('heartbeat.csv', '');
  const clock = new HandClock();
  const longAgo = new Date(clock.wallMs() - 11 * 60_000);
  await utimes(path, longAgo, longAgo);
  const once = options(data.inbox, { once: true });
  const names: string[] = [];
  const over = (async () => {
    const parts = { clock, events: new Events() };
    for await (const { name } of watchInbox(once, parts, new AbortController().signal)) {
      names.push(name);
      await rm(path);
    }
  })();
  void clock.move(10_000);
  await over;
  assert.deepEqual(names, ['heartbeat.csv']);
});

test('only regular files that match and are not temporary are seen, whatever else lies there', async () => {
  await using data = await dataFolder();
  const target = join(data.base, 'secret.csv');
  await writeFile(target, ROW);
  await symlink(target, join(data.inbox, 'link.csv'));
  await mkdir(join(data.inbox, 'folder.csv'));
  for (let count = 0; count < 6; count += 1) execFileSync('mkfifo', [join(data.inbox, `pipe${count}.csv`)]);
  for (const name of [
    '.hidden.csv',
    '~$a.csv',
    'a.csv~',
    'b.csv.part',
    'c.csv.filepart',
    '.in.d.csv.',
    'inv.pdf',
  ]) {
    await data.drop(name, ROW);
  }
  await data.drop('.claimed-20261122-062233-7f3a-x.csv', ROW);
  await data.drop('GOOD.CSV', ROW);
  await using inbox = await watching(data.inbox);
  await inbox.clock.move(120_000);
  assert.deepEqual([...new Set(inbox.names())], ['GOOD.CSV']);
});

test('a hundred and fifty files dropped at once are all yielded as soon as they are stable', async () => {
  await using data = await dataFolder();
  for (let count = 0; count < 150; count += 1) await data.drop(`f${count}.csv`, ROW);
  await using inbox = await watching(data.inbox);
  await inbox.clock.move(5100);
  assert.equal(new Set(inbox.names()).size, 150);
});

test('files are yielded in the order of their own times, whatever their names', async () => {
  await using data = await dataFolder();
  for (const [name, second] of [
    ['a.csv', 3],
    ['b.csv', 1],
    ['c.csv', 2],
  ] as const) {
    await utimes(await data.drop(name, ROW), second, second);
  }
  await using inbox = await watching(data.inbox);
  await inbox.clock.move(5100);
  assert.deepEqual(inbox.names(), ['b.csv', 'c.csv', 'a.csv']);
});

test('a file that was yielded and is still there is yielded again, a rescan later', async () => {
  await using data = await dataFolder();
  await data.drop('a.csv', ROW);
  await using inbox = await watching(data.inbox);
  await inbox.clock.move(5100);
  assert.equal(inbox.names().length, 1);
  await inbox.clock.move(4000);
  assert.equal(inbox.names().length, 1);
  await inbox.clock.move(10_000);
  assert.ok(inbox.names().length >= 2);
});

test('the same name with new content is a new file', async () => {
  await using data = await dataFolder();
  const path = await data.drop('daily.csv', ROW);
  await using inbox = await watching(data.inbox);
  await inbox.clock.move(5100);
  await rm(path);
  await inbox.clock.move(5000);
  await data.drop('daily.csv', ROW);
  await inbox.clock.move(20_000);
  assert.ok(inbox.names().length >= 2);
});

test('an inbox that goes away is said once, is never made, and is watched again when it is back', async () => {
  await using data = await dataFolder();
  await using inbox = await watching(data.inbox);
  await rename(data.inbox, `${data.inbox}-gone`);
  await inbox.clock.move(30_000);
  assert.deepEqual(inbox.said, ['inbox.watching', 'inbox.unavailable']);
  await mkdir(data.inbox);
  await data.drop('a.csv', ROW);
  await inbox.clock.move(30_000);
  assert.deepEqual(inbox.said, ['inbox.watching', 'inbox.unavailable', 'inbox.available']);
  assert.equal(inbox.names()[0], 'a.csv');
});

test('an inbox that is missing at the start is waited for', async () => {
  await using data = await dataFolder();
  await rm(data.inbox, { recursive: true });
  await using inbox = await watching(data.inbox);
  await inbox.clock.move(20_000);
  assert.deepEqual(inbox.said, ['inbox.unavailable']);
  await mkdir(data.inbox);
  await inbox.clock.move(6000);
  assert.deepEqual(inbox.said, ['inbox.unavailable', 'inbox.available', 'inbox.watching']);
});

const RESCAN_MS = 800;

test('a native event wakes the listing with no rescan, after a remount too', async () => {
  await using data = await dataFolder();
  const events = new Events();
  const stop = new AbortController();
  let isRescanned = true;
  const clock: Clock = {
    ...systemClock,
    async sleep(delayMs, signal) {
      const isRescan = delayMs > RESCAN_MS / 2;
      if (!isRescan || isRescanned) return systemClock.sleep(delayMs, signal);
      await systemClock.sleep(60_000, signal);
      throw new Error('no native event came');
    },
  };
  const slow = options(data.inbox, { stableForMs: 1, rescanEveryMs: RESCAN_MS });
  const files = watchInbox(slow, { clock, events }, stop.signal)[Symbol.asyncIterator]();
  const next = files.next();
  await events.next('inbox.watching');
  await rename(data.inbox, `${data.inbox}-old`);
  await mkdir(data.inbox);
  await data.drop('first.csv', ROW);
  const { value: first } = await next;
  assert.equal(first?.name, 'first.csv');
  await rm(join(data.inbox, 'first.csv'));
  const second = files.next();
  // From here on no rescan comes, and only what the file system tells can have the folder listed.
  isRescanned = false;
  await systemClock.sleep(RESCAN_MS + 300);
  await data.drop('second.csv', ROW);
  // A watch that is still being set up misses what came before.
  using _again = setInterval(() => writeFileSync(join(data.inbox, '.hidden'), ''), 100);
  assert.equal((await second).value?.name, 'second.csv');
  stop.abort();
  await files.return?.();
});

test('once ends when every file was yielded, and waits for those that are not stable yet', async () => {
  await using data = await dataFolder();
  await data.drop('a.csv', ROW);
  await data.drop('half.csv', `${ROW}1002,1Z`);
  await data.drop('other.pdf', 'x');
  const clock = new HandClock();
  const once = options(data.inbox, { once: true });
  const watch = watchInbox(once, { clock, events: new Events() }, new AbortController().signal);
  const names: string[] = [];
  let isOver = false;
  const over = (async () => {
    for await (const file of watch) {
      names.push(file.name);
      await rm(file.path);
    }
    isOver = true;
  })();
  await clock.move(50_000);
  assert.deepEqual([names, isOver], [['a.csv'], false]);
  // Nobody sleeps any more after the last file, so the move itself is not waited for.
  void clock.move(11_000);
  await over;
  assert.deepEqual(names, ['a.csv', 'half.csv']);
});

test('once throws where the inbox cannot be listed', async () => {
  await using data = await dataFolder();
  const once = options(join(data.base, 'nowhere'), { once: true });
  const parts = { clock: new HandClock(), events: new Events() };
  const watch = watchInbox(once, parts, new AbortController().signal);
  await assert.rejects(watch[Symbol.asyncIterator]().next(), (error: unknown) => {
    assert.ok(error instanceof FolderError);
    return error.code === 'inbox-unavailable';
  });
});

test('ten thousand files are all seen, and waited for', async () => {
  await using data = await dataFolder();
  for (let at = 0; at < 10_000; at += 1) writeFileSync(join(data.inbox, `f${at}.csv`), ROW);
  await using inbox = await watching(data.inbox, { stableForMs: 3_600_000, unfinishedForMs: 3_600_000 });
  assert.equal(inbox.watch.pending(), 10_000);
});
