import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { outcomeClass } from '../src/domain/outcome.ts';
import { readNotices } from '../src/ledger/notices.ts';
import { findRows } from '../src/ledger/search.ts';
import { type Choices, plainFile, RunningDaemon } from './running-daemon.ts';

const ROWS = 20;
const DAY_MS = 24 * 60 * 60_000;

const ledgerOf = (daemon: RunningDaemon) => join(daemon.data, 'trackdrop.db');

/** Paths below `working`, with what is said of them. */
function toldOf(daemon: RunningDaemon, nowMs = Date.now()): string[] {
  const found = readNotices(ledgerOf(daemon), 100, nowMs) ?? [];
  const taken = found.find(({ kind }) => kind === 'drop-taken')?.newest ?? [];
  return taken.map(({ name, message }) => `${name.split('/')[1]}: ${message}`);
}

const outcomesIn = (daemon: RunningDaemon): string[] => {
  using db = new DatabaseSync(ledgerOf(daemon), { readOnly: true });
  return db
    .prepare('SELECT outcome FROM trackdrop_rows')
    .all()
    .map(({ outcome }) => String(outcome));
};

const rowsOf = (daemon: RunningDaemon) =>
  daemon.sandbox.generate(ROWS, { shipped: true }).map((order) => [order, `N${order}`] as const);

/** Takes the file away whose first write was sent; all its rows are pushed all the same. */
async function takenMeanwhile(choices: Choices = {}) {
  const daemon = await RunningDaemon.start({ sandbox: { writeMs: 20 }, ...choices });
  const rows = rowsOf(daemon);
  const off = daemon.events.on('write.sent', ({ drop }) => {
    off();
    rmSync(join(daemon.data, 'working', drop), { recursive: true });
  });
  const vanished = daemon.next('drop.vanished');
  await daemon.drop('a.csv', plainFile(...rows));
  return { daemon, rows, vanished: await vanished };
}

/** Stops the daemon in the middle of the file; `path` is where that lies. */
async function stoppedMeanwhile() {
  const daemon = await RunningDaemon.start({ sandbox: { writeMs: 30 } });
  const rows = rowsOf(daemon);
  const answered = daemon.next('write.answered');
  await daemon.drop('a.csv', plainFile(...rows));
  const { drop } = await answered;
  await daemon.stop();
  return { daemon, rows, path: join(daemon.data, 'working', drop, 'a.csv') };
}

describe('A file that is taken out of working while its rows are pushed', { concurrency: true }, () => {
  it('leaves on record what was written, for whoever looks for an order', async () => {
    const { daemon, rows, vanished } = await takenMeanwhile();
    await using _daemon = daemon;
    assert.deepEqual(vanished.counts, { tracked: ROWS });
    assert.equal(daemon.sandbox.counts().track, ROWS);
    const [order = ''] = rows[0] ?? [];
    const [found] = findRows(ledgerOf(daemon), order) ?? [];
    assert.equal(found?.name, 'a.csv');
    assert.equal(found?.outcome, 'tracked');
    assert.equal(found?.state, 'settled');
    assert.deepEqual(
      found?.writes.map(({ state }) => state),
      ['done'],
    );
    using db = new DatabaseSync(ledgerOf(daemon), { readOnly: true });
    const nobodys = db.prepare('SELECT count(*) AS n FROM trackdrop_writes WHERE drop_id IS NULL').get();
    assert.equal(nobodys?.n, 0);
  });

  it('is told of in the status for a week, or until a file of its name comes', async () => {
    const { daemon } = await takenMeanwhile();
    await using _daemon = daemon;
    assert.deepEqual(toldOf(daemon), [
      'a.csv: all its rows had their outcome by then; trackdrop find tells of each order',
    ]);
    assert.equal(toldOf(daemon, Date.now() + 6 * DAY_MS).length, 1);
    assert.deepEqual(toldOf(daemon, Date.now() + 8 * DAY_MS), []);
    await daemon.stop();
    await daemon.start();
    assert.equal(toldOf(daemon).length, 1);
    await daemon.settle('a.csv', plainFile(...rowsOf(daemon).slice(0, 1)));
    assert.deepEqual(toldOf(daemon), []);
  });
});

describe('A file that is gone from working when the daemon starts again', { concurrency: true }, () => {
  it('has rows without an outcome give up, and holds up no later file of their orders', async () => {
    const { daemon, rows, path } = await stoppedMeanwhile();
    await using _daemon = daemon;
    await rm(dirname(path), { recursive: true });
    const vanished = daemon.next('drop.vanished');
    await daemon.start();
    const { counts } = await vanished;
    const { tracked = 0, 'gave-up': gaveUp = 0 } = counts ?? {};
    assert.ok(tracked > 0 && gaveUp > 0);
    assert.equal(tracked + gaveUp, ROWS);
    assert.match(
      toldOf(daemon).join(),
      new RegExp(`^a.csv: ${gaveUp} of its 20 rows gave up; drop the file`),
    );
    const { lines } = await daemon.settle('again.csv', plainFile(...rows));
    assert.equal(lines.filter((line) => line.endsWith('already-tracked')).length, tracked);
    assert.equal(lines.filter((line) => line.endsWith(': tracked')).length, gaveUp);
    await daemon.stop();
    await daemon.start();
    await daemon.settle('more.csv', plainFile(...rows.slice(0, 1)));
    // Done later by that file; there is none that could move out of failed/.
    assert.equal(daemon.count('drop.redone'), 0);
    assert.equal(daemon.count('drop.stuck'), 0);
  });

  it('is gone on with at a later start that finds it put back', async () => {
    const { daemon, path } = await stoppedMeanwhile();
    await using _daemon = daemon;
    const away = join(daemon.data, 'away.csv');
    await rename(path, away);
    const vanished = daemon.next('drop.vanished');
    await daemon.start();
    await vanished;
    await daemon.stop();
    await mkdir(dirname(path), { recursive: true });
    await rename(away, path);
    const settled = daemon.next('drop.settled');
    await daemon.start();
    assert.equal((await settled).name, 'a.csv');
    assert.equal(outcomesIn(daemon).length, ROWS);
    assert.ok(outcomesIn(daemon).every((outcome) => outcomeClass(outcome as 'tracked') === 'done'));
    assert.equal(daemon.sandbox.counts().track, ROWS);
    assert.deepEqual(toldOf(daemon), []);
  });

  it('is not taken for another one that lies in its place', async () => {
    const { daemon, rows, path } = await stoppedMeanwhile();
    await using _daemon = daemon;
    await rm(path);
    await daemon.start();
    await daemon.stop();
    await mkdir(dirname(path), { recursive: true });
    await writeFile(join(dirname(path), 'b.csv'), plainFile(['1', '2']));
    await daemon.start();
    await daemon.settle('c.csv', plainFile(...rows.slice(0, 1)));
    assert.equal(daemon.count('drop.settled'), 1);
    assert.deepEqual(await readdir(dirname(path)), ['b.csv']);
  });
});
