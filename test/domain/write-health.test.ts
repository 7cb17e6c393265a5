import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WriteHealth, type WriteKind } from '../../src/domain/write-health.ts';

const MINUTE_MS = 60_000;

/** Writes that failed, each to an order of its own, a second apart from `fromMs` on. */
function failures(health: WriteHealth, orders: number, kind: WriteKind = null, fromMs = 0): void {
  for (let n = 0; n < orders; n += 1) health.failed(n, kind, fromMs + n * 1_000);
}

const suspicious = (health: WriteHealth) => [...health.suspicious];

describe('A write that fails while the store is well', () => {
  it('is to be blamed on its order, however often that one fails', () => {
    const health = new WriteHealth();
    for (let times = 0; times < 20; times += 1) {
      health.failed(7, null, times * MINUTE_MS);
      assert.equal(health.isOrderToBlame(null, times * MINUTE_MS), true);
    }
    assert.deepEqual(suspicious(health), []);
  });

  it('is not once five orders failed one after the other', () => {
    const health = new WriteHealth();
    failures(health, 4);
    assert.equal(health.isOrderToBlame(null, 4_000), true);
    health.failed(4, null, 4_000);
    assert.equal(health.isOrderToBlame(null, 4_000), false);
    assert.deepEqual(suspicious(health), [null]);
  });

  it('is again as soon as a write is done', () => {
    const health = new WriteHealth();
    failures(health, 5);
    health.worked(null);
    assert.equal(health.isOrderToBlame(null, 5_000), true);
    failures(health, 4, null, 6_000);
    assert.deepEqual(suspicious(health), [], 'all five anew');
  });

  it('is where another write was done in between', () => {
    const health = new WriteHealth();
    for (let order = 0; order < 20; order += 1) {
      if (order % 4 === 0) health.worked(null);
      health.failed(order, null, order);
      assert.deepEqual(suspicious(health), []);
    }
  });

  it('is again after an hour in which none was done, so that a few bad orders do not hold their drop for ever', () => {
    for (const kind of [null, 'berln']) {
      const health = new WriteHealth();
      failures(health, 5, kind);
      const sinceMs = 4_000;
      for (let minute = 1; minute <= 60; minute += 1) {
        health.failed(minute % 5, kind, sinceMs + minute * MINUTE_MS);
        assert.equal(health.isOrderToBlame(kind, sinceMs + minute * MINUTE_MS), false);
      }
      assert.equal(health.isOrderToBlame(kind, sinceMs + 61 * MINUTE_MS), true);
    }
  });

  it('is a new occasion more than an hour after the last one', () => {
    const health = new WriteHealth();
    failures(health, 5);
    const nextDayMs = 24 * 60 * MINUTE_MS;
    health.failed(0, null, nextDayMs);
    assert.deepEqual(suspicious(health), []);
    failures(health, 5, null, nextDayMs);
    assert.equal(health.isOrderToBlame(null, nextDayMs + 4_000), false);
  });
});

describe('A source from which no shipment comes through', () => {
  it('is suspected alone: what is shipped from another one, or is no shipment, stays its order’s matter', () => {
    const health = new WriteHealth();
    failures(health, 20, 'berln');
    assert.deepEqual(suspicious(health), ['berln']);
    assert.equal(health.isOrderToBlame('berln', 20_000), false);
    assert.equal(health.isOrderToBlame('berlin', 20_000), true);
    assert.equal(health.isOrderToBlame(null, 20_000), true);
  });

  it('stays suspected while other writes are done, until a shipment from it is, in whatever case it is written', () => {
    const health = new WriteHealth();
    failures(health, 4, 'berln');
    health.worked(null);
    health.worked('berlin');
    health.failed(4, 'Berln ', 5_000);
    assert.deepEqual(suspicious(health), ['berln']);
    health.worked('BERLN');
    assert.deepEqual(suspicious(health), []);
    assert.equal(health.isOrderToBlame('berln', 6_000), true);
  });

  it('says nothing of other writes while one order of theirs fails', () => {
    const health = new WriteHealth();
    failures(health, 20, 'berln');
    health.failed(100, null, 20_000);
    assert.equal(health.isOrderToBlame('berlin', 21_000), true);
    health.failed(101, null, 21_000);
    assert.equal(health.isOrderToBlame('berlin', 21_000), false, 'two orders');
  });
});

describe('Writes of every kind that fail', () => {
  const everyKind = () => {
    const health = new WriteHealth();
    const kinds = [null, 'berlin', 'munich', null, 'berlin'];
    for (const [order, kind] of kinds.entries()) health.failed(order, kind, order);
    return health;
  };

  it('are suspected together after five orders, and no kind has to fail for itself first', () => {
    const health = everyKind();
    assert.deepEqual(suspicious(health), [null]);
    for (const kind of [null, 'berlin', 'hamburg']) assert.equal(health.isOrderToBlame(kind, 5), false);
  });

  it('are well again when one of any kind is done, but for a source that has failed five times itself', () => {
    const health = everyKind();
    failures(health, 5, 'berlin');
    health.worked('munich');
    assert.deepEqual(suspicious(health), ['berlin']);
    assert.equal(health.isOrderToBlame(null, 10), true);
  });
});
