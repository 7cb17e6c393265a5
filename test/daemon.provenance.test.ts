import assert from 'node:assert/strict';
import { appendFile, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { type Choices, plainFile, RunningDaemon } from './running-daemon.ts';
import { ShiftedClock } from './shifted-clock.ts';

const ORDER = '200000001';
const HOUR_MS = 3_600_000;
/** Rows of an order that is not there wait, and are looked at when the daemon is started with another interval. */
const WAITS = { orderNotFoundMs: 2 * HOUR_MS, orderHeldMs: 0, unpaidMs: 0, everyMs: 1_000 * 24 * HOUR_MS };
const LOOKED_AT = { ...WAITS, everyMs: 60 };

const start = (onExisting: 'fill' | 'replace' | 'skip', more: Choices = {}) =>
  RunningDaemon.start({ inbox: { onExisting }, ...more });

/** Drops a file whose rows all wait; resolves once they do, and the file is put away. */
async function wait(daemon: RunningDaemon, name: string, content: string): Promise<void> {
  const waiting = daemon.next('drop.waiting');
  await daemon.settle(name, content);
  await waiting;
}

/** Starts the daemon so that it looks at what waits, and resolves with the report of a file of waiting rows. */
async function lookAgain(daemon: RunningDaemon, name: string) {
  daemon.inboxes = [{ waitFor: LOOKED_AT }];
  const settled = daemon.next('drop.settled', (facts) => facts.name === name);
  await daemon.start();
  return daemon.report(await settled);
}

async function loseLedger(daemon: RunningDaemon): Promise<void> {
  const names = await readdir(daemon.data);
  const ledger = names.filter((name) => name.startsWith('trackdrop.db'));
  for (const name of ledger) await rm(join(daemon.data, name));
}

const agoInShop = (ms: number) => new Date(Date.now() - ms).toISOString().slice(0, 19).replace('T', ' ');

describe('The other parcel of a file, on the shipment of one whose row failed', { concurrency: true }, () => {
  for (const onExisting of ['replace', 'skip', 'fill'] as const) {
    for (const returned of ['retry', 'report'] as const) {
      it(`stays beside it, with ${onExisting}, once that is corrected in the ${returned}`, async () => {
        await using daemon = await start(onExisting);
        daemon.sandbox.addOrder({ incrementId: ORDER, shipments: [{}] });
        await daemon.settle('day.csv', plainFile([ORDER, '1Z-A'], [ORDER, '']));
        const text = await daemon.read(`failed/day.${returned}.csv`);
        const redone = daemon.next('drop.redone');
        const corrected = text.replace(`${ORDER},,`, `${ORDER},1Z-B,`);
        const { lines } = await daemon.settle(`day.${returned}.csv`, corrected);
        assert.match(lines.at(-1) ?? '', /: tracked$/);
        assert.deepEqual(daemon.standing(ORDER), ['1Z-A', '1Z-B']);
        await redone;
      });
    }
  }

  it('stays with replace where it stood before, and the file only found it', async () => {
    await using daemon = await start('replace');
    const tracks = [{ number: '1Z-A', createdAt: agoInShop(HOUR_MS) }];
    daemon.sandbox.addOrder({ incrementId: ORDER, shipments: [{ tracks }] });
    const { lines } = await daemon.settle('day.csv', plainFile([ORDER, '1Z-A'], [ORDER, '']));
    assert.deepEqual(lines, ['2: already-tracked', '3: bad-row']);
    await daemon.settle('day.retry.csv', plainFile([ORDER, '1Z-B']));
    assert.deepEqual(daemon.standing(ORDER), ['1Z-A', '1Z-B']);
  });

  it('stays with replace where the report comes back after the ledger was lost', async () => {
    await using daemon = await start('replace');
    const tracks = [{ number: '1Z-A', createdAt: agoInShop(HOUR_MS) }];
    daemon.sandbox.addOrder({ incrementId: ORDER, shipments: [{ tracks }] });
    await daemon.settle('day.csv', plainFile([ORDER, '1Z-A'], [ORDER, '']));
    const text = await daemon.read('failed/day.report.csv');
    await daemon.stop();
    await loseLedger(daemon);
    await daemon.start();
    const { lines } = await daemon.settle('day.report.csv', text.replace(`${ORDER},,`, `${ORDER},1Z-B,`));
    assert.deepEqual(lines, ['2: skipped', '3: tracked']);
    assert.deepEqual(daemon.standing(ORDER), ['1Z-A', '1Z-B']);
  });
});

describe('The number of a later file, with replace,', { concurrency: true }, () => {
  it('stays where a writer goes on with an earlier file that was put away', async () => {
    await using daemon = await start('replace');
    for (const incrementId of [ORDER, '200000002']) daemon.sandbox.addOrder({ incrementId, shipments: [{}] });
    const { folder, file } = await daemon.settle('monday.csv', plainFile([ORDER, '1Z-MONDAY']));
    const tuesday = await daemon.settle('tuesday.csv', plainFile([ORDER, '1Z-TUESDAY']));
    assert.deepEqual(tuesday.lines, ['2: replaced']);
    const settled = daemon.next('drop.settled');
    await appendFile(join(daemon.data, folder, file), '200000002,1Z5,ups,UPS\n');
    const { lines } = await daemon.report(await settled);
    assert.deepEqual(lines, ['2: skipped', '3: tracked']);
    assert.deepEqual(daemon.standing(ORDER), ['1Z-TUESDAY']);
  });

  it('stays where that only found it standing, and is not put away yet when a row that waited is done', async () => {
    await using daemon = await start('replace', {
      inboxes: [{ waitFor: WAITS }],
      store: { timeoutMs: 15_000 },
      stopWithinMs: 50,
    });
    daemon.sandbox.addOrder({ incrementId: '300', shipments: [{}] });
    await wait(daemon, 'monday.csv', plainFile([ORDER, '1Z-MONDAY']));
    const tracks = [{ number: '1Z-TUESDAY', createdAt: agoInShop(HOUR_MS) }];
    daemon.sandbox.addOrder({ incrementId: ORDER, shipments: [{ tracks }] });
    daemon.sandbox.inject({ match: { method: 'POST', body: '1Z-SLOW' }, fault: { kind: 'silence' } });
    const found = daemon.next('row.settled', ({ trackingNumber }) => trackingNumber === '1Z-TUESDAY');
    const sent = daemon.next('write.sent');
    await daemon.drop('tuesday.csv', plainFile([ORDER, '1Z-TUESDAY'], ['300', '1Z-SLOW']));
    assert.equal((await found).outcome, 'already-tracked');
    await sent;
    await daemon.stop();
    const monday = await lookAgain(daemon, 'monday.waiting.csv');
    assert.deepEqual(monday.lines, ['2: skipped']);
    assert.deepEqual(daemon.standing(ORDER), ['1Z-TUESDAY']);
    daemon.sandbox.clearFaults();
  });

  it('stays where the clock was set back between the two, and the earlier one waited', async () => {
    const clock = new ShiftedClock(HOUR_MS);
    await using daemon = await start('replace', { clock, inboxes: [{ waitFor: WAITS }] });
    await wait(daemon, 'monday.csv', plainFile([ORDER, '1Z-MONDAY']));
    await daemon.stop();
    clock.aheadMs = 0;
    const waitsOn = daemon.next('drop.waiting');
    await daemon.start();
    await waitsOn;
    daemon.sandbox.addOrder({ incrementId: ORDER, shipments: [{}] });
    await daemon.settle('tuesday.csv', plainFile([ORDER, '1Z-TUESDAY']));
    await daemon.stop();
    const { lines } = await lookAgain(daemon, 'monday.waiting.csv');
    assert.deepEqual(lines, ['2: skipped']);
    assert.deepEqual(daemon.standing(ORDER), ['1Z-TUESDAY']);
  });

  it('stays where somebody gave the file of waiting rows another name, and the row is done beside it', async () => {
    await using daemon = await start('replace', { inboxes: [{ waitFor: WAITS }] });
    await wait(daemon, 'monday.csv', plainFile([ORDER, '1Z-MONDAY']));
    daemon.sandbox.addOrder({ incrementId: ORDER, shipments: [{}] });
    await daemon.settle('tuesday.csv', plainFile([ORDER, '1Z-TUESDAY']));
    await daemon.stop();
    const folder = join(daemon.data, 'waiting');
    await rename(join(folder, 'monday.waiting.csv'), join(folder, 'montag.waiting.csv'));
    const { lines, text } = await lookAgain(daemon, 'montag.waiting.csv');
    assert.deepEqual(lines, ['2: tracked']);
    assert.match(text, /1Z-TUESDAY \(track \d+\) stays beside it: nothing shows that it came before/);
    assert.deepEqual(daemon.standing(ORDER), ['1Z-MONDAY', '1Z-TUESDAY']);
  });

  it('gives way where the earlier file is put into the inbox once more: it is the latest then', async () => {
    await using daemon = await start('replace');
    daemon.sandbox.addOrder({ incrementId: ORDER, shipments: [{}] });
    const [monday, tuesday] = [plainFile([ORDER, '1Z-MONDAY']), plainFile([ORDER, '1Z-TUESDAY'])];
    await daemon.settle('monday.csv', monday);
    await daemon.settle('tuesday.csv', tuesday);
    const { lines } = await daemon.settle('monday.csv', monday);
    assert.deepEqual(lines, ['2: replaced']);
    assert.deepEqual(daemon.standing(ORDER), ['1Z-MONDAY']);
  });

  it('stays where both lay in the working folders of two inboxes when the ledger was lost', async () => {
    const other = { name: 'other', folder: 'other' };
    await using daemon = await RunningDaemon.prepare({
      inbox: { onExisting: 'replace' },
      inboxes: [{}, other],
    });
    daemon.sandbox.addOrder({ incrementId: ORDER, shipments: [{}] });
    for (const [working, id, name, number] of [
      ['working', '20261102-100000-000000', 'tuesday.csv', '1Z-TUESDAY'],
      ['working-other', '20261101-100000-000000', 'monday.csv', '1Z-MONDAY'],
    ] as const) {
      await mkdir(join(daemon.data, working, id), { recursive: true });
      await writeFile(join(daemon.data, working, id, name), plainFile([ORDER, number]));
    }
    const settled = ['monday.csv', 'tuesday.csv'].map((name) =>
      daemon.next('drop.settled', (facts) => facts.name === name),
    );
    await daemon.start();
    await Promise.all(settled);
    assert.deepEqual(daemon.standing(ORDER), ['1Z-TUESDAY']);
  });

  it('stays where the ledger was lost in between, though it is older than the start that found the waiting rows', async () => {
    await using daemon = await start('replace', { inboxes: [{ waitFor: WAITS }] });
    await wait(daemon, 'monday.csv', plainFile([ORDER, '1Z-MONDAY']));
    await daemon.stop();
    await loseLedger(daemon);
    const tracks = [{ number: '1Z-TUESDAY', createdAt: agoInShop(HOUR_MS / 2) }];
    daemon.sandbox.addOrder({ incrementId: ORDER, shipments: [{ tracks }] });
    await lookAgain(daemon, 'monday.waiting.csv');
    assert.deepEqual(daemon.standing(ORDER), ['1Z-MONDAY', '1Z-TUESDAY']);
  });
});
