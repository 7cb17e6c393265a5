import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RunningDaemon } from './running-daemon.ts';
import { cellsShown, savedBy } from './saved-by-excel.ts';

const HEADER = 'order_number,tracking_number\n';
const OTHER = { name: 'other', folder: 'other' };

/** The report's rows as a spreadsheet leaves them: leading zeros are gone. */
function withoutZeros(report: string): string[][] {
  return cellsShown(report).map((row) => row.map((cell) => cell.replace(/^0+(?=\d)/, '')));
}

const messages = (report: string): string[] => {
  const [header = [], ...rows] = cellsShown(report);
  return rows.map((row) => row[header.indexOf('trackdrop_message')] ?? '');
};

describe('A report that says of which drop it is', { concurrency: 4 }, () => {
  it('names the drop, and whether the customer was mailed', async () => {
    await using daemon = await RunningDaemon.start();
    const { text, drop } = await daemon.settle('a.csv', `${HEADER}999999991,1Z1\n`);
    const [header, row] = cellsShown(text);
    assert.deepEqual(header?.slice(-2), ['trackdrop_drop', 'trackdrop_mail']);
    assert.deepEqual(row?.slice(-2), [drop, '']);
  });

  it('is compared with it under any name, in another inbox of the store', async () => {
    await using daemon = await RunningDaemon.start({ inboxes: [{}, OTHER] });
    const { text } = await daemon.settle('a.csv', `${HEADER}999999991,00123456789\n`);
    const back = savedBy('Excel in English', withoutZeros(text));
    const again = await daemon.settle('fixed.csv', back, 'other');
    assert.match(messages(again.text)[0] ?? '', /the original is "00123456789"/);
  });

  it('has each row compared with the row of its own drop where reports were joined', async () => {
    await using daemon = await RunningDaemon.start();
    const one = await daemon.settle('a.csv', `${HEADER}999999991,00123456789\n`);
    const two = await daemon.settle('b.csv', `${HEADER}999999991,00555555555\n`);
    const joined = [...withoutZeros(one.text), ...withoutZeros(two.text).slice(1)];
    const again = await daemon.settle('a.report.csv', savedBy('Excel in English', joined));
    const [first = '', second = ''] = messages(again.text);
    assert.match(first, /the original is "00123456789"/);
    assert.match(second, /the original is "00555555555"/);
  });

  it('is compared with it in shipment, store view and source as well', async () => {
    await using daemon = await RunningDaemon.start();
    const header = 'order_number,tracking_number,magento_shipment_number,store_view_id,source_code\n';
    const { text } = await daemon.settle('a.csv', `${header}999999991,1Z1,000000012,01,0017\n`);
    const again = await daemon.settle('fixed.csv', savedBy('Excel in English', withoutZeros(text)));
    assert.match(
      messages(again.text)[0] ?? '',
      /number" holds "12": .*, the original is "000000012"; the column "store_view_id" holds "1": .* "01"; the column "source_code" holds "17": .* "0017"; put those back/,
    );
  });

  it('is refused as a whole where one of its rows is of another store', async () => {
    await using daemon = await RunningDaemon.start({
      otherStores: ['outlet'],
      inboxes: [{}, { ...OTHER, store: 'outlet' }],
    });
    const [order] = daemon.sandbox.generate(1, { shipped: true }) as [string];
    const [mine = ''] = daemon.sandboxOf('outlet').generate(1, { shipped: true });
    const { text } = await daemon.settle('a.csv', `${HEADER}999999991,1Z1\n`);
    const own = await daemon.settle('b.csv', `${HEADER}999999992,1Z2\n`, 'other');
    const joined = [...cellsShown(own.text), ...cellsShown(text).slice(1)].map((row) =>
      row.map((cell) => cell.replace('999999992', mine).replace('999999991', order)),
    );
    const again = await daemon.settle('fixed.csv', savedBy('Excel in English', joined), 'other');
    assert.equal(again.folder, 'failed-other');
    const [message = '', ...more] = messages(again.text);
    assert.deepEqual(more, []);
    assert.match(message, /^Line 3: .* the store main, and this inbox is one of outlet\. /);
    assert.equal(daemon.sandboxOf('outlet').counts().track, 0);
    assert.equal(daemon.sandbox.counts().track, 0);
  });

  it('is compared with what its name tells where the ledger does not know the drop', async () => {
    await using daemon = await RunningDaemon.start();
    const { text } = await daemon.settle('a.csv', `${HEADER}999999991,00123456789\n`);
    const unknown = text.replaceAll(/\d{8}-\d{6}-[0-9a-z]{6}/g, '20200101-000000-000000');
    const back = savedBy('Excel in English', withoutZeros(unknown));
    const again = await daemon.settle('a.report.csv', back);
    assert.match(messages(again.text)[0] ?? '', /the original is "00123456789"/);
  });

  it('is no correction of a file that has its number on another order, where it does not say its drop', async () => {
    await using daemon = await RunningDaemon.start();
    const { text } = await daemon.settle('monday.csv', `${HEADER}999999991,1ZSAME\n999999993,1Z3\n`);
    await daemon.settle('tuesday.csv', `${HEADER}999999992,1ZSAME\n`);
    await daemon.settle('last.csv', `${HEADER}999999994,1Z4\n`);
    const orders = ['999999991', '999999994'].map((incrementId) => ({ incrementId, shipments: [{}] }));
    daemon.sandbox.addOrders(orders);
    const [header = [], first = []] = cellsShown(text);
    const at = header.indexOf('trackdrop_drop');
    const without = [header, first].map((row) => row.filter((_, column) => column !== at));
    await daemon.settle('fixed.csv', savedBy('Excel in English', without));
    // Files are moved one after the other, in the order in which they came to be done.
    const moved = daemon.next('drop.redone', ({ name }) => name === 'last.csv');
    await daemon.settle('again.csv', `${HEADER}999999994,1Z4\n`);
    await moved;
    const left = (await daemon.files()).filter((file) => /^failed\/\w+\.csv$/.test(file));
    assert.deepEqual(left, ['failed/monday.csv', 'failed/tuesday.csv']);
  });
});
