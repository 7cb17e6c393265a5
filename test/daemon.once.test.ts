import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readHeartbeat } from '../src/ledger/heartbeat.ts';
import { type Clock, systemClock } from '../src/runtime/clock.ts';
import { type Choices, plainFile, RunningDaemon } from './running-daemon.ts';

const INBOXES = [
  { name: 'main', folder: 'inbox' },
  { name: 'outlet', folder: 'outlet', store: 'outlet' },
];

/** The minute for which a run waits for a store passes at once; everything else takes its time. */
const NO_MINUTE: Clock = {
  ...systemClock,
  sleep: (delayMs, signal) => systemClock.sleep(delayMs === 60_000 ? 50 : delayMs, signal),
};

/** Two stores with an order each, a file dropped for both; not started yet. */
async function prepared(more: Choices = {}) {
  const daemon = await RunningDaemon.prepare({
    inboxes: INBOXES,
    otherStores: ['outlet'],
    once: true,
    clock: NO_MINUTE,
    ...more,
  });
  for (const { name, folder } of INBOXES) {
    const { incrementId } = daemon.sandboxOf(name).addOrder({ incrementId: '100', shipments: [{}] });
    await daemon.drop(`${name}.csv`, plainFile([incrementId, `N1-${name}`]), folder);
  }
  return daemon;
}

const leftOut = (daemon: RunningDaemon) =>
  daemon.seen.filter(({ name }) => name === 'store.left-out').map(({ facts }) => facts as { store: string });

describe('A run that ends by itself, with two stores', { concurrency: 4 }, () => {
  it('serves the one where the other is down, whose file stays where it is', async () => {
    await using daemon = await prepared();
    await daemon.sandboxOf('outlet').goDown();
    await daemon.start();
    await daemon.ended();
    assert.deepEqual(daemon.standing('100'), ['N1-main']);
    const unsettled = (await daemon.files()).filter((file) => !file.startsWith('processed/'));
    assert.deepEqual(unsettled, ['outlet/outlet.csv']);
    assert.deepEqual(
      leftOut(daemon).map(({ store }) => store),
      ['outlet'],
    );
  });

  it('fails as a whole where both are down, and touches nothing', async () => {
    await using daemon = await prepared();
    for (const sandbox of daemon.sandboxes.values()) await sandbox.goDown();
    await assert.rejects(daemon.start(), { code: 'unreachable', message: /store main/ });
    assert.deepEqual(await daemon.files(), ['inbox/main.csv', 'outlet/outlet.csv']);
  });

  it('leaves the one that goes away in the middle after a minute, and settles the file of the other', async () => {
    await using daemon = await prepared({ sandbox: { writeMs: 30 } });
    const orders = daemon.sandbox.generate(60, { shipped: true });
    await daemon.drop('long.csv', plainFile(...orders.map((order) => [order, `L${order}`] as const)));
    const outlet = daemon.sandboxOf('outlet');
    daemon.events.on('drop.claimed', ({ inbox }) => {
      if (inbox === 'outlet') outlet.set({ outage: 'database' });
    });
    await daemon.start();
    await daemon.ended();
    assert.deepEqual(
      leftOut(daemon).map(({ store }) => store),
      ['outlet'],
    );
    const settled = daemon.seen.filter(({ name }) => name === 'drop.settled').map(({ facts }) => facts);
    assert.deepEqual(settled.map((facts) => (facts as { name: string }).name).sort(), [
      'long.csv',
      'main.csv',
    ]);
    assert.deepEqual(outlet.tracks(), []);
    assert.ok((await daemon.files()).some((file) => /^working-outlet\/.*outlet\.csv$/.test(file)));
    assert.deepEqual(daemon.seen.at(-1), {
      name: 'daemon.stopped',
      facts: { openDrops: 1, openRequests: 0 },
    });
  });
});

describe('The heartbeat', { concurrency: 4 }, () => {
  it('goes on while a run that ends by itself waits for what a store answers', async () => {
    let beats = 0;
    const clock: Clock = {
      ...systemClock,
      sleep(delayMs, signal) {
        if (delayMs !== 5_000) return systemClock.sleep(delayMs, signal);
        // A beat was written just before.
        beats += 1;
        if (beats === 3) void daemon.sandbox.goDown();
        return systemClock.sleep(20, signal);
      },
    };
    const daemon = await RunningDaemon.prepare({ once: true, clock });
    await using _daemon = daemon;
    daemon.sandbox.inject({ match: { method: 'GET' }, fault: { kind: 'silence' } });
    await assert.rejects(daemon.start(), { code: 'unreachable' });
    assert.ok(beats >= 3, `${beats} beats`);
  });

  it('tells how it stands with each store', async () => {
    const beats: (() => void)[] = [];
    const clock: Clock = {
      ...systemClock,
      sleep(delayMs, signal) {
        if (delayMs !== 5_000) return systemClock.sleep(delayMs, signal);
        // A beat was written just before: each wait for the next is ended by hand.
        for (const told of beats.splice(0)) told();
        return systemClock.sleep(20, signal);
      },
    };
    const beat = () => new Promise<void>((resolve) => beats.push(resolve));
    await using daemon = await RunningDaemon.prepare({ inboxes: INBOXES, otherStores: ['outlet'], clock });
    await daemon.sandboxOf('outlet').goDown();
    const down = daemon.next('store.down');
    await daemon.start();
    const { message } = await down;
    await beat();
    const stores = readHeartbeat(daemon.config().ledger)?.stores ?? [];
    assert.partialDeepStrictEqual(stores, [
      { store: 'main', state: 'up', sinceMs: null },
      { store: 'outlet', state: 'down', why: message },
    ]);
  });
});
