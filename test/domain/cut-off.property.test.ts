import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { fulfilled, nextStep } from '../../src/domain/next-step.ts';
import { outcomeClass, type RowOutcome } from '../../src/domain/outcome.ts';
import { type Row, trackingKey } from '../../src/domain/row.ts';
import { numbersOf, type Write } from '../../src/domain/write.ts';
import { runs } from '../runs.ts';
import { fatesOf, type SentWrite } from './fates.ts';
import { policy, row, shipment } from './orders.ts';
import { PATIENCE } from './patience.ts';
import { SmallStore } from './small-store.ts';

/** A look at the file: how much of it is there, and how far the work comes before the next one. */
interface Reading {
  /** Of the whole, 0 to 1. */
  readonly share: number;
  /** The file was put away before, and is a drop of its own now. */
  readonly isNewDrop: boolean;
  readonly steps: number;
}

interface Scene {
  readonly numbers: readonly string[];
  readonly readings: readonly Reading[];
  readonly fates: readonly SentWrite[];
}

const NUMBERS = fc.uniqueArray(
  fc.string({ unit: fc.constantFrom('1', '2'), minLength: 1, maxLength: 5 }).map((digits) => `Z${digits}`),
  { minLength: 1, maxLength: 4 },
);

const SCENES: fc.Arbitrary<Scene> = fc.record({
  numbers: NUMBERS,
  readings: fc.array(
    fc.record({
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      isNewDrop: fc.boolean(),
      steps: fc.integer({ min: 0, max: 4 }),
    }),
    { maxLength: 4 },
  ),
  // What comes later than a repeat would is beyond what can be known.
  fates: fatesOf(29_999),
});

/** The rows of a file of one number a line, which may end in half a number. */
function rowsIn(text: string): Row[] {
  return text.split('\n').flatMap((number, at) => (number === '' ? [] : [row(at + 2, number)]));
}

/** A store with one order, and a file for it that is read again and again while it grows. */
class GrowingFile {
  readonly store: SmallStore;
  readonly #fates: SentWrite[];
  /** Of the drops before the present one. */
  #earlier: Write[] = [];
  #writes: Write[] = [];
  #rows: readonly Row[] = [];
  #ended = new Map<number, RowOutcome>();
  #sent = 0;

  constructor(store: SmallStore, fates: readonly SentWrite[]) {
    this.store = store;
    this.#fates = [...fates];
  }

  /** Reads it again, as the same drop or, once that is put away, as a new one; does so many steps of the work. */
  read(text: string, isNewDrop: boolean): void {
    if (isNewDrop) {
      this.work(Number.POSITIVE_INFINITY);
      this.#earlier.push(...this.#writes);
      this.#writes = [];
    }
    this.#rows = rowsIn(text);
    this.#ended = new Map();
  }

  work(steps: number): readonly RowOutcome[] {
    for (let step = 0; step < steps && this.#ended.size < this.#rows.length; step += 1) {
      assert.ok(step < 200, 'the order comes to an end');
      this.#step();
    }
    return [...this.#ended.values()];
  }

  #step(): void {
    const { store } = this;
    const step = nextStep({
      look: store.look(),
      rows: this.#rows.filter(({ line }) => !this.#ended.has(line)),
      badRows: [],
      endedRows: [],
      writes: this.#writes,
      earlier: {
        writes: this.#earlier,
        wanted: new Set(this.#rows.map(({ trackingNumber }) => trackingKey(trackingNumber))),
      },
      unrecordedUntilMs: null,
      othersMarks: new Set(),
      writers: null,
      policy: policy(),
      patience: PATIENCE,
      dropName: 'day.csv',
    });
    for (const outcome of step.outcomes) this.#ended.set(outcome.line, outcome);
    for (const planned of step.actions) {
      const { action } = planned;
      const id = `w${this.#sent}`;
      this.#sent += 1;
      const { fate, crash } = this.#fates.shift() ?? { fate: { kind: 'answered' }, crash: false };
      const atMs = store.nowMs;
      const answer = store.send(action, id, fate);
      this.#writes.push({
        id,
        kind: action.kind,
        orderId: 1,
        shipmentId: action.kind === 'ship' ? null : action.shipmentId,
        mails: false,
        trackId:
          action.kind === 'untrack'
            ? action.trackId
            : answer.kind === 'done' && !crash
              ? answer.trackId
              : null,
        trackingNumbers: numbersOf(action),
        state: crash ? 'open' : answer.kind,
        message: '',
        atMs,
        answeredAtMs: crash ? null : store.nowMs,
        counts: true,
        isOwn: true,
      });
      if (crash || answer.kind !== 'done') break;
      for (const outcome of fulfilled(planned, answer)) this.#ended.set(outcome.line, outcome);
    }
    store.moveTo(Math.max(store.nowMs + 1, step.lookAgainAtMs ?? 0));
  }
}

function grow(store: SmallStore, { numbers, readings, fates }: Scene): readonly RowOutcome[] {
  const text = numbers.map((number) => `${number}\n`).join('');
  const file = new GrowingFile(store, fates);
  const inOrder = readings.toSorted((one, other) => one.share - other.share);
  for (const { share, isNewDrop, steps } of inOrder) {
    file.read(text.slice(0, Math.floor(share * text.length)), isNewDrop);
    file.work(steps);
  }
  file.read(text, inOrder.length % 2 === 0);
  const outcomes = file.work(Number.POSITIVE_INFINITY);
  store.moveTo(store.nowMs + 1_000_000);
  return outcomes;
}

const standingIn = ({ shipments }: SmallStore) =>
  shipments.flatMap(({ tracks }) => tracks.map(({ trackNumber }) => trackNumber)).sort();

it('of a file that grew while it was worked on exactly the whole numbers stand in the end, each once', () => {
  fc.assert(
    fc.property(SCENES, (scene) => {
      const store = new SmallStore([shipment(7)]);
      const outcomes = grow(store, scene);
      assert.deepEqual(standingIn(store), [...scene.numbers].sort());
      assert.ok(outcomes.every(({ outcome }) => outcomeClass(outcome) === 'done'));
    }),
    runs(600),
  );
});

it('an order that a cut-off number shipped is not shipped again for the whole one', () => {
  fc.assert(
    fc.property(SCENES, (scene) => {
      const store = new SmallStore([]);
      // A ship is waited for longer than an effect may be late here.
      grow(store, scene);
      assert.equal(store.shipments.length, 1);
      assert.deepEqual(standingIn(store), [...scene.numbers].sort());
    }),
    runs(400),
  );
});
