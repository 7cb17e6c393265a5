import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { RunningDaemon } from './running-daemon.ts';

const HEADER = 'order_number,tracking_number,sku,quantity\n';

/** A daemon that may create shipments, and an order of five mugs and a cup. */
async function withOrder() {
  const daemon = await RunningDaemon.start({ inbox: { createShipments: true } });
  const items = [
    { sku: 'MUG', qty: 5 },
    { sku: 'CUP', qty: 1 },
  ];
  const { incrementId: order } = daemon.sandbox.addOrder({ items });
  const shipments = () =>
    daemon.sandbox.shipments().map(({ trackNumbers, items: held }) => ({
      numbers: trackNumbers.join(', '),
      items: held.map(({ sku, qty }) => `${qty} x ${sku}`).join(', '),
    }));
  return { daemon, order, shipments, [Symbol.asyncDispose]: () => daemon[Symbol.asyncDispose]() };
}

describe('A file that names what its parcels hold', { concurrency: 4 }, () => {
  it('has the parcels of an order shipped together, and what it does not name stays open', async () => {
    await using shop = await withOrder();
    const { daemon, order } = shop;
    const rows = [`${order},1Z1,MUG,2`, `${order},1Z1,CUP,`, `${order},1Z2,mug,1`, `${order},1Z1,MUG,2`];
    const { lines, text } = await daemon.settle('day.csv', HEADER + rows.map((row) => `${row}\n`).join(''));
    assert.deepEqual(lines, ['2: shipped', '3: shipped', '4: shipped', '5: already-tracked']);
    assert.match(text, /same as line 2, counted once/);
    assert.deepEqual(shop.shipments(), [{ numbers: '1Z1, 1Z2', items: '3 x MUG, 1 x CUP' }]);
    assert.equal(daemon.sandbox.counts().ship, 1);
  });

  it('ships as many as its rows name where they differ in a column of the warehouse, and when its report comes back', async () => {
    await using shop = await withOrder();
    const { daemon, order } = shop;
    const header = 'order_number,tracking_number,sku,quantity,position\n';
    const rows = [`${order},1Z1,MUG,3,1`, `${order},1Z1,MUG,3,2`, `${order},1Z1,mug,3,1`];
    const { lines, text } = await daemon.settle('day.csv', header + rows.map((row) => `${row}\n`).join(''));
    assert.deepEqual(lines, ['2: item-mismatch', '3: item-mismatch', '4: item-mismatch']);
    assert.match(text, /6 x MUG would have to be shipped/);
    assert.deepEqual(shop.shipments(), []);

    const corrected = await daemon.settle('day.report.csv', text.replaceAll(/(mug),3/gi, '$1,2'));
    assert.deepEqual(corrected.lines, ['2: shipped', '3: shipped', '4: already-tracked']);
    assert.match(corrected.text, /same as line 2, counted once/);
    assert.deepEqual(shop.shipments(), [{ numbers: '1Z1', items: '4 x MUG' }]);
  });

  it('is done when it comes again, and ships the next part when that comes', async () => {
    await using shop = await withOrder();
    const { daemon, order } = shop;
    await daemon.settle('monday.csv', `${HEADER}${order},1Z1,MUG,2\n`);
    const again = await daemon.settle('monday.csv', `${HEADER}${order},1Z1,MUG,2\n`);
    assert.deepEqual(again.lines, ['2: already-tracked']);
    const next = await daemon.settle('tuesday.csv', `${HEADER}${order},1Z2,MUG,2\n`);
    assert.deepEqual(next.lines, ['2: shipped']);
    assert.deepEqual(shop.shipments(), [
      { numbers: '1Z1', items: '2 x MUG' },
      { numbers: '1Z2', items: '2 x MUG' },
    ]);
    assert.equal(daemon.sandbox.counts().ship, 2);
  });

  it('fails for what does not fit the order, before anything of it is sent, and ships the rest', async () => {
    await using shop = await withOrder();
    const { daemon, order } = shop;
    const rows = [`${order},1Z1,MUG,6`, `${order},1Z2,PLATE,1`, `${order},1Z3,CUP,1`];
    const { folder, lines, text } = await daemon.settle(
      'day.csv',
      HEADER + rows.map((row) => `${row}\n`).join(''),
    );
    assert.deepEqual(lines, ['2: item-mismatch', '3: item-mismatch', '4: shipped']);
    assert.match(text, /6 x MUG would have to be shipped, and only 5 of it is left to ship/);
    assert.match(text, /the order has no item PLATE that can be shipped by itself; it has MUG, CUP/);
    assert.equal(folder, 'failed');
    assert.deepEqual(shop.shipments(), [{ numbers: '1Z3', items: '1 x CUP' }]);

    const corrected = await daemon.settle('day.retry.csv', `${HEADER}${order},1Z1,MUG,5\n`);
    assert.deepEqual(corrected.lines, ['2: shipped']);
  });

  it('ships a parcel beside whose rows another says that nothing of its item is in it', async () => {
    await using shop = await withOrder();
    const { daemon, order } = shop;
    const rows = `${order},1Z1,CUP,0\n${order},1Z1,MUG,2\n${order},1Z2,CUP,1\n${order},1Z2,MUG,0\n`;
    const { lines, text, folder } = await daemon.settle('day.csv', HEADER + rows);
    assert.deepEqual(lines, ['2: shipped', '3: shipped', '4: shipped', '5: shipped']);
    assert.match(text, /quantity 0: nothing of CUP is in this parcel/);
    assert.match(folder, /processed/);
    assert.deepEqual(shop.shipments(), [{ numbers: '1Z1, 1Z2', items: '2 x MUG, 1 x CUP' }]);
  });

  it('ships no parcel of which a row cannot be read, and all of it once that is corrected', async () => {
    await using shop = await withOrder();
    const { daemon, order } = shop;
    const rows = [`${order},1Z1,MUG,2`, `${order},1Z1,CUP,one`, `${order},1Z2,MUG,1`];
    const { lines, text } = await daemon.settle('day.csv', HEADER + rows.map((row) => `${row}\n`).join(''));
    assert.deepEqual(lines, ['2: item-mismatch', '3: bad-row', '4: shipped']);
    assert.match(text, /line 3 of this parcel cannot be read/);
    assert.deepEqual(shop.shipments(), [{ numbers: '1Z2', items: '1 x MUG' }]);

    const corrected = await daemon.settle(
      'day.retry.csv',
      `${HEADER}${order},1Z1,MUG,2\n${order},1Z1,CUP,1\n`,
    );
    assert.deepEqual(corrected.lines, ['2: shipped', '3: shipped']);
    assert.deepEqual(shop.shipments()[1], { numbers: '1Z1', items: '2 x MUG, 1 x CUP' });
  });

  it('ships no parcel of which a row is cut off, has too many cells, or holds several numbers', async () => {
    const header = 'order_number,tracking_number,sku,quantity,weight\n';
    const linesAfter = async (last: (order: string) => string) => {
      await using shop = await withOrder();
      const rows = `${shop.order},1Z999AA10123456784,MUG,2,1\n${last(shop.order)}`;
      const { lines } = await shop.daemon.settle('day.csv', header + rows);
      return [...lines, ...shop.shipments().map(({ items }) => items)];
    };
    const broken = ['2: item-mismatch', '3: bad-row'];
    assert.deepEqual(await linesAfter((order) => `${order},1Z999AA10123456784,CUP,1`), broken);
    assert.deepEqual(await linesAfter((order) => `${order},1Z999AA10123456784,CUP,1,0,5\n`), broken);
    const both = '"1Z999AA10123456793;1Z999AA10123456784"';
    assert.deepEqual(await linesAfter((order) => `${order},${both},CUP,1,1\n`), broken);
    // Half of another number says nothing of this parcel.
    const cut = await linesAfter((order) => `${order},1Z999AA1`);
    assert.deepEqual(cut, ['2: shipped', '3: bad-row', '2 x MUG']);
  });

  it('ships no parcel of which a row came back damaged by a spreadsheet', async () => {
    await using shop = await withOrder();
    const { daemon, order } = shop;
    const { text } = await daemon.settle('day.csv', `${HEADER}${order},1Z1,0017,1\n${order},1Z1,MUG,6\n`);
    const saved = text.replace(/"=""0017"""|0017/, '17').replace('MUG,6', 'MUG,5');
    assert.notEqual(saved, text);
    const again = await daemon.settle('day.report.csv', saved);
    assert.deepEqual(again.lines, ['2: bad-row', '3: item-mismatch']);
    assert.deepEqual(shop.shipments(), []);
  });

  it('ships nothing as all that is open where another row of the order failed', async () => {
    await using shop = await withOrder();
    const { daemon, order } = shop;
    const rows = `${order},1Z1,MUG,2\n${order},1Z1,CUP,one\n${order},1Z2,,\n`;
    const { lines, text } = await daemon.settle('day.csv', HEADER + rows);
    assert.deepEqual(lines, ['2: item-mismatch', '3: bad-row', '4: item-mismatch']);
    assert.match(text, /say what this one holds too/);
    assert.deepEqual(shop.shipments(), []);
  });

  it('fails for a number that stands on a shipment of something else, naming the shipment', async () => {
    await using shop = await withOrder();
    const { daemon, order } = shop;
    await daemon.settle('monday.csv', `${HEADER}${order},1Z1,MUG,1\n`);
    const { lines, text } = await daemon.settle('tuesday.csv', `${HEADER}${order},1Z1,MUG,2\n`);
    assert.deepEqual(lines, ['2: item-mismatch']);
    assert.match(text, /stands on shipment 000000001, which holds 1 x MUG, and not 2 x MUG/);
    assert.equal(daemon.sandbox.counts().ship, 1);
  });
});
