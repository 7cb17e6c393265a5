import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LOOK_AGES_AFTER_MS } from '../src/domain/room.ts';
import { type Clock, systemClock } from '../src/runtime/clock.ts';
import type { Fault } from '../src/sandbox/faults.ts';
import { plainFile, RunningDaemon } from './running-daemon.ts';

const fullDisk: Fault = { kind: 'status', status: 500, body: 'json' };
const WORKERS = 5;
/** Within a test none comes round again. */
const NO_SECOND_TRY = { retry: { attempts: 4, firstDelayMs: 3_600_000, maxDelayMs: 3_600_000 } };

const shipsFrom = (source: string | null, folder: string) => ({
  name: folder,
  folder,
  createShipments: true,
  source,
});

const fileFor = (orders: readonly string[]) =>
  plainFile(...orders.map((order) => [order, `N${order}`] as const));

const sourcedFile = (rows: readonly (readonly [order: string, source: string])[]) =>
  [
    'order_number,tracking_number,source_code',
    ...rows.map(([order, source]) => `${order},N${order},${source}`),
    '',
  ].join('\n');

/** How many writes were sent to these orders. */
function sentTo(daemon: RunningDaemon, orders: readonly string[]): number {
  const sent = daemon.seen.filter(({ name }) => name === 'write.sent');
  return sent.filter(({ facts }) => orders.includes((facts as { order: string }).order)).length;
}

const isShipped = (lines: readonly string[]) => lines.every((line) => line.endsWith(': shipped'));

describe('A source that the shop does not have', { concurrency: 4 }, () => {
  it('keeps its own shipments waiting, with few tries, and those of no other inbox', async () => {
    await using daemon = await RunningDaemon.start({
      inboxes: [shipsFrom('berln', 'mistyped'), shipsFrom('berlin', 'right'), shipsFrom(null, 'plain')],
      sandbox: { sources: ['default', 'berlin'] },
      store: NO_SECOND_TRY,
    });
    const lost = daemon.sandbox.generate(60);
    const failing = daemon.next('store.writes-failing');
    await daemon.drop('lost.csv', fileFor(lost), 'mistyped');
    assert.deepEqual((await failing).kind, { writes: 'ship', source: 'berln' });

    for (const folder of ['right', 'plain']) {
      const { lines } = await daemon.settle(`${folder}.csv`, fileFor(daemon.sandbox.generate(40)), folder);
      assert.ok(isShipped(lines), String(lines));
    }
    const { lines } = await daemon.settle(
      'tracks.csv',
      fileFor(daemon.sandbox.generate(5, { shipped: true })),
      'mistyped',
    );
    assert.ok(
      lines.every((line) => line.endsWith(': tracked')),
      String(lines),
    );
    // Those that make it suspicious, and what the workers took until their answers were on record.
    assert.ok(sentTo(daemon, lost) <= 5 + 2 * WORKERS, `${sentTo(daemon, lost)} writes`);
    assert.deepEqual([daemon.count('store.writes-failing'), daemon.count('store.down')], [1, 0]);
  });

  it('keeps no row waiting of its own file that leaves from another one', async () => {
    await using daemon = await RunningDaemon.start({
      inbox: { createShipments: true },
      store: NO_SECOND_TRY,
    });
    const orders = daemon.sandbox.generate(40);
    const rows = orders.map((order, at) => [order, at % 2 === 0 ? 'berln' : 'default'] as const);
    const done = new Set<string>();
    const enough = daemon.next('row.settled', ({ order, outcome }) => {
      assert.equal(outcome, 'shipped');
      return done.add(order).size === 20;
    });
    await daemon.drop('both.csv', sourcedFile(rows));
    await enough;
    assert.deepEqual(
      [...done].sort(),
      rows.filter(([, source]) => source === 'default').map(([order]) => order),
    );
    assert.equal(daemon.count('store.writes-working'), 0);
  });

  it('is tried by one shipment after each pause, and all go as soon as the shop has it', async () => {
    await using daemon = await RunningDaemon.start({ inbox: { createShipments: true, source: 'berln' } });
    const orders = daemon.sandbox.generate(30);
    const settled = daemon.settle('all.csv', fileFor(orders));
    await daemon.next('store.writes-failing');
    // Several tries that failed, each of another order, and none counts against it.
    for (let tries = 0; tries < 6; tries += 1) await daemon.next('write.answered');
    daemon.sandbox.set({ sources: ['default', 'berln'] });
    const working = await daemon.next('store.writes-working');
    assert.deepEqual(working.kind, { writes: 'ship', source: 'berln' });
    const { lines } = await settled;
    assert.ok(isShipped(lines), String(lines));
  });

  it('is tried all the same where a pause lasts longer than what was planned before it can be trusted', async () => {
    const pauseMs = 77;
    let pauses = 0;
    const firstPause = Promise.withResolvers<void>();
    const clock: Clock = {
      ...systemClock,
      random: () => 1,
      nowMs: () => systemClock.nowMs() + pauses * LOOK_AGES_AFTER_MS,
      sleep: async (ms, signal) => {
        await systemClock.sleep(ms, signal);
        if (ms !== pauseMs) return;
        pauses += 1;
        firstPause.resolve();
      },
    };
    await using daemon = await RunningDaemon.start({
      inbox: { createShipments: true, source: 'berln' },
      store: { retry: { attempts: 4, firstDelayMs: pauseMs, maxDelayMs: pauseMs } },
      clock,
    });
    const settled = daemon.settle('all.csv', fileFor(daemon.sandbox.generate(40)));
    await firstPause.promise;
    const working = daemon.next('store.writes-working');
    daemon.sandbox.set({ sources: ['default', 'berln'] });
    await working;
    // Were it to wait anew after each look, all that wait would have their turn before the first one is tried.
    assert.ok(pauses <= 15, `${pauses} pauses`);
    assert.ok(isShipped((await settled).lines));
  });

  it('is found again when the answer alone was lost to the shipment that came through', async () => {
    await using daemon = await RunningDaemon.start({
      inbox: { createShipments: true, source: 'berln' },
      // What landed is to be found before it is repeated.
      store: {
        uncertain: { looksMs: [50], repeatTrackAfterMs: 300, repeatShipAfterMs: 1_000, verifyAfterMs: 300 },
      },
    });
    const orders = daemon.sandbox.generate(8);
    const settled = daemon.settle('all.csv', fileFor(orders));
    await daemon.next('store.writes-failing');
    daemon.sandbox.inject({ match: { body: 'track_number' }, fault: { kind: 'statusAfter', status: 504 } });
    daemon.sandbox.set({ sources: ['default', 'berln'] });
    const { kind } = await daemon.next('store.writes-working');
    assert.deepEqual(kind, { writes: 'ship', source: 'berln' });
    daemon.sandbox.clearFaults();
    assert.ok(isShipped((await settled).lines));
    assert.equal(daemon.sandbox.tracks().length, orders.length);
  });
});

describe('A shop that ships nothing, and takes numbers for shipments that are there', () => {
  it('is left alone with its shipments after few of them, said once, and no number hides that', async () => {
    await using daemon = await RunningDaemon.start({
      inbox: { createShipments: true },
      store: NO_SECOND_TRY,
    });
    const toShip = daemon.sandbox.generate(30);
    const shipped = daemon.sandbox.generate(30, { shipped: true });
    daemon.sandbox.inject({ match: { body: 'notify' }, fault: fullDisk });
    const failing = daemon.next('store.writes-failing');
    const done = new Set<string>();
    const enough = daemon.next('row.settled', ({ order, outcome }) => {
      assert.equal(outcome, 'tracked');
      return done.add(order).size === shipped.length;
    });
    const mixed = toShip.flatMap((order, at) => [order, shipped[at] ?? '']);
    await daemon.drop('mixed.csv', fileFor(mixed));
    assert.deepEqual((await failing).kind, { writes: 'ship', source: null });
    await enough;
    assert.ok(sentTo(daemon, toShip) <= 5 + 2 * WORKERS, `${sentTo(daemon, toShip)} shipments`);
    assert.deepEqual([daemon.count('store.writes-failing'), daemon.count('store.writes-working')], [1, 0]);
  });
});

describe('A shop whose disk is full', () => {
  it('is left alone after few writes, from whatever source, and none of them is blamed', async () => {
    await using daemon = await RunningDaemon.start({
      inboxes: [shipsFrom('berlin', 'berlin'), shipsFrom('munich', 'munich'), shipsFrom(null, 'plain')],
      sandbox: { sources: ['default', 'berlin', 'munich'] },
      store: NO_SECOND_TRY,
    });
    daemon.sandbox.inject({ match: { body: 'track_number' }, fault: fullDisk });
    const failing = daemon.next('store.writes-failing', ({ kind }) => kind.writes === 'all');
    const folders = ['berlin', 'munich', 'plain'];
    const orders = folders.map(() => daemon.sandbox.generate(30));
    await Promise.all(folders.map((folder, at) => daemon.drop('all.csv', fileFor(orders[at] ?? []), folder)));
    await failing;
    const before = daemon.count('write.sent');
    // At worst each kind fails for itself, with what the workers had taken by then.
    assert.ok(before <= folders.length * (5 + WORKERS), `${before} writes`);
    assert.equal(daemon.count('row.settled'), 0);

    // A file that comes now is looked at, as its last row shows, and nothing of it is sent.
    const late = daemon.sandbox.generate(10, { shipped: true });
    const looked = daemon.next('row.settled', ({ outcome }) => outcome === 'order-not-found');
    await daemon.drop('late.csv', fileFor([...late, '999999999']), 'plain');
    await looked;
    await daemon.stop();
    assert.equal(sentTo(daemon, late), 0);
  });
});
