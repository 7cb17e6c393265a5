import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { healthOf } from '../src/commands/status.ts';
import type { EventName } from '../src/events.ts';
import { readHeartbeat } from '../src/ledger/heartbeat.ts';
import { systemClock } from '../src/runtime/clock.ts';
import { assertNumberEach } from './number-each.ts';
import { plainFile, RunningDaemon } from './running-daemon.ts';

const HOUR_MS = 3_600_000;

/** Long enough for many daemons at once in one process; the effect below is seen by one of the looks. */
const UNCERTAIN = {
  looksMs: [50, 250, 500, 1_000, 2_000, 4_000],
  repeatTrackAfterMs: 8_000,
  repeatShipAfterMs: 8_000,
  verifyAfterMs: 300,
};

/** A machine's clock that somebody sets, while time itself goes on as ever. */
function settableClock() {
  let offMs = 0;
  return {
    ...systemClock,
    wallMs: () => systemClock.wallMs() + offMs,
    set(byMs: number) {
      offMs += byMs;
    },
  };
}

describe("The machine's clock", { concurrency: true }, () => {
  for (const [how, byMs] of [
    ['set forward', HOUR_MS],
    ['set back', -HOUR_MS],
  ] as const) {
    for (const at of [
      'inbox.watching',
      'drop.claimed',
      'drop.read',
      'orders.looked-up',
      'write.sent',
      'write.answered',
      'row.settled',
    ] satisfies EventName[]) {
      it(`${how} by an hour at ${at} costs no number and doubles none`, async () => {
        const clock = settableClock();
        await using daemon = await RunningDaemon.prepare({ clock, store: { uncertain: UNCERTAIN } });
        const off = daemon.events.on(at, () => {
          off();
          clock.set(byMs);
        });
        await daemon.start();
        const orders = daemon.sandbox.generate(3, { shipped: true });
        // The answer is lost and the effect comes late: it is waited for neither shorter nor longer than without.
        daemon.sandbox.inject({
          match: { path: 'shipment/track' },
          times: 1,
          fault: { kind: 'lateEffect', afterMs: 200, answer: 504 },
        });
        const rows = orders.map((order) => [order, `N${order}`] as const);
        const { lines } = await daemon.settle('a.csv', plainFile(...rows));
        assert.deepEqual(lines, ['2: tracked', '3: tracked', '4: tracked']);
        assertNumberEach(daemon, orders);
        assert.equal(daemon.count('write.sent'), 3);
        assert.equal(healthOf(readHeartbeat(daemon.config().ledger), clock).health, 'active');
      });
    }
  }
});
