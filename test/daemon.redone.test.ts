import assert from 'node:assert/strict';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { PLAIN, type Profile } from '../src/domain/profile.ts';
import type { EventMap } from '../src/events.ts';
import { type Choices, plainFile, RunningDaemon } from './running-daemon.ts';
import { cellsShown, savedBy } from './saved-by-excel.ts';

const DAY = `processed/${new Date().toISOString().slice(0, 10)}`;
/** Orders that the shop does not know at first. */
const [LATE, LATER] = ['300000001', '300000002'];

const redoneOf = (daemon: RunningDaemon, name: string): Promise<EventMap['drop.redone']> =>
  daemon.next('drop.redone', (facts) => facts.name === name);

const come = (daemon: RunningDaemon, ...orders: string[]) =>
  orders.map((incrementId) => daemon.sandbox.addOrder({ incrementId, shipments: [{}] }));

/** Moves a file of `failed/` back into the inbox, as an operator does, and waits until it is settled. */
async function takeBack(daemon: RunningDaemon, name: string) {
  const settled = daemon.next('drop.settled', (facts) => facts.name === name);
  await rename(join(daemon.data, 'failed', name), join(daemon.data, 'inbox', name));
  return daemon.report(await settled);
}

const ODD: Profile = {
  ...PLAIN,
  name: 'odd',
  origin: 'own',
  columns: {
    ...PLAIN.columns,
    order: { kind: 'name', names: ['who'] },
    tracking: { kind: 'name', names: ['what'] },
  },
};

const messagesOf = (report: string): string[] => {
  const [header = [], ...rows] = cellsShown(report);
  return rows.map((row) => row[header.indexOf('trackdrop_message')] ?? '');
};

const filesOf = async (daemon: RunningDaemon, folder: string) =>
  (await daemon.files())
    .filter((file) => file.startsWith(`${folder}/`))
    .map((file) => file.slice(folder.length + 1));

/** The daemon with `day.csv` in `failed/`, of which two rows failed. */
async function failing(choices: Choices = {}) {
  const daemon = await RunningDaemon.start(choices);
  await daemon.settle('day.csv', plainFile([LATE, '1Z1'], [LATER, '1Z2']));
  return daemon;
}

describe('A drop in failed/ whose failed rows later drops have done', { concurrency: true }, () => {
  it('stays where a later file ships the number without the item that failed, or that could not be read', async () => {
    await using daemon = await RunningDaemon.start({ inbox: { createShipments: true } });
    const items = [
      { sku: 'MUG', qty: 5 },
      { sku: 'CUP', qty: 2 },
    ];
    const [one = '', other = ''] = [0, 1].map(() => daemon.sandbox.addOrder({ items }).incrementId);
    const header = 'order_number,tracking_number,sku,quantity\n';
    const mugs = `${one},1Z1,MUG,2\n${other},1Z2,MUG,2\n`;
    await daemon.settle('unread.csv', `${header}${one},1Z1,MUG,2\n${one},1Z1,CUP,one\n`);
    await daemon.settle('misfit.csv', `${header}${other},1Z2,MUG,2\n${other},1Z2,CUP,3\n`);
    await daemon.settle('too-many.csv', `${header}${other},1Z2,MUG,6\n`);
    await daemon.settle('twice.csv', `${header}${other},1Z2,MUG,5\n${other},1Z2,MUG,4\n`);
    await daemon.settle('orders.csv', plainFile([LATE, '1Z3']));
    come(daemon, LATE);
    const redone = redoneOf(daemon, 'orders.csv');
    const corrected = redoneOf(daemon, 'too-many.csv');
    const { lines } = await daemon.settle('mugs.csv', `${header}${mugs}${LATE},1Z3,,\n`);
    assert.deepEqual(lines, ['2: shipped', '3: shipped', '4: tracked']);
    await redone;
    await corrected;
    const left = await filesOf(daemon, 'failed');
    assert.deepEqual(
      left.filter((name) => !/report|retry/.test(name)),
      ['misfit.csv', 'twice.csv', 'unread.csv'],
    );
    const report = await daemon.read('failed/misfit.report.csv');
    assert.doesNotMatch(report, /CUP.*done by line/);
  });

  it('moves to processed/ where a later file ships what is in the parcel, and says of no item that is not what another has', async () => {
    await using daemon = await RunningDaemon.start({ inbox: { createShipments: true } });
    const items = [
      { sku: 'MUG', qty: 5 },
      { sku: 'CUP', qty: 2 },
    ];
    const [one = '', other = ''] = [0, 1].map(() => daemon.sandbox.addOrder({ items }).incrementId);
    const header = 'order_number,tracking_number,sku,quantity\n';
    await daemon.settle('cups.csv', `${header}${other},1Z2,CUP,3\n`);
    await daemon.settle('none.csv', `${header}${one},1Z1,MUG,6\n${one},1Z1,CUP,0\n`);
    const redone = redoneOf(daemon, 'none.csv');
    const rows = `${one},1Z1,MUG,5\n${other},1Z2,MUG,1\n${other},1Z2,CUP,0\n`;
    const { lines } = await daemon.settle('later.csv', header + rows);
    assert.deepEqual(lines, ['2: shipped', '3: shipped', '4: shipped']);
    await redone;
    const left = await filesOf(daemon, 'failed');
    assert.deepEqual(
      left.filter((name) => !/report|retry/.test(name)),
      ['cups.csv'],
    );
  });

  it('moves to processed/ once its retry file is done, and its report says by what', async () => {
    await using daemon = await failing();
    come(daemon, LATE, LATER);
    const redone = redoneOf(daemon, 'day.csv');
    await takeBack(daemon, 'day.retry.csv');
    const { by, file, folder } = await redone;
    assert.deepEqual(
      { by, file, folder },
      { by: ['day.retry.csv'], file: 'day.csv', folder: join(daemon.data, DAY) },
    );
    assert.deepEqual(await filesOf(daemon, 'failed'), []);
    assert.deepEqual(await filesOf(daemon, DAY), [
      'day.csv',
      'day.report.csv',
      'day.retry.csv',
      'day.retry.report.csv',
    ]);
    const report = await daemon.read(`${DAY}/day.report.csv`);
    const [first, second] = messagesOf(report);
    assert.match(
      first ?? '',
      /^the shop has no order 300000001; done by line 2 of "day.retry.csv", which came at /,
    );
    assert.match(second ?? '', /; done by line 3 of "day.retry.csv"/);
    assert.match(report, /order-not-found/);
  });

  it('stays while one of them is not done, and moves when that one is', async () => {
    await using daemon = await failing();
    come(daemon, LATE);
    await takeBack(daemon, 'day.retry.csv');
    assert.equal(daemon.count('drop.redone'), 0);
    assert.deepEqual(await filesOf(daemon, 'failed'), [
      'day.csv',
      'day.report.csv',
      'day.retry-2.csv',
      'day.retry.csv',
      'day.retry.report.csv',
    ]);
    come(daemon, LATER);
    const both = Promise.all(['day.csv', 'day.retry.csv'].map((name) => redoneOf(daemon, name)));
    await takeBack(daemon, 'day.retry-2.csv');
    const [first] = await both;
    assert.deepEqual(first?.by, ['day.retry.csv', 'day.retry-2.csv']);
    assert.deepEqual(await filesOf(daemon, 'failed'), []);
  });

  it('moves when other files bring the same orders and numbers, however they write them', async () => {
    await using daemon = await failing();
    come(daemon, LATE, LATER);
    await daemon.settle('one.csv', plainFile([LATE, '1z 1']));
    const redone = redoneOf(daemon, 'day.csv');
    await daemon.settle('two.csv', plainFile([LATER, '1Z2']));
    assert.deepEqual((await redone).by, ['one.csv', 'two.csv']);
  });

  it('stays where another number came for its order, and where the order is of another store', async () => {
    await using daemon = await failing({
      otherStores: ['outlet'],
      inboxes: [{}, { name: 'other', folder: 'other', store: 'outlet' }],
    });
    come(daemon, LATE, LATER);
    for (const incrementId of [LATE, LATER])
      daemon.sandboxOf('outlet').addOrder({ incrementId, shipments: [{}] });
    await daemon.settle('same.csv', plainFile([LATE, '1Z1'], [LATER, '1Z2']), 'other');
    await daemon.settle('others.csv', plainFile([LATE, '1Z8'], [LATER, '1Z9']));
    await daemon.settle('last.csv', plainFile([LATE, '1Z8']));
    assert.equal(daemon.count('drop.redone'), 0);
  });

  it('moves when its report comes back corrected, each row with another order or another number', async () => {
    await using daemon = await failing();
    const [right] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    come(daemon, LATER);
    const text = await daemon.read('failed/day.report.csv');
    const rows = cellsShown(text).map((row) =>
      row.map((cell) => cell.replace(LATE, right).replace('1Z2', '1Z222')),
    );
    const redone = redoneOf(daemon, 'day.csv');
    await daemon.settle('corrected.csv', savedBy('Excel in English', rows));
    await redone;
    assert.deepEqual(await filesOf(daemon, 'failed'), []);
  });

  it('moves with a row that could not be understood, once that row came back and was', async () => {
    await using daemon = await RunningDaemon.start();
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    await daemon.settle('day.csv', plainFile([order, ''], [order, '1Z2']));
    const redone = redoneOf(daemon, 'day.csv');
    const retry = (await daemon.read('failed/day.retry.csv')).replace(`${order},`, `${order},1Z1`);
    await daemon.settle('day.retry.csv', retry);
    await redone;
    assert.deepEqual(await filesOf(daemon, 'failed'), []);
  });

  it('takes a name that is free for all its files', async () => {
    await using daemon = await failing();
    come(daemon, LATE, LATER);
    await mkdir(join(daemon.data, DAY), { recursive: true });
    await writeFile(join(daemon.data, DAY, 'day.report.csv'), 'of somebody else');
    const redone = redoneOf(daemon, 'day.csv');
    await daemon.settle('day.retry.csv', await daemon.read('failed/day.retry.csv'));
    assert.equal((await redone).file, 'day-2.csv');
    assert.deepEqual(await filesOf(daemon, DAY), [
      'day-2.csv',
      'day-2.report.csv',
      'day-2.retry.csv',
      'day.report.csv',
      'day.retry.csv',
      'day.retry.report.csv',
    ]);
    assert.equal(await daemon.read(`${DAY}/day.report.csv`), 'of somebody else');
  });

  it('loses no report that somebody changed, and misses no file that somebody took away', async () => {
    await using daemon = await failing();
    come(daemon, LATE, LATER);
    await rm(join(daemon.data, 'failed/day.csv'));
    const edited = `${await daemon.read('failed/day.report.csv')}my notes\r\n`;
    await writeFile(join(daemon.data, 'failed/day.report.csv'), edited);
    const redone = redoneOf(daemon, 'day.csv');
    await takeBack(daemon, 'day.retry.csv');
    assert.equal((await redone).isThere, false);
    assert.deepEqual(await filesOf(daemon, 'failed'), []);
    assert.equal(await daemon.read(`${DAY}/day.report (changed).csv`), edited);
    assert.match(await daemon.read(`${DAY}/day.report.csv`), /; done by line 2 of/);
  });

  it('removes a report of an older program, which said nothing of mails, as one that nobody changed', async () => {
    await using daemon = await failing();
    come(daemon, LATE, LATER);
    const report = join(daemon.data, 'failed/day.report.csv');
    const now = await daemon.read('failed/day.report.csv');
    await writeFile(report, now.replaceAll(/,(?:trackdrop_mail)?(?=\r\n)/g, ''));
    const redone = redoneOf(daemon, 'day.csv');
    await takeBack(daemon, 'day.retry.csv');
    await redone;
    assert.deepEqual(await filesOf(daemon, 'failed'), []);
    assert.ok(!(await daemon.files()).some((file) => file.includes('(changed)')));
  });

  it('moves with a file that could not be read, once the same bytes could and every row of them is done', async () => {
    await using daemon = await RunningDaemon.start();
    const [order, other] = daemon.sandbox.generate(2, { shipped: true }) as [string, string];
    const content = `when;who;what\n2026-11-22;${order};1Z1\n`;
    await daemon.settle('odd.csv', content);
    await daemon.settle('odd.csv', plainFile([other, '1Z1']));
    assert.equal(daemon.count('drop.redone'), 0);
    daemon.inboxes = [{ profiles: { fixed: ODD, known: [ODD] } }];
    await daemon.stop();
    await daemon.start();
    const redone = redoneOf(daemon, 'odd.csv');
    await daemon.settle('renamed.csv', content);
    await redone;
    assert.deepEqual(await filesOf(daemon, 'failed'), []);
    await daemon.settle('fails.csv', plainFile([LATE, '1Z9']));
    await daemon.settle('once-more.csv', content);
    await daemon.settle('last.csv', plainFile([other, '1Z1']));
    assert.equal(daemon.count('drop.redone'), 1);
  });

  it('moves as soon as it is put away where the later one was sooner', async () => {
    await using daemon = await RunningDaemon.start({ store: { timeoutMs: 2_000 } });
    const [slow] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    daemon.sandbox.inject({ match: { method: 'POST', body: '1ZSLOW' }, fault: { kind: 'silence' } });
    const failed = daemon.next('row.settled', ({ outcome }) => outcome === 'order-not-found');
    await daemon.drop('long.csv', plainFile([LATE, '1Z1'], [slow, '1ZSLOW']));
    await failed;
    come(daemon, LATE);
    const redone = redoneOf(daemon, 'long.csv');
    await daemon.settle('short.csv', plainFile([LATE, '1Z1']));
    assert.equal(daemon.count('drop.settled'), 1);
    daemon.sandbox.clearFaults();
    assert.deepEqual((await redone).by, ['short.csv']);
    assert.deepEqual(await filesOf(daemon, 'failed'), []);
  });

  it('stays where another row of it fails after the later one was put away', async () => {
    await using daemon = await RunningDaemon.start({ store: { timeoutMs: 2_000 } });
    const [slow] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    const match = { method: 'POST', body: '1ZSLOW' };
    daemon.sandbox.inject({ match, fault: { kind: 'silence' } });
    const failed = daemon.next('row.settled', ({ outcome }) => outcome === 'order-not-found');
    await daemon.drop('long.csv', plainFile([LATE, '1Z1'], [slow, '1ZSLOW']));
    await failed;
    come(daemon, LATE);
    const settled = daemon.next('drop.settled', ({ name }) => name === 'long.csv');
    await daemon.settle('short.csv', plainFile([LATE, '1Z1']));
    assert.equal(daemon.count('drop.settled'), 1);
    daemon.sandbox.clearFaults();
    daemon.sandbox.inject({ match, fault: { kind: 'status', status: 400, message: 'No.' } });
    const { lines } = await daemon.report(await settled);
    assert.deepEqual(lines, ['2: order-not-found', '3: gave-up']);
    await daemon.settle('last.csv', plainFile([LATE, '1Z1']));
    assert.equal(daemon.count('drop.redone'), 0);
    assert.deepEqual(await filesOf(daemon, 'failed'), ['long.csv', 'long.report.csv', 'long.retry.csv']);
  });

  it('moves with each round of a row that only the last one did', async () => {
    await using daemon = await RunningDaemon.start();
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    await daemon.settle('day.csv', plainFile([order, '']));
    await takeBack(daemon, 'day.retry.csv');
    const redone = Promise.all(['day.csv', 'day.retry.csv'].map((name) => redoneOf(daemon, name)));
    const retry = await daemon.read('failed/day.retry-2.csv');
    await daemon.settle('day.retry-2.csv', retry.replace(`${order},`, `${order},1Z1`));
    for (const { by } of await redone) assert.deepEqual(by, ['day.retry-2.csv']);
    assert.deepEqual(await filesOf(daemon, 'failed'), []);
  });

  it('is moved by a run that ends by itself, too', async () => {
    await using daemon = await RunningDaemon.prepare({ once: true });
    await daemon.drop('day.csv', plainFile([LATE, '1Z1']));
    await daemon.start();
    await daemon.ended();
    await daemon.stop();
    come(daemon, LATE);
    await rename(join(daemon.data, 'failed/day.retry.csv'), join(daemon.data, 'inbox/day.retry.csv'));
    await daemon.start();
    await daemon.ended();
    assert.deepEqual(await filesOf(daemon, 'failed'), []);
  });
});
