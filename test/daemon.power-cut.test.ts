import assert from 'node:assert/strict';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { mark } from '../src/domain/write.ts';
import { readHeartbeat } from '../src/ledger/heartbeat.ts';
import { openLedger } from '../src/ledger/ledger.ts';
import { systemClock } from '../src/runtime/clock.ts';
import { type Sandbox, startSandbox } from '../src/sandbox/sandbox.ts';
import { startDaemonProcess } from './processes/daemon-process.ts';
import { makeDataFolder } from './processes/data-folder.ts';
import type { LogLine } from './processes/log-lines.ts';
import { SHORT_TIMES } from './processes/short-times.ts';
import { plainFile, RunningDaemon } from './running-daemon.ts';
import { until } from './sandbox/caller.ts';

const ROWS = 12;
/** So many writes are on their way when the power goes, and land while the next daemon works. */
const LATE = 5;
/** Far beyond what these take on a machine that is busy with other tests. */
const REQUESTS_WITHIN_MS = 20_000;

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
async function undoClaim({ inbox, working }: { readonly inbox: string; readonly working: string }) {
  const [id = ''] = await readdir(working);
  await rename(join(working, id, 'a.csv'), join(inbox, 'a.csv'));
  await rm(join(working, id), { recursive: true });
}

/** Drops a file, ends the daemon by SIGKILL while its writes are under way, does `harm` to the ledger, and starts anew. */
async function throughHarm(
  harm: (ledger: string, copy: string) => Promise<void>,
  since: Since = 'drop.read',
) {
  await using shop = await startSandbox();
  const uncertain = {
    looks: ['200ms', '1s'],
    repeatTrackAfter: '4s',
    repeatShipAfter: '4s',
    verifyAfter: '1s',
  };
  const store = { ...SHORT_TIMES.store, timeout: '30s', uncertain };
  await using folder = await makeDataFolder(shop, { ...SHORT_TIMES, store });
  const copy = join(folder.path, 'left.db');
  const orders = shop.generate(ROWS, { shipped: true });
  shop.inject({ match: { path: 'shipment/track' }, times: LATE, fault: { kind: 'silence' } });
  let late: readonly LogLine[];
  {
    await using daemon = startDaemonProcess({ config: folder.config });
    await daemon.waitFor('inbox.watching');
    if (since === 'inbox.watching') keepAsLeft(folder.ledger, copy);
    await folder.drop(
      new Map([['a.csv', plainFile(...orders.map((order) => [order, `N${order}`] as const))]]),
    );
    await daemon.waitFor('drop.read');
    if (since === 'drop.read') keepAsLeft(folder.ledger, copy);
    // On the wire is not yet at the store.
    await until(shop, () => shop.counts().track >= LATE, REQUESTS_WITHIN_MS);
    late = daemon.log.all.filter(({ event }) => event === 'write.sent').slice(0, LATE);
    await daemon.stop('SIGKILL');
  }
  await harm(folder.ledger, copy);
  if (since === 'inbox.watching') await undoClaim(folder);

  await using daemon = startDaemonProcess({ config: folder.config });
  await daemon.waitFor('drop.doubtful');
  await daemon.waitFor('orders.looked-up');
  for (const line of late) await land(shop, line);
  await daemon.waitFor('drop.settled');
  const standing = shop
    .tracks()
    .map(({ trackNumber }) => trackNumber)
    .sort();
  assert.deepEqual(standing, orders.map((order) => `N${order}`).sort());
  assert.equal(shop.counts().track, LATE + ROWS, 'no number was sent twice');
}

/** Does in the store what a request asked for that it had from the daemon before. */
async function land({ url, bearer }: Sandbox, sent: LogLine): Promise<void> {
  const entity = {
    order_id: sent.orderId,
    parent_id: sent.shipmentId,
    track_number: sent.trackingNumber,
    carrier_code: 'ups',
    title: 'UPS',
    description: mark(String(sent.write)),
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
    const daemon = await RunningDaemon.prepare();
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
    await using daemon = await RunningDaemon.prepare();
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
