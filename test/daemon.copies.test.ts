import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { chown, copyFile, mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { plainFile, RunningDaemon } from './running-daemon.ts';
import { ShiftedClock } from './shifted-clock.ts';
import { mountSmallDisk, noMount } from './small-disk.ts';

const MINUTE_MS = 60_000;
const ROWS = 20;

/** A daemon, not started, whose working folder lies on a disk of its own. */
async function prepared(choices: Parameters<typeof RunningDaemon.prepare>[0] = {}) {
  const daemon = await RunningDaemon.prepare(choices);
  const working = join(daemon.data, 'working');
  await mkdir(working);
  return { daemon, working, disk: mountSmallDisk(working, 4) };
}

function rowsOf(daemon: RunningDaemon, count: number): readonly (readonly [string, string])[] {
  return daemon.sandbox.generate(count, { shipped: true }).map((order) => [order, `N${order}`] as const);
}

describe('A drop that is read from a copy', { concurrency: true, skip: noMount() }, () => {
  it('goes on from its original where the next start finds another disk in the place of working', async () => {
    const { daemon, working, disk } = await prepared({ sandbox: { writeMs: 30 } });
    await using _daemon = daemon;
    const rows = rowsOf(daemon, ROWS);
    {
      using _disk = disk;
      await daemon.start();
      const answered = daemon.next('write.answered');
      await daemon.drop('a.csv', plainFile(...rows));
      await answered;
      await daemon.stop();
    }
    using _new = mountSmallDisk(working, 4);
    const settled = daemon.next('drop.settled');
    await daemon.start();
    assert.equal((await daemon.report(await settled)).lines.length, ROWS);
    assert.equal(daemon.sandbox.counts().track, ROWS);
    assert.equal(daemon.count('drop.vanished'), 0);
    await daemon.stop();
  });

  for (const [when, event] of [
    ['before it was read', 'drop.claimed'],
    ['when it was read', 'drop.read'],
  ] as const) {
    it(`goes on from its original where somebody takes the copy out of working ${when}`, async () => {
      const { daemon, working, disk } = await prepared();
      await using _daemon = daemon;
      using _disk = disk;
      const off = daemon.events.on(event, ({ drop }) => {
        off();
        rmSync(join(working, drop), { recursive: true });
      });
      const [one, two] = rowsOf(daemon, 2);
      assert.ok(one && two);
      await daemon.start();
      assert.deepEqual((await daemon.settle('a.csv', plainFile(one))).lines, ['2: tracked']);
      assert.deepEqual((await daemon.settle('b.csv', plainFile(two))).lines, ['2: tracked']);
      assert.equal(daemon.count('drop.vanished'), 0);
      await daemon.stop();
    });
  }

  it('is given up where the original is taken away too, and holds up none that comes after it', async () => {
    const { daemon, working, disk } = await prepared();
    await using _daemon = daemon;
    using _disk = disk;
    const off = daemon.events.on('drop.claimed', ({ drop, name }) => {
      off();
      rmSync(join(working, drop), { recursive: true });
      rmSync(join(daemon.data, 'inbox', `.witness-${drop}-${name}`));
    });
    const [one, two] = rowsOf(daemon, 2);
    assert.ok(one && two);
    await daemon.start();
    const vanished = daemon.next('drop.vanished');
    await daemon.drop('a.csv', plainFile(one));
    assert.equal((await vanished).name, 'a.csv');
    assert.deepEqual((await daemon.settle('b.csv', plainFile(two))).lines, ['2: tracked']);
    await daemon.stop();
  });

  it('has its original removed in time also where a share that is mounted again gives that another inode', async () => {
    const clock = new ShiftedClock();
    const { daemon, disk } = await prepared({ clock, once: true });
    await using _daemon = daemon;
    using _disk = disk;
    await daemon.drop('a.csv', plainFile(...rowsOf(daemon, 1)));
    await run(daemon);
    const inbox = join(daemon.data, 'inbox');
    const [original = ''] = await readdir(inbox);
    await remade(join(inbox, original));
    await run(daemon);
    clock.aheadMs = 11 * MINUTE_MS;
    await run(daemon);
    assert.deepEqual(await readdir(inbox), []);
    assert.equal(daemon.count('drop.grown'), 0);
  });
});

describe('A copy in working of which nobody knows how its original was', { concurrency: true }, () => {
  /** As a daemon leaves it that is killed between the copy and the record of it. */
  async function leftCopied(orders: number, copied: number) {
    const daemon = await RunningDaemon.prepare();
    const id = '20261122-101010-abcdef';
    const rows = rowsOf(daemon, orders);
    await mkdir(join(daemon.data, 'working', id), { recursive: true });
    await writeFile(join(daemon.data, 'working', id, 'a.csv'), plainFile(...rows.slice(0, copied)));
    await writeFile(join(daemon.data, 'inbox', `.witness-${id}-a.csv`), plainFile(...rows));
    const settled = daemon.next('drop.settled');
    await daemon.start();
    return { daemon, ...(await daemon.report(await settled)) };
  }

  it('is read without a word about a change that there was not', async () => {
    const { daemon, lines } = await leftCopied(2, 2);
    await using _daemon = daemon;
    assert.equal(lines.length, 2);
    assert.equal(daemon.count('drop.changed'), 0);
  });

  it('is made anew, so that nothing is missed that came to the original meanwhile', async () => {
    const { daemon, lines } = await leftCopied(3, 1);
    await using _daemon = daemon;
    assert.equal(lines.length, 3);
    assert.equal(daemon.sandbox.counts().track, 3);
  });
});

describe('An original in working, of a file of another owner that was put away as a copy', {
  skip: process.getuid?.() === 0 ? false : 'only root can make a file of another owner',
}, () => {
  it('is read again, and removed in time, where the ledger was lost', async () => {
    const clock = new ShiftedClock();
    await using daemon = await RunningDaemon.prepare({ once: true, clock });
    await writeFile(join(daemon.data, 'inbox', 'a.csv'), plainFile(...rowsOf(daemon, 1)));
    await chown(join(daemon.data, 'inbox', 'a.csv'), 65_534, 65_534);
    await run(daemon);
    assert.equal((await readdir(join(daemon.data, 'working'))).length, 1);
    for (const suffix of ['', '-wal', '-shm'])
      await rm(join(daemon.data, `trackdrop.db${suffix}`), { force: true });
    const settled = daemon.next('drop.settled');
    await run(daemon);
    assert.equal((await settled).name, 'a.csv');
    clock.aheadMs = 11 * MINUTE_MS;
    await run(daemon);
    assert.deepEqual(await readdir(join(daemon.data, 'working')), []);
    assert.equal(daemon.sandbox.counts().track, 1);
  });
});

describe('A writer of which no inbox hears any more', { skip: noMount() }, () => {
  it('keeps neither the original nor its drop, once its time is over', async () => {
    const clock = new ShiftedClock();
    const { daemon, disk } = await prepared({ clock, once: true, otherStores: ['second'] });
    await using _daemon = daemon;
    using _disk = disk;
    await daemon.drop('a.csv', plainFile(...rowsOf(daemon, 1)));
    await run(daemon);
    const inbox = join(daemon.data, 'inbox');
    const witnessed = () => {
      using ledger = new DatabaseSync(join(daemon.data, 'trackdrop.db'), { readOnly: true });
      return ledger.prepare('SELECT id FROM drops WHERE witness IS NOT NULL').all().length;
    };
    daemon.inboxes = [{ name: 'other', store: 'second' }];
    await run(daemon);
    assert.deepEqual([witnessed(), (await readdir(inbox)).length], [1, 1]);
    clock.aheadMs = 11 * MINUTE_MS;
    await run(daemon);
    assert.deepEqual([witnessed(), (await readdir(inbox)).length], [0, 0]);
  });
});

describe('A drop that was about to be put away when its daemon ended', { concurrency: true }, () => {
  /** A drop that is settled, brought back to where it was just before it was marked. */
  async function almostSettled() {
    const daemon = await RunningDaemon.start();
    const { folder, file } = await daemon.settle('a.csv', plainFile(...rowsOf(daemon, 1)));
    await daemon.stop();
    using ledger = new DatabaseSync(join(daemon.data, 'trackdrop.db'));
    ledger.exec(`UPDATE drops SET state = 'settling', settled_at_ms = NULL, witness = NULL`);
    return { daemon, path: join(daemon.data, folder, file) };
  }
  const statesIn = (daemon: RunningDaemon) => {
    using ledger = new DatabaseSync(join(daemon.data, 'trackdrop.db'), { readOnly: true });
    return ledger
      .prepare('SELECT state FROM drops')
      .all()
      .map(({ state }) => state);
  };

  it('is settled where its file lies under the name that was chosen', async () => {
    const { daemon } = await almostSettled();
    await using _daemon = daemon;
    await daemon.start();
    assert.deepEqual(statesIn(daemon), ['settled']);
    assert.equal(daemon.count('drop.vanished'), 0);
  });

  it('has vanished where it lies nowhere', async () => {
    const { daemon, path } = await almostSettled();
    await using _daemon = daemon;
    await rm(path);
    await daemon.start();
    assert.equal(daemon.count('drop.vanished'), 1);
  });
});

/** One run that ends when the inbox is empty. */
async function run(daemon: RunningDaemon): Promise<void> {
  await daemon.start();
  await daemon.ended();
  await daemon.stop();
}

/** Gives a file another inode, and leaves all else of it as it was. */
async function remade(path: string): Promise<void> {
  const { atime, mtime } = await stat(path);
  await copyFile(path, `${path}.new`);
  await utimes(`${path}.new`, atime, mtime);
  await rename(`${path}.new`, path);
}
