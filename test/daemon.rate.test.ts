import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StoreConfig } from '../src/config/config.ts';
import type { EventMap } from '../src/events.ts';
import { fasterClock } from './faster-clock.ts';
import { plainFile, RunningDaemon } from './running-daemon.ts';

/** As configured by default, to go with a clock that runs fast. */
const PATIENT: Partial<StoreConfig> = {
  timeoutMs: 5_000,
  retry: { attempts: 6, firstDelayMs: 1_000, maxDelayMs: 60_000 },
  uncertain: {
    looksMs: [2_000, 5_000, 15_000, 30_000],
    repeatTrackAfterMs: 30_000,
    repeatShipAfterMs: 120_000,
    verifyAfterMs: 60_000,
  },
};

/** By the system's clock as often as without a faster one: what the daemon does besides is not tried here. */
const rescanning = (times: number) => ({ rescanEveryMs: times * 200 });

async function settledBy(daemon: RunningDaemon, orders: readonly string[]) {
  const rows = orders.map((order) => [order, `N${order}`] as const);
  const settled = await daemon.settle('slow.csv', plainFile(...rows));
  const { track, orders: looks, shipments, total } = daemon.sandbox.counts();
  return {
    outcomes: new Set(settled.lines.map((line) => line.replace(/^\d+: /, ''))),
    track,
    looks,
    shipments,
    total,
  };
}

describe('A slow rate', { concurrency: true }, () => {
  for (const [maxRequestsPerSecond, rows, mostForEach, times] of [
    [1, 150, 1.4, 30],
    [3, 200, 1.3, 30],
    [0.1, 4, 3.5, 50],
  ] as const) {
    it(`of ${maxRequestsPerSecond} a second brings ${rows} rows to their end, with at most ${mostForEach} requests for each`, async () => {
      await using daemon = await RunningDaemon.start({
        clock: fasterClock(times),
        inbox: rescanning(times),
        store: { ...PATIENT, maxRequestsPerSecond },
      });
      const orders = daemon.sandbox.generate(rows, { shipped: true });
      const { outcomes, track, total } = await settledBy(daemon, orders);
      assert.deepEqual([...outcomes], ['tracked']);
      assert.equal(track, rows);
      assert.ok(total <= mostForEach * rows, `${total} requests`);
      for (const { name, facts } of daemon.seen) {
        if (name !== 'orders.looked-up') continue;
        const { orders: together } = facts as EventMap['orders.looked-up'];
        assert.ok(together <= Math.max(1, 15 * maxRequestsPerSecond), `${together} orders in one look`);
      }
    });
  }
});

describe('A slow shop', () => {
  it('that writes fewer orders than a window holds before its look is old gets a new look for many, not for each', async () => {
    // Ten seconds a write: 15 of them in the 30 s after which a look is old, and 150 orders under way.
    await using daemon = await RunningDaemon.start({
      clock: fasterClock(100),
      inbox: rescanning(100),
      sandbox: { writeMs: 100 },
      store: PATIENT,
    });
    const orders = daemon.sandbox.generate(150, { shipped: true });
    const { outcomes, track, looks, shipments } = await settledBy(daemon, orders);
    assert.deepEqual([...outcomes], ['tracked']);
    assert.equal(track, 150);
    assert.ok(looks + shipments <= 75, `${looks} + ${shipments} looks`);
  });
});
