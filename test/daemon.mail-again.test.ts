import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { appendFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { InboxConfig } from '../src/config/config.ts';
import { type Choices, plainFile, RunningDaemon } from './running-daemon.ts';
import { cellsShown } from './saved-by-excel.ts';

const ORDER = '200000001';
const SHIPPED = { incrementId: ORDER, shipments: [{}] };
const SOON = { orderNotFoundMs: 60_000, orderHeldMs: 60_000, unpaidMs: 60_000, everyMs: 60 };

const start = (inbox: Partial<InboxConfig> = {}, more: Choices = {}) =>
  RunningDaemon.start({ ...more, inbox: { notify: 'always', createShipments: true, ...inbox } });

/** Outcome and mail of each row of a report. */
function endsIn(report: string): string[] {
  const [header = [], ...rows] = cellsShown(report);
  const cell = (row: readonly string[], name: string) => row[header.indexOf(`trackdrop_${name}`)] ?? '';
  return rows.map((row) => `${cell(row, 'outcome')}: ${cell(row, 'mail')}`);
}

const mails = ({ sandbox }: RunningDaemon) => sandbox.shipments().map((shipment) => shipment.mails);

/** The report of the next drop of that name to settle. */
async function nextReport(daemon: RunningDaemon, name: string): Promise<string[]> {
  const { text } = await daemon.report(await daemon.next('drop.settled', (facts) => facts.name === name));
  return endsIn(text);
}

async function loseLedger(daemon: RunningDaemon): Promise<void> {
  for (const end of ['', '-wal', '-shm']) await rm(join(daemon.data, `trackdrop.db${end}`), { force: true });
}

/** Stops the daemon while its mail is on the wire, and the shop goes on with it or not. */
async function stoppedDuringMail(fault: 'silence' | 'lateEffect'): Promise<RunningDaemon> {
  const daemon = await start({}, { stopWithinMs: 50 });
  daemon.sandbox.addOrder(SHIPPED);
  const kind =
    fault === 'silence' ? { kind: fault } : ({ kind: fault, afterMs: 0, answer: 'silence' } as const);
  daemon.sandbox.inject({ match: { path: '/emails$' }, times: 1, fault: kind });
  const sent = daemon.next('write.sent', ({ action }) => action.kind === 'mail');
  await daemon.drop('a.csv', plainFile([ORDER, '1Z1'], [ORDER, '1Z2']));
  await sent;
  while (daemon.sandbox.counts().emails === 0) await daemon.sandbox.nextChange(AbortSignal.timeout(20_000));
  await daemon.stop();
  return daemon;
}

describe('A mail that was on the wire when its daemon was stopped', { concurrency: true }, () => {
  for (const fault of ['silence', 'lateEffect'] as const) {
    const what = fault === 'silence' ? 'and never came to the shop' : 'and came to the shop';
    it(`${what}, is not asked for again by the next one`, async () => {
      await using daemon = await stoppedDuringMail(fault);
      const report = nextReport(daemon, 'a.csv');
      await daemon.start();
      assert.deepEqual(await report, ['tracked: mail unknown', 'tracked: mail unknown']);
      assert.equal(daemon.sandbox.counts().emails, 1);
    });
  }

  it('is not asked for again where the ledger was lost meanwhile, which knew of it', async () => {
    await using daemon = await stoppedDuringMail('lateEffect');
    await loseLedger(daemon);
    const report = nextReport(daemon, 'a.csv');
    await daemon.start();
    assert.deepEqual(await report, ['tracked: mail unknown', 'tracked: mail unknown']);
    assert.deepEqual([mails(daemon), daemon.sandbox.counts().emails], [[1], 1]);
  });
});

describe('A row that is given up since nobody can look any more what stands', { concurrency: true }, () => {
  const poison = {
    match: { path: `increment_id.*${ORDER}` },
    fault: { kind: 'status', status: 500, body: 'json' },
  } as const;
  const CONTENT = plainFile([ORDER, '1Z1'], ['300', '1Z2']);

  it('says that nobody knows of the mail that was asked for before', async () => {
    await using daemon = await start({ notify: 'shipment' });
    daemon.sandbox.addOrders([{ incrementId: ORDER }, { incrementId: '300' }]);
    daemon.events.on('write.answered', ({ order }) => {
      if (order === ORDER) daemon.sandbox.inject(poison);
    });
    const { text } = await daemon.settle('a.csv', CONTENT);
    assert.deepEqual(endsIn(text), ['gave-up: mail unknown', 'shipped: mailed']);
  });

  it('says so where an earlier daemon may have asked for it', async () => {
    await using daemon = await start({ notify: 'shipment' }, { stopWithinMs: 50 });
    daemon.sandbox.addOrders([{ incrementId: ORDER }, { incrementId: '300' }]);
    daemon.sandbox.inject({ match: { path: '/ship$' }, fault: { kind: 'silence' } });
    const sent = daemon.next('write.sent', ({ order }) => order === ORDER);
    await daemon.drop('a.csv', CONTENT);
    await sent;
    await daemon.stop();
    daemon.sandbox.clearFaults();
    daemon.sandbox.inject(poison);
    const report = nextReport(daemon, 'a.csv');
    await daemon.start();
    assert.equal((await report)[0], 'gave-up: mail unknown');
  });

  it('says nothing of a mail where nothing was sent', async () => {
    await using daemon = await start({ notify: 'shipment' });
    daemon.sandbox.addOrders([{ incrementId: ORDER }, { incrementId: '300' }]);
    daemon.sandbox.inject(poison);
    const { text } = await daemon.settle('a.csv', CONTENT);
    assert.deepEqual(endsIn(text), ['gave-up: ', 'shipped: mailed']);
  });

  it('says nothing of a mail where the inbox mails nobody', async () => {
    await using daemon = await start({ notify: 'never' });
    daemon.sandbox.addOrders([{ incrementId: ORDER }, { incrementId: '300' }]);
    const busy = { kind: 'status', status: 429 } as const;
    daemon.sandbox.inject({ match: { path: '/ship$', body: '1Z1' }, fault: busy });
    daemon.events.on('write.answered', () => daemon.sandbox.inject(poison));
    const { text } = await daemon.settle('a.csv', CONTENT);
    assert.deepEqual(endsIn(text), ['gave-up: ', 'shipped: not mailed']);
  });
});

describe('With notify: always', { concurrency: true }, () => {
  it('numbers of a file whose ledger was lost before any of them was sent are mailed about', async () => {
    await using daemon = await start({}, { stopWithinMs: 50 });
    daemon.sandbox.addOrder(SHIPPED);
    daemon.sandbox.inject({ match: { path: 'shipments' }, fault: { kind: 'silence' } });
    const read = daemon.next('drop.read');
    await daemon.drop('a.csv', plainFile([ORDER, '1Z1']));
    await read;
    await daemon.stop();
    await loseLedger(daemon);
    daemon.sandbox.clearFaults();
    const report = nextReport(daemon, 'a.csv');
    await daemon.start();
    assert.deepEqual(await report, ['tracked: mailed']);
    assert.deepEqual(mails(daemon), [1]);
  });

  it('a file that its writer went on with mails again for the numbers that came, and for no other', async () => {
    await using daemon = await start();
    daemon.sandbox.addOrder(SHIPPED);
    const first = await daemon.settle('slow.csv', plainFile([ORDER, '1Z1']));
    const again = daemon.next('drop.settled');
    await appendFile(join(daemon.data, first.folder, first.file), `${ORDER},1Z2,ups,UPS\n`);
    const { text } = await daemon.report(await again);
    assert.deepEqual(endsIn(text), ['already-tracked: not mailed', 'tracked: mailed']);
    assert.deepEqual(mails(daemon), [2]);
  });

  it('a failed row that is corrected and comes again mails once more, with its number', async () => {
    await using daemon = await start();
    daemon.sandbox.addOrder(SHIPPED);
    await daemon.settle('a.csv', plainFile([ORDER, '1Z1'], [ORDER, '']));
    const { text } = await daemon.settle('a.retry.csv', plainFile([ORDER, '1Z2']));
    assert.deepEqual(endsIn(text), ['tracked: mailed']);
    assert.deepEqual(mails(daemon), [2]);
  });

  it('a row that waits keeps nobody else of its order from being mailed about', async () => {
    await using daemon = await start({ waitFor: SOON });
    daemon.sandbox.addOrder({
      incrementId: ORDER,
      state: 'holded',
      items: [{ sku: 'MUG', qty: 3 }],
      shipments: [{ items: [{ index: 0, qty: 1 }] }],
    });
    const content = `order_number,tracking_number,sku,quantity\n${ORDER},1Z1,,\n${ORDER},1Z2,MUG,2\n`;
    const { text } = await daemon.settle('a.csv', content);
    assert.deepEqual(endsIn(text), ['tracked: mailed', 'waiting: ']);
    assert.deepEqual(mails(daemon), [1]);
  });

  it('numbers that were written before somebody took their waiting file away are mailed about', async () => {
    await using daemon = await start({ waitFor: SOON });
    const waits = daemon.next('drop.waiting');
    await daemon.settle('day.csv', plainFile([ORDER, '1Z1']));
    await waits;
    daemon.events.on('write.answered', ({ action }) => {
      if (action.kind === 'track') rmSync(join(daemon.data, 'waiting/day.waiting.csv'));
    });
    const ended = daemon.next('row.settled', ({ outcome }) => outcome !== 'waiting');
    daemon.sandbox.addOrder(SHIPPED);
    assert.partialDeepStrictEqual(await ended, { outcome: 'tracked', mail: 'mailed' });
    assert.deepEqual(mails(daemon), [1]);
  });

  it('rows that waited are mailed about once they are done, and their comment names the file that came', async () => {
    await using daemon = await start({ waitFor: SOON, comment: { text: '{drop}', isVisible: true } });
    const waits = daemon.next('drop.waiting');
    await daemon.settle('day.csv', plainFile([ORDER, '1Z1'], [ORDER, '1Z2']));
    await waits;
    const report = nextReport(daemon, 'day.waiting.csv');
    daemon.sandbox.addOrder({ incrementId: ORDER });
    assert.deepEqual(await report, ['shipped: mailed', 'shipped: mailed']);
    assert.deepEqual(mails(daemon), [1]);
    assert.deepEqual(daemon.sandbox.shipments()[0]?.comments, ['day.csv\nday.csv']);
  });
});
