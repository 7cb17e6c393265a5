import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WriteHealth } from '../../src/domain/write-health.ts';

const MINUTE_MS = 60_000;

/** Writes that failed, each to an order of its own, a second apart from `fromMs` on. */
function failures(health: WriteHealth, orders: number, fromMs = 0): boolean[] {
  return Array.from({ length: orders }, (_, n) => health.failed(n, null, fromMs + n * 1_000));
}

describe('A write that fails while the store is well', () => {
  it('is to be blamed on its order, however often that one fails', () => {
    const health = new WriteHealth();
    for (let times = 0; times < 20; times += 1) {
      assert.equal(health.failed(7, null, times * MINUTE_MS), false);
      assert.equal(health.isOrderToBlame(times * MINUTE_MS), true);
    }
  });

  it('is not once five orders failed one after the other, which is said once', () => {
    const health = new WriteHealth();
    assert.deepEqual(failures(health, 4), [false, false, false, false]);
    assert.equal(health.isOrderToBlame(4_000), true);
    assert.equal(health.failed(4, null, 4_000), true);
    assert.equal(health.isOrderToBlame(4_000), false);
    assert.equal(health.failed(5, null, 5_000), false);
  });

  it('is again as soon as a write is done, which is said once', () => {
    const health = new WriteHealth();
    failures(health, 5);
    assert.equal(health.worked(), true);
    assert.equal(health.isOrderToBlame(5_000), true);
    assert.equal(health.worked(), false);
    assert.deepEqual(failures(health, 5, 6_000), [false, false, false, false, true], 'all five anew');
  });

  it('is where another write was done in between', () => {
    const health = new WriteHealth();
    for (let order = 0; order < 20; order += 1) {
      if (order % 4 === 0) health.worked();
      assert.equal(health.failed(order, null, order), false);
    }
  });

  it('is again after an hour in which none was done, so that a few bad orders do not hold their drop for ever', () => {
    const health = new WriteHealth();
    failures(health, 5);
    const sinceMs = 4_000;
    for (let minute = 1; minute <= 60; minute += 1) {
      health.failed(minute % 5, null, sinceMs + minute * MINUTE_MS);
      assert.equal(health.isOrderToBlame(sinceMs + minute * MINUTE_MS), false);
    }
    assert.equal(health.isOrderToBlame(sinceMs + 61 * MINUTE_MS), true);
  });

  it('is a new occasion more than an hour after the last one, and is said anew', () => {
    const health = new WriteHealth();
    failures(health, 5);
    const nextDayMs = 24 * 60 * MINUTE_MS;
    assert.deepEqual(failures(health, 5, nextDayMs), [false, false, false, false, true]);
    assert.equal(health.isOrderToBlame(nextDayMs + 4_000), false);
  });

  it('is the matter of a source where all that failed were shipments from it, and nothing was done in between', () => {
    const health = new WriteHealth();
    for (let order = 0; order < 5; order += 1) health.failed(order, 'berln', order);
    assert.equal(health.failedSource, 'berln');
    health.failed(5, 'berlin', 5);
    assert.equal(health.failedSource, null, 'two sources');
    health.worked();
    for (const source of ['berln', null]) health.failed(source === null ? 1 : 2, source, 6);
    assert.equal(health.failedSource, null, 'another write failed, too');
  });
});
