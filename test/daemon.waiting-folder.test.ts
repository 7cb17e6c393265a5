import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdirSync, renameSync } from 'node:fs';
import { appendFile, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import type { InboxConfig } from '../src/config/config.ts';
import { systemClock } from '../src/runtime/clock.ts';
import { STEP_CHANNEL } from '../src/runtime/step.ts';
import { type Choices, plainFile, RunningDaemon } from './running-daemon.ts';
import { mountSmallDisk, noMount } from './small-disk.ts';

const SOON = { orderNotFoundMs: 60_000, orderHeldMs: 60_000, unpaidMs: 60_000, everyMs: 60 };
/** The next full one is far away; looked at again at the end of the limits, after a minute. */
const LATER = { ...SOON, everyMs: 1_000 * 24 * 3_600_000 };
/** The only row of `day.csv`, which waits for its order. */
const ROW = ['900', '1Z2'] as const;
const FILE = 'waiting/day.waiting.csv';

/** A daemon on whose shop the order 900 is missing, and `day.csv` with a number for it, which waits. */
async function waiting(choices: Choices = {}): Promise<RunningDaemon> {
  const daemon = await RunningDaemon.start({ inbox: { waitFor: SOON }, ...choices });
  await waits(daemon, 'day.csv', ROW);
  return daemon;
}

async function waits(
  daemon: RunningDaemon,
  name: string,
  row: readonly [string, string],
  inbox = 'inbox',
): Promise<void> {
  const rests = daemon.next('drop.waiting', (facts) => facts.name === name.replace('.csv', '.waiting.csv'));
  await daemon.settle(name, plainFile(row), inbox);
  await rests;
}

const comes = (daemon: RunningDaemon, incrementId = '900', store = 'main') =>
  daemon.sandboxOf(store).addOrder({ incrementId, shipments: [{}] });

/** What became of the file of waiting rows when it settles, from now on. */
async function settledLater(daemon: RunningDaemon, name = 'day.waiting.csv') {
  return daemon.report(await daemon.next('drop.settled', (facts) => facts.name === name));
}

/** Never pauses for so long that the file would be thought complete. */
async function goOnWriting(file: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await appendFile(file, '9');
    await systemClock.sleep(20, signal).catch(() => {});
  }
}

/** The store that the ledger has for a drop of that name. */
function storeOf(daemon: RunningDaemon, name: string): unknown {
  using db = new DatabaseSync(join(daemon.data, 'trackdrop.db'), { readOnly: true });
  return db.prepare('SELECT store FROM drops WHERE name = ?').get(name)?.store;
}

const filesBelow = async (daemon: RunningDaemon, ...folders: string[]) =>
  (await daemon.files()).filter((file) => folders.some((folder) => file.startsWith(`${folder}/`)));

describe('Rows that wait in a folder', { concurrency: true }, () => {
  it('wait on while its mount is gone', { skip: noMount() }, async () => {
    await using daemon = await RunningDaemon.prepare({ inbox: { waitFor: { ...SOON, everyMs: 400 } } });
    const folder = join(daemon.data, 'waiting');
    await mkdir(folder);
    {
      using _disk = mountSmallDisk(folder, 4);
      await daemon.start();
      await waits(daemon, 'day.csv', ROW);
    }
    // A look may have been under way, and have met the end of the mount itself.
    await daemon.next('drop.stuck', ({ message }) => /waiting.*Mount/.test(message));
    assert.equal(daemon.count('drop.wait-ended'), 0);
  });

  it('wait on where another folder is in its place, and are looked at when it is back', async () => {
    await using daemon = await waiting();
    const stuck = daemon.next('drop.stuck', ({ message }) => /another folder/.test(message));
    // In one go: a look between the two would find no folder, and say that.
    renameSync(join(daemon.data, 'waiting'), join(daemon.data, 'elsewhere'));
    mkdirSync(join(daemon.data, 'waiting'));
    await stuck;
    const end = settledLater(daemon);
    comes(daemon);
    await rm(join(daemon.data, 'waiting'), { recursive: true });
    await rename(join(daemon.data, 'elsewhere'), join(daemon.data, 'waiting'));
    assert.deepEqual((await end).lines, ['2: tracked']);
    assert.equal(daemon.count('drop.wait-ended'), 0);
  });

  it('wait on where another folder is in its place at the start, until an empty file ends them', async () => {
    await using daemon = await waiting();
    await daemon.stop();
    await rename(join(daemon.data, 'waiting'), join(daemon.data, 'elsewhere'));
    await mkdir(join(daemon.data, 'waiting'));
    const stuck = daemon.next('drop.stuck');
    await daemon.start();
    assert.match((await stuck).message, /put an empty file named day\.waiting\.csv there/);
    const end = settledLater(daemon);
    // One without a byte may be one whose writer comes later, for ten minutes.
    await writeFile(join(daemon.data, FILE), '\n');
    assert.deepEqual((await end).lines, []);
    assert.deepEqual(await filesBelow(daemon, 'waiting', 'working'), []);
  });

  it('end at the next rescan where their file is taken away, not at the next look', async () => {
    await using daemon = await waiting({ inbox: { waitFor: LATER } });
    const ended = daemon.next('drop.wait-ended');
    await rm(join(daemon.data, FILE));
    assert.equal((await ended).why, 'taken-away');
    assert.deepEqual(await filesBelow(daemon, 'waiting'), []);
  });

  it('end where their file is edited, and taken away before it lies still', async () => {
    await using daemon = await waiting();
    const changed = daemon.next('drop.changed');
    const ended = daemon.next('drop.wait-ended');
    // Without a line end at its end more may come.
    await writeFile(join(daemon.data, FILE), plainFile(['900', '1Z22222']).trimEnd());
    await changed;
    await rm(join(daemon.data, FILE));
    assert.equal((await ended).why, 'taken-away');
    comes(daemon);
    await waits(daemon, 'other.csv', ['901', '1Z3']);
    assert.deepEqual(daemon.standing('900'), []);
  });

  it('are looked at though somebody goes on writing to a file of another inbox', async () => {
    const other = { name: 'other', folder: 'other' };
    await using daemon = await waiting({ inboxes: [{}, other] });
    await waits(daemon, 'b.csv', ['901', '1Z3'], 'other');
    const changed = daemon.next('drop.changed');
    const stop = new AbortController();
    const writer = goOnWriting(join(daemon.data, FILE), stop.signal);
    await changed;
    const end = settledLater(daemon, 'b.waiting.csv');
    comes(daemon, '901');
    await end;
    stop.abort();
    await writer;
    assert.deepEqual(daemon.standing('901'), ['1Z3']);
  });
});

describe('A file that comes into the folder of rows that wait', { concurrency: true }, () => {
  for (const [what, name] of [
    ['again', 'day.waiting.csv'],
    ['under another name', 'week.waiting.csv'],
  ] as const) {
    it(`is taken like one of an inbox where it was taken away and comes ${what}`, async () => {
      await using daemon = await waiting();
      const ended = daemon.next('drop.wait-ended');
      await rename(join(daemon.data, FILE), join(daemon.data, 'kept.csv'));
      await ended;
      const end = settledLater(daemon, name);
      comes(daemon);
      await rename(join(daemon.data, 'kept.csv'), join(daemon.data, 'waiting', name));
      assert.deepEqual((await end).lines, ['2: tracked']);
      assert.deepEqual(await filesBelow(daemon, 'waiting', 'working'), []);
    });
  }
});

describe('A file in the folder of rows that wait that belongs to none of them', { concurrency: true }, () => {
  it('is taken though working/ cannot be used, which is said, and read once it can be', async () => {
    await using daemon = await RunningDaemon.start({ inbox: { waitFor: SOON } });
    comes(daemon);
    const working = join(daemon.data, 'working');
    await rm(working, { recursive: true, force: true });
    await writeFile(working, '');
    const stuck = daemon.next('drop.stuck');
    await mkdir(join(daemon.data, 'waiting'));
    const end = settledLater(daemon);
    await writeFile(join(daemon.data, FILE), plainFile(ROW));
    assert.equal((await stuck).name, 'day.waiting.csv');
    await rm(working);
    assert.deepEqual((await end).lines, ['2: tracked']);
    assert.deepEqual(await filesBelow(daemon, 'waiting', 'working'), []);
  });

  it('keeps no other waiting where it cannot be taken, and is named until it can be', async () => {
    await using daemon = await RunningDaemon.start({ inbox: { waitFor: SOON } });
    comes(daemon);
    comes(daemon, '901');
    const folder = join(daemon.data, 'waiting');
    await mkdir(folder);
    const stuck = daemon.next('file.stuck');
    const others = ['a.waiting.csv', 'z.waiting.csv'].map((name) => settledLater(daemon, name));
    await symlink('m.waiting.report.csv', join(folder, 'm.waiting.report.csv'));
    await writeFile(join(folder, 'm.waiting.csv'), plainFile(['901', '1Z3']));
    await writeFile(join(folder, 'a.waiting.csv'), plainFile(ROW));
    await writeFile(join(folder, 'z.waiting.csv'), plainFile(ROW));
    assert.equal((await stuck).name, 'waiting/m.waiting.csv');
    await Promise.all(others);
    const cleared = daemon.next('file.cleared', ({ name }) => name === 'waiting/m.waiting.csv');
    const end = settledLater(daemon, 'm.waiting.csv');
    await rm(join(folder, 'm.waiting.report.csv'));
    await Promise.all([cleared, end]);
    assert.equal(daemon.count('file.stuck'), 1);
    assert.deepEqual(await filesBelow(daemon, 'waiting', 'working'), []);
  });
});

describe('A file of rows that wait no more, on another file system than working/', {
  skip: noMount(),
}, () => {
  it('leaves nothing behind where it is copied, and cannot be removed for a while', async () => {
    await using daemon = await RunningDaemon.prepare({ inbox: { waitFor: SOON } });
    const folder = join(daemon.data, 'waiting');
    await mkdir(folder);
    using _disk = mountSmallDisk(folder, 4);
    await daemon.start();
    await waits(daemon, 'day.csv', ROW);
    const remount = (how: 'ro' | 'rw') => execFileSync('mount', ['-o', `remount,${how}`, folder]);
    const onStep = (step: unknown) => {
      if (step !== 'claim.copy-named') return;
      unsubscribe(STEP_CHANNEL, onStep);
      remount('ro');
    };
    subscribe(STEP_CHANNEL, onStep);
    const stuck = daemon.next('drop.stuck');
    const end = settledLater(daemon);
    comes(daemon);
    await stuck;
    remount('rw');
    assert.deepEqual((await end).lines, ['2: tracked']);
    assert.deepEqual(await filesBelow(daemon, 'waiting', 'working'), []);
  });
});

describe('A file in the folder of rows that wait, under a name that those never have', {
  concurrency: 4,
}, () => {
  it('stays, and is named until it is gone', async () => {
    await using daemon = await waiting();
    const untaken = daemon.next('file.untaken');
    const cleared = daemon.next('file.cleared', ({ name }) => name === 'waiting/week.csv');
    await writeFile(join(daemon.data, 'waiting/week.csv'), plainFile(['901', '1Z3']));
    assert.deepEqual([(await untaken).name, (await untaken).kind], ['waiting/week.csv', 'not-waiting']);
    await rm(join(daemon.data, 'waiting/week.csv'));
    await cleared;
    assert.equal(daemon.count('file.untaken'), 1);
  });
});

describe('Rows that wait while their inbox gets another store', { concurrency: true }, () => {
  const other: Partial<InboxConfig> = { name: 'other', folder: 'other' };
  for (const stays of ['main', 'second']) {
    it(`are written there, though their file was edited (the old store ${stays === 'main' ? 'has another inbox' : 'has none'})`, async () => {
      const inboxes = [{}, { ...other, store: stays }];
      await using daemon = await waiting({ otherStores: ['second'], inboxes });
      await daemon.stop();
      await writeFile(join(daemon.data, FILE), plainFile(ROW, ['901', '1Z4']));
      for (const order of ['900', '901']) comes(daemon, order, 'second');
      daemon.inboxes = [{ store: 'second' }, { ...other, store: stays }];
      const end = settledLater(daemon);
      await daemon.start();
      assert.deepEqual((await end).lines, ['2: tracked', '3: tracked']);
      assert.equal(storeOf(daemon, 'day.waiting.csv'), 'second');
      assert.deepEqual(daemon.standing('900', 'second'), ['1Z2']);
      assert.deepEqual(daemon.standing('900'), []);
    });
  }
});

describe('Rows that wait while the settled file that they came from is written anew', {
  concurrency: true,
}, () => {
  const LINES = { without: plainFile(['800', 'A1']), unreadable: Buffer.alloc(4_000) };
  for (const [what, content] of Object.entries(LINES)) {
    it(`wait on where it is ${what === 'without' ? 'read without them' : 'unreadable then'}`, async () => {
      await using daemon = await RunningDaemon.start({ inbox: { waitFor: SOON } });
      const rests = daemon.next('drop.waiting');
      comes(daemon, '800');
      const { folder, file } = await daemon.settle('day.csv', plainFile(['800', 'A1'], ROW));
      await rests;
      const again = daemon.next('drop.settled', ({ name }) => name === 'day.csv');
      await writeFile(join(daemon.data, folder, file), content);
      await again;
      // A look that begins after that.
      const before = daemon.count('drop.waiting');
      await daemon.next('drop.waiting', () => daemon.count('drop.waiting') > before + 1);
      const end = settledLater(daemon);
      comes(daemon);
      assert.deepEqual((await end).lines, ['2: tracked']);
      assert.equal(daemon.count('drop.wait-ended'), 0);
    });
  }
});
