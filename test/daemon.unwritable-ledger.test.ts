import assert from 'node:assert/strict';
import { rename } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { type Clock, systemClock } from '../src/runtime/clock.ts';
import { fasterClock } from './faster-clock.ts';
import { assertNumberEach, numberEach } from './number-each.ts';
import { RunningDaemon } from './running-daemon.ts';

const ROWS = 30;

/** What another program does that writes the ledger, such as a database browser, until it is disposed of. */
function locked(daemon: RunningDaemon): Disposable {
  const db = new DatabaseSync(daemon.config().ledger, { timeout: 5_000 });
  db.exec('BEGIN IMMEDIATE');
  return { [Symbol.dispose]: () => db.close() };
}

/** The ledger moved away with its log, and brought back. */
function movable(daemon: RunningDaemon) {
  const { ledger } = daemon.config();
  const files = ['', '-wal', '-shm'].map((end) => [`${ledger}${end}`, `${ledger}.away${end}`] as const);
  return {
    async leave() {
      for (const [from, to] of files) await rename(from, to);
    },
    async comeBack() {
      for (const [to, from] of files) await rename(from, to);
    },
  };
}

/** Time runs a hundred times faster: a lock of a second is one that outlasts the lease. */
const inShort = () => ({ clock: fasterClock(100), sandbox: { writeMs: 5 } });

/** Tries of a ledger come sooner, and beats when they do: what notices it is the work itself. */
const impatient: Clock = {
  ...systemClock,
  sleep: (delayMs, signal) => systemClock.sleep(delayMs === 2_000 ? 20 : delayMs, signal),
};

function plainOrders(daemon: RunningDaemon) {
  const orders = daemon.sandbox.generate(ROWS, { shipped: true });
  return { orders, content: numberEach(orders) };
}

function assertEachOnce(daemon: RunningDaemon, orders: readonly string[]) {
  assertNumberEach(daemon, orders);
  assert.equal(daemon.sandbox.counts().track, orders.length, 'each write was sent once');
  assert.equal(daemon.count('bug'), 0);
}

describe('A ledger that another program has locked', { concurrency: true }, () => {
  it('has everything wait, says what to do, and costs nothing once it is free', async () => {
    await using daemon = await RunningDaemon.start(inShort());
    const { orders, content } = plainOrders(daemon);
    const sent = daemon.next('write.sent');
    const settled = daemon.next('drop.settled');
    await daemon.drop('a.csv', content);
    await sent;
    const unwritable = daemon.next('ledger.unwritable');
    {
      using _ = locked(daemon);
      const { cause, message } = await unwritable;
      assert.deepEqual([cause, message], ['locked', 'database is locked']);
    }
    await settled;
    assertEachOnce(daemon, orders);
    assert.equal(daemon.count('ledger.unwritable'), daemon.count('ledger.writable-again'));
  });

  it('lets an idle daemon live, and stop without a word of a bug', async () => {
    await using daemon = await RunningDaemon.start(inShort());
    const unwritable = daemon.next('ledger.unwritable');
    using _ = locked(daemon);
    await unwritable;
    await daemon.stop();
    assert.equal(daemon.count('bug'), 0);
  });

  it('at the start is waited for', async () => {
    await using daemon = await RunningDaemon.start(inShort());
    await daemon.stop();
    const unwritable = daemon.next('ledger.unwritable');
    const lock = locked(daemon);
    const started = daemon.start();
    await unwritable;
    lock[Symbol.dispose]();
    await started;
    const { orders, content } = plainOrders(daemon);
    await daemon.settle('a.csv', content);
    assertEachOnce(daemon, orders);
  });
});

describe('A ledger that is moved away', { concurrency: true }, () => {
  it('has no file taken and no number written, and goes on where it was once it is back', async () => {
    await using daemon = await RunningDaemon.start({ clock: impatient });
    const { orders, content } = plainOrders(daemon);
    const ledger = movable(daemon);
    const unwritable = daemon.next('ledger.unwritable');
    await ledger.leave();
    await daemon.drop('a.csv', content);
    assert.equal((await unwritable).cause, 'away');
    assert.deepEqual(
      (await daemon.files()).filter((path) => path.endsWith('.csv')),
      ['inbox/a.csv'],
    );
    assert.equal(daemon.sandbox.counts().track, 0);
    const settled = daemon.next('drop.settled');
    await ledger.comeBack();
    await settled;
    assertEachOnce(daemon, orders);
  });

  it('lets a daemon stop without a word of a bug', async () => {
    await using daemon = await RunningDaemon.start(inShort());
    const unwritable = daemon.next('ledger.unwritable');
    await movable(daemon).leave();
    await unwritable;
    await daemon.stop();
    assert.equal(daemon.count('bug'), 0);
  });
});
