import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { StoreError } from '../../src/domain/failure.ts';
import { never, openShop } from './harness.ts';

test('refused connections: the write was not sent, and work goes on when the store is back', async () => {
  await using shop = await openShop();
  const order = shop.sandbox.addOrder({ shipments: [{}] });
  await shop.sandbox.goDown();
  const down = shop.events.next('store.down');
  const stillDown = shop.events.next('store.still-down');
  const answer = await shop.track(order, 'A');
  assert.equal(answer.kind, 'unsent');
  const well = shop.store.wasWell(answer, never);
  assert.match((await down).message, /nobody listens at/);
  assert.ok((await stillDown).nextProbeMs > 0);
  const waiting = shop.track(order, 'B');
  const looking = shop.store.lookUp([order.incrementId], never);
  await shop.sandbox.comeBack();
  assert.equal(await well, false);
  assert.equal((await waiting).kind, 'done');
  assert.ok(shop.store.resumedAtMs > 0);
  const look = (await looking).get(order.incrementId);
  assert.ok(look && 'orders' in look && look.atMs >= shop.store.resumedAtMs);
  assert.equal(shop.seen('store.down').length, 1);
  assert.equal(shop.seen('store.up').length, 1);
});

for (const outage of ['maintenance', 'php', 'database'] as const) {
  test(`${outage} down: nothing is asked but the probe, and nothing fails`, async () => {
    await using shop = await openShop();
    const numbers = shop.sandbox.generate(3, { shipped: true });
    shop.sandbox.set({ outage });
    const looks = numbers.map((number) => shop.store.lookUp([number], never));
    for (let times = 0; times < 3; times += 1) await shop.events.next('store.still-down');
    assert.ok(shop.sandbox.counts().orders <= 3, 'those on the wire when it was found to be down');
    shop.sandbox.set({ outage: null });
    for (const [index, look] of looks.entries()) {
      const result = (await look).get(numbers[index] ?? '');
      assert.ok(result && 'orders' in result && result.orders.length === 1);
    }
    assert.equal(shop.seen('store.down').length, 1);
    assert.equal(shop.seen('store.retry').length, 0, 'no attempt counted');
  });
}

test('a shop that refuses every question, the probe too, is down: nothing fails', async () => {
  await using shop = await openShop();
  const [number = ''] = shop.sandbox.generate(1, { shipped: true });
  const message = 'Request does not match any route.';
  shop.sandbox.inject({ match: { path: '/V1/' }, fault: { kind: 'status', status: 404, message } });
  const look = shop.store.lookUp([number], never);
  for (let times = 0; times < 5; times += 1) await shop.events.next('store.still-down');
  shop.sandbox.clearFaults();
  const result = (await look).get(number);
  assert.ok(result && 'orders' in result && result.orders.length === 1);
  assert.deepEqual(
    shop.seen('store.down').map((event) => event.message),
    [`Magento answered 404: ${message}`],
  );
});

test('a look that is refused while the store is well is tried as often as others are', async () => {
  await using shop = await openShop();
  const [number = ''] = shop.sandbox.generate(1, { shipped: true });
  const fault = { kind: 'status', status: 404, message: 'Request does not match any route.' } as const;
  shop.sandbox.inject({ match: { path: 'increment_id' }, times: 3, fault });
  const result = (await shop.store.lookUp([number], never)).get(number);
  assert.ok(result && 'orders' in result);
  assert.equal(shop.seen('store.retry').length, 3);
  assert.equal(shop.seen('store.down').length, 0);
});

test('a write that failed while the store was down does not count, though it is uncertain', async () => {
  await using shop = await openShop();
  const order = shop.sandbox.addOrder({ shipments: [{}] });
  shop.sandbox.maintenance(true);
  const answer = await shop.track(order, 'A');
  assert.equal(answer.kind, 'uncertain');
  const well = shop.store.wasWell(answer, never);
  await shop.events.next('store.still-down');
  shop.sandbox.maintenance(false);
  assert.equal(await well, false);
});

test('too many requests: all of them rest for as long as the store asks', async () => {
  await using shop = await openShop();
  const order = shop.sandbox.addOrder({ shipments: [{}] });
  shop.sandbox.inject({
    match: { path: 'shipment/track' },
    times: 1,
    fault: { kind: 'status', status: 429, retryAfter: 1 },
  });
  const answer = await shop.track(order, 'A');
  const startedAt = performance.now();
  assert.equal(answer.kind, 'unsent');
  assert.equal(await shop.store.wasWell(answer, never), false);
  const [second, look] = await Promise.all([
    shop.track(order, 'A'),
    shop.store.lookUp([order.incrementId], never),
  ]);
  assert.ok(performance.now() - startedAt >= 950);
  assert.equal(second.kind, 'done');
  assert.equal(look.size, 1);
  assert.deepEqual(
    shop.seen('store.retry').map(({ delayMs }) => delayMs),
    [1_000],
  );
  assert.equal(shop.sandbox.counts().track, 2);
});

test('too many requests without a rest of their own: the rests grow, and no look fails', async () => {
  await using shop = await openShop();
  const [number = ''] = shop.sandbox.generate(1);
  shop.sandbox.inject({ match: { path: 'increment_id' }, times: 8, fault: { kind: 'status', status: 429 } });
  const look = (await shop.store.lookUp([number], never)).get(number);
  assert.ok(look && 'orders' in look);
  const delays = shop.seen('store.retry').map(({ delayMs }) => delayMs);
  assert.equal(delays.length, 8);
  assert.ok((delays[7] ?? 0) >= 50 && (delays[0] ?? 99) <= 20, String(delays));
});

/** Something before the shop that sends requests elsewhere. */
async function redirecting(): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((_, res) => {
    res.writeHead(301, { location: 'https://www.shop.example/rest?secret=1' }).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

test('follows no redirect: rows wait, and the message says where it points', async () => {
  await using elsewhere = await redirecting();
  await using shop = await openShop({ url: elsewhere.url });
  const down = shop.events.next('store.down');
  const answer = await shop.track({ orderId: 1, shipmentIds: [1] }, 'A');
  assert.equal(
    answer.kind,
    'uncertain',
    'a proxy may have passed it on, and redirected for want of an answer',
  );
  assert.match((await down).message, /points to https:\/\/www\.shop\.example\/rest$/);
  await assert.rejects(shop.store.probe(never), (error) => {
    assert.ok(error instanceof StoreError);
    assert.equal(error.code, 'not-allowed');
    assert.match(error.message, /points to https/);
    return true;
  });
});

test('a write that reaches nobody, at a store that answers right after, does not count and is tried in growing rests', async () => {
  await using shop = await openShop();
  const order = shop.sandbox.addOrder({ shipments: [{}] });
  let back = Promise.resolve();
  // Told before the questions leave: they find somebody there.
  shop.events.on('store.probing', () => {
    back = shop.sandbox.comeBack();
  });
  const startedAt = performance.now();
  for (let times = 0; times < 5; times += 1) {
    await shop.sandbox.goDown();
    const answer = await shop.track(order, 'A');
    assert.equal(answer.kind, 'unsent');
    assert.equal(await shop.store.wasWell(answer, never), false);
    await back;
  }
  assert.ok(performance.now() - startedAt >= 10 + 20 + 40 + 50, 'half of each rest is certain');
  assert.equal(shop.seen('store.down').length, 0);
  assert.equal(shop.seen('store.retry').length, 5);
});

test('a 503 with Retry-After lets everything rest for that time', async () => {
  await using shop = await openShop();
  const order = shop.sandbox.addOrder({ shipments: [{}] });
  shop.sandbox.inject({
    match: { path: 'shipment/track' },
    times: 1,
    fault: { kind: 'status', status: 503, retryAfter: 1 },
  });
  const startedAt = performance.now();
  const answer = await shop.track(order, 'A');
  assert.equal(answer.kind, 'uncertain');
  assert.equal(await shop.store.wasWell(answer, never), true);
  assert.equal((await shop.store.lookUp([order.incrementId], never)).size, 1);
  assert.ok(performance.now() - startedAt >= 950);
});

test('a probe says whether nobody is there', async () => {
  await using shop = await openShop();
  await shop.store.probe(never);
  await shop.sandbox.goDown();
  await assert.rejects(shop.store.probe(never), { code: 'unreachable' });
});

test('a disposed store leaves no probe behind, even in the middle of an outage', async () => {
  const shop = await openShop();
  const order = shop.sandbox.addOrder({ shipments: [{}] });
  await shop.sandbox.goDown();
  const answer = await shop.track(order, 'A');
  const well = shop.store.wasWell(answer, never);
  await shop[Symbol.asyncDispose]();
  assert.equal(await well, false);
});
