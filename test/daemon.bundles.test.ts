import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { InboxConfig } from '../src/config/config.ts';
import { RunningDaemon } from './running-daemon.ts';

const HEADER = 'order_number,tracking_number,sku,quantity\n';

/** A daemon that may create shipments, and an order of two gift boxes, each of one mug and two cups, and a plate. */
async function withBoxes(shipment: 'together' | 'separately', inbox: Partial<InboxConfig> = {}) {
  const daemon = await RunningDaemon.start({ inbox: { createShipments: true, ...inbox } });
  const parts = [
    { sku: 'MUG', qty: 2 },
    { sku: 'CUP', qty: 4 },
  ];
  const { incrementId: order } = daemon.sandbox.addOrder({
    items: [
      { sku: 'BOX', type: 'bundle', qty: 2, shipment, children: parts },
      { sku: 'PLATE', qty: 1 },
    ],
  });
  return {
    daemon,
    settle: (rows: readonly string[]) =>
      daemon.settle('day.csv', HEADER + rows.map((row) => `${order},${row}\n`).join('')),
    shipments: () =>
      daemon.sandbox
        .shipments()
        .map(
          ({ trackNumbers, items }) =>
            `${trackNumbers.join(', ')}: ${items.map(({ sku, qty }) => `${qty} x ${sku}`).join(', ')}`,
        ),
    [Symbol.asyncDispose]: () => daemon[Symbol.asyncDispose](),
  };
}

describe('A file with parcels of a bundle', { concurrency: 4 }, () => {
  it('that names the parts of one that ships as a whole has it shipped as that, after one refusal', async () => {
    await using shop = await withBoxes('together');
    const { lines, text } = await shop.settle(['1Z1,MUG,1', '1Z1,CUP,2']);
    assert.deepEqual(lines, ['2: shipped', '3: shipped']);
    assert.match(text, /still open: 1 x BOX and 1 x PLATE/);
    assert.deepEqual(shop.shipments(), ['1Z1: 1 x BOX']);
    assert.equal(shop.daemon.sandbox.counts().ship, 2);

    const next = await shop.settle(['1Z2,MUG,1', '1Z2,CUP,2']);
    assert.deepEqual(next.lines, ['2: shipped', '3: shipped']);
    assert.deepEqual(shop.shipments(), ['1Z1: 1 x BOX', '1Z2: 1 x BOX']);
    assert.equal(shop.daemon.sandbox.counts().ship, 3, 'the first shipment shows how the bundle ships');
  });

  it('that names one that ships part by part has its parts shipped, after one refusal', async () => {
    await using shop = await withBoxes('separately');
    const { lines, text } = await shop.settle(['1Z1,BOX,1']);
    assert.deepEqual(lines, ['2: shipped']);
    assert.match(text, /still open: 1 x MUG, 2 x CUP and 1 x PLATE/);
    assert.deepEqual(shop.shipments(), ['1Z1: 1 x BOX, 1 x MUG, 2 x CUP']);
    const again = await shop.settle(['1Z1,BOX,1']);
    assert.deepEqual(again.lines, ['2: already-tracked']);
    assert.equal(shop.daemon.sandbox.counts().ship, 2);
  });

  it('that names parts of one that ships part by part needs no refusal, and the order takes the rest later', async () => {
    await using shop = await withBoxes('separately');
    assert.deepEqual((await shop.settle(['1Z1,MUG,2'])).lines, ['2: shipped']);
    const rest = await shop.settle(['1Z2,CUP,4', '1Z3,PLATE,1']);
    assert.deepEqual(rest.lines, ['2: shipped', '3: shipped']);
    assert.doesNotMatch(rest.text, /still open/);
    assert.equal(shop.daemon.sandbox.counts().ship, 2);
  });

  it('that names part of one that ships as a whole fails once the shop has said so, and nothing is shipped', async () => {
    await using shop = await withBoxes('together');
    const { lines, text } = await shop.settle(['1Z1,MUG,1']);
    assert.deepEqual(lines, ['2: item-mismatch']);
    assert.match(text, /bundle BOX ships as a whole, with 1 x MUG and 2 x CUP in each/);
    assert.deepEqual(shop.shipments(), []);
  });
});

describe('A number without items on a partly shipped order', { concurrency: 2 }, () => {
  it('goes onto its shipment, and the row names what is still open', async () => {
    await using shop = await withBoxes('together');
    await shop.settle(['1Z1,BOX,1']);
    const { lines, text } = await shop.settle(['1Z2,,']);
    assert.deepEqual(lines, ['2: tracked']);
    assert.match(text, /number added to the shipment; still open: 1 x BOX and 1 x PLATE/);
    assert.deepEqual(shop.shipments(), ['1Z1, 1Z2: 1 x BOX']);
  });

  it('gets a shipment of all the rest where the inbox ships it, and a later one goes onto that', async () => {
    await using shop = await withBoxes('together', { onPartlyShipped: 'ship' });
    await shop.settle(['1Z1,BOX,1']);
    assert.deepEqual((await shop.settle(['1Z2,,', '1Z3,,'])).lines, ['2: shipped', '3: shipped']);
    assert.deepEqual(shop.shipments(), ['1Z1: 1 x BOX', '1Z2, 1Z3: 1 x BOX, 1 x PLATE']);
    assert.deepEqual((await shop.settle(['1Z4,,'])).lines, ['2: tracked']);
    assert.deepEqual(shop.shipments(), ['1Z1: 1 x BOX', '1Z2, 1Z3, 1Z4: 1 x BOX, 1 x PLATE']);
  });
});
