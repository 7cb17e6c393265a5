import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { appendFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { type Choices, plainFile, RunningDaemon } from './running-daemon.ts';
import { ShiftedClock } from './shifted-clock.ts';

const SOON = { orderNotFoundMs: 60_000, orderHeldMs: 60_000, unpaidMs: 60_000, everyMs: 60 };
/** The next full one is far away; looked at again at the end of the limits, after a minute. */
const LATER = { ...SOON, everyMs: 1_000 * 24 * 3_600_000 };

/** A daemon on whose shop the order 900 is missing, and `day.csv` with a number for it, which waits. */
async function waiting(choices: Choices = {}, content = plainFile(['900', '1Z2'])): Promise<RunningDaemon> {
  const daemon = await RunningDaemon.start({ inbox: { waitFor: SOON }, ...choices });
  const waits = daemon.next('drop.waiting');
  await daemon.settle('day.csv', content);
  await waits;
  return daemon;
}

const comes = (daemon: RunningDaemon, incrementId = '900') =>
  daemon.sandbox.addOrder({ incrementId, shipments: [{}] });

/** What became of the file of waiting rows when it settles, from now on. */
async function settledLater(daemon: RunningDaemon, name = 'day.waiting.csv') {
  return daemon.report(await daemon.next('drop.settled', (facts) => facts.name === name));
}

const filesBelow = async (daemon: RunningDaemon, ...folders: string[]) =>
  (await daemon.files()).filter((file) => folders.some((folder) => file.startsWith(`${folder}/`)));

describe('A row whose order is not there yet', { concurrency: true }, () => {
  it('waits in a file of its own, and is done once the order is there', async () => {
    await using daemon = await RunningDaemon.start({ inbox: { waitFor: SOON } });
    const [there] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    const waits = daemon.next('drop.waiting');
    const { folder, lines, text } = await daemon.settle('day.csv', plainFile([there, '1Z1'], ['900', '1Z2']));
    assert.match(folder, /^processed/);
    assert.match(text, /3,waiting,".*\(UTC\); it waits in day\.waiting\.csv in the folder waiting"/);
    assert.doesNotMatch(text, /tracked,.*it waits in/);
    assert.deepEqual(lines, ['2: tracked', '3: waiting']);
    assert.equal((await waits).name, 'day.waiting.csv');
    assert.equal(await daemon.read('waiting/day.waiting.csv'), plainFile(['900', '1Z2']));
    assert.match(
      await daemon.read('waiting/day.waiting.report.csv'),
      /2,waiting,"the shop has no order 900; looked for again at 20\d\d-\d\d-\d\d \d\d:\d\d, until .*\(UTC\)"/,
    );
    const end = settledLater(daemon);
    comes(daemon);
    const { folder: last, lines: ends } = await end;
    assert.match(last, /^processed/);
    assert.deepEqual(ends, ['2: tracked']);
    assert.deepEqual(daemon.standing('900'), ['1Z2']);
    assert.deepEqual(await filesBelow(daemon, 'waiting', 'working'), []);
  });

  it('fails when the time is over, and the message says until when it was waited for', async () => {
    const clock = new ShiftedClock();
    await using daemon = await waiting({ clock });
    const end = settledLater(daemon);
    clock.aheadMs = 60_000;
    const { folder, lines, text } = await end;
    assert.deepEqual([folder, lines], ['failed', ['2: order-not-found']]);
    assert.match(text, /waited for until 20/);
    assert.equal(await daemon.read('failed/day.retry-2.csv'), plainFile(['900', '1Z2']));
  });

  it('fails at once where the limit is 0', async () => {
    await using daemon = await RunningDaemon.start({ inbox: { waitFor: { ...SOON, orderNotFoundMs: 0 } } });
    const { folder, lines } = await daemon.settle('day.csv', plainFile(['900', '1Z2']));
    assert.deepEqual([folder, lines], ['failed', ['2: order-not-found']]);
    assert.equal(daemon.count('drop.waiting'), 0);
  });

  it('leaves the others of its file to be settled and done, with the file in failed where one failed', async () => {
    await using daemon = await waiting({}, plainFile(['900', '1Z2'], ['', '1Z3'], ['901', '1Z4']));
    assert.deepEqual(await filesBelow(daemon, 'failed', 'processed'), [
      'failed/day.csv',
      'failed/day.report.csv',
      'failed/day.retry.csv',
    ]);
    assert.equal(await daemon.read('failed/day.retry.csv'), plainFile(['', '1Z3']));
    assert.equal(await daemon.read('waiting/day.waiting.csv'), plainFile(['900', '1Z2'], ['901', '1Z4']));
    const looked = daemon.next('drop.waiting', ({ rows }) => rows === 1);
    comes(daemon, '901');
    await looked;
    assert.match(await daemon.read('waiting/day.waiting.report.csv'), /2,waiting,[\s\S]*3,tracked,/);
  });

  it('is already tracked where a later file, which does not wait behind it, was sooner', async () => {
    await using daemon = await waiting({ inbox: { waitFor: { ...SOON, everyMs: 500 } } });
    comes(daemon);
    const end = settledLater(daemon);
    const { lines } = await daemon.settle('next.csv', plainFile(['900', '1Z2']));
    const ends = [...lines, ...(await end).lines].sort();
    assert.deepEqual(ends, ['2: already-tracked', '2: tracked']);
    assert.equal(daemon.sandbox.counts().track, 1);
  });

  it('is looked for with the others by two requests, however many wait', async () => {
    const rows = Array.from({ length: 90 }, (_, at) => [`9${at}`, `1Z${at}`] as const);
    await using daemon = await waiting({}, plainFile(...rows));
    await daemon.next('drop.waiting');
    daemon.sandbox.resetCounts();
    const before = daemon.count('drop.waiting');
    await daemon.next('drop.waiting', () => daemon.count('drop.waiting') >= before + 3);
    const looks = daemon.count('drop.waiting') - before;
    assert.ok(daemon.sandbox.counts().orders <= looks + 1, JSON.stringify(daemon.sandbox.counts()));
  });
});

describe('A row of an order that cannot be shipped now', { concurrency: true }, () => {
  for (const [state, limit] of [
    ['holded', 'orderHeldMs'],
    ['payment_review', 'orderHeldMs'],
    ['pending_payment', 'unpaidMs'],
  ] as const) {
    it(`waits as long as ${limit} says while its state is ${state}`, async () => {
      const none = { orderNotFoundMs: 0, orderHeldMs: 0, unpaidMs: 0, everyMs: 60 };
      const waitFor = { ...none, [limit]: 60_000 };
      const clock = new ShiftedClock();
      await using daemon = await RunningDaemon.start({ clock, inbox: { createShipments: true, waitFor } });
      daemon.sandbox.addOrder({ incrementId: '900', state });
      const { lines } = await daemon.settle('day.csv', plainFile(['900', '1Z2']));
      assert.deepEqual(lines, ['2: waiting']);
      const end = settledLater(daemon);
      clock.aheadMs = 60_000;
      assert.deepEqual((await end).lines, ['2: order-held']);
    });
  }

  it('is done at once where a shipment stands', async () => {
    await using daemon = await RunningDaemon.start({ inbox: { waitFor: SOON } });
    daemon.sandbox.addOrder({ incrementId: '900', state: 'holded', shipments: [{}] });
    assert.deepEqual((await daemon.settle('day.csv', plainFile(['900', '1Z2']))).lines, ['2: tracked']);
  });
});

describe('The file of rows that wait', { concurrency: true }, () => {
  it('ends the waiting when somebody takes it away, and nothing is written for it', async () => {
    await using daemon = await waiting();
    const ended = daemon.next('drop.wait-ended');
    await rm(join(daemon.data, 'waiting/day.waiting.csv'));
    assert.deepEqual([(await ended).rows, (await ended).why], [1, 'taken-away']);
    comes(daemon);
    await daemon.settle('other.csv', plainFile(['900', '1Z3']));
    assert.deepEqual(daemon.standing('900'), ['1Z3']);
    assert.deepEqual(await filesBelow(daemon, 'waiting', 'working'), []);
  });

  it('is written nothing for where it is taken away while its orders are looked up', async () => {
    await using daemon = await waiting();
    const looking = daemon.events.on('orders.looked-up', () =>
      rmSync(join(daemon.data, 'waiting/day.waiting.csv'), { force: true }),
    );
    const ended = daemon.next('drop.wait-ended');
    comes(daemon);
    await ended;
    looking();
    assert.deepEqual(daemon.standing('900'), []);
    assert.equal(daemon.sandbox.counts().track, 0);
  });

  it('is not taken for taken away where its whole folder is gone, and goes on when that is back', async () => {
    await using daemon = await waiting();
    const stuck = daemon.next('drop.stuck');
    await rename(join(daemon.data, 'waiting'), join(daemon.data, 'elsewhere'));
    await stuck;
    const end = settledLater(daemon);
    comes(daemon);
    await rename(join(daemon.data, 'elsewhere'), join(daemon.data, 'waiting'));
    assert.deepEqual((await end).lines, ['2: tracked']);
    assert.equal(daemon.count('drop.wait-ended'), 0);
  });

  it('is read again where somebody edits it', async () => {
    await using daemon = await waiting();
    const end = settledLater(daemon);
    comes(daemon, '901');
    await writeFile(join(daemon.data, 'waiting/day.waiting.csv'), plainFile(['901', '1Z2']));
    assert.deepEqual((await end).lines, ['2: tracked']);
    assert.deepEqual(daemon.standing('901'), ['1Z2']);
  });

  it('is compared with the original where a spreadsheet changed it', async () => {
    await using daemon = await waiting({}, plainFile(['000900', '1Z2'], ['000901', '1Z3']));
    comes(daemon, '900');
    const looked = daemon.next('drop.waiting', ({ rows }) => rows === 1);
    await writeFile(
      join(daemon.data, 'waiting/day.waiting.csv'),
      plainFile(['900', '1Z2'], ['000901', '1Z3']),
    );
    await looked;
    assert.match(
      await daemon.read('waiting/day.waiting.report.csv'),
      /2,bad-row,.*the original is ""000900""/,
    );
    assert.deepEqual(daemon.standing('900'), []);
  });

  it('gets a name of its own where another one waits, and overwrites nothing', async () => {
    await using daemon = await waiting({ inbox: { waitFor: LATER } });
    const waits = daemon.next('drop.waiting', ({ name }) => name === 'day-2.waiting.csv');
    await writeFile(join(daemon.data, 'waiting/day-3.waiting.csv'), 'mine');
    await daemon.settle('day.csv', plainFile(['901', '1Z3']));
    await waits;
    const third = daemon.next('drop.waiting', ({ name }) => name === 'day-4.waiting.csv');
    await daemon.settle('day.csv', plainFile(['902', '1Z4']));
    await third;
    assert.equal(await daemon.read('waiting/day-3.waiting.csv'), 'mine');
  });

  it('waits on where somebody put something else in the place of its report', async () => {
    await using daemon = await waiting();
    const kept = daemon.next('drop.report-kept');
    // Between two looks: in the middle of one it could be overwritten.
    const off = daemon.events.on('drop.waiting', () =>
      writeFileSync(join(daemon.data, 'waiting/day.waiting.report.csv'), 'mine'),
    );
    await kept;
    off();
    const end = settledLater(daemon);
    comes(daemon);
    assert.deepEqual((await end).lines, ['2: tracked']);
    assert.deepEqual(await filesBelow(daemon, 'waiting'), ['waiting/day.waiting.report.csv']);
    assert.equal(await daemon.read('waiting/day.waiting.report.csv'), 'mine');
  });
});

describe('A writer that goes on after its rows began to wait', { concurrency: true }, () => {
  it('has no number that was cut off written when the order comes', async () => {
    await using daemon = await waiting({}, 'order_number,tracking_number\n900,1Z2');
    const [file = ''] = await filesBelow(daemon, 'processed');
    const ended = daemon.next('drop.wait-ended');
    await appendFile(join(daemon.data, file), '345\n');
    assert.equal((await ended).why, 'read-again');
    // Before its row waits, the order that came would be found for the file itself.
    await daemon.next('drop.waiting');
    const end = daemon.next('drop.settled', ({ name }) => /waiting/.test(name));
    comes(daemon);
    assert.deepEqual((await daemon.report(await end)).lines, ['2: tracked']);
    assert.deepEqual(daemon.standing('900'), ['1Z2345']);
    assert.deepEqual(await filesBelow(daemon, 'waiting', 'working'), []);
  });
});

describe('Across restarts', { concurrency: true }, () => {
  it('rows wait on, and those that are due are looked at', async () => {
    await using daemon = await waiting();
    await daemon.stop();
    comes(daemon);
    const end = settledLater(daemon);
    await daemon.start();
    assert.deepEqual((await end).lines, ['2: tracked']);
  });

  it('rows are not looked at before their time', async () => {
    await using daemon = await waiting({ inbox: { waitFor: LATER } });
    await daemon.stop();
    comes(daemon);
    const told = daemon.next('drop.waiting');
    await daemon.start();
    const { nextLookAtMs } = await told;
    assert.ok(nextLookAtMs > Date.now());
    await daemon.settle('other.csv', plainFile(['901', '1Z3']));
    assert.deepEqual(daemon.standing('900'), []);
  });

  it('rows are looked at in time, and not for ever, though the clock was set back', async () => {
    const clock = new ShiftedClock();
    await using daemon = await waiting({ clock });
    await daemon.stop();
    clock.aheadMs = -3_600_000;
    const looked = daemon.next('drop.waiting');
    await daemon.start();
    await looked;
    const end = settledLater(daemon);
    clock.aheadMs += 60_000;
    assert.deepEqual((await end).lines, ['2: order-not-found']);
  });

  it('a file that the ledger does not know is taken like one of the inbox', async () => {
    await using daemon = await waiting();
    await daemon.stop();
    for (const name of await readdir(daemon.data))
      if (name.startsWith('trackdrop.db')) await rm(join(daemon.data, name));
    comes(daemon);
    const end = settledLater(daemon);
    await daemon.start();
    assert.deepEqual((await end).lines, ['2: tracked']);
    assert.deepEqual(await filesBelow(daemon, 'waiting', 'working'), []);
  });

  it('a file goes on waiting where its inbox has another name', async () => {
    await using daemon = await waiting({ inbox: {}, inboxes: [{ waitFor: SOON }] });
    await daemon.stop();
    daemon.inboxes = [{ name: 'renamed', waitFor: SOON }];
    comes(daemon);
    const end = settledLater(daemon);
    await daemon.start();
    const { inbox, lines } = await end;
    assert.deepEqual([inbox, lines], ['renamed', ['2: tracked']]);
    assert.equal(daemon.count('drop.orphaned'), 0);
  });

  it('a run that ends by itself looks once at what is due', async () => {
    await using daemon = await RunningDaemon.prepare({
      once: true,
      inbox: { waitFor: { ...SOON, everyMs: 1 } },
    });
    await daemon.drop('day.csv', plainFile(['900', '1Z2']));
    await daemon.start();
    await daemon.ended();
    await daemon.stop();
    assert.deepEqual(await filesBelow(daemon, 'waiting'), [
      'waiting/day.waiting.csv',
      'waiting/day.waiting.report.csv',
    ]);
    comes(daemon);
    await daemon.start();
    await daemon.ended();
    assert.deepEqual(daemon.standing('900'), ['1Z2']);
    assert.deepEqual(await filesBelow(daemon, 'waiting', 'working'), []);
  });
});
