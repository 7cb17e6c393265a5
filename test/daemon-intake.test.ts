import assert from 'node:assert/strict';
import { appendFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { runDaemon } from '../src/daemon.ts';
import { FolderError } from '../src/domain/failure.ts';
import { takeWriterLock } from '../src/ledger/lock.ts';
import { type Clock, systemClock } from '../src/runtime/clock.ts';
import { dropWithLateRow } from './late-row.ts';
import { numberEach } from './number-each.ts';
import { plainFile, RunningDaemon } from './running-daemon.ts';

describe('A writer that goes on after its file was read', { concurrency: 4 }, () => {
  it('has its later rows pushed too, and every row once, before the file is put away', async () => {
    await using daemon = await RunningDaemon.start({ store: { workers: 1 }, sandbox: { writeMs: 100 } });
    const [one, two, late] = daemon.sandbox.generate(3, { shipped: true }) as [string, string, string];
    const { lines, folder } = await dropWithLateRow(daemon, {
      early: [
        [one, 'A1'],
        [two, 'B1'],
      ],
      late: [late, 'C1'],
    });
    assert.deepEqual(lines, ['2: tracked', '3: tracked', '4: tracked']);
    assert.deepEqual(
      [one, two, late].flatMap((order) => daemon.standing(order)),
      ['A1', 'B1', 'C1'],
    );
    assert.equal(daemon.count('drop.changed'), 1);
    assert.equal(daemon.sandbox.counts().track, 3);
    assert.ok((await daemon.files()).includes(`${folder}/slow.csv`));
  });

  it('is waited for by a run that ends when the inbox is empty', async () => {
    await using daemon = await RunningDaemon.prepare({ once: true, sandbox: { writeMs: 200 } });
    const [early, late] = daemon.sandbox.generate(2, { shipped: true }) as [string, string];
    await daemon.drop('slow.csv', plainFile([early, 'A1']));
    const read = daemon.next('drop.read');
    await daemon.start();
    const { drop } = await read;
    await appendFile(join(daemon.data, 'working', drop, 'slow.csv'), `${late},B1,ups,UPS\n`);
    await daemon.ended();
    assert.deepEqual([daemon.standing(early), daemon.standing(late)], [['A1'], ['B1']]);
    assert.equal(daemon.count('drop.settled'), 1);
  });

  it('while no daemon runs has them pushed after the next start, those that were pushed not again', async () => {
    await using daemon = await RunningDaemon.start({ store: { workers: 1 }, sandbox: { writeMs: 50 } });
    const orders = daemon.sandbox.generate(30, { shipped: true });
    const claimed = daemon.next('drop.claimed');
    const answered = daemon.next('write.answered');
    await daemon.drop('a.csv', numberEach(orders.slice(1)));
    const { drop } = await claimed;
    await answered;
    await daemon.stop();
    assert.equal(daemon.count('drop.settled'), 0);
    await appendFile(join(daemon.data, 'working', drop, 'a.csv'), `${orders[0]},LATE1,ups,UPS\n`);
    const settled = daemon.next('drop.settled');
    await daemon.start();
    const { lines } = await daemon.report(await settled);
    assert.deepEqual(new Set(lines.map((line) => line.split(': ')[1])), new Set(['tracked']));
    assert.equal(daemon.sandbox.counts().track, 30);
    assert.deepEqual(daemon.standing(orders[0] ?? ''), ['LATE1']);
  });
});

describe('A stop that is out of time', { concurrency: 4 }, () => {
  it('keeps the ledger locked while something goes on, so that no other daemon works beside it', async () => {
    // The wait for the next look, which no signal ends here: as a call that hangs in the file system.
    const hangs = Promise.withResolvers<void>();
    const hang = () => {
      hangs.resolve();
      return new Promise<void>(() => {});
    };
    const clock: Clock = {
      ...systemClock,
      sleep: (delayMs, signal) => (delayMs > 50_000 ? hang() : systemClock.sleep(delayMs, signal)),
    };
    const uncertain = {
      looksMs: [60_000],
      repeatTrackAfterMs: 70_000,
      repeatShipAfterMs: 70_000,
      verifyAfterMs: 1_000,
    };
    await using daemon = await RunningDaemon.start({ clock, stopWithinMs: 600, store: { uncertain } });
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    daemon.sandbox.inject({
      match: { path: 'shipment/track' },
      times: 1,
      fault: { kind: 'status', status: 504 },
    });
    await daemon.drop('a.csv', plainFile([order, 'A1']));
    await hangs.promise;
    await daemon.stop();
    assert.equal(takeWriterLock(daemon.config().ledger), undefined);
  });

  it('lets go of it where nothing was left but requests', async () => {
    await using daemon = await RunningDaemon.start({ stopWithinMs: 600, store: { timeoutMs: 10_000 } });
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    daemon.sandbox.inject({ match: { path: 'shipment/track' }, fault: { kind: 'silence' } });
    const sent = daemon.next('write.sent');
    await daemon.drop('a.csv', plainFile([order, 'A1']));
    await sent;
    await daemon.stop();
    using lock = takeWriterLock(daemon.config().ledger);
    assert.ok(lock);
  });

  it('is noticed too where the signal comes before there is anything to stop', async () => {
    await using daemon = await RunningDaemon.prepare();
    const stop = new AbortController();
    const graces: number[] = [];
    const clock: Clock = {
      ...systemClock,
      sleep: (delayMs, signal) => {
        graces.push(delayMs);
        return systemClock.sleep(delayMs, signal);
      },
    };
    daemon.events.on('daemon.active', () => stop.abort());
    const parts = {
      clock,
      events: daemon.events,
      pid: 1,
      host: 'test',
      boot: 'test',
      once: false,
      signal: stop.signal,
    };
    await runDaemon({ ...daemon.config(), stopWithinMs: 7_654 }, parts);
    assert.ok(graces.includes(7_154), graces.join());
  });
});

describe('A file that cannot be put away', { concurrency: 4 }, () => {
  it('keeps no other inbox waiting', async () => {
    await using daemon = await RunningDaemon.prepare({
      inboxes: [{}, { name: 'other', folder: 'other' }],
    });
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    await writeFile(join(daemon.data, 'working'), 'in the way');
    await daemon.start();
    const stuck = daemon.next('drop.stuck');
    await daemon.drop('a.csv', plainFile([order, 'A1']));
    await stuck;
    const settled = daemon.next('drop.settled');
    await writeFile(join(daemon.data, 'other', 'b.csv'), plainFile([order, 'B1']));
    assert.equal((await settled).name, 'b.csv');
    assert.deepEqual(daemon.standing(order), ['B1']);
  });

  it('ends a run that does not stay, and is there for the next one', async () => {
    await using daemon = await RunningDaemon.prepare({ once: true });
    await writeFile(join(daemon.data, 'processed'), 'in the way');
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    await daemon.drop('a.csv', plainFile([order, 'A1']));
    await assert.rejects(async () => {
      await daemon.start();
      await daemon.ended();
    }, FolderError);
    assert.deepEqual(daemon.standing(order), ['A1']);
    assert.ok((await daemon.files()).some((path) => path.startsWith('working/') && path.endsWith('/a.csv')));
  });
});

describe('An inbox whose files cannot be watched any more', { concurrency: 4 }, () => {
  it('ends the daemon, whatever the other inboxes wait for', async () => {
    await using daemon = await RunningDaemon.prepare({
      once: true,
      inbox: { stableForMs: 60_000 },
      inboxes: [{}, { name: 'other', folder: 'other' }],
    });
    await daemon.drop('waiting.csv', plainFile());
    const watching = daemon.next('inbox.watching', ({ inbox }) => inbox === 'other');
    await writeFile(join(daemon.data, 'other', 'waiting.csv'), plainFile());
    const started = daemon.start();
    await watching;
    await rm(join(daemon.data, 'other'), { recursive: true });
    await started;
    await assert.rejects(daemon.ended(), FolderError);
  });
});

describe('An inbox that was interrupted', { concurrency: 4 }, () => {
  /** A daemon that was stopped in the middle of the file `a.csv`. */
  async function interrupted() {
    const daemon = await RunningDaemon.start({ store: { workers: 1 }, sandbox: { writeMs: 50 } });
    const orders = daemon.sandbox.generate(20, { shipped: true });
    const answered = daemon.next('write.answered');
    await daemon.drop('a.csv', numberEach(orders));
    await answered;
    await daemon.stop();
    return { daemon, orders };
  }

  it('under another name goes on with its files', async () => {
    const { daemon, orders } = await interrupted();
    await using _ = daemon;
    daemon.inboxes = [{ name: 'renamed' }];
    const settled = daemon.next('drop.settled');
    await daemon.start();
    const { lines, inbox } = await daemon.report(await settled);
    assert.equal(inbox, 'renamed');
    assert.ok(lines.every((line) => line.endsWith(': tracked')));
    assert.equal(daemon.sandbox.counts().track, orders.length);
  });

  it('goes on with its own files where others bear the names of its claims, there or in another inbox', async () => {
    const { daemon, orders } = await interrupted();
    await using _ = daemon;
    const [id = ''] = await readdir(join(daemon.data, 'working'));
    await mkdir(join(daemon.data, 'other'));
    const strangers = ['inbox', 'other'].map((inbox) => `${inbox}/.claimed-${id}-a.csv`);
    for (const path of strangers) await writeFile(join(daemon.data, path), 'not yours');
    daemon.inboxes = [{}, { name: 'other', folder: 'other' }];
    const settled = daemon.next('drop.settled');
    await daemon.start();
    const { lines, inbox } = await daemon.report(await settled);
    assert.equal(inbox, 'main');
    assert.ok(lines.every((line) => line.endsWith(': tracked')));
    assert.equal(daemon.sandbox.counts().track, orders.length);
    await daemon.stop();
    // Nor are they taken for its file once the drop is settled.
    await daemon.start();
    const left = (await daemon.files()).filter((path) => path.includes('claimed'));
    assert.deepEqual(left, strangers);
    for (const path of left) assert.equal(await daemon.read(path), 'not yours');
  });

  it('and is not configured any more has its files named and left, and holds no other one back', async () => {
    const { daemon, orders } = await interrupted();
    await using _ = daemon;
    await mkdir(join(daemon.data, 'other'));
    daemon.inboxes = [{ name: 'other', folder: 'other' }];
    const orphaned = daemon.next('drop.orphaned');
    await daemon.start();
    assert.equal((await orphaned).name, 'a.csv');
    const settled = daemon.next('drop.settled');
    const last = orders.at(-1) ?? '';
    await writeFile(join(daemon.data, 'other', 'b.csv'), plainFile([last, 'B1']));
    assert.equal((await settled).name, 'b.csv');
    await daemon.stop();

    daemon.inboxes = undefined;
    const back = daemon.next('drop.settled');
    await daemon.start();
    assert.equal((await back).name, 'a.csv');
    assert.deepEqual(daemon.standing(last), ['B1', `N${last}`]);
  });
});

describe("A file that somebody put beside a drop's own", () => {
  it('stays where it is, also at the next start', async () => {
    await using daemon = await RunningDaemon.start({ sandbox: { writeMs: 200 } });
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    const sent = daemon.next('write.sent');
    const settled = daemon.next('drop.settled');
    await daemon.drop('a.csv', plainFile([order, 'A1']));
    const { drop } = await sent;
    await writeFile(join(daemon.data, 'working', drop, 'note.csv'), 'mine');
    await settled;
    await daemon.stop();
    await daemon.start();
    await daemon.settle('b.csv', plainFile([order, 'B1']));
    assert.equal(await daemon.read(`working/${drop}/note.csv`), 'mine');
    assert.equal(daemon.count('drop.resumed'), 0);
  });
});
