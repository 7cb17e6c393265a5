import assert from 'node:assert/strict';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { mark } from '../src/domain/write.ts';
import type { EventMap } from '../src/events.ts';
import { readHeartbeat } from '../src/ledger/heartbeat.ts';
import { openLedger } from '../src/ledger/ledger.ts';
import { systemClock } from '../src/runtime/clock.ts';
import type { Sandbox } from '../src/sandbox/sandbox.ts';
import { numberEach } from './number-each.ts';
import { plainFile, RunningDaemon } from './running-daemon.ts';
import { until } from './sandbox/caller.ts';

const ROWS = 12;
/** So many writes are on their way when the power goes, and land while the next daemon works. */
const LATE = 5;

/** Files are in doubt after a start for as long as writes are uncertain: longer than any start takes. */
const LONG_IN_DOUBT = {
  looksMs: [200, 1_000],
  repeatTrackAfterMs: 4_000,
  repeatShipAfterMs: 60_000,
  verifyAfterMs: 1_000,
};

/** Takes what the ledger holds now as what is left of it after a power cut that was a while ago. */
function keepAsLeft(ledger: string, copy: string): void {
  using live = new DatabaseSync(ledger, { readOnly: true, timeout: 2_000 });
  live.prepare('VACUUM INTO ?').run(copy);
  using left = new DatabaseSync(copy);
  left.prepare('UPDATE heartbeat SET boot = ?, at_ms = ?').run('before the cut', Date.now() - 120_000);
}

/** The last commit that the disk still holds. */
type Since = 'inbox.watching' | 'drop.read';

/** Moves a file back, as a disk does that has lost the rename by which it was taken. */
async function undoClaim(data: string): Promise<void> {
  const working = join(data, 'working');
  const [id = ''] = await readdir(working);
  await rename(join(working, id, 'a.csv'), join(data, 'inbox', 'a.csv'));
  await rm(join(working, id), { recursive: true });
}

/**
 * Drops a file, ends the daemon while its writes are under way, does `harm` to the ledger, and starts anew.
 * Nothing that the end of the first daemon writes is left in the ledger.
 */
async function throughHarm(
  harm: (ledger: string, copy: string) => Promise<void>,
  since: Since = 'drop.read',
): Promise<void> {
  await using daemon = await RunningDaemon.start({
    stopWithinMs: 0,
    store: { timeoutMs: 30_000, uncertain: LONG_IN_DOUBT },
  });
  const { sandbox, data } = daemon;
  const { ledger } = daemon.config();
  const copy = join(data, 'left.db');
  const orders = sandbox.generate(ROWS, { shipped: true });
  sandbox.inject({ match: { path: 'shipment/track' }, times: LATE, fault: { kind: 'silence' } });
  const sent: EventMap['write.sent'][] = [];
  daemon.events.on('write.sent', (facts) => sent.push(facts));
  const off = daemon.events.on('drop.read', () => {
    off();
    if (since === 'drop.read') keepAsLeft(ledger, copy);
  });
  if (since === 'inbox.watching') keepAsLeft(ledger, copy);
  await daemon.drop('a.csv', numberEach(orders));
  // On the wire is not yet at the store.
  await until(sandbox, () => sandbox.counts().track >= LATE);
  const late = sent.slice(0, LATE);
  await daemon.stop();
  await harm(ledger, copy);
  if (since === 'inbox.watching') await undoClaim(data);

  const [doubtful, lookedUp, settled] = [
    daemon.next('drop.doubtful'),
    daemon.next('orders.looked-up'),
    daemon.next('drop.settled'),
  ];
  await daemon.start();
  await doubtful;
  await lookedUp;
  for (const facts of late) await land(sandbox, facts);
  await settled;
  const standing = sandbox.tracks().map(({ trackNumber }) => trackNumber);
  assert.deepEqual(standing.sort(), orders.map((order) => `N${order}`).sort());
  assert.equal(sandbox.counts().track, LATE + ROWS, 'no number was sent twice');
}

/** Does in the store what a request asked for that it had from the daemon before. */
async function land({ url, bearer }: Sandbox, { write, action }: EventMap['write.sent']): Promise<void> {
  assert.ok(action.kind === 'track');
  const entity = {
    order_id: action.orderId,
    parent_id: action.shipmentId,
    track_number: action.trackingNumber,
    carrier_code: 'ups',
    title: 'UPS',
    description: mark(write),
  };
  const { ok } = await fetch(`${url}/rest/V1/shipment/track`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    body: JSON.stringify({ entity }),
  });
  assert.ok(ok);
}

const removeLedger = async (ledger: string) => {
  for (const suffix of ['', '-wal', '-shm']) await rm(ledger + suffix, { force: true });
};

async function replaceLedger(ledger: string, copy: string): Promise<void> {
  await removeLedger(ledger);
  await rename(copy, ledger);
}

describe('A file whose writes landed late', { concurrency: true }, () => {
  it('has each number once where a power cut took the last commits', async () => {
    await throughHarm(replaceLedger);
  });

  it('has each number once where that took the move out of the inbox as well', async () => {
    await throughHarm(replaceLedger, 'inbox.watching');
  });

  it('has each number once where the ledger was lost altogether', async () => {
    await throughHarm(removeLedger);
  });
});

describe('A file that lies in the inbox after a power cut', { concurrency: true }, () => {
  /** A daemon whose ledger was left by one that the power cut ended, two minutes ago. */
  async function afterCut(): Promise<RunningDaemon> {
    const daemon = await RunningDaemon.prepare({ store: { uncertain: LONG_IN_DOUBT } });
    using ledger = openLedger(join(daemon.data, 'trackdrop.db'));
    ledger.doubt.clear();
    const own = { pid: 1, host: 'test', instance: 'cut', boot: 'before the cut' };
    assert.ok(ledger.lease.take(own, undefined, { ...systemClock, wallMs: () => Date.now() - 120_000 }));
    return daemon;
  }

  it('is in doubt where it came before the start, also where a first start after the cut came to nothing', async () => {
    await using daemon = await afterCut();
    await daemon.drop('a.csv', plainFile(['900', 'A1']));
    {
      using ledger = openLedger(join(daemon.data, 'trackdrop.db'));
      const own = { pid: 2, host: 'test', instance: 'short-lived', boot: daemon.boot };
      const seen = readHeartbeat(join(daemon.data, 'trackdrop.db'));
      assert.ok(ledger.lease.take(own, seen, systemClock));
    }
    const doubtful = daemon.next('drop.doubtful');
    await daemon.start();
    assert.equal((await doubtful).name, 'a.csv');
  });

  it('is not where it came since', async () => {
    await using daemon = await afterCut();
    await daemon.start();
    await daemon.settle('b.csv', plainFile(['901', 'B1']));
    assert.equal(daemon.count('drop.doubtful'), 0);
  });

  it('is not where no daemon ever ran, and is where one did and its ledger is gone', async () => {
    await using daemon = await RunningDaemon.prepare({ store: { uncertain: LONG_IN_DOUBT } });
    await daemon.drop('a.csv', plainFile(['900', 'A1']));
    const settled = daemon.next('drop.settled');
    await daemon.start();
    await settled;
    assert.equal(daemon.count('drop.doubtful'), 0);
    await daemon.stop();
    for (const suffix of ['', '-wal', '-shm', '-lock'])
      await rm(join(daemon.data, `trackdrop.db${suffix}`), { force: true });
    await daemon.drop('b.csv', plainFile(['901', 'B1']));
    const doubtful = daemon.next('drop.doubtful');
    await daemon.start();
    assert.equal((await doubtful).name, 'b.csv');
  });
});
