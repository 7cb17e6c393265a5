import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { outcomeClass } from '../../src/domain/outcome.ts';
import { runs } from '../runs.ts';
import { fatesOf } from './fates.ts';
import { cut, mugsOf, numbers, rowsOf, run, runThroughCut } from './lives.ts';
import { shipment, track } from './orders.ts';
import { ORDERED, SmallStore } from './small-store.ts';

it('every number stands exactly once on an order with a shipment, whatever answers are lost or late', () => {
  // An effect that comes later than a verification would (60 s after the intent) is beyond what can be known.
  fc.assert(
    fc.property(numbers, fatesOf(59_999), (wanted, fates) => {
      const store = new SmallStore([shipment(7)]);
      const outcomes = run(store, rowsOf(wanted), fates);
      assert.deepEqual(
        wanted.map((number) => store.standing(number)),
        wanted.map(() => 1),
      );
      assert.ok(outcomes.every(({ outcome }) => outcomeClass(outcome) === 'done'));
    }),
    runs(500),
  );
});

it('an order is shipped exactly once with all its numbers, whatever answers are lost or late', () => {
  fc.assert(
    fc.property(numbers, fatesOf(115_000), (wanted, fates) => {
      const store = new SmallStore([]);
      const outcomes = run(store, rowsOf(wanted), fates);
      assert.equal(store.shipments.length, 1);
      assert.deepEqual(
        wanted.map((number) => store.standing(number)),
        wanted.map(() => 1),
      );
      assert.ok(outcomes.every(({ outcome }) => outcomeClass(outcome) === 'done'));
    }),
    runs(500),
  );
});

it('parcels with their items are shipped exactly once beside another shipment, whatever is lost or late', () => {
  fc.assert(
    fc.property(numbers, fatesOf(115_000), (wanted, fates) => {
      const store = new SmallStore([shipment(7, track(70, 'OTHER'))]);
      const outcomes = run(store, mugsOf(wanted), fates);
      assert.equal(store.shipments.length, 2);
      assert.equal(store.shipped(), 1 + wanted.length);
      assert.deepEqual(
        wanted.map((number) => store.standing(number)),
        wanted.map(() => 1),
      );
      assert.ok(outcomes.every(({ outcome }) => outcomeClass(outcome) === 'done'));
    }),
    runs(500),
  );
});

it('parcels that a late effect ships twice keep each number once, and their rows name both shipments', () => {
  const late = fc.integer({ min: 120_001, max: 175_000 });
  fc.assert(
    fc.property(numbers, late, fc.integer({ min: 0, max: 3 }), (wanted, afterMs, others) => {
      const before =
        others === 0
          ? []
          : [{ ...shipment(7, track(70, 'OTHER')), items: [{ orderItemId: 11, qty: others }] }];
      const store = new SmallStore(before);
      // More than is open would not be shipped at all.
      const parcels = wanted.slice(0, ORDERED - others);
      const outcomes = run(store, mugsOf(parcels), [{ fate: { kind: 'effect', afterMs }, crash: false }]);
      assert.deepEqual(
        parcels.map((number) => store.standing(number)),
        parcels.map(() => 1),
      );
      const made = store.shipments.slice(before.length);
      assert.ok(store.shipped() <= ORDERED);
      if (made.length === 1) return assert.ok(outcomes.every(({ outcome }) => outcome === 'shipped'));
      assert.deepEqual(new Set(outcomes.map(({ outcome }) => outcome)), new Set(['gave-up']));
      for (const { message } of outcomes) {
        for (const { incrementId } of made) assert.ok(message.includes(incrementId), message);
      }
    }),
    runs(500),
  );
});

it('every number stands exactly once after a power cut, whatever was written last and however late it lands', () => {
  fc.assert(
    fc.property(numbers, fatesOf(29_999), cut, (wanted, fates, where) => {
      const store = new SmallStore([shipment(7)]);
      const outcomes = runThroughCut(store, rowsOf(wanted), fates, where);
      assert.deepEqual(
        wanted.map((number) => store.standing(number)),
        wanted.map(() => 1),
      );
      assert.ok(outcomes.every(({ outcome }) => outcomeClass(outcome) === 'done'));
    }),
    runs(500),
  );
});

it('an order is shipped exactly once after a power cut, whatever was written last and however late it lands', () => {
  fc.assert(
    fc.property(numbers, fatesOf(115_000), cut, (wanted, fates, where) => {
      const store = new SmallStore([]);
      // Of five mugs so many stay open that a second shipment would find its own.
      runThroughCut(store, mugsOf(wanted), fates, where);
      assert.equal(store.shipments.length, 1);
      assert.equal(store.shipped(), wanted.length);
      assert.deepEqual(
        wanted.map((number) => store.standing(number)),
        wanted.map(() => 1),
      );
    }),
    runs(500),
  );
});
