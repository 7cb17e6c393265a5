import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { type Choices, plainFile, RunningDaemon } from './running-daemon.ts';
import { ShiftedClock } from './shifted-clock.ts';

const waitFor = { orderNotFoundMs: 60_000, orderHeldMs: 600_000, unpaidMs: 0, everyMs: 60 };

function query<Row>(daemon: RunningDaemon, sql: string): Row[] {
  using db = new DatabaseSync(join(daemon.data, 'trackdrop.db'), { readOnly: true });
  return db.prepare(sql).all() as Row[];
}

const statesOf = (daemon: RunningDaemon): string[] =>
  query<{ name: string; state: string }>(daemon, 'SELECT name, state FROM drops ORDER BY seq').map(
    ({ name, state }) => `${name}: ${state}`,
  );

const outcomesOf = (daemon: RunningDaemon): string[] =>
  query<{ name: string; outcome: string }>(
    daemon,
    'SELECT name, outcome FROM rows JOIN drops ON seq = drop_seq ORDER BY seq, line',
  ).map(({ name, outcome }) => `${name}: ${outcome}`);

/** Puts a file where a folder is to be made, so that it cannot be; returns what takes it away. */
async function barred(daemon: RunningDaemon, folder: string): Promise<() => Promise<void>> {
  const path = join(daemon.data, `.making-${folder}`);
  await writeFile(path, '');
  return () => rm(path);
}

/** The folder of the only drop that has its file in `working/`. */
async function workingOf(daemon: RunningDaemon): Promise<string> {
  const [id = ''] = await readdir(join(daemon.data, 'working'));
  return join(daemon.data, 'working', id);
}

const comes = (daemon: RunningDaemon, incrementId = '900') =>
  daemon.sandbox.addOrder({ incrementId, shipments: [{}] });

/** A daemon that was stopped when the rows of `day.csv` had become a drop that waits, and its file had no place yet. */
async function stoppedUnplaced(choices: Choices) {
  const daemon = await RunningDaemon.start(choices);
  const allow = await stopBefore(daemon, 'waiting');
  await allow();
  return daemon;
}

/** Drops `day.csv` and stops the daemon when it cannot make a folder for it; returns what lets it. */
async function stopBefore(daemon: RunningDaemon, folder: string): Promise<() => Promise<void>> {
  const allow = await barred(daemon, folder);
  const stuck = daemon.next('drop.stuck');
  await daemon.drop('day.csv', plainFile(['900', '1Z1']));
  await stuck;
  await daemon.stop();
  return allow;
}

/** Takes `day.csv` out of `working/`; returns what puts it back. */
async function takeAway(daemon: RunningDaemon): Promise<() => Promise<void>> {
  const folder = await workingOf(daemon);
  const [own, away] = [join(folder, 'day.csv'), join(daemon.data, 'away.csv')];
  await rename(own, away);
  return async () => {
    await mkdir(folder, { recursive: true });
    await rename(away, own);
  };
}

describe('Rows that are about to wait', { concurrency: true }, () => {
  it('give up with their file where it is taken away before they have one of their own', async () => {
    await using daemon = await stoppedUnplaced({ inbox: { waitFor } });
    // The daemon may be putting something into it at this moment.
    await rm(await workingOf(daemon), { recursive: true, maxRetries: 20, retryDelay: 20 });
    const vanished = daemon.next('drop.vanished');
    await daemon.start();
    await vanished;
    assert.deepEqual(outcomesOf(daemon), ['day.csv: gave-up']);
    comes(daemon);
    await daemon.settle('again.csv', plainFile(['900', '1Z1']));
    assert.deepEqual(statesOf(daemon), ['day.csv: settled', 'again.csv: settled']);
  });

  it('go where their file goes: an inbox that has another name now', async () => {
    await using daemon = await stoppedUnplaced({ inboxes: [{ waitFor }] });
    daemon.inboxes = [{ name: 'renamed', waitFor }];
    const waits = daemon.next('drop.waiting');
    await daemon.start();
    assert.equal((await waits).inbox, 'renamed');
    comes(daemon);
    const settled = await daemon.next('drop.settled', ({ name }) => name === 'day.waiting.csv');
    assert.deepEqual((await daemon.report(settled)).lines, ['2: tracked']);
  });

  it('end as in any other file where theirs is taken away while its other rows are pushed', async () => {
    await using daemon = await RunningDaemon.start({ sandbox: { writeMs: 20 }, inbox: { waitFor } });
    const orders = daemon.sandbox.generate(5, { shipped: true });
    const off = daemon.events.on('write.sent', ({ drop }) => {
      off();
      rmSync(join(daemon.data, 'working', drop), { recursive: true });
    });
    const vanished = daemon.next('drop.vanished');
    await daemon.drop(
      'day.csv',
      plainFile(['900', '1Z0'], ...orders.map((order) => [order, `N${order}`] as const)),
    );
    assert.deepEqual((await vanished).counts, { 'gave-up': 1, tracked: 5 });
    assert.deepEqual(statesOf(daemon), ['day.csv: settled']);
    assert.equal(daemon.count('drop.waiting'), 0);
  });

  it('wait anew where the file comes back after it was taken away, and so was that of the rows', async () => {
    await using daemon = await RunningDaemon.start({ inbox: { waitFor } });
    const allow = await stopBefore(daemon, 'processed');
    const putBack = await takeAway(daemon);
    await rm(join(daemon.data, 'waiting/day.waiting.csv'));
    const ended = daemon.next('drop.wait-ended');
    await daemon.start();
    await ended;
    await daemon.stop();
    await allow();
    await putBack();
    const waits = daemon.next('drop.waiting');
    await daemon.start();
    await waits;
    comes(daemon);
    await daemon.next('drop.settled', ({ name }) => name === 'day.waiting.csv');
    assert.deepEqual(daemon.standing('900'), ['1Z1']);
  });

  it('are done once where the file comes back while they still wait in one of their own', async () => {
    await using daemon = await RunningDaemon.start({ inbox: { waitFor } });
    const allow = await stopBefore(daemon, 'processed');
    const putBack = await takeAway(daemon);
    const vanished = daemon.next('drop.vanished');
    await daemon.start();
    await vanished;
    await daemon.stop();
    await allow();
    await putBack();
    const waits = daemon.next('drop.waiting', ({ name }) => name !== 'day.waiting.csv');
    await daemon.start();
    const { name } = await waits;
    const both = ['day.waiting.csv', name].map((each) =>
      daemon.next('drop.settled', (facts) => facts.name === each),
    );
    comes(daemon);
    await Promise.all(both);
    assert.equal(daemon.sandbox.counts().track, 1);
    assert.deepEqual(daemon.standing('900'), ['1Z1']);
  });
});

describe('A drop that waits, whose file is taken away', { concurrency: true }, () => {
  it('is moved nowhere, though its failed rows are done by then', async () => {
    const clock = new ShiftedClock();
    await using daemon = await RunningDaemon.start({ clock, inbox: { createShipments: true, waitFor } });
    daemon.sandbox.addOrder({ incrementId: 'H1', state: 'holded' });
    const both = daemon.next('drop.waiting');
    await daemon.settle('day.csv', plainFile(['900', '1Z1'], ['H1', '1Z2']));
    await both;
    const one = daemon.next('drop.waiting', ({ rows }) => rows === 1);
    clock.aheadMs = waitFor.orderNotFoundMs;
    await one;
    comes(daemon);
    await daemon.settle('next.csv', plainFile(['900', '1Z1']));
    const ended = daemon.next('drop.wait-ended');
    await rm(join(daemon.data, 'waiting/day.waiting.csv'));
    await ended;
    await daemon.settle('last.csv', plainFile(['900', '1Z1']));
    assert.equal(daemon.count('drop.redone'), 0);
    const left = query(daemon, 'SELECT name FROM drops WHERE moves_in IS NOT NULL');
    assert.deepEqual(left, [], 'it would never be pruned');
  });

  it('ends also where that is on its way out, and cannot be put away yet', async () => {
    const clock = new ShiftedClock();
    await using daemon = await RunningDaemon.start({ clock, inbox: { waitFor } });
    const waits = daemon.next('drop.waiting');
    await daemon.settle('day.csv', plainFile(['900', '1Z1']));
    await waits;
    const allow = await barred(daemon, 'failed');
    const stuck = daemon.next('drop.stuck');
    clock.aheadMs = waitFor.orderNotFoundMs;
    await stuck;
    const ended = daemon.next('drop.wait-ended');
    // The daemon may be putting something into it at this moment.
    await rm(await workingOf(daemon), { recursive: true, maxRetries: 20, retryDelay: 20 });
    await allow();
    assert.equal((await ended).why, 'taken-away');
    assert.deepEqual(statesOf(daemon), ['day.csv: settled', 'day.waiting.csv: settled']);
    assert.deepEqual(outcomesOf(daemon), ['day.csv: waiting', 'day.waiting.csv: order-not-found']);
  });
});

describe('What a drop has done before its file was taken away', { concurrency: true }, () => {
  it('counts for earlier ones at once, which leave failed/', async () => {
    await using daemon = await RunningDaemon.start({ sandbox: { writeMs: 20 } });
    await daemon.settle('day.csv', plainFile(['900', '1Z1']));
    comes(daemon);
    const orders = daemon.sandbox.generate(5, { shipped: true });
    const off = daemon.events.on('row.settled', ({ drop, trackingNumber }) => {
      if (trackingNumber !== '1Z1') return;
      off();
      rmSync(join(daemon.data, 'working', drop), { recursive: true });
    });
    const redone = daemon.next('drop.redone');
    await daemon.drop(
      'next.csv',
      plainFile(['900', '1Z1'], ...orders.map((order) => [order, `N${order}`] as const)),
    );
    assert.equal((await redone).name, 'day.csv');
    assert.equal(daemon.count('drop.vanished'), 1);
  });

  it('counts also where it waited with other rows', async () => {
    await using daemon = await RunningDaemon.start({
      inboxes: [{}, { name: 'patient', folder: 'patient', waitFor }],
    });
    await daemon.settle('day.csv', plainFile(['900', '1Z1']));
    const both = daemon.next('drop.waiting');
    await daemon.settle('next.csv', plainFile(['900', '1Z1'], ['901', '1Z2']), 'patient');
    await both;
    const one = daemon.next('drop.waiting', ({ rows }) => rows === 1);
    comes(daemon);
    await one;
    const redone = daemon.next('drop.redone');
    await rm(join(daemon.data, 'waiting-patient/next.waiting.csv'));
    const { name, by } = await redone;
    assert.deepEqual([name, by], ['day.csv', ['next.waiting.csv']]);
  });
});

describe('A file of waiting rows that is taken away while some of their numbers are written', {
  concurrency: true,
}, () => {
  /** `day.csv` with two numbers for an order that comes later; the file goes when the shop refuses the second for the moment. */
  async function takenAwayBetween(inbox: Choices['inbox']) {
    const daemon = await RunningDaemon.start({ inbox: { waitFor, ...inbox } });
    const waits = daemon.next('drop.waiting');
    await daemon.settle('day.csv', plainFile(['900', '1Z1'], ['900', '1Z2']));
    await waits;
    const busy = { kind: 'status', status: 429 } as const;
    daemon.sandbox.inject({ match: { path: '/track$', body: '1Z2' }, fault: busy });
    daemon.events.on('write.answered', ({ answer }) => {
      if (answer.kind === 'unsent') rmSync(join(daemon.data, 'waiting/day.waiting.csv'), { force: true });
    });
    const ended = daemon.next('drop.wait-ended');
    return { daemon, ended };
  }

  const endsOf = (daemon: RunningDaemon): string[] =>
    query<{ line: number; outcome: string; mail: string | null }>(
      daemon,
      "SELECT line, outcome, mail FROM rows JOIN drops ON seq = drop_seq WHERE name = 'day.waiting.csv' ORDER BY line",
    ).map(({ line, outcome, mail }) => `${line}: ${outcome} ${mail ?? 'not mailed'}`);

  it('ends those that stand as what they are, with the mail about them, and only the others as given up', async () => {
    const { daemon, ended } = await takenAwayBetween({ notify: 'always' });
    await using _ = daemon;
    comes(daemon);
    assert.equal((await ended).rows, 1);
    assert.deepEqual(endsOf(daemon), ['2: tracked mailed', '3: waiting not mailed']);
    assert.deepEqual(daemon.standing('900'), ['1Z1']);
    assert.deepEqual([daemon.sandbox.counts().emails, daemon.sandbox.shipments()[0]?.mails], [1, 1]);
  });

  it('takes no other number away for their sake, and says so', async () => {
    const { daemon, ended } = await takenAwayBetween({ onExisting: 'replace' });
    await using _ = daemon;
    const tracks = [{ number: 'OLD', createdAt: '2026-01-02 03:04:05' }];
    daemon.sandbox.addOrder({ incrementId: '900', shipments: [{ tracks }] });
    assert.equal((await ended).rows, 1);
    assert.deepEqual(endsOf(daemon), ['2: tracked not mailed', '3: waiting not mailed']);
    assert.deepEqual(daemon.standing('900'), ['1Z1', 'OLD']);
    const [said] = query<{ message: string }>(daemon, "SELECT message FROM rows WHERE outcome = 'tracked'");
    assert.match(
      said?.message ?? '',
      /OLD \(track \d+\) stays beside it: the file was taken out of the folder waiting/,
    );
  });
});
