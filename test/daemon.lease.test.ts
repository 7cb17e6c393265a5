import assert from 'node:assert/strict';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { LEASE_MS } from '../src/domain/lease.ts';
import { readHeartbeat, writeHeartbeat } from '../src/ledger/heartbeat.ts';
import { openLedger } from '../src/ledger/ledger.ts';
import { type Clock, systemClock } from '../src/runtime/clock.ts';
import { startSandbox } from '../src/sandbox/sandbox.ts';
import { fasterClock } from './faster-clock.ts';
import { assertNumberEach, numberEach } from './number-each.ts';
import { startDaemonProcess } from './processes/daemon-process.ts';
import { makeDataFolder } from './processes/data-folder.ts';
import { SHORT_TIMES } from './processes/short-times.ts';
import { RunningDaemon } from './running-daemon.ts';

const ELSEWHERE = { pid: 1, host: 'elsewhere', instance: 'another', boot: 'another boot' };
const ROWS = 40;

/** Gives a sign of life as the daemon of another machine does that has the same ledger. */
function beat(ledger: string, holder = ELSEWHERE, atMs = Date.now()): void {
  using db = new DatabaseSync(ledger, { timeout: 2_000 });
  writeHeartbeat(db, { ...holder, atMs, activeDrops: 0, stores: [] });
}

/** As a daemon left it that was killed. */
function leaveBeat(ledger: string, holder = ELSEWHERE, atMs = Date.now()): void {
  openLedger(ledger)[Symbol.dispose]();
  beat(ledger, holder, atMs);
}

describe('A daemon that finds the beat of another one', { concurrency: true }, () => {
  /**
   * Starts a daemon with a clock that goes on by its looks at the other one, a second each; `onLook` is told of each.
   * Returns how often it looked.
   */
  async function looksBeforeStart(
    left: (ledger: string) => void,
    onLook: (looks: number, ledger: string) => void = () => {},
  ): Promise<number> {
    let looks = 0;
    const startMs = systemClock.nowMs();
    const clock: Clock = {
      ...systemClock,
      nowMs: () => startMs + looks * 1_000,
      sleep(delayMs, signal) {
        if (delayMs !== 1_000) return systemClock.sleep(delayMs, signal);
        looks += 1;
        onLook(looks, daemon.config().ledger);
        return systemClock.sleep(0, signal);
      },
    };
    await using daemon = await RunningDaemon.prepare({ clock });
    left(daemon.config().ledger);
    await daemon.start();
    assert.equal(daemon.count('daemon.standby'), looks === 0 ? 0 : 1);
    return looks;
  }

  it('stands by while it beats on another machine, and begins once it was still for the lease', async () => {
    const looks = await looksBeforeStart(leaveBeat, (nth, ledger) => {
      if (nth <= 30) beat(ledger);
    });
    assert.equal(looks, 30 + 15);
  });

  it('watches one that lies ahead for the lease, since clocks differ', async () => {
    const ahead = (ledger: string) => leaveBeat(ledger, ELSEWHERE, Date.now() + 3_600_000);
    assert.equal(await looksBeforeStart(ahead), 15);
  });

  it('begins at once where it is old, or of this machine, whose lock is free', async () => {
    const old = (ledger: string) => leaveBeat(ledger, ELSEWHERE, Date.now() - 76_000);
    assert.equal(await looksBeforeStart(old), 0);
    const here = (ledger: string) => leaveBeat(ledger, { ...ELSEWHERE, boot: 'this boot' });
    assert.equal(await looksBeforeStart(here), 0);
  });

  it('pauses before it looks again where that one has beaten just before it began', async () => {
    let looks = 0;
    let beats = 0;
    const clock: Clock = {
      ...systemClock,
      nowMs() {
        // Between the look at the last beat and the lease; the bound is for the test, should nobody ever pause.
        if (looks < 2 && beats < 100) {
          beats += 1;
          beat(daemon.config().ledger, ELSEWHERE, beats);
        }
        return systemClock.nowMs();
      },
      sleep(delayMs, signal) {
        if (delayMs !== 1_000) return systemClock.sleep(delayMs, signal);
        looks += 1;
        return systemClock.sleep(0, signal);
      },
    };
    const daemon = await RunningDaemon.prepare({ clock });
    await using _daemon = daemon;
    leaveBeat(daemon.config().ledger, ELSEWHERE, 0);
    await daemon.start();
    assert.equal(looks, 2);
  });

  it('begins at once after one that ended in order, on whatever machine', async () => {
    await using daemon = await RunningDaemon.start();
    await daemon.stop();
    daemon.boot = 'another boot';
    await daemon.start();
    assert.equal(daemon.count('daemon.standby'), 0);
  });
});

describe('A daemon of which something hangs when it stops', () => {
  it('leaves its beat, since the next one must not work on the same files', async () => {
    let hangs = false;
    const held = Promise.withResolvers<void>();
    const clock: Clock = {
      ...systemClock,
      // A rescan that does not hear of the end.
      sleep: (delayMs, signal) =>
        hangs && delayMs === 100 ? held.promise : systemClock.sleep(delayMs, signal),
    };
    await using daemon = await RunningDaemon.start({ clock, stopWithinMs: 700 });
    const { ledger } = daemon.config();
    const before = readHeartbeat(ledger)?.instance;
    hangs = true;
    const settled = daemon.next('drop.settled');
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    await daemon.drop('a.csv', numberEach([order]));
    await settled;
    await daemon.stop();
    assert.ok(before);
    assert.equal(readHeartbeat(ledger)?.instance, before);
    hangs = false;
    held.resolve();
  });
});

describe('A daemon that another one followed', { concurrency: true }, () => {
  it('sends nothing more, says so and ends; the next start does the rest', async () => {
    let stoodStillMs = 0;
    const clock: Clock = { ...systemClock, nowMs: () => systemClock.nowMs() + stoodStillMs };
    await using daemon = await RunningDaemon.start({ clock, sandbox: { writeMs: 10 } });
    const orders = daemon.sandbox.generate(ROWS, { shipped: true });
    let sent = 0;
    const off = daemon.events.on('write.sent', () => {
      sent += 1;
      if (sent !== 12) return;
      stoodStillMs = LEASE_MS;
      beat(daemon.config().ledger);
    });
    const lost = daemon.next('lease.lost');
    const ended = assert.rejects(daemon.ended(), { code: 'lease-lost' });
    await daemon.drop('a.csv', numberEach(orders));
    await ended;
    assert.match((await lost).message, /process 1 on elsewhere/);
    off();
    assert.equal(sent, 12);
    assert.ok(daemon.sandbox.counts().track <= 12);

    daemon.boot = ELSEWHERE.boot;
    const settled = daemon.next('drop.settled');
    await daemon.start();
    await settled;
    assertNumberEach(daemon, orders);
  });

  it('ends where the ledger was replaced, since another one would work on the new one', async () => {
    await using daemon = await RunningDaemon.start({ clock: fasterClock(100) });
    const { ledger } = daemon.config();
    const ended = assert.rejects(daemon.ended(), { code: 'lease-lost', message: /replaced/ });
    const other = join(daemon.data, 'trackdrop.db.other');
    await writeFile(other, '');
    await rename(other, ledger);
    await ended;
  });

  it('waits while the ledger is out of reach, and goes on when it is back', async () => {
    await using daemon = await RunningDaemon.start({ clock: fasterClock(100) });
    const { ledger } = daemon.config();
    const full = daemon.next('ledger.unwritable');
    await rename(ledger, `${ledger}.away`);
    assert.match((await full).message, /out of reach/);
    const back = daemon.next('ledger.writable-again');
    await rename(`${ledger}.away`, ledger);
    await back;
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    assert.deepEqual((await daemon.settle('a.csv', numberEach([order]))).lines, ['2: tracked']);
  });

  it('wakes up from standing still without sending what it was about to send', async () => {
    await using shop = await startSandbox({ writeMs: 20 });
    await using folder = await makeDataFolder(shop, SHORT_TIMES);
    const orders = shop.generate(ROWS, { shipped: true });
    await using daemon = startDaemonProcess({ config: folder.config });
    await daemon.waitFor('inbox.watching');
    await folder.drop(new Map([['a.csv', numberEach(orders)]]));
    await daemon.waitForMany('write.sent', 5);
    daemon.child.kill('SIGSTOP');
    beat(folder.ledger);
    using db = new DatabaseSync(folder.ledger);
    const intents = () => Number(db.prepare('SELECT count(*) AS n FROM writes').get()?.n);
    const before = intents();
    daemon.child.kill('SIGCONT');
    const { code } = await daemon.exit;
    assert.equal(code, 75);
    assert.match(daemon.stderr(), /process 1 on elsewhere.*\n.*Start it again/);
    assert.equal(intents(), before);
    assert.ok(before < ROWS);
    assert.ok(shop.counts().track <= before);
  });
});

describe('A rolling restart', () => {
  it('has the new daemon go on in mid-file with what the old one left, each number once', async () => {
    await using shop = await startSandbox({ writeMs: 50 });
    await using folder = await makeDataFolder(shop, SHORT_TIMES);
    const orders = shop.generate(100, { shipped: true });
    await using old = startDaemonProcess({ config: folder.config });
    await old.waitFor('inbox.watching');
    await using next = startDaemonProcess({ config: folder.config });
    await next.waitFor('daemon.standby');
    await folder.drop(new Map([['a.csv', numberEach(orders)]]));
    await old.waitForMany('write.sent', 5);
    assert.equal((await old.stop('SIGTERM')).code, 0);
    await next.waitFor('drop.settled');
    const standing = shop
      .tracks()
      .map(({ trackNumber }) => trackNumber)
      .sort();
    assert.deepEqual(standing, orders.map((order) => `N${order}`).sort());
    assert.equal(shop.counts().track, orders.length);
    assert.ok(!next.log.all.some(({ event }) => event === 'drop.doubtful'));
  });
});
