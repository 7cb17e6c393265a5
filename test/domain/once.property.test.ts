import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { fulfilled, nextStep } from '../../src/domain/next-step.ts';
import type { Shipment } from '../../src/domain/order.ts';
import { outcomeClass, type RowOutcome } from '../../src/domain/outcome.ts';
import type { Row } from '../../src/domain/row.ts';
import type { Patience } from '../../src/domain/situation.ts';
import { type Action, mark, type Write, type WriteAnswer } from '../../src/domain/write.ts';
import { item, order, row, shipment, track } from './orders.ts';

const PATIENCE: Patience = {
  looksMs: [2_000, 5_000, 15_000, 30_000],
  repeatTrackAfterMs: 30_000,
  repeatShipAfterMs: 120_000,
  verifyAfterMs: 60_000,
  attempts: 6,
};

/** What becomes of one write on its way to the store and back. */
type Fate =
  | { readonly kind: 'answered' }
  | { readonly kind: 'lost' }
  | { readonly kind: 'effect'; readonly afterMs: number };

const fate = (latestMs: number): fc.Arbitrary<Fate> =>
  fc.oneof(
    fc.constant<Fate>({ kind: 'answered' }),
    fc.constant<Fate>({ kind: 'lost' }),
    fc.integer({ min: 0, max: latestMs }).map<Fate>((afterMs) => ({ kind: 'effect', afterMs })),
  );

const ORDERED = 5;

/**
 * A store of one order of five mugs, with Magento's rules for tracks and ships (it cuts down to what is open, and
 * refuses when nothing is), whose writes meet the given fates.
 */
class SmallStore {
  nowMs = 1_000_000;
  shipments: Shipment[];
  #nextId = 100;
  #late: { atMs: number; apply: () => void }[] = [];

  constructor(shipments: Shipment[]) {
    this.shipments = shipments;
  }

  send(action: Action, id: string, fateOfIt: Fate): WriteAnswer {
    if (fateOfIt.kind === 'answered') return this.#apply(action, id);
    if (fateOfIt.kind === 'effect') {
      this.#late.push({ atMs: this.nowMs + fateOfIt.afterMs, apply: () => void this.#apply(action, id) });
    }
    this.moveTo(this.nowMs + 100);
    return { kind: 'uncertain', message: 'no answer' };
  }

  moveTo(ms: number): void {
    this.nowMs = ms;
    for (const effect of this.#late.filter(({ atMs }) => atMs <= ms)) effect.apply();
    this.#late = this.#late.filter(({ atMs }) => atMs > ms);
  }

  look() {
    const items = [item({ qtyOrdered: ORDERED, qtyShipped: this.shipped() })];
    return { orders: [order({ shipments: this.shipments, items })], atMs: this.nowMs };
  }

  shipped(): number {
    return this.shipments.flatMap(({ items }) => items).reduce((sum, { qty }) => sum + qty, 0);
  }

  standing(number: string): number {
    return this.shipments.flatMap(({ tracks }) => tracks).filter(({ trackNumber }) => trackNumber === number)
      .length;
  }

  #apply(action: Action, id: string): WriteAnswer {
    const track = (trackNumber: string, description: string | null) => ({
      entityId: this.#nextId++,
      trackNumber,
      carrierCode: 'custom',
      title: 'Parcel',
      description,
    });
    switch (action.kind) {
      case 'ship': {
        const open = ORDERED - this.shipped();
        const qty = Math.min(open, action.items.reduce((sum, each) => sum + each.qty, 0) || open);
        if (qty <= 0) return { kind: 'refused', message: 'The order does not allow a shipment' };
        const tracks = action.parcels.map((parcel) => track(parcel.trackingNumber, null));
        const made = { ...shipment(this.#nextId++, ...tracks), items: [{ orderItemId: 11, qty }] };
        this.shipments = [...this.shipments, made];
        return { kind: 'done', shipmentId: made.entityId, trackId: null };
      }
      case 'track': {
        const added = track(action.trackingNumber, mark(id));
        this.shipments = this.shipments.map((each) =>
          each.entityId === action.shipmentId ? { ...each, tracks: [...each.tracks, added] } : each,
        );
        return { kind: 'done', shipmentId: action.shipmentId, trackId: added.entityId };
      }
      case 'untrack':
        this.shipments = this.shipments.map((each) => ({
          ...each,
          tracks: each.tracks.filter(({ entityId }) => entityId !== action.trackId),
        }));
        return { kind: 'done', shipmentId: action.shipmentId, trackId: action.trackId };
    }
  }
}

/** The loop of the pipeline, with the clock moved by hand; `crash` forgets an answer as a killed process does. */
function run(store: SmallStore, rows: readonly Row[], fates: readonly { fate: Fate; crash: boolean }[]) {
  const ended = new Map<number, RowOutcome>();
  const writes: Write[] = [];
  for (let looks = 0; ended.size < rows.length; looks += 1) {
    assert.ok(looks < 100, 'the order comes to an end');
    const step = nextStep({
      look: store.look(),
      rows: rows.filter(({ line }) => !ended.has(line)),
      endedRows: rows.filter(({ line, item }) => ended.has(line) && item !== null),
      writes,
      policy: { createShipments: true, attach: 'latest', storeView: null },
      patience: PATIENCE,
    });
    for (const outcome of step.outcomes) ended.set(outcome.line, outcome);
    for (const planned of step.actions) {
      const { action } = planned;
      const id = `w${writes.length}`;
      const met = fates[writes.length] ?? { fate: { kind: 'answered' }, crash: false };
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
      if (met.crash || answer.kind !== 'done') break;
      for (const outcome of fulfilled(planned, answer)) ended.set(outcome.line, outcome);
    }
    store.moveTo(Math.max(store.nowMs + 1, step.lookAgainAtMs ?? 0));
  }
  store.moveTo(store.nowMs + 1_000_000);
  return [...ended.values()];
}

/** Fewer than the attempts allowed, so that a row never ends as given up. */
const fatesOf = (latestMs: number) =>
  fc.array(fc.record({ fate: fate(latestMs), crash: fc.boolean() }), { maxLength: 5 });
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
    { numRuns: 2_000 },
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
    { numRuns: 2_000 },
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
    { numRuns: 2_000 },
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
    { numRuns: 2_000 },
  );
});
