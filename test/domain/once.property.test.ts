import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { fulfilled, nextStep } from '../../src/domain/next-step.ts';
import type { Shipment } from '../../src/domain/order.ts';
import { outcomeClass, type RowOutcome } from '../../src/domain/outcome.ts';
import type { Patience } from '../../src/domain/situation.ts';
import { type Action, mark, type Write, type WriteAnswer } from '../../src/domain/write.ts';
import { item, order, row, shipment } from './orders.ts';

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

/** A store of one order, with Magento's rules for tracks and whole ships, whose writes meet the given fates. */
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
    const qtyShipped = this.shipments.length > 0 ? 1 : 0;
    return {
      orders: [order({ shipments: this.shipments, items: [item({ qtyShipped })] })],
      atMs: this.nowMs,
    };
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
        if (this.shipments.length > 0)
          return { kind: 'refused', message: 'The order does not allow a shipment' };
        const made = shipment(
          this.#nextId++,
          ...action.parcels.map((parcel) => track(parcel.trackingNumber, null)),
        );
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
function run(
  store: SmallStore,
  numbers: readonly string[],
  fates: readonly { fate: Fate; crash: boolean }[],
) {
  const rows = numbers.map((number, index) => row(index + 2, number));
  const ended = new Map<number, RowOutcome>();
  const writes: Write[] = [];
  for (let looks = 0; ended.size < rows.length; looks += 1) {
    assert.ok(looks < 100, 'the order comes to an end');
    const step = nextStep({
      look: store.look(),
      rows: rows.filter(({ line }) => !ended.has(line)),
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
const numbers = fc.uniqueArray(fc.constantFrom('1Z1', '1Z2', '1Z3'), { minLength: 1, maxLength: 3 });

it('every number stands exactly once on an order with a shipment, whatever answers are lost or late', () => {
  // An effect that comes later than a verification would (60 s after the intent) is beyond what can be known.
  fc.assert(
    fc.property(numbers, fatesOf(59_999), (wanted, fates) => {
      const store = new SmallStore([shipment(7)]);
      const outcomes = run(store, wanted, fates);
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
      const outcomes = run(store, wanted, fates);
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
