import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LOOK_AGES_AFTER_MS, roomAt } from '../../src/domain/room.ts';

const ordersAt = (rate: number | null) => roomAt(rate).windowOrders + roomAt(rate).lowWaterOrders;

test('is a hundred orders a window, and the next one at fifty, without a limit of the rate', () => {
  assert.deepEqual(roomAt(null), {
    windowOrders: 100,
    lowWaterOrders: 50,
    mostOrders: 2_000,
    mostAside: 1_000,
    triedOrders: 20,
  });
  assert.deepEqual(roomAt(10), roomAt(null));
});

test('is what a rate lets be written within half the age of a look, and one order at least', () => {
  const rates = [0.1, 0.2, 1, 3, 9];
  assert.deepEqual(rates.map(ordersAt), [1, 3, 15, 45, 135]);
  assert.deepEqual(
    rates.map((rate) => roomAt(rate).windowOrders),
    [1, 3, 12, 36, 100],
  );
});

test('never holds more than can be looked up again, and then written, before the looks are old', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.2, max: 1_000, noNaN: true }), (rate) => {
      const { windowOrders, lowWaterOrders, mostOrders } = roomAt(rate);
      assert.ok(windowOrders >= 1 && lowWaterOrders >= 0 && mostOrders >= windowOrders);
      const writesMs = ((windowOrders + lowWaterOrders) / rate) * 1_000;
      const looksMs = ((2 * Math.ceil(mostOrders / 100)) / rate) * 1_000;
      assert.ok(writesMs <= LOOK_AGES_AFTER_MS / 2, `${writesMs} ms of writes`);
      // One look more than the half of them, where they do not come to whole hundreds.
      assert.ok(looksMs <= LOOK_AGES_AFTER_MS, `${looksMs} ms of looks`);
    }),
  );
});
