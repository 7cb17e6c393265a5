import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { seedOrder } from '../../src/sandbox/seed.ts';
import { prepareShipment, saveShipment } from '../../src/sandbox/shipping.ts';
import { Store } from '../../src/sandbox/store.ts';
import { addTrack as addTrackTo } from '../../src/sandbox/tracks.ts';
import { call, ship } from './caller.ts';

/** Ships straight in the tables; the refusal's message, or null. */
function shipNow(store: Store, orderId: number, values: Record<string, unknown>): string | null {
  const preparation = prepareShipment(store, orderId, values);
  if (preparation.kind === 'refused') return (preparation.refusal.value as { message: string }).message;
  saveShipment(store, preparation.shipment);
  return null;
}

describe('shipping', () => {
  it('never ships more than was ordered, and ends complete exactly when nothing is open', () => {
    const quantities = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 });
    const calls = fc.array(fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 4 }), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(quantities, calls, (ordered, wanted) => {
        const store = new Store();
        const seeded = seedOrder(store, { items: ordered.map((qty) => ({ qty })) });
        for (const quantities of wanted) {
          const items = quantities.flatMap((qty, i) => {
            const id = seeded.itemIds[i];
            return id === undefined ? [] : [{ order_item_id: id, qty }];
          });
          shipNow(store, seeded.orderId, { items });
        }
        const order = store.orders.get(seeded.orderId);
        assert.ok(order);
        for (const item of order.items) {
          const shipped: number = order.shipments
            .flatMap((shipment) => shipment.items)
            .reduce((sum, line) => (line.item === item ? sum + line.qty : sum), 0);
          assert.equal(shipped, item.qtyShipped);
          assert.ok(shipped <= item.qtyOrdered);
        }
        const open = order.items.some((item) => item.qtyShipped < item.qtyOrdered);
        assert.equal(order.state, open ? 'processing' : 'complete');
        assert.equal(shipNow(store, seeded.orderId, {}) === null, open);
      }),
      { numRuns: 200 },
    );
  });

  it('ships a configurable by its parent and leaves the child alone', () => {
    const store = new Store();
    const { orderId, itemIds } = seedOrder(store, {
      items: [{ type: 'configurable', qty: 2, children: [{}] }],
    });
    assert.match(
      shipNow(store, orderId, { items: [{ order_item_id: itemIds[1], qty: 1 }] }) ?? '',
      /without products/u,
    );
    assert.equal(shipNow(store, orderId, { items: [{ order_item_id: itemIds[0], qty: 1 }] }), null);
    assert.equal(store.orders.get(orderId)?.state, 'processing');
  });

  it('refuses a bundle as such where its parts are shipped separately', () => {
    const store = new Store();
    const { orderId, itemIds } = seedOrder(store, {
      items: [{ sku: 'B', type: 'bundle', shipment: 'separately', children: [{}, {}] }],
    });
    assert.match(
      shipNow(store, orderId, { items: [{ order_item_id: itemIds[0], qty: 1 }] }) ?? '',
      /bundle product "B" has shipment type "Separately". Bundle product options should be shipped instead/u,
    );
  });

  it('says every line that is wrong', () => {
    const store = new Store();
    const { orderId } = seedOrder(store, { state: 'canceled' });
    assert.equal(
      shipNow(store, orderId, { tracks: [{ track_number: '', carrier_code: 'dhl' }] }),
      'Shipment Document Validation Error(s):\nA shipment cannot be created when an order has a status of canceled' +
        "\nYou can't create a shipment without products.\nPlease enter a tracking number.",
    );
  });

  it('ships what is open on a complete or closed order', () => {
    const store = new Store();
    for (const state of ['complete', 'closed']) {
      const { orderId } = seedOrder(store, { state, items: [{ qtyRefunded: 0 }] });
      assert.equal(shipNow(store, orderId, {}), null);
      assert.equal(store.orders.get(orderId)?.state, state);
    }
  });

  it('ignores a wrapped body: ships everything and loses the tracks', async () => {
    await using sandbox = await startSandbox();
    const order = sandbox.addOrder();
    const body = { entity: { tracks: [{ track_number: 'A', carrier_code: 'dhl' }] } };
    assert.equal((await ship(sandbox, order, body)).status, 200);
    assert.deepEqual(sandbox.shipments()[0]?.trackNumbers, []);
  });

  it('mails in the creating call, and again with each call of emails', async () => {
    await using sandbox = await startSandbox();
    await ship(sandbox, sandbox.addOrder(), { notify: true });
    assert.equal(sandbox.shipments()[0]?.mails, 1);
    await call(sandbox, 'POST', 'shipment/1/emails');
    await call(sandbox, 'POST', 'shipment/1/emails');
    assert.equal(sandbox.shipments()[0]?.mails, 3);
    assert.equal(sandbox.counts().mails, 3);
  });
});

describe('what the database keeps of a track', () => {
  function kept(fields: Record<string, unknown>) {
    const store = new Store();
    const { orderId, shipmentIds } = seedOrder(store, { shipments: [{}] });
    const entity = { order_id: orderId, parent_id: shipmentIds[0], track_number: 'A', carrier_code: 'dhl' };
    const answer = addTrackTo(store, { entity: { ...entity, ...fields } });
    const [track] = store.tracks.values();
    return { echo: answer.value as Record<string, unknown>, track };
  }

  it('is 32 characters of the carrier, although the answer has them all', () => {
    const { echo, track } = kept({ carrier_code: 'c'.repeat(40) });
    assert.equal(track?.carrierCode, 'c'.repeat(32));
    assert.equal(echo.carrier_code, 'c'.repeat(40));
  });

  it('is 255 characters of the title, although the answer has them all', () => {
    const { echo, track } = kept({ title: 't'.repeat(300) });
    assert.equal(track?.title, 't'.repeat(255));
    assert.equal(echo.title, 't'.repeat(300));
  });

  it('is 65,535 bytes of the number, although the answer has them all', () => {
    const { echo, track } = kept({ track_number: 'Q'.repeat(70_000) });
    assert.equal(track?.trackNumber.length, 65_535);
    assert.equal(String(echo.track_number).length, 70_000);
  });

  it('is question marks for characters outside the basic plane, although the answer has them', () => {
    const { echo, track } = kept({ track_number: 'Ünïcødé-日本-😀', title: 'Käsepost 😀' });
    assert.equal(track?.trackNumber, 'Ünïcødé-日本-????');
    assert.equal(track?.title, 'Käsepost ????');
    assert.equal(echo.track_number, 'Ünïcødé-日本-😀');
  });

  it('includes the description', () => {
    assert.equal(kept({ description: 'trackdrop:1' }).track?.description, 'trackdrop:1');
  });

  it('is nothing for the numbers that PHP calls empty', () => {
    assert.equal(kept({ track_number: '0' }).track, undefined);
    assert.equal(kept({ carrier_code: '' }).track, undefined);
  });
});
