import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StoppedError } from '../../src/domain/failure.ts';
import type { Ship } from '../../src/domain/write.ts';
import { shipAll } from '../domain/orders.ts';
import { addTrack, intend, never, openShop } from './harness.ts';

test('adds a track to a shipment, with the mark of its write', async () => {
  await using shop = await openShop();
  const order = shop.sandbox.addOrder({ shipments: [{}] });
  const answer = await shop.track(order, '1Z 999');
  const [track] = shop.sandbox.tracks();
  assert.deepEqual(answer, { kind: 'done', shipmentId: order.shipmentIds[0], trackId: track?.entityId });
  assert.equal(track?.trackNumber, '1Z 999');
  assert.equal(track?.carrierCode, 'dhl');
  assert.equal(track?.title, 'DHL');
  assert.equal(track?.description, 'trackdrop:w1');
  assert.equal(shop.sandbox.counts().total, 1);
});

for (const shipAnswer of ['string', 'number'] as const) {
  test(`ships an order with all its tracks in one call, the id coming as a ${shipAnswer}`, async () => {
    await using shop = await openShop({}, { shipAnswer });
    const { orderId } = shop.sandbox.addOrder({ items: [{ qty: 3 }] });
    const parcels = ['A', 'B'].map((trackingNumber) => ({
      trackingNumber,
      carrierCode: 'ups',
      title: 'UPS',
    }));
    const ship: Ship = shipAll(orderId, parcels);
    const answer = await shop.store.write(ship, () => 'w1', never);
    const [shipment] = shop.sandbox.shipments();
    assert.deepEqual(answer, { kind: 'done', shipmentId: shipment?.entityId, trackId: null });
    assert.deepEqual(shipment?.trackNumbers, ['A', 'B']);
    assert.equal(shipment?.items[0]?.qty, 3);
    assert.equal(shipment?.mails, 0);
    assert.equal(shop.sandbox.counts().total, 1);
  });
}

test('takes a track back', async () => {
  await using shop = await openShop();
  const order = shop.sandbox.addOrder({ shipments: [{ tracks: [{ number: 'A' }, { number: 'A' }] }] });
  const [shipmentId = 0] = order.shipmentIds;
  const [trackId = 0] = order.trackIds;
  const answer = await shop.store.write(
    { kind: 'untrack', orderId: order.orderId, shipmentId, trackId, trackingNumber: 'A' },
    () => 'w1',
    never,
  );
  assert.deepEqual(answer, { kind: 'done', shipmentId, trackId });
  assert.equal(shop.sandbox.tracks().length, 1);
});

test('has the customer mailed about a shipment', async () => {
  await using shop = await openShop();
  const { orderId, shipmentIds } = shop.sandbox.addOrder({ shipments: [{}] });
  const [shipmentId = 0] = shipmentIds;
  const mail = { kind: 'mail', orderId, shipmentId, trackingNumbers: ['A'] } as const;
  assert.deepEqual(await shop.store.write(mail, () => 'w1', never), {
    kind: 'done',
    shipmentId,
    trackId: null,
  });
  assert.equal(shop.sandbox.shipments()[0]?.mails, 1);
});

test('does not know of a mail that the shop leaves to its cron, and blames nobody', async () => {
  await using shop = await openShop({}, { mailsByCron: true });
  const { orderId, shipmentIds } = shop.sandbox.addOrder({ shipments: [{}] });
  const [shipmentId = 0] = shipmentIds;
  const mail = { kind: 'mail', orderId, shipmentId, trackingNumbers: ['A'] } as const;
  const answer = await shop.store.write(mail, () => 'w1', never);
  assert.equal(answer.kind, 'uncertain');
  assert.match('message' in answer ? answer.message : '', /has not mailed the customer; it may do so later/);
  assert.equal(shop.seen('store.down').length, 0);
});

test('says in the words of Magento why it refused', async () => {
  await using shop = await openShop();
  const { orderId } = shop.sandbox.addOrder({ state: 'canceled', items: [{ qty: 1, qtyCanceled: 1 }] });
  const parcels = [{ trackingNumber: 'A', carrierCode: 'ups', title: 'UPS' }];
  const answer = await shop.store.write(shipAll(orderId, parcels), () => 'w1', never);
  assert.equal(answer.kind, 'refused');
  assert.match('message' in answer ? answer.message : '', /status of canceled/);
  assert.equal(await shop.store.wasWell(answer, never), true);
});

test('refuses by itself what Magento would spoil, without an intent and without a request', async () => {
  await using shop = await openShop();
  const order = shop.sandbox.addOrder({ shipments: [{}] });
  const good = addTrack(order, 'A');
  const bad = [
    { ...good, trackingNumber: '' },
    { ...good, trackingNumber: ' ' },
    { ...good, trackingNumber: '0' },
    { ...good, trackingNumber: 'A😀' },
    { ...good, trackingNumber: 'A\ud800' },
    { ...good, trackingNumber: 'A\nB' },
    { ...good, trackingNumber: 'A\u0000' },
    { ...good, trackingNumber: 'é'.repeat(32_768) },
    { ...good, carrierCode: '' },
    { ...good, carrierCode: 'c'.repeat(33) },
    { ...good, carrierCode: '0' },
    { ...good, carrierCode: 'dhl\t' },
    { ...good, carrierCode: 'dhl😀' },
    { ...good, orderId: 0 },
    { ...good, shipmentId: Number.NaN },
    { ...good, orderId: 1.5 },
    shipAll(order.orderId, []),
    shipAll(order.orderId, [good], { items: [{ orderItemId: 0, qty: 1 }] }),
    shipAll(order.orderId, [good], { items: [{ orderItemId: 1, qty: 0 }] }),
    { kind: 'untrack', orderId: 1, shipmentId: 1, trackId: -1, trackingNumber: 'A' } as const,
    { kind: 'mail', orderId: 1, shipmentId: 0, trackingNumbers: ['A'] } as const,
  ];
  for (const action of bad) {
    const answer = await shop.store.write(action, () => intend(shop.intents), never);
    assert.equal(answer.kind, 'refused', JSON.stringify(action).slice(0, 200));
  }
  assert.deepEqual(shop.intents, []);
  assert.equal(shop.sandbox.counts().total, 0);
});

test('shortens a title to what Magento can store', async () => {
  await using shop = await openShop();
  const order = shop.sandbox.addOrder({ shipments: [{}] });
  const action = { ...addTrack(order, 'A'), title: `😀Käse\r\npost ${'x'.repeat(300)}` };
  await shop.store.write(action, () => 'w1', never);
  assert.equal(shop.sandbox.tracks()[0]?.title, `Käse post ${'x'.repeat(245)}`);
});

test('sends as it is what Magento keeps as it is', async () => {
  await using shop = await openShop();
  const order = shop.sandbox.addOrder({ shipments: [{}] });
  const numbers = [
    '<script>alert(1)</script>',
    '  T-SP  ',
    'Ünïcødé-日本',
    '1234567890123',
    'é'.repeat(32_767),
  ];
  for (const number of numbers) assert.equal((await shop.track(order, number)).kind, 'done');
  assert.deepEqual(
    shop.sandbox.tracks().map(({ trackNumber }) => trackNumber),
    numbers,
  );
});

test('a store that is read only gets no write, and no intent is written', async () => {
  await using shop = await openShop({ readOnly: true });
  const order = shop.sandbox.addOrder({ shipments: [{}] });
  const answer = await shop.store.write(addTrack(order, 'A'), () => intend(shop.intents), never);
  const [id] = order.shipmentIds;
  assert.deepEqual(answer, {
    kind: 'refused',
    message: `store test is read only (readOnly: true); the number would have been added to the shipment with id ${id}`,
  });
  assert.equal((await shop.store.lookUp([order.incrementId], never)).size, 1);
  assert.deepEqual(shop.intents, []);
  assert.equal(shop.sandbox.tracks().length, 0);
});

const UNCERTAIN = [
  ['a connection that is cut before the effect', { kind: 'resetBefore' }, 0],
  ['a connection that is cut after the effect', { kind: 'resetAfter' }, 1],
  ['a 500 after the effect', { kind: 'statusAfter', status: 500 }, 1],
  ['a 503 after the effect', { kind: 'statusAfter', status: 503 }, 1],
  ['a 502 before it', { kind: 'status', status: 502 }, 0],
  ['HTML with status 200 after the effect', { kind: 'garbled' }, 1],
  ['JSON that is cut off, with status 200', { kind: 'garbled', as: 'json' }, 1],
  ['a body that is cut off after the effect', { kind: 'cut' }, 1],
] as const;

for (const [what, fault, tracks] of UNCERTAIN) {
  test(`is uncertain after ${what}, and counts while the store is well`, async () => {
    await using shop = await openShop();
    const order = shop.sandbox.addOrder({ shipments: [{}] });
    shop.sandbox.inject({ match: { path: 'shipment/track' }, times: 1, fault });
    const answer = await shop.track(order, 'A');
    assert.equal(answer.kind, 'uncertain');
    assert.equal(await shop.store.wasWell(answer, never), true);
    assert.equal(shop.sandbox.tracks().length, tracks);
    const { track, probe } = shop.sandbox.counts();
    // The second one is the question whether tracks are taken, which cannot take effect.
    assert.deepEqual({ track, probe }, { track: 2, probe: 1 });
    assert.equal(shop.seen('store.down').length, 0);
  });
}

test('is uncertain after a silence that is longer than the timeout', async () => {
  await using shop = await openShop({ timeoutMs: 150 });
  const order = shop.sandbox.addOrder({ shipments: [{}] });
  shop.sandbox.inject({ match: { path: 'shipment/track' }, times: 1, fault: { kind: 'silence' } });
  const answer = await shop.track(order, 'A');
  assert.deepEqual(answer, { kind: 'uncertain', message: 'no answer within 0.15 s' });
  assert.equal(await shop.store.wasWell(answer, never), true);
});

test('is uncertain after the refusal that says nothing, without asking whether the store is up', async () => {
  await using shop = await openShop();
  const order = shop.sandbox.addOrder({ shipments: [{}] });
  const other = shop.sandbox.addOrder({ shipments: [{}] });
  const answer = await shop.track({ ...order, shipmentIds: other.shipmentIds }, 'A');
  assert.deepEqual(answer, { kind: 'uncertain', message: 'Could not save the shipment tracking.' });
  assert.equal(await shop.store.wasWell(answer, never), true);
  assert.equal(shop.sandbox.counts().probe, 0);
});

test('never has more requests on the wire than workers, looks among them', async () => {
  await using shop = await openShop({ workers: 3 }, { readMs: 2, writeMs: 5 });
  const orders = Array.from({ length: 40 }, () => shop.sandbox.addOrder({ shipments: [{}] }));
  await Promise.all([
    ...orders.map((order, index) => shop.track(order, `N${index}`)),
    ...orders.map((order) => shop.store.lookUp([order.incrementId], never)),
  ]);
  assert.equal(shop.sandbox.counts().mostConcurrent, 3);
  assert.equal(shop.sandbox.tracks().length, 40);
});

test('lets looks go before writes that wait', async () => {
  await using shop = await openShop({ workers: 1 }, { writeMs: 10 });
  const order = shop.sandbox.addOrder({ shipments: [{}] });
  const writes = Promise.all(['A', 'B', 'C', 'D'].map((number) => shop.track(order, number)));
  await shop.store.lookUp([order.incrementId], never);
  assert.ok(shop.sandbox.tracks().length <= 2, 'the look waited for one write, at most for two');
  await writes;
});

test('writes the intent in the moment of sending, in the order of asking', async () => {
  await using shop = await openShop({ workers: 1 }, { writeMs: 5 });
  const order = shop.sandbox.addOrder({ shipments: [{}] });
  const moments: number[] = [];
  const writes = ['A', 'B', 'C'].map((number) =>
    shop.store.write(
      addTrack(order, number),
      () => {
        moments.push(shop.store.onTheWire);
        return number;
      },
      never,
    ),
  );
  await Promise.all(writes);
  assert.deepEqual(moments, [0, 0, 0], 'the one before was answered');
  assert.deepEqual(
    shop.sandbox.tracks().map(({ description }) => description),
    ['trackdrop:A', 'trackdrop:B', 'trackdrop:C'],
  );
});

test('sends nothing before the intent is on record', async () => {
  await using shop = await openShop();
  const order = shop.sandbox.addOrder({ shipments: [{}] });
  const onRecord = Promise.withResolvers<string>();
  const write = shop.store.write(addTrack(order, 'A'), () => onRecord.promise, never);
  // Whatever left before it has arrived before it.
  await shop.store.lookUp([order.incrementId], never);
  assert.equal(shop.sandbox.counts().track, 0);
  onRecord.resolve('w1');
  assert.equal((await write).kind, 'done');
  assert.equal(shop.sandbox.tracks()[0]?.description, 'trackdrop:w1');
});

test('sends nothing when the intent cannot be written', async () => {
  await using shop = await openShop();
  const order = shop.sandbox.addOrder({ shipments: [{}] });
  const full = () => {
    throw new Error('disk full');
  };
  await assert.rejects(shop.store.write(addTrack(order, 'A'), full, never), /disk full/);
  assert.equal(shop.sandbox.counts().total, 0);
});

test('a stop takes what waits out of the queue, and lets what is on the wire finish', async () => {
  await using shop = await openShop({ workers: 1 }, { writeMs: 50 });
  const order = shop.sandbox.addOrder({ shipments: [{}] });
  const stop = new AbortController();
  const send = (number: string) =>
    shop.store.write(addTrack(order, number), () => intend(shop.intents), stop.signal);
  const first = send('A');
  const second = send('B');
  stop.abort();
  await assert.rejects(second, StoppedError);
  assert.equal(shop.store.onTheWire, 1);
  assert.equal((await first).kind, 'done');
  assert.equal(shop.store.onTheWire, 0);
  assert.deepEqual(shop.intents, ['w1']);
});

test('leaves an intent open when it is disposed of with a write on the wire', async () => {
  const shop = await openShop({}, { writeMs: 2_000 });
  const order = shop.sandbox.addOrder({ shipments: [{}] });
  const write = shop.track(order, 'A');
  while (shop.sandbox.counts().track === 0) await new Promise(setImmediate);
  const rejected = assert.rejects(write, StoppedError);
  await shop[Symbol.asyncDispose]();
  await rejected;
});
