import assert from 'node:assert/strict';
import { rename, rm } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { mark } from '../src/domain/write.ts';
import { startDaemonProcess } from './processes/daemon-process.ts';
import { makeDataFolder } from './processes/data-folder.ts';
import type { LogLine } from './processes/log-lines.ts';
import { type SandboxProcess, startSandboxProcess } from './processes/sandbox-process.ts';
import { SHORT_TIMES } from './processes/short-times.ts';
import { plainFile } from './running-daemon.ts';

const ROWS = 12;
/** So many writes are on their way when the power goes, and land while the next daemon works. */
const LATE = 5;

/** Takes what the ledger holds now as what is left of it after a power cut that was a while ago. */
function keepAsLeft(ledger: string, copy: string): void {
  using live = new DatabaseSync(ledger, { readOnly: true, timeout: 2_000 });
  live.prepare('VACUUM INTO ?').run(copy);
  using left = new DatabaseSync(copy);
  left.prepare('UPDATE heartbeat SET boot = ?, at_ms = ?').run('before the cut', Date.now() - 120_000);
}

/** Drops a file, ends the daemon by SIGKILL while its writes are under way, does `harm` to the ledger, and starts anew. */
async function throughHarm(harm: (ledger: string, copy: string) => Promise<void>) {
  await using shop = await startSandboxProcess();
  const uncertain = {
    looks: ['200ms', '1s'],
    repeatTrackAfter: '4s',
    repeatShipAfter: '4s',
    verifyAfter: '1s',
  };
  const store = { ...SHORT_TIMES.store, timeout: '30s', uncertain };
  await using folder = await makeDataFolder(shop, { ...SHORT_TIMES, store });
  const copy = `${folder.path}/left.db`;
  const orders = await shop.generate(ROWS, { shipped: true });
  const silence = { match: { path: 'shipment/track' }, times: LATE, fault: { kind: 'silence' } };
  await shop.control('POST faults', [silence]);
  let late: readonly LogLine[];
  {
    await using daemon = startDaemonProcess({ config: folder.config });
    await daemon.waitFor('inbox.watching');
    await folder.drop(
      new Map([['a.csv', plainFile(...orders.map((order) => [order, `N${order}`] as const))]]),
    );
    await daemon.waitFor('drop.read');
    keepAsLeft(folder.ledger, copy);
    // On the wire is not yet at the store.
    while ((await shop.counts()).track < LATE);
    late = daemon.log.all.filter(({ event }) => event === 'write.sent').slice(0, LATE);
    await daemon.stop('SIGKILL');
  }
  await harm(folder.ledger, copy);

  await using daemon = startDaemonProcess({ config: folder.config });
  await daemon.waitFor('drop.doubtful');
  await daemon.waitFor('orders.looked-up');
  for (const line of late) await land(shop, line);
  await daemon.waitFor('drop.settled');
  const standing = (await shop.tracks()).map(({ trackNumber }) => trackNumber).sort();
  assert.deepEqual(standing, orders.map((order) => `N${order}`).sort());
  assert.equal((await shop.counts()).track, LATE + ROWS, 'no number was sent twice');
}

/** Does in the store what a request asked for that it had from the daemon before. */
async function land({ url, bearer }: SandboxProcess, sent: LogLine): Promise<void> {
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

describe('A file whose writes landed late', { concurrency: true }, () => {
  it('has each number once where a power cut took the last commits', async () => {
    await throughHarm(async (ledger, copy) => {
      await removeLedger(ledger);
      await rename(copy, ledger);
    });
  });

  it('has each number once where the ledger was lost altogether', async () => {
    await throughHarm(removeLedger);
  });
});
