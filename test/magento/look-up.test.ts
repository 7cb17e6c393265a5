import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StoppedError } from '../../src/domain/failure.ts';
import type { Look } from '../../src/domain/order.ts';
import type { LookResult } from '../../src/magento/store.ts';
import { never, openShop } from './harness.ts';

function looked(result: LookResult | undefined): Look {
  assert.ok(result && 'orders' in result, `looked up: ${JSON.stringify(result)}`);
  return result;
}

test('asks twice for a hundred orders with their shipments', async () => {
  await using shop = await openShop();
  const numbers = shop.sandbox.generate(100, { shipped: true });
  const found = await shop.store.lookUp(numbers, never);
  const { orders, shipments, total } = shop.sandbox.counts();
  assert.deepEqual({ orders, shipments, total }, { orders: 1, shipments: 1, total: 2 });
  assert.equal(found.size, 100);
  for (const number of numbers) {
    const [order] = looked(found.get(number)).orders;
    assert.equal(order?.incrementId, number);
    assert.equal(order?.shipments.length, 1);
  }
});

test('reads an order with its items, shipments and tracks', async () => {
  await using shop = await openShop();
  const seeded = shop.sandbox.addOrder({
    incrementId: 'EU-000000007',
    storeId: 3,
    items: [{ sku: 'shirt', type: 'configurable', qty: 2, children: [{ sku: 'shirt-m', qty: 2 }] }],
    shipments: [
      { tracks: [{ number: 'A 1', carrier: 'dhl', title: 'DHL', description: 'trackdrop:w9' }] },
      { items: [], tracks: [{ number: 'B2' }, { number: 'C3' }] },
    ],
  });
  const { orders } = looked((await shop.store.lookUp(['eu-000000007 '], never)).get('eu-000000007'));
  assert.equal(orders.length, 1);
  const [order] = orders;
  assert.equal(order?.entityId, seeded.orderId);
  assert.equal(order?.incrementId, 'EU-000000007');
  assert.equal(order?.storeId, 3);
  assert.equal(order?.state, shop.sandbox.order('EU-000000007')?.state);
  const [parent, child] = order?.items ?? [];
  assert.equal(parent?.parentItemId, null);
  assert.equal(parent?.productType, 'configurable');
  assert.equal(parent?.qtyOrdered, 2);
  assert.equal(parent?.isVirtual, false);
  assert.equal(child?.parentItemId, parent?.itemId);
  assert.deepEqual(
    order?.shipments.map(({ entityId }) => entityId),
    seeded.shipmentIds,
  );
  assert.deepEqual(
    order?.shipments.map(({ tracks }) => tracks.map(({ trackNumber }) => trackNumber)),
    [['A 1'], ['B2', 'C3']],
  );
  assert.equal(order?.shipments[0]?.tracks[0]?.description, 'trackdrop:w9');
  assert.equal(order?.shipments[1]?.tracks[0]?.description, null);
});

test('asks once only where none of the orders is there', async () => {
  await using shop = await openShop();
  const found = await shop.store.lookUp(['nope', 'nowhere'], never);
  assert.deepEqual(looked(found.get('nope')).orders, []);
  assert.deepEqual(looked(found.get('nowhere')).orders, []);
  assert.equal(shop.sandbox.counts().total, 1);
});

test('gives both orders where two store views share a number', async () => {
  await using shop = await openShop();
  for (const storeId of [1, 2]) shop.sandbox.addOrder({ incrementId: '000000001', storeId });
  const { orders } = looked((await shop.store.lookUp(['000000001'], never)).get('000000001'));
  assert.deepEqual(
    orders.map(({ storeId }) => storeId),
    [1, 2],
  );
});

test('reads as many pages of shipments as there are', async () => {
  await using shop = await openShop();
  const numbers = Array.from(
    { length: 50 },
    () =>
      shop.sandbox.addOrder({
        items: [{ qty: 5 }],
        shipments: Array(5).fill({ items: [{ index: 0, qty: 1 }] }),
      }).incrementId,
  );
  const found = await shop.store.lookUp(numbers, never);
  const { orders, shipments } = shop.sandbox.counts();
  assert.deepEqual({ orders, shipments }, { orders: 1, shipments: 3 });
  for (const number of numbers) assert.equal(looked(found.get(number)).orders[0]?.shipments.length, 5);
});

test('asks in windows of a hundred, and alone for a number with a comma', async () => {
  await using shop = await openShop();
  const numbers = shop.sandbox.generate(250);
  shop.sandbox.addOrder({ incrementId: '7,8' });
  const found = await shop.store.lookUp([...numbers, '7,8'], never);
  assert.equal(shop.sandbox.counts().orders, 4);
  assert.equal(looked(found.get('7,8')).orders.length, 1);
  assert.equal(found.size, 251);
});

test('keeps long numbers within the length of a request line', async () => {
  await using shop = await openShop();
  const numbers = Array.from({ length: 100 }, (_, index) => `${'ö'.repeat(20)}${index}`);
  for (const incrementId of numbers) shop.sandbox.addOrder({ incrementId });
  const found = await shop.store.lookUp(numbers, never);
  assert.ok(shop.sandbox.counts().orders > 1);
  assert.equal(shop.sandbox.counts().other, 0);
  for (const number of numbers) assert.equal(looked(found.get(number)).orders.length, 1);
});

test('asks once for a number that is written in two ways', async () => {
  await using shop = await openShop();
  shop.sandbox.addOrder({ incrementId: 'ab1' });
  const found = await shop.store.lookUp(['AB1', 'ab1 ', 'ab1'], never);
  assert.equal(found.size, 1);
  assert.equal(looked(found.get('ab1')).orders.length, 1);
});

test('is dated before the first question left', async () => {
  await using shop = await openShop({}, { readMs: 30 });
  const [number = ''] = shop.sandbox.generate(1);
  const beforeMs = Date.now();
  const { atMs } = looked((await shop.store.lookUp([number], never)).get(number));
  assert.ok(atMs >= beforeMs && atMs <= Date.now() - 50, 'two reads of 30 ms came after it');
});

test('asks again after a failure, and says so', async () => {
  await using shop = await openShop();
  const [number = ''] = shop.sandbox.generate(1);
  shop.sandbox.inject({
    match: { path: 'increment_id' },
    times: 2,
    fault: { kind: 'status', status: 500, body: 'json' },
  });
  const found = await shop.store.lookUp([number], never);
  assert.equal(looked(found.get(number)).orders.length, 1);
  const { orders, probe } = shop.sandbox.counts();
  assert.deepEqual({ orders, probe }, { orders: 3, probe: 2 });
  assert.deepEqual(
    shop.seen('store.retry').map(({ attempt }) => attempt),
    [1, 2],
  );
});

test('halves a window until the one order that cannot be looked up is alone', async () => {
  await using shop = await openShop();
  const numbers = shop.sandbox.generate(64);
  const poison = numbers[37] ?? '';
  shop.sandbox.inject({
    match: { path: `increment_id.*${poison}` },
    fault: { kind: 'status', status: 500, body: 'json' },
  });
  const found = await shop.store.lookUp(numbers, never);
  for (const number of numbers) {
    const result = found.get(number);
    if (number === poison) assert.deepEqual(result && 'failed' in result, true);
    else assert.equal(looked(result).orders.length, 1);
  }
  // Six sizes from 64 to 2 fail twice each, the number alone four times; six halves are well at once.
  assert.equal(shop.sandbox.counts().orders, 6 * 2 + 4 + 6);
  assert.equal(shop.seen('store.down').length, 0);
});

test('halves at once what takes too long for one answer', async () => {
  await using shop = await openShop({ timeoutMs: 1_000 });
  const numbers = shop.sandbox.generate(4);
  shop.sandbox.inject({ match: { path: `${numbers[0]}.*${numbers[1]}` }, fault: { kind: 'silence' } });
  const found = await shop.store.lookUp(numbers, never);
  for (const number of numbers) assert.equal(looked(found.get(number)).orders.length, 1);
  // Four together and two together are silent once each; then two alone, and the other two together.
  assert.equal(shop.sandbox.counts().orders, 5);
});

test('asks for as many as were answered from then on, and by and by for more', async () => {
  await using shop = await openShop();
  const numbers = shop.sandbox.generate(100);
  // Chokes on more than 30.
  shop.sandbox.inject({
    match: { path: `increment_id.*(\\d+,){30}` },
    fault: { kind: 'status', status: 413 },
  });
  const look = () => shop.store.lookUp(numbers, never);
  for (const result of (await look()).values()) looked(result);
  // A hundred and twice fifty are too many, four times 25 are not.
  assert.equal(shop.sandbox.counts().orders, 1 + 2 + 4);

  const asked = async (looks: number) => {
    shop.sandbox.resetCounts();
    for (let times = 0; times < looks; times += 1) {
      for (const result of (await look()).values()) looked(result);
    }
    return shop.sandbox.counts().orders;
  };
  assert.equal(await asked(2), 2 * 4, 'nothing that is too much is asked for');
  shop.sandbox.clearFaults();
  await asked(50);
  assert.equal(await asked(1), 1);
});

test('an order that cannot be looked up makes no small windows of the others', async () => {
  await using shop = await openShop();
  const numbers = shop.sandbox.generate(200);
  const poison = numbers.slice(40, 44);
  const path = `increment_id.*(${poison.join('|')})`;
  shop.sandbox.inject({ match: { path }, fault: { kind: 'status', status: 500, body: 'json' } });
  await shop.store.lookUp(numbers.slice(0, 100), never);
  shop.sandbox.resetCounts();
  await shop.store.lookUp(numbers.slice(100), never);
  assert.equal(shop.sandbox.counts().orders, 2, 'fifty at once were answered');
});

for (const size of [2, 8]) {
  test(`an order that cannot be looked up in a window of ${size} leaves the windows of a hundred as they are`, async () => {
    await using shop = await openShop();
    const numbers = shop.sandbox.generate(100 + size);
    const path = `increment_id.*${numbers[0]}`;
    shop.sandbox.inject({ match: { path }, fault: { kind: 'status', status: 500, body: 'json' } });
    const found = await shop.store.lookUp(numbers.slice(0, size), never);
    assert.ok('failed' in (found.get(numbers[0] ?? '') ?? {}));
    shop.sandbox.resetCounts();
    await shop.store.lookUp(numbers.slice(size), never);
    assert.equal(shop.sandbox.counts().orders, 1);
  });
}

test('asks for fewer from then on where a few orders were too much for one answer', async () => {
  await using shop = await openShop();
  const numbers = shop.sandbox.generate(16);
  shop.sandbox.inject({
    match: { path: `increment_id.*(\\d+,){4}` },
    fault: { kind: 'status', status: 504 },
  });
  await shop.store.lookUp(numbers.slice(0, 8), never);
  shop.sandbox.resetCounts();
  await shop.store.lookUp(numbers, never);
  assert.equal(shop.sandbox.counts().orders, 4);
});

test('asks for more only after windows as large as they may be, however many small ones are answered', async () => {
  await using shop = await openShop();
  const numbers = shop.sandbox.generate(100);
  const path = `increment_id.*(\\d+,){30}`;
  shop.sandbox.inject({ match: { path }, fault: { kind: 'status', status: 413 } });
  await shop.store.lookUp(numbers, never);
  for (const number of numbers.slice(0, 40)) await shop.store.lookUp([number], never);
  shop.sandbox.resetCounts();
  await shop.store.lookUp(numbers, never);
  assert.equal(shop.sandbox.counts().orders, 4, 'four times 25');
});

test('an outage of silence makes no small windows: the same question is asked again when it is over', async () => {
  await using shop = await openShop({ timeoutMs: 500 });
  const numbers = shop.sandbox.generate(100);
  // The look, and the probe after it.
  shop.sandbox.inject({ match: {}, times: 2, fault: { kind: 'silence' } });
  for (const result of (await shop.store.lookUp(numbers, never)).values()) looked(result);
  assert.equal(shop.seen('store.down').length, 1);
  assert.equal(shop.sandbox.counts().orders, 2);
  await shop.store.lookUp(numbers, never);
  assert.equal(shop.sandbox.counts().orders, 3);
});

test('asks for a number without the blanks around it', async () => {
  await using shop = await openShop();
  shop.sandbox.addOrder({ incrementId: 'ab1' });
  const found = await shop.store.lookUp(['  ab1\t'], never);
  assert.equal(looked(found.get('ab1')).orders.length, 1);
});

test('a shop that answers for no order at all keeps its windows', async () => {
  await using shop = await openShop({ retry: { attempts: 1, firstDelayMs: 1, maxDelayMs: 1 } });
  const numbers = shop.sandbox.generate(8);
  const fault = { kind: 'status', status: 500, body: 'json' } as const;
  shop.sandbox.inject({ match: { path: 'increment_id' }, fault });
  for (const result of (await shop.store.lookUp(numbers, never)).values()) assert.ok('failed' in result);
  shop.sandbox.clearFaults();
  shop.sandbox.resetCounts();
  await shop.store.lookUp(numbers, never);
  assert.equal(shop.sandbox.counts().orders, 1);
});

for (const status of [413, 414, 504]) {
  test(`halves at once what is answered with ${status}`, async () => {
    await using shop = await openShop();
    const numbers = shop.sandbox.generate(4);
    const path = `${numbers[0]}.*${numbers[3]}`;
    shop.sandbox.inject({ match: { path }, fault: { kind: 'status', status } });
    const found = await shop.store.lookUp(numbers, never);
    for (const number of numbers) assert.equal(looked(found.get(number)).orders.length, 1);
    assert.equal(shop.sandbox.counts().orders, 3);
  });
}

test('reads 250 shipments of one order, in three pages', async () => {
  await using shop = await openShop();
  const shipments = Array.from({ length: 250 }, (_, n) => ({
    items: [{ index: 0, qty: 1 }],
    tracks: [{ number: `N${n}` }],
  }));
  const { incrementId } = shop.sandbox.addOrder({ items: [{ qty: 250 }], shipments });
  const [order] = looked((await shop.store.lookUp([incrementId], never)).get(incrementId)).orders;
  assert.deepEqual(
    order?.shipments.map(({ tracks }) => tracks[0]?.trackNumber),
    shipments.map(({ tracks }) => tracks[0]?.number),
  );
  assert.equal(shop.sandbox.counts().shipments, 3);
});

test('gives up on a single order that is always refused, with the words of the store', async () => {
  await using shop = await openShop();
  const [number = ''] = shop.sandbox.generate(1);
  shop.sandbox.inject({
    match: { path: 'increment_id' },
    fault: { kind: 'status', status: 400, body: 'json' },
  });
  const found = await shop.store.lookUp([number], never);
  const look = found.get(number);
  assert.ok(look && 'failed' in look);
  assert.match(
    look.failed,
    /^looked up 4 times in vain, .*\. Last of all: The request is refused\. Once the shop/,
  );
  assert.equal(shop.sandbox.counts().orders, 4, 'tried as often as reads are');
});

test('fails an empty number without asking', async () => {
  await using shop = await openShop();
  const found = await shop.store.lookUp([' ', '\ud800'], never);
  assert.ok([...found.values()].every((result) => 'failed' in result));
  assert.equal(shop.sandbox.counts().total, 0);
});

test('leaves when its signal fires, also during a pause between attempts', async () => {
  await using shop = await openShop({ retry: { attempts: 9, firstDelayMs: 60_000, maxDelayMs: 60_000 } });
  shop.sandbox.inject({
    match: { path: 'increment_id' },
    fault: { kind: 'status', status: 500, body: 'json' },
  });
  const stop = new AbortController();
  const result = shop.store.lookUp(['1'], stop.signal);
  await shop.events.next('store.retry');
  stop.abort();
  await assert.rejects(result, StoppedError);
});
