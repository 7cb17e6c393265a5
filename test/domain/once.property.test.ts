import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { fulfilled, nextStep } from '../../src/domain/next-step.ts';
import { outcomeClass, type RowOutcome } from '../../src/domain/outcome.ts';
import type { Row } from '../../src/domain/row.ts';
import type { Write } from '../../src/domain/write.ts';
import { runs } from '../runs.ts';
import { fatesOf, type SentWrite } from './fates.ts';
import { row, shipment, track } from './orders.ts';
import { PATIENCE } from './patience.ts';
import { ORDERED, SmallStore } from './small-store.ts';

/** Where one life of a process ends, and how the next one begins. */
interface Life {
  /** The power is cut right after so many writes were sent; default never. */
  readonly sends?: number;
  /** What the process knows when it begins; all rows are open then. */
  readonly writes?: readonly Write[];
  readonly unrecordedUntilMs?: number;
}

/** The loop of the pipeline, with the clock moved by hand; `crash` forgets an answer as a killed process does. */
function run(store: SmallStore, rows: readonly Row[], fates: readonly SentWrite[], life: Life = {}) {
  const { outcomes } = live(store, rows, fates, life);
  store.moveTo(store.nowMs + 1_000_000);
  return outcomes;
}

/** One life of it: the outcomes, and the writes on record. */
function live(
  store: SmallStore,
  rows: readonly Row[],
  fates: readonly SentWrite[],
  { sends = Number.POSITIVE_INFINITY, writes: known = [], unrecordedUntilMs }: Life,
) {
  const ended = new Map<number, RowOutcome>();
  const writes = [...known];
  let sent = 0;
  for (let looks = 0; ended.size < rows.length; looks += 1) {
    assert.ok(looks < 100, 'the order comes to an end');
    const step = nextStep({
      look: store.look(),
      rows: rows.filter(({ line }) => !ended.has(line)),
      endedRows: rows.filter(({ line, item }) => ended.has(line) && item !== null),
      writes,
      unrecordedUntilMs: unrecordedUntilMs ?? null,
      earlier: null,
      writers: null,
      policy: { createShipments: true, attach: 'latest', onExisting: 'add', storeView: null },
      patience: PATIENCE,
    });
    for (const outcome of step.outcomes) ended.set(outcome.line, outcome);
    for (const planned of step.actions) {
      const { action } = planned;
      const id = `w${store.nowMs}-${sent}`;
      const met = fates[sent] ?? { fate: { kind: 'answered' }, crash: false };
      sent += 1;
      const atMs = store.nowMs;
      const answer = store.send(action, id, met.fate);
      writes.push({
        id,
        kind: action.kind,
        orderId: 1,
        shipmentId: action.kind === 'ship' ? null : action.shipmentId,
        trackId: answer.kind === 'done' && !met.crash ? answer.trackId : null,
        trackingNumbers:
          action.kind === 'ship'
            ? action.parcels.map((parcel) => parcel.trackingNumber)
            : [action.trackingNumber],
        state: met.crash ? 'open' : answer.kind,
        message: answer.kind === 'done' ? '' : answer.message,
        atMs,
        answeredAtMs: met.crash ? null : store.nowMs,
        counts: true,
        isOwn: true,
      });
      if (sent === sends) return { outcomes: [...ended.values()], writes };
      if (met.crash || answer.kind !== 'done') break;
      for (const outcome of fulfilled(planned, answer)) ended.set(outcome.line, outcome);
    }
    store.moveTo(Math.max(store.nowMs + 1, step.lookAgainAtMs ?? 0));
  }
  return { outcomes: [...ended.values()], writes };
}

const rowsOf = (wanted: readonly string[]) => wanted.map((number, index) => row(index + 2, number));

const numbers = fc.uniqueArray(fc.constantFrom('1Z1', '1Z2', '1Z3'), { minLength: 1, maxLength: 3 });

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

/** Each parcel holds one mug; of five, so that a second shipment would find something open. */
const mugsOf = (wanted: readonly string[]) =>
  rowsOf(wanted).map((each) => ({ ...each, item: { sku: 'MUG', quantity: 1 } }));

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

/**
 * A process that lost its power after some writes, with so many of the last ones on no record and no row's outcome, and the
 * one that starts after it.
 */
const cut = fc.record({ sends: fc.integer({ min: 1, max: 4 }), forgotten: fc.integer({ min: 0, max: 4 }) });
type Cut = typeof cut extends fc.Arbitrary<infer Value> ? Value : never;

function runThroughCut(
  store: SmallStore,
  rows: readonly Row[],
  fates: readonly SentWrite[],
  { sends, forgotten }: Cut,
) {
  const { writes } = live(store, rows, fates, { sends });
  const kept = writes.slice(0, Math.max(0, writes.length - forgotten));
  return run(store, rows, fates.slice(sends), { writes: kept, unrecordedUntilMs: store.nowMs });
}

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
