import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import type { Ship } from '../../src/domain/write.ts';
import { RIGHTS, type Right } from '../../src/sandbox/caller.ts';
import { shipAll } from '../domain/orders.ts';
import { addTrack, never, openShop } from './harness.ts';

const without = (right: Right) => RIGHTS.filter((granted) => granted !== right);

test('without the right to ship, ships wait while tracks and looks go on', async () => {
  await using shop = await openShop({}, { rights: without('Magento_Sales::ship') });
  const shipped = shop.sandbox.addOrder({ shipments: [{}] });
  const open = shop.sandbox.addOrder();
  const ship: Ship = shipAll(open.orderId, [{ trackingNumber: 'S', carrierCode: 'dhl', title: 'DHL' }]);
  const missing = shop.events.next('store.right-missing');
  const refused = await shop.store.write(ship, () => 'w1', never);
  assert.equal(refused.kind, 'unsent');
  assert.equal(await shop.store.wasWell(refused, never), false);
  assert.match((await missing).message, /access Magento_Sales::ship\./);
  const waiting = shop.store.write(ship, () => 'w2', never);
  assert.equal((await shop.track(shipped, 'T')).kind, 'done');
  assert.equal((await shop.store.lookUp([open.incrementId], never)).size, 1);
  shop.sandbox.setRights(shop.sandbox.bearer, RIGHTS);
  assert.equal((await shop.events.next('store.right-granted')).right, 'Magento_Sales::ship');
  assert.equal((await waiting).kind, 'done');
  assert.equal(shop.sandbox.shipments().length, 2);
});

test('without the right to shipments, tracks and looks wait and none fails', async () => {
  await using shop = await openShop({}, { rights: without('Magento_Sales::shipment') });
  const order = shop.sandbox.addOrder({ shipments: [{}] });
  const looking = shop.store.lookUp([order.incrementId], never);
  await shop.events.next('store.right-missing');
  const tracking = shop.store.write(addTrack(order, 'T'), () => 'w1', never);
  shop.sandbox.setRights(shop.sandbox.bearer, RIGHTS);
  const look = (await looking).get(order.incrementId);
  assert.ok(look && 'orders' in look && look.orders.length === 1);
  assert.equal((await tracking).kind, 'done');
  assert.equal(shop.seen('store.right-missing').length, 1);
});

test('without the right to orders, looks wait, are asked for in growing pauses, and are not the store down', async () => {
  await using shop = await openShop({}, { rights: without('Magento_Sales::actions_view') });
  const [number = ''] = shop.sandbox.generate(1);
  const looking = shop.store.lookUp([number], never);
  await shop.events.next('store.right-missing');
  for (let times = 0; times < 3; times += 1) await shop.events.next('store.right-still-missing');
  assert.equal(shop.sandbox.counts().orders, 1, 'the look itself is not sent again meanwhile');
  shop.sandbox.setRights(shop.sandbox.bearer, RIGHTS);
  const look = (await looking).get(number);
  assert.ok(look && 'orders' in look && look.orders.length === 1);
  assert.equal(shop.seen('store.down').length, 0);
});

test('a missing right is asked for without changing anything', async () => {
  await using shop = await openShop({}, { rights: [] });
  const order = shop.sandbox.addOrder({ shipments: [{}] });
  const parcels = [{ trackingNumber: 'S', carrierCode: 'dhl', title: 'DHL' }];
  const ship: Ship = shipAll(order.orderId, parcels);
  for (const answer of [await shop.track(order, 'T'), await shop.store.write(ship, () => 'w1', never)]) {
    assert.equal(await shop.store.wasWell(answer, never), false);
  }
  const granted = new Set<string>();
  const off = shop.events.on('store.right-granted', ({ right }) => granted.add(right));
  shop.sandbox.setRights(shop.sandbox.bearer, RIGHTS);
  while (granted.size < 2) await shop.events.next('store.right-granted');
  off();
  assert.equal(shop.sandbox.tracks().length, 0);
  assert.equal(shop.sandbox.shipments().length, 1);
});

test('a probe with wrong credentials says so, and never what they are', async () => {
  const token = 'a-token-that-nobody-may-see';
  await using shop = await openShop({ auth: { kind: 'bearer', token } });
  const error = await shop.store.probe(never).then(
    () => assert.fail('a wrong token was taken'),
    (reason) => reason,
  );
  assert.equal(error.code, 'not-allowed');
  assert.match(error.message, /Grant Sales > .* under System > Extensions > Integrations/);
  assert.ok(!inspect(error, { depth: 9, showHidden: true }).includes(token));
});

test('no event, answer or error of a failed connection holds the credentials', async () => {
  await using shop = await openShop();
  const order = shop.sandbox.addOrder({ shipments: [{}] });
  const said: unknown[] = [];
  shop.events.onAny((name, facts) => said.push([name, facts]));
  await shop.sandbox.goDown();
  said.push(await shop.track(order, 'A'));
  said.push(await shop.store.probe(never).catch((error) => error));
  await shop.events.next('store.still-down');
  await shop.sandbox.comeBack();
  await shop.events.next('store.up');
  const text = inspect(said, { depth: 9, showHidden: true });
  assert.match(text, /nobody listens at/);
  assert.ok(!text.includes(shop.sandbox.bearer));
});
