import assert from 'node:assert/strict';
import { appendFile, mkdtemp, open, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { dropWithLateRow } from './late-row.ts';
import { plainFile, RunningDaemon } from './running-daemon.ts';
import { ShiftedClock } from './shifted-clock.ts';

const MINUTE_MS = 60_000;

/** One run that ends when the inbox is empty. */
async function run(daemon: RunningDaemon): Promise<void> {
  await daemon.start();
  await daemon.ended();
  await daemon.stop();
}

describe('A writer that goes on after its file was put away', { concurrency: true }, () => {
  it('has its later rows pushed by a drop of its own, and those that are done not again', async () => {
    await using daemon = await RunningDaemon.start();
    const [early, late] = daemon.sandbox.generate(2, { shipped: true }) as [string, string];
    const first = await daemon.settle('slow.csv', plainFile([early, 'A1']));
    const settled = daemon.next('drop.settled');
    await appendFile(join(daemon.data, first.folder, first.file), `${late},B1,ups,UPS\n`);

    const second = await daemon.report(await settled);
    assert.deepEqual(first.lines, ['2: tracked']);
    assert.deepEqual(second.lines, ['2: already-tracked', '3: tracked']);
    assert.match(second.text, /read again, since the file changed after it was put away as slow\.csv/);
    assert.deepEqual([daemon.standing(early), daemon.standing(late)], [['A1'], ['B1']]);
    assert.equal(daemon.sandbox.counts().track, 2);
    assert.equal(await daemon.read(`${second.folder}/slow-2.csv`), plainFile([early, 'A1'], [late, 'B1']));
  });

  it('is heard as often as it comes to rest, each time once', async () => {
    await using daemon = await RunningDaemon.start();
    const orders = daemon.sandbox.generate(4, { shipped: true });
    const row = (at: number) => `${orders[at]},N${at},ups,UPS\n`;
    const first = await daemon.settle('slow.csv', plainFile([orders[0] ?? '', 'N0']));
    for (const at of [1, 2, 3]) {
      const settled = daemon.next('drop.settled');
      await appendFile(join(daemon.data, first.folder, first.file), row(at));
      await settled;
    }
    assert.deepEqual(
      orders.map((order) => daemon.standing(order)),
      [['N0'], ['N1'], ['N2'], ['N3']],
    );
    assert.equal(daemon.count('drop.grown'), 3);
    assert.equal(daemon.sandbox.counts().track, 4);
  });

  it('while no daemon runs is heard by the next one, however late that comes', async () => {
    const clock = new ShiftedClock();
    await using daemon = await RunningDaemon.start({ clock });
    const [early, late] = daemon.sandbox.generate(2, { shipped: true }) as [string, string];
    const first = await daemon.settle('slow.csv', plainFile([early, 'A1']));
    await daemon.stop();
    await appendFile(join(daemon.data, first.folder, first.file), `${late},B1,ups,UPS\n`);
    clock.aheadMs = 60 * MINUTE_MS;
    const settled = daemon.next('drop.settled');
    await daemon.start();
    await settled;
    assert.deepEqual([daemon.standing(early), daemon.standing(late)], [['A1'], ['B1']]);
  });

  it('is heard by runs that end when the inbox is empty, until a look ten minutes after', async () => {
    const clock = new ShiftedClock();
    await using daemon = await RunningDaemon.prepare({ once: true, clock });
    const [early, late, never] = daemon.sandbox.generate(3, { shipped: true }) as [string, string, string];
    await daemon.drop('slow.csv', plainFile([early, 'A1']));
    const settled = daemon.next('drop.settled');
    await run(daemon);
    const path = join((await settled).folder, 'slow.csv');
    await appendFile(path, `${late},B1,ups,UPS\n`);
    await run(daemon);
    assert.deepEqual(daemon.standing(late), ['B1']);
    clock.aheadMs = 11 * MINUTE_MS;
    await run(daemon);
    await appendFile(path, `${never},C1,ups,UPS\n`);
    await run(daemon);
    assert.deepEqual(daemon.standing(never), []);
    assert.equal(daemon.count('drop.claimed'), 1);
    assert.equal(daemon.count('drop.grown'), 1);
  });

  it('is heard, too, where it wrote as many bytes anew, or cut the file', async () => {
    await using daemon = await RunningDaemon.start();
    const [order, other] = daemon.sandbox.generate(2, { shipped: true }) as [string, string];
    const first = await daemon.settle('slow.csv', plainFile([order, 'A1'], [other, 'C1']));
    const path = join(daemon.data, first.folder, first.file);
    for (const [content, lines] of [
      [plainFile([order, 'B1'], [other, 'C1']), ['2: tracked', '3: already-tracked']],
      [plainFile([order, 'B1']), ['2: already-tracked']],
    ] as const) {
      const settled = daemon.next('drop.settled');
      await writeFile(path, content);
      assert.deepEqual((await daemon.report(await settled)).lines, lines);
    }
    assert.deepEqual([daemon.standing(order), daemon.standing(other)], [['A1', 'B1'], ['C1']]);
  });

  it('of a file that could not be read when it came is heard too', async () => {
    await using daemon = await RunningDaemon.start();
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    const first = await daemon.settle('slow.csv', 'order_number,tra');
    assert.equal(daemon.count('drop.unreadable'), 1);
    const settled = daemon.next('drop.settled');
    await appendFile(join(daemon.data, first.folder, first.file), `cking_number\n${order},A1\n`);
    assert.deepEqual((await daemon.report(await settled)).lines, ['2: tracked']);
    assert.deepEqual(daemon.standing(order), ['A1']);
  });

  it('and changed nothing but the time of its file makes no drop', async () => {
    await using daemon = await RunningDaemon.prepare({ once: true });
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    await daemon.drop('a.csv', plainFile([order, 'A1']));
    const settled = daemon.next('drop.settled');
    await run(daemon);
    const { folder, file } = await settled;
    await utimes(join(folder, file), new Date('2026-01-01'), new Date('2026-01-01'));
    await run(daemon);
    assert.equal(daemon.count('drop.grown'), 0);
    assert.equal(daemon.count('drop.settled'), 1);
  });
});

describe('Where inbox and working folder lie on two file systems', { concurrency: true }, () => {
  it('a writer that goes on with its file while the copy is worked on is heard before that is put away', async (t) => {
    await using other = await otherDevice(t);
    if (other === undefined) return;
    await using daemon = await RunningDaemon.start({
      inbox: { working: other.path },
      store: { workers: 1 },
      sandbox: { writeMs: 100 },
    });
    const [one, two, late] = daemon.sandbox.generate(3, { shipped: true }) as [string, string, string];
    const { lines, folder } = await dropWithLateRow(daemon, {
      early: [
        [one, 'A1'],
        [two, 'B1'],
      ],
      late: [late, 'C1'],
    });
    assert.deepEqual(lines, ['2: tracked', '3: tracked', '4: tracked']);
    assert.equal(await daemon.read(`${folder}/slow.csv`), plainFile([one, 'A1'], [two, 'B1'], [late, 'C1']));
    assert.equal(daemon.count('drop.changed'), 1);
    assert.equal(daemon.sandbox.counts().track, 3);
  });

  it('one that goes on after that is heard too, and its file is removed ten minutes later', async (t) => {
    await using other = await otherDevice(t);
    if (other === undefined) return;
    const clock = new ShiftedClock();
    await using daemon = await RunningDaemon.prepare({ once: true, inbox: { working: other.path }, clock });
    const [early, late] = daemon.sandbox.generate(2, { shipped: true }) as [string, string];
    await using file = await open(join(daemon.data, 'inbox', 'slow.csv'), 'w');
    await file.write(plainFile([early, 'A1']));
    await run(daemon);
    const again = daemon.next('drop.settled');
    await file.write(`${late},B1,ups,UPS\n`);
    await run(daemon);
    assert.deepEqual((await daemon.report(await again)).lines, ['2: already-tracked', '3: tracked']);
    assert.deepEqual(await readdir(other.path), []);
    assert.equal((await readdir(join(daemon.data, 'inbox'))).length, 1);
    await run(daemon);
    clock.aheadMs = 11 * MINUTE_MS;
    await run(daemon);
    assert.equal(daemon.count('drop.grown'), 1, 'no later start reads it once more');
    assert.deepEqual(await readdir(join(daemon.data, 'inbox')), []);
    assert.deepEqual([daemon.standing(early), daemon.standing(late)], [['A1'], ['B1']]);
  });

  it('a copy that was cut off is made again, whether the ledger knows of it or not', async (t) => {
    await using other = await otherDevice(t);
    if (other === undefined) return;
    await using daemon = await RunningDaemon.start({ inbox: { working: other.path } });
    const [one, two] = daemon.sandbox.generate(2, { shipped: true }) as [string, string];
    await daemon.stop();
    const inbox = join(daemon.data, 'inbox');
    await writeFile(join(inbox, '.claimed-20261122-062233-aaaaaa-one.csv'), plainFile([one, 'A1']));
    await writeFile(join(inbox, '.witness-20261122-062234-bbbbbb-two.csv'), plainFile([two, 'B1']));
    const both = [daemon.next('drop.settled', ({ name }) => name === 'one.csv')];
    both.push(daemon.next('drop.settled', ({ name }) => name === 'two.csv'));
    await daemon.start();
    await Promise.all(both);
    assert.deepEqual([daemon.standing(one), daemon.standing(two)], [['A1'], ['B1']]);
    assert.equal(daemon.sandbox.counts().track, 2);
  });
});

describe('Where a file leaves failed/ for another file system', { concurrency: 4 }, () => {
  it('its writer is heard through the original, which is removed ten minutes later', async (t) => {
    await using other = await otherDevice(t);
    if (other === undefined) return;
    const clock = new ShiftedClock();
    await using daemon = await RunningDaemon.prepare({
      once: true,
      inbox: { processed: other.path },
      clock,
    });
    await daemon.drop('slow.csv', plainFile(['900', 'A1']));
    await run(daemon);
    await using file = await open(join(daemon.data, 'failed', 'slow.csv'), 'a');
    daemon.sandbox.addOrder({ incrementId: '900', shipments: [{}] });
    const [late] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    await daemon.drop('next.csv', plainFile(['900', 'A1']));
    await run(daemon);
    assert.equal(daemon.count('drop.redone'), 1);
    const again = daemon.next('drop.settled', ({ name }) => name === 'slow.csv');
    await file.write(`${late},B1,ups,UPS\n`);
    await run(daemon);
    assert.deepEqual((await daemon.report(await again)).lines, ['2: already-tracked', '3: tracked']);
    assert.equal((await readdir(join(daemon.data, 'failed'))).length, 1);
    clock.aheadMs = 11 * MINUTE_MS;
    await run(daemon);
    assert.deepEqual(await readdir(join(daemon.data, 'failed')), []);
  });
});

describe('Where the file of another owner is put away as a copy', { concurrency: 4 }, () => {
  it('its writer is heard through the original, which is removed ten minutes later', async (t) => {
    if (process.getuid?.() !== 0) return t.skip('only root can make a file of another owner');
    const clock = new ShiftedClock();
    await using daemon = await RunningDaemon.prepare({ once: true, clock });
    const [early, late] = daemon.sandbox.generate(2, { shipped: true }) as [string, string];
    await using file = await open(join(daemon.data, 'inbox', 'slow.csv'), 'w');
    await file.chown(65_534, 65_534);
    await file.write(plainFile([early, 'A1']));
    await run(daemon);
    assert.equal((await daemon.files()).filter((path) => path.startsWith('working/')).length, 1);
    const settled = daemon.next('drop.settled');
    await file.write(`${late},B1,ups,UPS\n`);
    await run(daemon);
    assert.deepEqual((await daemon.report(await settled)).lines, ['2: already-tracked', '3: tracked']);
    await run(daemon);
    assert.equal(daemon.count('drop.grown'), 1, 'no later start reads it once more');
    clock.aheadMs = 11 * MINUTE_MS;
    await run(daemon);
    assert.deepEqual(await readdir(join(daemon.data, 'working')), []);
    assert.deepEqual([daemon.standing(early), daemon.standing(late)], [['A1'], ['B1']]);
  });
});

/** A folder on another file system than the temporary one; undefined, and the test skipped, where there is none. */
async function otherDevice(t: TestContext) {
  const path = await mkdtemp('/dev/shm/trackdrop-').catch(() => undefined);
  if (path === undefined || (await stat(path)).dev === (await stat(tmpdir())).dev) {
    t.skip('this machine has no second file system at /dev/shm');
    if (path !== undefined) await rm(path, { recursive: true });
    return undefined;
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}
