import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { WriteHealth } from '../../src/domain/write-health.ts';
import { type WriteKind, writesKey } from '../../src/domain/write-kind.ts';

const MINUTE_MS = 60_000;

const NUMBERS: WriteKind = { writes: 'track' };
const shipsFrom = (source: string | null): WriteKind => ({ writes: 'ship', source });

/** Writes that failed, each to an order of its own, a second apart from `fromMs` on. */
function failures(health: WriteHealth, orders: number, kind: WriteKind = NUMBERS, fromMs = 0): void {
  for (let n = 0; n < orders; n += 1) health.failed(n, kind, fromMs + n * 1_000);
}

const suspicious = (health: WriteHealth) => health.suspicious.map(writesKey);

describe('A write that fails while the store is well', () => {
  it('is to be blamed on its order, however often that one fails', () => {
    const health = new WriteHealth();
    for (let times = 0; times < 20; times += 1) {
      health.failed(7, NUMBERS, times * MINUTE_MS);
      assert.equal(health.isOrderToBlame(NUMBERS, times * MINUTE_MS), true);
    }
    assert.deepEqual(suspicious(health), []);
  });

  it('is not once five orders failed one after the other', () => {
    const health = new WriteHealth();
    failures(health, 4);
    assert.equal(health.isOrderToBlame(NUMBERS, 4_000), true);
    health.failed(4, NUMBERS, 4_000);
    assert.equal(health.isOrderToBlame(NUMBERS, 4_000), false);
    assert.deepEqual(suspicious(health), ['track']);
  });

  it('is again as soon as a write is done', () => {
    const health = new WriteHealth();
    failures(health, 5);
    health.worked(NUMBERS, 5_000);
    assert.equal(health.isOrderToBlame(NUMBERS, 5_000), true);
    failures(health, 4, NUMBERS, 6_000);
    assert.deepEqual(suspicious(health), [], 'all five anew');
  });

  it('is where another write was done in between', () => {
    const health = new WriteHealth();
    for (let order = 0; order < 20; order += 1) {
      if (order % 4 === 0) health.worked(NUMBERS, order);
      health.failed(order, NUMBERS, order);
      assert.deepEqual(suspicious(health), []);
    }
  });

  it('is again after an hour in which none was done, so that a few bad orders do not hold their drop for ever', () => {
    for (const kind of [NUMBERS, shipsFrom(null), shipsFrom('berln')]) {
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

  it('stays none of its order’s when one that came through before proves so afterwards', () => {
    const health = new WriteHealth();
    failures(health, 5, NUMBERS, 10_000);
    health.worked(NUMBERS, 9_000);
    assert.deepEqual(suspicious(health), ['track']);
    assert.equal(health.isOrderToBlame(NUMBERS, 20_000), false);
  });

  it('was none where it proves to have come through, and those before it are no sign any more', () => {
    const health = new WriteHealth();
    failures(health, 8);
    health.worked(NUMBERS, 3_000);
    assert.deepEqual(suspicious(health), [], 'four are left');
    health.failed(8, NUMBERS, 8_000);
    assert.deepEqual(suspicious(health), ['track']);
  });

  it('is a new occasion more than an hour after the last one', () => {
    const health = new WriteHealth();
    failures(health, 5);
    const nextDayMs = 24 * 60 * MINUTE_MS;
    health.failed(0, NUMBERS, nextDayMs);
    assert.deepEqual(suspicious(health), []);
    failures(health, 5, NUMBERS, nextDayMs);
    assert.equal(health.isOrderToBlame(NUMBERS, nextDayMs + 4_000), false);
  });
});

describe('A source from which no shipment comes through', () => {
  it('is suspected alone: what is shipped from another one, or is no shipment, stays its order’s matter', () => {
    const health = new WriteHealth();
    failures(health, 20, shipsFrom('berln'));
    assert.deepEqual(suspicious(health), ['ship from berln']);
    assert.equal(health.isOrderToBlame(shipsFrom('berln'), 20_000), false);
    assert.equal(health.isOrderToBlame(shipsFrom('berlin'), 20_000), true);
    assert.equal(health.isOrderToBlame(NUMBERS, 20_000), true);
  });

  it('stays suspected while other writes are done, until a shipment from it is, in whatever case it is written', () => {
    const health = new WriteHealth();
    failures(health, 4, shipsFrom('berln'));
    health.worked(NUMBERS, 4_000);
    health.worked(shipsFrom('berlin'), 4_000);
    health.failed(4, shipsFrom('Berln '), 5_000);
    assert.deepEqual(suspicious(health), ['ship from berln']);
    health.worked(shipsFrom('BERLN'), 6_000);
    assert.deepEqual(suspicious(health), []);
    assert.equal(health.isOrderToBlame(shipsFrom('berln'), 6_000), true);
  });

  it('says nothing of shipments that name none, nor these of numbers', () => {
    const health = new WriteHealth();
    failures(health, 4, shipsFrom(null));
    for (const kind of [NUMBERS, shipsFrom('berlin'), shipsFrom('default')]) health.worked(kind, 4_000);
    health.failed(4, shipsFrom(null), 5_000);
    assert.deepEqual(suspicious(health), ['ship']);
    assert.equal(health.isOrderToBlame(NUMBERS, 5_000), true);
  });

  it('says nothing of other writes while one order of theirs fails', () => {
    const health = new WriteHealth();
    failures(health, 20, shipsFrom('berln'));
    health.failed(100, NUMBERS, 20_000);
    assert.equal(health.isOrderToBlame(shipsFrom('berlin'), 21_000), true);
    health.failed(101, NUMBERS, 21_000);
    assert.equal(health.isOrderToBlame(shipsFrom('berlin'), 21_000), false, 'two orders');
  });
});

describe('Writes of every kind that fail', () => {
  const everyKind = () => {
    const health = new WriteHealth();
    const kinds = [NUMBERS, shipsFrom('berlin'), shipsFrom(null), NUMBERS, shipsFrom('berlin')];
    for (const [order, kind] of kinds.entries()) health.failed(order, kind, order);
    return health;
  };

  it('are suspected together after five orders, and no kind has to fail for itself first', () => {
    const health = everyKind();
    assert.deepEqual(suspicious(health), ['all']);
    for (const kind of [NUMBERS, shipsFrom('berlin'), shipsFrom('hamburg')])
      assert.equal(health.isOrderToBlame(kind, 5), false);
  });

  it('are well again when one of any kind is done, but for a source that has failed five times itself', () => {
    const health = everyKind();
    failures(health, 5, shipsFrom('berlin'));
    health.worked(shipsFrom('munich'), 5_000);
    assert.deepEqual(suspicious(health), ['ship from berlin']);
    assert.equal(health.isOrderToBlame(NUMBERS, 10), true);
  });
});
