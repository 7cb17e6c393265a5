import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import type { EventName } from '../src/events.ts';
import { type Clock, systemClock } from '../src/runtime/clock.ts';
import { assertNumberEach, numberEach } from './number-each.ts';
import { type Choices, plainFile, RunningDaemon } from './running-daemon.ts';
import { mountSmallDisk, noMount, type SmallDisk } from './small-disk.ts';

/** The system's clock, with the pause between two tries of a full ledger shortened, and told of. */
function impatientClock() {
  const tries = new EventEmitter();
  let laterMs = 0;
  const clock: Clock = {
    ...systemClock,
    nowMs: () => systemClock.nowMs() + laterMs,
    sleep(delayMs, signal) {
      if (delayMs !== 2_000) return systemClock.sleep(delayMs, signal);
      tries.emit('try');
      return systemClock.sleep(20, signal);
    },
  };
  return {
    ...clock,
    async triedAgain(times: number) {
      for (let left = times; left > 0; left -= 1) await once(tries, 'try');
    },
    /** So much time goes by at once. */
    passes(ms: number) {
      laterMs += ms;
    },
  };
}
const ROWS = 60;

/** A daemon whose folders are on a disk of 3 MB, and its ledger too unless it is set elsewhere. */
async function onSmallDisk(choices: Choices = {}) {
  const small = await withSmallDisk('', choices);
  await mkdir(join(small.daemon.data, 'inbox'));
  return small;
}

/** The same with nothing but the ledger on it. */
function ledgerOnSmallDisk() {
  return withSmallDisk('ledger', { ledger: join('ledger', 'trackdrop.db') });
}

async function withSmallDisk(folder: string, choices: Choices) {
  const clock = impatientClock();
  const daemon = await RunningDaemon.prepare({ sandbox: { writeMs: 5 }, clock, ...choices });
  await mkdir(join(daemon.data, folder), { recursive: true });
  const disk = mountSmallDisk(join(daemon.data, folder), 3);
  return {
    daemon,
    disk,
    clock,
    async [Symbol.asyncDispose]() {
      await daemon.stop();
      disk[Symbol.dispose]();
      await daemon[Symbol.asyncDispose]();
    },
  };
}

/** Drops a file whose bytes are on the disk already, and fills that at the nth event of a name; frees it once somebody has said so. */
async function dropOnto(
  { daemon, disk }: { readonly daemon: RunningDaemon; readonly disk: SmallDisk },
  { fillAt, nth = 1 }: { readonly fillAt: EventName | 'the drop'; readonly nth?: number },
) {
  const orders = daemon.sandbox.generate(ROWS, { shipped: true });
  const hidden = join(daemon.data, 'inbox', '.a.part');
  await writeFile(hidden, numberEach(orders));
  if (fillAt === 'the drop') disk.fill();
  let count = 0;
  const off = daemon.events.onAny((name) => {
    if (name !== fillAt) return;
    count += 1;
    if (count === nth) disk.fill();
  });
  const settled = daemon.next('drop.settled');
  const said = Promise.race([daemon.next('ledger.unwritable'), daemon.next('drop.stuck')]);
  await rename(hidden, join(daemon.data, 'inbox', 'a.csv'));
  await said;
  off();
  return { orders, settled };
}

async function assertDoneOnce(daemon: RunningDaemon, orders: readonly string[], settled: Promise<unknown>) {
  await settled;
  assertNumberEach(daemon, orders);
  assert.equal(daemon.sandbox.counts().track, ROWS, 'each write was sent once');
  assert.deepEqual(
    (await daemon.files()).map((path) => path.replace(/\d{4}-\d\d-\d\d/, 'DAY')),
    ['processed/DAY/a.csv', 'processed/DAY/a.report.csv'],
  );
}

describe('A full disk', { concurrency: true, skip: noMount() }, () => {
  for (const [when, at] of [
    ['before the claim', { fillAt: 'the drop' }],
    ['before the file is read', { fillAt: 'drop.claimed' }],
    ['while numbers are pushed', { fillAt: 'write.sent', nth: 7 }],
    ['while answers come', { fillAt: 'write.answered', nth: 7 }],
    ['before the file is put away', { fillAt: 'row.settled', nth: ROWS }],
  ] as const) {
    it(`${when} has everything wait, and costs nothing once there is room`, async () => {
      await using small = await onSmallDisk();
      const { daemon, disk } = small;
      await daemon.start();
      const { orders, settled } = await dropOnto(small, at);
      disk.free();
      await assertDoneOnce(daemon, orders, settled);
    });

    it(`of the ledger ${when} has everything wait, is said once, and costs nothing once there is room`, async () => {
      await using small = await ledgerOnSmallDisk();
      const { daemon, disk, clock } = small;
      await daemon.start();
      const { orders, settled } = await dropOnto(small, at);
      await clock.triedAgain(3);
      assert.equal(daemon.count('ledger.unwritable'), 1);
      assert.equal(daemon.count('ledger.writable-again'), 0);
      disk.free();
      await assertDoneOnce(daemon, orders, settled);
      assert.equal(daemon.count('ledger.unwritable'), 1);
      assert.equal(daemon.count('ledger.writable-again'), 1);
      assert.equal(daemon.count('drop.stuck'), 0);
    });
  }

  it('of the folders alone has the file wait where it is', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'trackdrop-ledger-'));
    {
      await using small = await onSmallDisk({ ledger: join(elsewhere, 'trackdrop.db') });
      const { daemon, disk } = small;
      await daemon.start();
      const { orders, settled } = await dropOnto(small, { fillAt: 'row.settled', nth: ROWS });
      assert.equal(daemon.count('ledger.unwritable'), 0);
      disk.free();
      await assertDoneOnce(daemon, orders, settled);
    }
    await rm(elsewhere, { recursive: true });
  });

  it('has no write sent whose intent cannot be kept', async () => {
    await using small = await onSmallDisk();
    const { daemon, disk, clock } = small;
    await daemon.start();
    const { orders, settled } = await dropOnto(small, { fillAt: 'write.sent', nth: 7 });
    const sent = daemon.count('write.sent');
    await clock.triedAgain(5);
    assert.ok(sent < ROWS);
    assert.equal(daemon.count('write.sent'), sent);
    assert.equal(daemon.sandbox.counts().track, sent);
    const freedAtMs = clock.nowMs();
    disk.free();
    await assertDoneOnce(daemon, orders, settled);
    using db = new DatabaseSync(daemon.config().ledger, { readOnly: true });
    const before = db.prepare('SELECT count(*) AS n FROM writes WHERE at_ms < ?').get(freedAtMs)?.n;
    assert.equal(before, sent, 'an intent has the time at which it was kept');
  });

  it('has what waited for long looked up again before it is sent', async () => {
    await using small = await onSmallDisk();
    const { daemon, disk, clock } = small;
    await daemon.start();
    const { orders, settled } = await dropOnto(small, { fillAt: 'write.sent', nth: 7 });
    clock.passes(60_000);
    disk.free();
    await assertDoneOnce(daemon, orders, settled);
    using db = new DatabaseSync(daemon.config().ledger, { readOnly: true });
    const unsent = db.prepare(`SELECT count(*) AS n FROM writes WHERE state = 'unsent'`).get()?.n;
    assert.ok(Number(unsent) > 0, 'those that were about to be sent');
  });

  it('does not keep a daemon from stopping; the next start goes on', async () => {
    await using small = await onSmallDisk();
    const { daemon, disk } = small;
    await daemon.start();
    const { orders } = await dropOnto(small, { fillAt: 'write.sent', nth: 7 });
    await daemon.stop();
    disk.free();
    const settled = daemon.next('drop.settled');
    await daemon.start();
    await settled;
    assertNumberEach(daemon, orders);
  });

  it('at the start is waited for', async () => {
    await using small = await onSmallDisk();
    const { daemon, disk } = small;
    disk.fill();
    const full = daemon.next('ledger.unwritable');
    const started = daemon.start();
    await full;
    disk.free();
    await started;
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    assert.deepEqual((await daemon.settle('a.csv', plainFile([order, '1Z1']))).lines, ['2: tracked']);
  });
});
