import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { Ship } from '../../src/domain/write.ts';
import type { Failing } from '../../src/events/store-events.ts';
import { RIGHTS } from '../../src/sandbox/caller.ts';
import type { Fault } from '../../src/sandbox/faults.ts';
import { shipAll } from '../domain/orders.ts';
import { addTrack, never, openShop, type Shop } from './harness.ts';

const parcels = [{ trackingNumber: 'S', carrierCode: 'dhl', title: 'DHL' }];
const shipmentOf = (orderId: number): Ship => shipAll(orderId, parcels);

/** As Magento says it to a request that it cannot place; before it does anything. */
const notAllowed = {
  kind: 'status',
  status: 401,
  message: 'The signature is invalid. Verify and try again.',
} as const;

const shipped = ({ sandbox }: Shop) => sandbox.addOrder({ shipments: [{}] });

test('one order to which every look is answered 401 fails alone, found by halves, while the right is there', async () => {
  await using shop = await openShop();
  const numbers = shop.sandbox.generate(100, { shipped: true });
  const poison = numbers[61] ?? '';
  shop.sandbox.inject({ match: { path: `increment_id.*${poison}` }, fault: notAllowed });
  const looks = await shop.store.lookUp(numbers, never);
  const failed = numbers.filter((number) => 'failed' in (looks.get(number) ?? {}));
  assert.deepEqual(failed, [poison]);
  // As with any other failure of one order: see test/daemon.outage.test.ts. Each has a question for the right.
  const { orders, probe, shipments } = shop.sandbox.counts();
  assert.deepEqual({ orders, probe, shipments }, { orders: 7 * 2 + 4 + 7, probe: 7 * 2 + 4, shipments: 7 });
  assert.equal(shop.seen('store.right-missing').length, 0);
});

for (const kind of ['track', 'ship'] as const) {
  test(`one order whose ${kind} is answered 401 while the right is there: its attempt counts, the others go on`, async () => {
    await using shop = await openShop();
    const poison = kind === 'track' ? shipped(shop) : shop.sandbox.addOrder();
    const [path, body] =
      kind === 'track' ? ['shipment/track', 'POISON'] : [`order/${poison.orderId}/ship`, ''];
    shop.sandbox.inject({ match: { path, body }, fault: notAllowed });
    const action = kind === 'track' ? addTrack(poison, 'POISON') : shipmentOf(poison.orderId);
    for (let times = 1; times <= 3; times += 1) {
      const answer = await shop.store.write(action, () => 'w', never);
      assert.equal(answer.kind, 'unsent');
      assert.equal(await shop.store.wasWell(answer, never), true);
      // The write itself, and the question that cannot take effect.
      assert.equal(shop.sandbox.counts()[kind], 2 * times);
    }
    assert.equal((await shop.track(shipped(shop), 'T')).kind, 'done');
    assert.equal(shop.seen('store.right-missing').length, 0);
    assert.equal(shop.seen('store.retry').length, 0);
  });
}

test('calls that need a right wait while it is asked for, and go on without a pause', async () => {
  await using shop = await openShop({}, { writeMs: 20 });
  shop.sandbox.inject({ match: { body: 'POISON' }, fault: notAllowed });
  const [poison, other] = [shipped(shop), shipped(shop)];
  await shop.track(poison, 'POISON');
  const waiting = shop.track(other, 'T');
  await setImmediate();
  assert.deepEqual(shop.intents, ['w1'], 'it is not even intended');
  await shop.events.next('store.right-there');
  assert.equal((await waiting).kind, 'done');
});

test('the question for a right takes its turn in the queue: nothing leaves where all workers are taken', async () => {
  const workers = 2;
  const rights = RIGHTS.filter((right) => right !== 'Magento_Sales::ship');
  await using shop = await openShop({ workers }, { rights, writeMs: 30 });
  const onTheWire: number[] = [];
  const intend = async () => {
    // Whatever leaves in the same turn is on the wire after this one.
    await setImmediate();
    onTheWire.push(shop.store.onTheWire);
    return 'w';
  };
  const order = shipped(shop);
  const tracks = ['A', 'B', 'C', 'D'].map((number) => addTrack(order, number));
  const actions = [shipmentOf(shop.sandbox.addOrder().orderId), ...tracks];
  await Promise.all(actions.map((action) => shop.store.write(action, intend, never)));
  assert.ok(shop.sandbox.counts().ship >= 2, 'the ship and its question');
  assert.equal(onTheWire.length, actions.length);
  assert.ok(Math.max(...onTheWire) < workers, String(onTheWire));
});

const BLOCKED: readonly (readonly [string, Fault])[] = [
  ['a firewall’s page', { kind: 'status', status: 403 }],
  ['503', { kind: 'status', status: 503 }],
  [
    'that there is no such route',
    { kind: 'status', status: 404, message: 'Request does not match any route.' },
  ],
  ['a cut connection', { kind: 'resetBefore' }],
  ['a redirect', { kind: 'redirect', status: 302, location: 'https://shop.example/sorry' }],
];

for (const [what, fault] of BLOCKED) {
  test(`a shop that answers ${what} to every write and answers questions is down: no attempt counts`, async () => {
    await using shop = await openShop();
    const order = shipped(shop);
    shop.sandbox.inject({ match: { method: 'POST' }, fault });
    const answer = await shop.track(order, 'A');
    assert.notEqual(answer.kind, 'done');
    const wasWell = shop.store.wasWell(answer, never);
    for (let times = 0; times < 3; times += 1) await shop.events.next('store.still-down');
    const failing: Failing[] = shop.seen('store.down').map((event) => event.failing);
    assert.deepEqual(failing, ['writes']);
    shop.sandbox.clearFaults();
    assert.equal(await wasWell, false);
    assert.equal((await shop.track(order, 'A')).kind, 'done');
  });

  test(`one order whose write is answered ${what}, and no other: its attempt counts`, async () => {
    await using shop = await openShop();
    shop.sandbox.inject({ match: { body: 'POISON' }, fault });
    const answer = await shop.track(shipped(shop), 'POISON');
    assert.equal(await shop.store.wasWell(answer, never), true);
    assert.equal(shop.seen('store.down').length, 0);
    const { track, probe } = shop.sandbox.counts();
    assert.deepEqual({ track, probe }, { track: 2, probe: 1 });
  });
}
