import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { systemClock } from '../src/runtime/clock.ts';
import type { Fault } from '../src/sandbox/faults.ts';
import { numberEach } from './number-each.ts';
import { RunningDaemon } from './running-daemon.ts';

const notAllowed: Fault = {
  kind: 'status',
  status: 401,
  message: 'The signature is invalid. Verify and try again.',
};
const fullDisk: Fault = { kind: 'status', status: 500, body: 'json' };
/** Every write of a number, and not the question whether there could be one. */
const everyTrack = { body: 'track_number' };

const fileFor = (orders: readonly string[]) => numberEach(orders);

/** Resolves once so many writes were answered. */
async function writesAnswered(daemon: RunningDaemon, count: number): Promise<void> {
  const enough = daemon.count('write.answered') + count;
  while (daemon.count('write.answered') < enough) await daemon.next('write.answered');
}

describe('One order that is answered 401 while the right is there', { concurrency: 4 }, () => {
  for (const size of [1, 40]) {
    for (const [what, match] of [
      ['looks', (poison: string) => ({ path: `increment_id.*${poison}` })],
      ['writes', (poison: string) => ({ body: `"N${poison}"` })],
    ] as const) {
      it(`to its ${what} ends as gave-up alone, in a drop of ${size}, after as many attempts as others`, async () => {
        await using daemon = await RunningDaemon.start();
        const orders = daemon.sandbox.generate(size, { shipped: true });
        const poison = orders[0] ?? '';
        daemon.sandbox.inject({ match: match(poison), fault: notAllowed });
        const { lines } = await daemon.settle('poison.csv', fileFor(orders));

        assert.deepEqual(
          lines.filter((line) => !line.endsWith(': tracked')),
          ['2: gave-up'],
        );
        assert.equal(daemon.sandbox.tracks().length, size - 1);
        assert.equal(daemon.count('store.right-missing') + daemon.count('store.down'), 0);
        // Four attempts, each with a question of its own.
        if (what === 'writes') assert.equal(daemon.sandbox.counts().track, size - 1 + 4 + 4);
      });
    }
  }
});

describe('Writes that all fail at a store that answers questions', { concurrency: 4 }, () => {
  it('are no order’s fault: it is said once, and all are done when one comes through again', async () => {
    await using daemon = await RunningDaemon.start();
    const orders = daemon.sandbox.generate(8, { shipped: true });
    daemon.sandbox.inject({ match: everyTrack, fault: fullDisk });
    const settled = daemon.settle('all.csv', fileFor(orders));
    await daemon.next('store.writes-failing');
    // Of each order at least one more than its attempts.
    await writesAnswered(daemon, 8 * 6);
    assert.equal(daemon.count('row.settled'), 0);
    assert.equal(daemon.count('store.down'), 0);
    daemon.sandbox.clearFaults();

    const { lines } = await settled;
    assert.ok(
      lines.every((line) => line.endsWith(': tracked')),
      String(lines),
    );
    assert.equal(daemon.sandbox.tracks().length, 8);
    assert.deepEqual([daemon.count('store.writes-failing'), daemon.count('store.writes-working')], [1, 1]);
  });

  it('are told with the source that all of them name, since a shop answers like this where it has none such', async () => {
    await using daemon = await RunningDaemon.start({ inbox: { createShipments: true, source: 'berln' } });
    const orders = daemon.sandbox.generate(6);
    const failing = daemon.next('store.writes-failing');
    const settled = daemon.settle('all.csv', fileFor(orders));
    assert.deepEqual((await failing).kind, { writes: 'ship', source: 'berln' });
    assert.equal(daemon.count('row.settled'), 0);
    daemon.sandbox.set({ sources: ['default', 'berln'] });
    const { lines } = await settled;
    assert.ok(
      lines.every((line) => line.endsWith(': shipped')),
      String(lines),
    );
    assert.equal(daemon.count('store.writes-working'), 1);
  });

  it('count against their orders after an hour, and against those that come later, so that their drops end', async () => {
    let aheadMs = 0;
    const clock = { ...systemClock, nowMs: () => systemClock.nowMs() + aheadMs };
    await using daemon = await RunningDaemon.start({ clock });
    const orders = daemon.sandbox.generate(6, { shipped: true });
    daemon.sandbox.inject({ match: everyTrack, fault: fullDisk });
    const settled = daemon.settle('all.csv', fileFor(orders));
    await daemon.next('store.writes-failing');
    for (const minutes of [31, 31]) {
      assert.equal(daemon.count('row.settled'), 0);
      aheadMs += minutes * 60_000;
      await writesAnswered(daemon, orders.length);
    }
    const later = daemon.settle('later.csv', fileFor(daemon.sandbox.generate(6, { shipped: true })));
    for (const { lines } of await Promise.all([settled, later]))
      assert.ok(
        lines.every((line) => line.endsWith(': gave-up')),
        String(lines),
      );
    assert.deepEqual([daemon.count('store.writes-failing'), daemon.count('store.writes-working')], [1, 0]);
  });

  it('were none where their answers alone were lost: each number is found, and that counts as a write done', async () => {
    await using daemon = await RunningDaemon.start();
    const orders = daemon.sandbox.generate(8, { shipped: true });
    daemon.sandbox.inject({ match: everyTrack, fault: { kind: 'statusAfter', status: 504 } });
    const { lines } = await daemon.settle('lost.csv', fileFor(orders));
    assert.ok(
      lines.every((line) => line.endsWith(': tracked')),
      String(lines),
    );
    assert.equal(daemon.count('store.writes-failing'), daemon.count('store.writes-working'));
  });
});

describe('A shop whose firewall lets no write through', { concurrency: 4 }, () => {
  it('is down until it does: no attempt counts and no file fails', async () => {
    await using daemon = await RunningDaemon.start();
    const orders = daemon.sandbox.generate(8, { shipped: true });
    daemon.sandbox.inject({ match: { method: 'POST' }, fault: { kind: 'status', status: 403 } });
    const settled = daemon.settle('all.csv', fileFor(orders));
    const { failing } = await daemon.next('store.down');
    assert.equal(failing, 'writes');
    for (let times = 0; times < 6; times += 1) await daemon.next('store.still-down');
    // One for each worker and the questions, and no more.
    const { track } = daemon.sandbox.counts();
    assert.ok(track <= 5 + 1 + daemon.count('store.still-down') + 1, `${track}`);
    daemon.sandbox.clearFaults();

    const { lines } = await settled;
    assert.ok(
      lines.every((line) => line.endsWith(': tracked')),
      String(lines),
    );
  });
});
