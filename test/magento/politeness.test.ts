import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { StoppedError } from '../../src/domain/failure.ts';
import type { Ship } from '../../src/domain/write.ts';
import { RIGHTS } from '../../src/sandbox/caller.ts';
import type { FaultRule } from '../../src/sandbox/faults.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { shipAll } from '../domain/orders.ts';
import { fasterClock } from '../faster-clock.ts';
import { addTrack, never, openShop, type Shop } from './harness.ts';

const parcels = [{ trackingNumber: 'S', carrierCode: 'dhl', title: 'DHL' }];
const shipmentOf = (orderId: number): Ship => shipAll(orderId, parcels);

const tooMany: FaultRule = { match: { path: 'V1' }, times: 15, fault: { kind: 'status', status: 429 } };
const unavailable: FaultRule = { match: { path: 'V1' }, times: 15, fault: { kind: 'status', status: 503 } };

/** Looks, tracks and shipments in some number, each to its end, sent again for as long as it was not sent. */
async function everything(shop: Shop): Promise<void> {
  const shipped = Array.from({ length: 20 }, () => shop.sandbox.addOrder({ shipments: [{}] }));
  const open = Array.from({ length: 10 }, () => shop.sandbox.addOrder());
  const write = async (action: Parameters<typeof shop.store.write>[0]) => {
    for (;;) {
      const answer = await shop.store.write(action, () => 'w', never);
      await shop.store.wasWell(answer, never);
      if (answer.kind !== 'unsent') return;
    }
  };
  await Promise.all([
    ...shipped.map((order) => shop.store.lookUp([order.incrementId], never)),
    ...shipped.map((order) => write(addTrack(order, 'T'))),
    ...open.map((order) => write(shipmentOf(order.orderId))),
  ]);
}

const troubles: readonly (readonly [string, (shop: Shop) => Promise<unknown>])[] = [
  ['all is well', async () => {}],
  ['it answers 429', async ({ sandbox }) => sandbox.inject(tooMany)],
  ['it answers 503, to the probe too', async ({ sandbox }) => sandbox.inject(unavailable)],
  [
    'it is down for a while',
    async ({ sandbox, events }) => {
      sandbox.maintenance(true);
      for (let times = 0; times < 3; times += 1) await events.next('store.still-down');
      sandbox.maintenance(false);
    },
  ],
  [
    'rights are missing for a while',
    async ({ sandbox, events }) => {
      sandbox.setRights(sandbox.bearer, ['Magento_Sales::actions_view']);
      for (let times = 0; times < 6; times += 1) await events.next('store.right-still-missing');
      sandbox.setRights(sandbox.bearer, RIGHTS);
    },
  ],
];

for (const [what, trouble] of troubles) {
  for (const workers of [1, 3]) {
    test(`never more than ${workers} at once, whatever they are, while ${what}`, async () => {
      await using shop = await openShop({ workers }, { readMs: 2, writeMs: 2 });
      const over = trouble(shop);
      await Promise.all([everything(shop), over]);
      assert.ok(shop.sandbox.counts().mostConcurrent <= workers);
      assert.equal(shop.sandbox.counts().mostConcurrent, workers, 'and all of them work');
    });
  }
}

test('a probe and a question for a right wait for a worker, as everything does', async () => {
  const rights = RIGHTS.filter((right) => right !== 'Magento_Sales::ship');
  await using shop = await openShop({ workers: 1 }, { rights, writeMs: 100 });
  const order = shop.sandbox.addOrder({ shipments: [{}] });
  await shop.store.write(shipmentOf(order.orderId), () => 'w', never);
  // On the wire for much longer than the pause before the question.
  const track = shop.track(order, 'A');
  const probe = shop.store.probe(never);
  await setImmediate();
  assert.equal(shop.store.onTheWire, 1);
  await Promise.all([probe, shop.events.next('store.right-still-missing'), track]);
  assert.equal(shop.sandbox.counts().mostConcurrent, 1);
});

for (const status of [429, 503]) {
  test(`a burst of ${status} halves the requests at once, once; calls that come through bring them back one by one`, async () => {
    await using shop = await openShop({ workers: 4 }, { writeMs: 5 });
    const order = shop.sandbox.addOrder({ shipments: [{}] });
    shop.sandbox.inject({ match: { path: 'shipment/track' }, times: 4, fault: { kind: 'status', status } });
    const answers = await Promise.all([1, 2, 3, 4].map((n) => shop.track(order, `A${n}`)));
    assert.equal(answers.filter(({ kind }) => kind !== 'done').length, 4);
    const numbers = () => shop.seen('store.slower').map(({ workers }) => workers);
    assert.deepEqual(numbers(), [2]);

    await Promise.all(answers.map((answer) => shop.store.wasWell(answer, never)));
    shop.sandbox.resetCounts();
    await Promise.all(Array.from({ length: 10 }, (_, n) => shop.track(order, `B${n}`)));
    assert.equal(shop.sandbox.counts().mostConcurrent, 2);
    await Promise.all(Array.from({ length: 30 }, (_, n) => shop.track(order, `C${n}`)));
    assert.equal(shop.sandbox.counts().mostConcurrent, 4);
    assert.deepEqual(
      shop.seen('store.faster').map(({ workers }) => workers),
      [3, 4],
    );
    assert.deepEqual(numbers(), [2]);
  });
}

test('burst after burst leaves one request at a time, and no fewer', async () => {
  await using shop = await openShop({ workers: 5 });
  const order = shop.sandbox.addOrder({ shipments: [{}] });
  shop.sandbox.inject({ ...tooMany, times: 6 });
  for (let times = 0; times < 6; times += 1) await shop.track(order, 'A');
  assert.deepEqual(
    shop.seen('store.slower').map(({ workers }) => workers),
    [3, 2, 1],
  );
  assert.equal((await shop.track(order, 'A')).kind, 'done');
});

test('a burst of 429 is one rest, not one for each answer', async () => {
  await using shop = await openShop({ workers: 5 });
  const order = shop.sandbox.addOrder({ shipments: [{}] });
  shop.sandbox.inject({ ...tooMany, times: 5 });
  await Promise.all([1, 2, 3, 4, 5].map((n) => shop.track(order, `A${n}`)));
  assert.deepEqual(
    shop.seen('store.retry').map(({ attempt }) => attempt),
    [1],
  );
});

test('a rest that the store asks for by a date ends at that date', async () => {
  await using shop = await openShop();
  const order = shop.sandbox.addOrder({ shipments: [{}] });
  const at = new Date(Date.now() + 60_000);
  const retryAfter = at.toUTCString();
  shop.sandbox.inject({ match: {}, times: 1, fault: { kind: 'status', status: 429, retryAfter } });
  const sentAtMs = Date.now();
  await shop.track(order, 'A');
  const [rest] = shop.seen('store.retry');
  // A date tells whole seconds.
  const leftMs = Math.floor(at.getTime() / 1_000) * 1_000 - sentAtMs;
  assert.ok(rest && rest.delayMs <= leftMs && rest.delayMs > 0, `${rest?.delayMs} of ${leftMs}`);
});

for (const [maxRequestsPerSecond, times] of [
  [50, 1],
  [0.5, 100],
] as const) {
  test(`never more than ${maxRequestsPerSecond} requests a second, spread evenly, probes and all`, async () => {
    const clock = fasterClock(times);
    await using shop = await openShop({ maxRequestsPerSecond }, {}, clock);
    const order = shop.sandbox.addOrder({ shipments: [{}] });
    shop.sandbox.inject({ match: { path: 'V1', every: 4 }, fault: { kind: 'status', status: 503 } });
    const startMs = clock.nowMs();
    const track = async (n: number) => {
      const answer = await shop.track(order, `A${n}`);
      await shop.store.wasWell(answer, never);
      // Measured after the count was taken: the time can only be too long, never too short.
      const { total } = shop.sandbox.counts();
      const mostByNow = 1 + Math.floor(((clock.nowMs() - startMs) / 1_000) * maxRequestsPerSecond);
      assert.ok(total <= mostByNow, `${total} requests where ${mostByNow} were allowed`);
    };
    await Promise.all(Array.from({ length: 12 }, (_, n) => track(n)));
    assert.ok(shop.sandbox.counts().probe >= 3);
  });
}

test('sign-ins, and requests that are sent again after them, count for the rate', async () => {
  const clock = fasterClock(10);
  await using sandbox = await startSandbox();
  const auth = { kind: 'admin', ...sandbox.admin, otpSecret: null } as const;
  await using shop = await openShop({ url: sandbox.url, auth, maxRequestsPerSecond: 5 }, {}, clock);
  const order = sandbox.addOrder({ shipments: [{}] });
  const startMs = clock.nowMs();
  for (let n = 0; n < 6; n += 1) {
    sandbox.expireAdminTokens();
    assert.equal((await shop.track(order, `A${n}`)).kind, 'done');
    const { total } = sandbox.counts();
    const mostByNow = 1 + Math.floor(((clock.nowMs() - startMs) / 1_000) * 5);
    assert.ok(total <= mostByNow, `${total} requests where ${mostByNow} were allowed`);
  }
  // One sign-in at first; then each write is refused, signed in for, and sent again.
  assert.deepEqual([sandbox.counts().signIn, sandbox.counts().track], [6, 11]);
});

test('a write that became too late for its new token is not sent, and the store is not doubted', async () => {
  const clock = fasterClock(100);
  await using sandbox = await startSandbox();
  const auth = { kind: 'admin', ...sandbox.admin, otpSecret: null } as const;
  // The next request may leave 10 s after the first.
  await using shop = await openShop({ url: sandbox.url, auth, maxRequestsPerSecond: 0.1 }, {}, clock);
  const order = sandbox.addOrder({ shipments: [{}] });
  assert.equal((await shop.track(order, 'A')).kind, 'done');
  sandbox.expireAdminTokens();
  const answer = await shop.track(order, 'B');
  assert.equal(answer.kind, 'unsent');
  assert.equal(await shop.store.wasWell(answer, never), false, 'it does not count against the row');
  assert.equal((await shop.track(order, 'B')).kind, 'done');
  assert.deepEqual([shop.seen('store.probing').length, sandbox.counts().probe], [0, 0]);
  assert.equal(sandbox.counts().total, 2 + 2 + 1);
});

test('refused credentials end all asking: what waits goes on waiting, and nothing fails', async () => {
  await using sandbox = await startSandbox();
  const { username } = sandbox.admin;
  const auth = { kind: 'admin', username, password: 'wrong-and-secret-1', otpSecret: null } as const;
  await using shop = await openShop({ url: sandbox.url, auth });
  const said = shop.events.next('store.sign-in-refused');
  const answer = await shop.store.write(addTrack({ orderId: 1, shipmentIds: [1] }, 'A'), () => 'w1', never);
  assert.equal(answer.kind, 'unsent');
  assert.doesNotMatch((await said).message, /wrong-and-secret/);
  const stop = new AbortController();
  const waiting = [
    shop.store.wasWell(answer, stop.signal),
    shop.store.lookUp(['1'], stop.signal),
    shop.store.write(addTrack({ orderId: 1, shipmentIds: [1] }, 'B'), () => 'w2', stop.signal),
  ];
  await assert.rejects(shop.store.probe(never), { code: 'not-allowed', hint: /auth/ });
  assert.equal(sandbox.counts().total, 1, 'the one sign-in');
  assert.equal(shop.seen('store.sign-in-refused').length, 1);
  stop.abort();
  for (const call of waiting) await assert.rejects(call, StoppedError);
});
