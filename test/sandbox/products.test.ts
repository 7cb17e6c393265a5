import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import type { OrderSeed } from '../../src/sandbox/seed.ts';
import { call, ship } from './caller.ts';

/** Two boxes, each of one mug and two cups. */
const boxes = (shipment: 'together' | 'separately'): OrderSeed => ({
  items: [
    { sku: 'BOX', type: 'bundle', shipment, qty: 2, children: [{ sku: 'MUG' }, { sku: 'CUP', qty: 4 }] },
    { sku: 'TEA', qty: 5 },
  ],
});

/** An order after these quantities, by SKU, were asked to be shipped in one call each. */
async function shipped(seed: OrderSeed, ...calls: readonly Readonly<Record<string, number>>[]) {
  await using sandbox = await startSandbox();
  const seeded = sandbox.addOrder(seed);
  const idOf = new Map(sandbox.order(seeded.incrementId)?.items.map(({ sku, itemId }) => [sku, itemId]));
  const refusals: string[] = [];
  for (const quantities of calls) {
    const items = Object.entries(quantities).map(([sku, qty]) => ({ order_item_id: idOf.get(sku), qty }));
    const { status, text } = await ship(sandbox, seeded, { items });
    if (status !== 200) refusals.push(JSON.parse(text).message);
  }
  const order = sandbox.order(seeded.incrementId);
  assert.ok(order);
  return {
    refusals,
    state: order.state,
    shipped: Object.fromEntries(order.items.map(({ sku, qtyShipped }) => [sku, qtyShipped])),
    shipments: order.shipments.map(({ items }) => items.map(({ sku, qty }) => `${qty} ${sku}`).join(', ')),
  };
}

describe('a bundle that ships together', () => {
  it('stands alone on the shipment, and its parts count as shipped on the order', async () => {
    const after = await shipped(boxes('together'), { BOX: 1 });
    assert.deepEqual(after.shipments, ['1 BOX']);
    assert.deepEqual(after.shipped, { BOX: 1, MUG: 1, CUP: 2, TEA: 0 });
    assert.equal(after.state, 'processing');
  });

  it('ends complete with everything else', async () => {
    const after = await shipped(boxes('together'), { BOX: 2, TEA: 5 });
    assert.deepEqual(after.shipped, { BOX: 2, MUG: 2, CUP: 4, TEA: 5 });
    assert.equal(after.state, 'complete');
  });

  it('is refused where only its parts are left, which keep the order open all the same', async () => {
    const children = [{ sku: 'MUG', qtyShipped: 0 }];
    const items = [{ sku: 'BOX', type: 'bundle' as const, qtyRefunded: 1, children }];
    const after = await shipped({ items }, { BOX: 1 });
    assert.match(after.refusals[0] ?? '', /\nThe order does not allow a shipment to be created\.$/u);
    assert.equal(after.state, 'processing');
  });

  it('has its parts counted as shipped, without a line, where it is closed or locked itself', async () => {
    for (const closed of [{ qtyRefunded: 1 }, { lockedDoShip: true }]) {
      const box = { sku: 'BOX', type: 'bundle' as const, children: [{ sku: 'MUG' }], ...closed };
      const after = await shipped({ items: [box, { sku: 'TEA' }] }, {});
      assert.deepEqual(after.shipments, ['1 TEA']);
      assert.deepEqual(after.shipped, { BOX: 0, MUG: 1, TEA: 1 });
    }
  });
});

describe('a bundle that ships separately', () => {
  it('stands once beside its parts, whatever of them is shipped', async () => {
    const after = await shipped(boxes('separately'), { CUP: 3 }, { MUG: 2, CUP: 1 });
    assert.deepEqual(after.shipments, ['1 BOX, 3 CUP', '1 BOX, 2 MUG, 1 CUP']);
    assert.deepEqual(after.shipped, { BOX: 2, MUG: 2, CUP: 4, TEA: 0 });
  });

  it('is nothing by itself', async () => {
    const after = await shipped(boxes('separately'), { BOX: 1 });
    assert.match(
      after.refusals[0] ?? '',
      /^Shipment.*\nYou can't create a shipment without products\.\nCannot/u,
    );
    assert.deepEqual(after.shipments, []);
  });
});

describe('a line that the shop has locked', () => {
  it('is left out of every shipment, and of what keeps the order open', async () => {
    const items = [{ sku: 'MUG', lockedDoShip: true }, { sku: 'CUP' }];
    const after = await shipped({ items }, { MUG: 1 }, {}, {});
    assert.deepEqual(after.shipments, ['1 CUP']);
    assert.deepEqual(after.shipped, { MUG: 0, CUP: 1 });
    assert.equal(after.state, 'complete');
    const [nothing, closed] = after.refusals;
    assert.match(nothing ?? '', /:\nYou can't create a shipment without products\.$/u);
    assert.match(closed ?? '', /:\nThe order does not allow a shipment/u);
  });

  it('does not stand beside the parts of a bundle that ships separately', async () => {
    const box = { sku: 'BOX', type: 'bundle' as const, shipment: 'separately' as const, lockedDoShip: true };
    const after = await shipped({ items: [{ ...box, children: [{ sku: 'MUG' }] }] }, { MUG: 1 });
    assert.deepEqual(after.shipments, ['1 MUG']);
  });

  it('says so where it is looked at, and no other line does', async () => {
    await using sandbox = await startSandbox();
    const { orderId } = sandbox.addOrder({ items: [{ lockedDoShip: true }, {}] });
    const { items } = JSON.parse((await call(sandbox, 'GET', `orders/${orderId}`)).text);
    assert.deepEqual(
      items.map((item: { locked_do_ship?: number }) => item.locked_do_ship),
      [1, undefined],
    );
  });
});

describe('a composite product of virtual ones alone', () => {
  it('is virtual itself, and so is an order of it', async () => {
    await using sandbox = await startSandbox();
    for (const type of ['configurable', 'bundle'] as const) {
      const order = sandbox.addOrder({
        state: 'processing',
        items: [{ type, children: [{ type: 'virtual' }] }],
      });
      const { items, is_virtual } = JSON.parse((await call(sandbox, 'GET', `orders/${order.orderId}`)).text);
      assert.deepEqual([items[0].is_virtual, items[1].is_virtual, is_virtual], [1, 1, 1]);
      assert.match((await ship(sandbox, order, {})).text, /has a status of processing/u);
    }
  });
});

describe('quantities', () => {
  it('of less than a piece leave a line with nothing on it beside others', async () => {
    const after = await shipped(
      { items: [{ sku: 'MUG' }, { sku: 'CUP' }] },
      { MUG: 0.5, CUP: 1 },
      { MUG: 0.5 },
    );
    assert.deepEqual(after.shipments, ['0 MUG, 1 CUP']);
    assert.equal(after.refusals.length, 1);
  });

  it('lose their fraction where the product is sold by the piece', async () => {
    const items = [
      { sku: 'MUG', qty: 3 },
      { sku: 'CLOTH', qty: 2.5 },
    ];
    const after = await shipped({ items }, { MUG: 1.9, CLOTH: 0.3 }, { CLOTH: 2.1 });
    assert.deepEqual(after.shipments, ['1 MUG, 0.3 CLOTH', '2.1 CLOTH']);
    assert.deepEqual(after.shipped, { MUG: 1, CLOTH: 2.4 });
  });
});

describe('sources', () => {
  it('are those that the shop has, whatever their case, and the default one where none is named', async () => {
    await using sandbox = await startSandbox({ sources: ['default', 'east'] });
    for (const code of ['East', null]) {
      const body = code === null ? {} : { arguments: { extension_attributes: { source_code: code } } };
      assert.equal((await ship(sandbox, sandbox.addOrder(), body)).status, 200);
    }
    assert.deepEqual(
      sandbox.shipments().map(({ source }) => source),
      ['east', 'default'],
    );
    const body = { arguments: { extension_attributes: { source_code: 'west' } } };
    assert.equal((await ship(sandbox, sandbox.addOrder(), body)).status, 400);
    const { text } = await call(sandbox, 'GET', 'shipment/1');
    assert.equal(JSON.parse(text).extension_attributes.source_code, 'east');
  });

  it('are the only one there is, where none is named', async () => {
    await using sandbox = await startSandbox({ sources: ['east'] });
    assert.equal((await ship(sandbox, sandbox.addOrder(), {})).status, 200);
    assert.equal(sandbox.shipments()[0]?.source, 'east');
  });
});

describe('an order that is invoiced in part', () => {
  it('says of each line what is, and what is still to be paid', async () => {
    await using sandbox = await startSandbox();
    const items = [
      { qty: 3, qtyInvoiced: 1, price: 10 },
      { qty: 1, qtyInvoiced: 0, price: 7 },
    ];
    const { orderId } = sandbox.addOrder({ items });
    const value = JSON.parse((await call(sandbox, 'GET', `orders/${orderId}`)).text);
    assert.deepEqual(
      value.items.map((item: { qty_invoiced: number }) => item.qty_invoiced),
      [1, 0],
    );
    assert.deepEqual([value.grand_total, value.total_paid, value.total_due], [42, 15, 27]);
  });
});

describe('an order that is closed or canceled', () => {
  it('is so for what was not shipped before', async () => {
    await using sandbox = await startSandbox();
    const shipments = [{ items: [{ index: 0, qty: 1 }] }];
    const { incrementId } = sandbox.addOrder({ state: 'canceled', items: [{ qty: 3 }], shipments });
    const [item] = sandbox.order(incrementId)?.items ?? [];
    assert.deepEqual([item?.qtyShipped, item?.qtyCanceled], [1, 2]);
  });
});
