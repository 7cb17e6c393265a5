import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Choices, plainFile, RunningDaemon } from './running-daemon.ts';
import { cellsShown } from './saved-by-excel.ts';

const ORDER = '300000001';

/** A file with one more column than order and number. */
const fileWith = (column: string, ...rows: readonly (readonly [string, string, string])[]) =>
  [`order_number,tracking_number,${column}`, ...rows.map((cells) => cells.join())]
    .map((line) => `${line}\n`)
    .join('');

/** As `2: tracked, number added to ...`. */
async function told(daemon: RunningDaemon, name: string, content: string): Promise<readonly string[]> {
  const [header = [], ...rows] = cellsShown((await daemon.settle(name, content)).text);
  const at = (column: string) => header.indexOf(`trackdrop_${column}`);
  return rows.map((row) => `${row[at('line')]}: ${row[at('outcome')]}, ${row[at('message')]}`);
}

const start = (inbox: NonNullable<Choices['inbox']> = {}) => RunningDaemon.start({ inbox });

/** An order of six mugs in three shipments; the first and the last have a number. Gives their increment ids. */
function threeShipments(daemon: RunningDaemon): readonly string[] {
  const { shipmentIds } = daemon.sandbox.addOrder({
    incrementId: ORDER,
    items: [{ sku: 'MUG', qty: 6 }],
    shipments: [
      { items: [{ index: 0, qty: 2 }], tracks: [{ number: 'OLD1' }] },
      { items: [{ index: 0, qty: 2 }] },
      { items: [{ index: 0, qty: 2 }], tracks: [{ number: 'OLD3' }] },
    ],
  });
  return shipmentIds.map((id) => String(id).padStart(9, '0'));
}

describe('An order with several shipments', { concurrency: 4 }, () => {
  it('gets the numbers of a file on the one without a number, and those of the next file on the latest', async () => {
    await using daemon = await start();
    const [, second = '', third = ''] = threeShipments(daemon);
    assert.deepEqual(await told(daemon, 'a.csv', plainFile([ORDER, '1Z1'], [ORDER, '1Z2'])), [
      `2: tracked, number added to shipment ${second}, the only one without a number`,
      `3: tracked, number added to shipment ${second}, the only one without a number`,
    ]);
    assert.deepEqual(await told(daemon, 'b.csv', plainFile([ORDER, '1Z3'])), [
      `2: tracked, number added to shipment ${third}, the latest of 3`,
    ]);
  });

  it('gets each number on the shipment that its row names', async () => {
    await using daemon = await start({ attach: 'refuse' });
    const [first = '', second = '', third = ''] = threeShipments(daemon);
    const file = fileWith(
      'magento_shipment_number',
      [ORDER, '1Z1', third],
      [ORDER, '1Z2', first],
      [ORDER, '1Z3', '999'],
      [ORDER, '1Z4', ''],
    );
    assert.deepEqual(await told(daemon, 'a.csv', file), [
      `2: tracked, number added to shipment ${third}, which the row names`,
      `3: tracked, number added to shipment ${first}, which the row names`,
      `4: item-mismatch, the order has no shipment 999; it has ${first}, ${second}, ${third}`,
      `5: tracked, number added to shipment ${second}, the only one without a number`,
    ]);
  });

  it('gets a number once on the one that was chosen when the answer to that is lost', async () => {
    await using daemon = await start();
    const [, second = ''] = threeShipments(daemon);
    daemon.sandbox.inject({ match: { path: 'shipment/track' }, times: 1, fault: { kind: 'resetAfter' } });
    assert.deepEqual(await told(daemon, 'a.csv', plainFile([ORDER, '1Z1'], [ORDER, '1Z2'])), [
      `2: tracked, number added to shipment ${second}, the only one without a number; the store's answer was lost, the number was found there`,
      `3: tracked, number added to shipment ${second}, the only one without a number`,
    ]);
    assert.deepEqual(daemon.standing(ORDER), ['1Z1', '1Z2', 'OLD1', 'OLD3']);
  });

  it('gets none where nothing decides and the inbox refuses to guess', async () => {
    await using daemon = await start({ attach: 'refuse' });
    daemon.sandbox.addOrder({
      incrementId: ORDER,
      items: [{ qty: 2 }],
      shipments: [{ items: [{ index: 0, qty: 1 }] }, { items: [{ index: 0, qty: 1 }] }],
    });
    const { lines, folder } = await daemon.settle('a.csv', plainFile([ORDER, '1Z1']));
    assert.deepEqual([lines, folder], [['2: order-ambiguous'], 'failed']);
    assert.deepEqual(daemon.standing(ORDER), []);
  });
});

describe('An order number that two store views share', { concurrency: 4 }, () => {
  it('is the order of the view that the row names, for the rows of one file each', async () => {
    await using daemon = await start({ onExisting: 'replace' });
    for (const storeId of [1, 2]) {
      const tracks = [{ number: 'OLD', createdAt: '2026-01-02 03:04:05' }];
      daemon.sandbox.addOrder({ incrementId: ORDER, storeId, shipments: [{ tracks }] });
    }
    const file = fileWith(
      'store_view_id',
      [ORDER, '1Z1', '1'],
      [ORDER, '1Z2', '2'],
      [ORDER, '1Z3', ''],
      [ORDER, '1Z4', '7'],
    );
    const { lines } = await daemon.settle('a.csv', file);
    assert.deepEqual(lines, ['2: replaced', '3: replaced', '4: order-ambiguous', '5: order-not-found']);
    const standing = daemon.sandbox.shipments().map(({ trackNumbers }) => trackNumbers.join());
    assert.deepEqual(standing, ['1Z1', '1Z2']);
  });

  it('waits for the order of one view while that of the other is done', async () => {
    const waitFor = { orderNotFoundMs: 60_000, orderHeldMs: 0, unpaidMs: 0, everyMs: 60 };
    await using daemon = await start({ waitFor });
    daemon.sandbox.addOrder({ incrementId: ORDER, storeId: 1, shipments: [{}] });
    const settled = daemon.next('drop.settled', ({ name }) => name === 'a.waiting.csv');
    await daemon.drop('a.csv', fileWith('store_view_id', [ORDER, '1Z1', '1'], [ORDER, '1Z2', '2']));
    await daemon.next('drop.waiting');
    assert.deepEqual(daemon.standing(ORDER), ['1Z1']);
    daemon.sandbox.addOrder({ incrementId: ORDER, storeId: 2, shipments: [{}] });
    // The only row of the file of rows that wait.
    assert.deepEqual((await daemon.report(await settled)).lines, ['2: tracked']);
    assert.deepEqual(daemon.standing(ORDER), ['1Z1', '1Z2']);
  });
});

describe('A parcel of two orders', () => {
  it('puts its one number on both', async () => {
    await using daemon = await start({ createShipments: true });
    const [shipped, open] = [...daemon.sandbox.generate(1, { shipped: true }), ...daemon.sandbox.generate(1)];
    assert.ok(shipped !== undefined && open !== undefined);
    const { lines } = await daemon.settle('a.csv', plainFile([shipped, '1Z1'], [open, '1Z1']));
    assert.deepEqual(lines, ['2: tracked', '3: shipped']);
    assert.deepEqual([daemon.standing(shipped), daemon.standing(open)], [['1Z1'], ['1Z1']]);
  });
});

describe('An order that is not paid', () => {
  const waitFor = { orderNotFoundMs: 0, orderHeldMs: 0, unpaidMs: 60_000, everyMs: 60 };

  it('waits where payment is required, for as long as unpaid orders may, and is not shipped', async () => {
    await using daemon = await start({ createShipments: true, requirePaid: true, waitFor });
    const { incrementId } = daemon.sandbox.addOrder({ invoiced: false });
    const waiting = daemon.next('drop.waiting');
    await daemon.drop('a.csv', plainFile([incrementId, '1Z1']));
    await waiting;
    assert.equal(daemon.sandbox.counts().ship ?? 0, 0);
  });

  it('is shipped where payment is not required', async () => {
    await using daemon = await start({ createShipments: true, waitFor });
    const { incrementId } = daemon.sandbox.addOrder({ invoiced: false });
    assert.deepEqual((await daemon.settle('a.csv', plainFile([incrementId, '1Z1']))).lines, ['2: shipped']);
  });
});

describe('Parcels of one order from two warehouses', () => {
  it('leave in a shipment each', async () => {
    await using daemon = await RunningDaemon.start({
      sandbox: { sources: ['default', 'berlin'] },
      inbox: { createShipments: true },
    });
    const items = [
      { sku: 'MUG', qty: 2 },
      { sku: 'CUP', qty: 1 },
    ];
    const { incrementId } = daemon.sandbox.addOrder({ items });
    const rows = [`${incrementId},1Z1,MUG,2,berlin`, `${incrementId},1Z2,CUP,1,`];
    const file = ['order_number,tracking_number,sku,quantity,source_code', ...rows, ''].join('\n');
    assert.deepEqual((await daemon.settle('a.csv', file)).lines, ['2: shipped', '3: shipped']);
    const held = daemon.sandbox
      .shipments()
      .map(({ items: lines }) => lines.map(({ qty, sku }) => `${qty} x ${sku}`));
    assert.deepEqual(held, [['2 x MUG'], ['1 x CUP']]);
  });

  it('leave, but for the one whose warehouse the shop does not know, which says so', async () => {
    await using daemon = await RunningDaemon.start({
      inbox: { createShipments: true },
      store: { retry: { attempts: 2, firstDelayMs: 10, maxDelayMs: 20 } },
    });
    const items = [
      { sku: 'MUG', qty: 2 },
      { sku: 'CUP', qty: 1 },
    ];
    const { incrementId } = daemon.sandbox.addOrder({ items });
    const rows = [`${incrementId},1Z1,MUG,2,nosuch`, `${incrementId},1Z2,CUP,1,default`];
    const file = ['order_number,tracking_number,sku,quantity,source_code', ...rows, ''].join('\n');
    const [first = '', second] = await told(daemon, 'a.csv', file);
    assert.match(
      first,
      /^2: gave-up, sent 2 times \(from source nosuch, as the row says, or sources of the profile for what it says: /,
    );
    assert.match(second ?? '', /^3: shipped, /);
    assert.deepEqual(daemon.standing(incrementId), ['1Z2']);
  });
});
