import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { fulfilled, nextStep } from '../../src/domain/next-step.ts';
import type { Shipment, Track } from '../../src/domain/order.ts';
import type { Writers } from '../../src/domain/others.ts';
import { outcomeClass, type RowOutcome } from '../../src/domain/outcome.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { Row } from '../../src/domain/row.ts';
import { numbersOf, type Write } from '../../src/domain/write.ts';
import { runs } from '../runs.ts';
import { fatesOf, type SentWrite } from './fates.ts';
import { policy, row, shipment, track } from './orders.ts';
import { PATIENCE } from './patience.ts';
import { SmallStore } from './small-store.ts';

/** The store's time begins later: what stands in it at first is older than a minute, or has no time. */
const CLAIMED_AT_MS = 900_000;
/** Of what stands before the drop comes; the store's own ids begin higher. */
const FIRST_TRACK_ID = 10;

/** A number that stands on a shipment when the drop comes: how long, and by whom. */
type Origin =
  | 'long ago'
  | 'by an earlier file'
  | 'by the same file'
  | 'by a later file'
  | 'by nobody knows whom';

interface Scene {
  readonly shipments: readonly (readonly { readonly number: string; readonly origin: Origin }[])[];
  readonly wanted: readonly string[];
  readonly fates: readonly SentWrite[];
  readonly policy: Policy;
}

const scene = (onExisting: Policy['onExisting']): fc.Arbitrary<Scene> =>
  fc.record({
    shipments: fc.array(
      fc.array(
        fc.record({
          number: fc.constantFrom('OLD1', 'OLD2', 'OLD3', '1Z1'),
          origin: fc.constantFrom<Origin>(
            'long ago',
            'by an earlier file',
            'by the same file',
            'by a later file',
            'by nobody knows whom',
          ),
        }),
        { maxLength: 3 },
      ),
      { minLength: 1, maxLength: 2 },
    ),
    wanted: fc.uniqueArray(fc.constantFrom('1Z1', '1Z2', '1Z3'), { minLength: 1, maxLength: 3 }),
    fates: fatesOf(59_999),
    policy: fc
      .constantFrom('latest' as const, 'first' as const)
      .map((attach) => policy({ createShipments: false, attach, onExisting })),
  });

/** What stands in the shop before the drop comes, and what the ledger knows of it. */
function shopOf({ shipments }: Scene): { readonly store: SmallStore; readonly writers: Writers } {
  const own = new Set<string>();
  const earlier = new Set<string>();
  const later = new Set<string>();
  let nextId = FIRST_TRACK_ID;
  const made = shipments.map((numbers, index): Shipment => {
    const tracks = numbers.map(({ number, origin }) => {
      if (origin === 'by the same file') own.add(number.toLowerCase());
      if (origin === 'by an earlier file') earlier.add(number.toLowerCase());
      if (origin === 'by a later file') later.add(number.toLowerCase());
      const createdAtMs = origin === 'long ago' ? 1_000 : CLAIMED_AT_MS + 1_000;
      return { ...track(nextId++, number), createdAtMs };
    });
    return shipment(index + 1, ...tracks);
  });
  return { store: new SmallStore(made), writers: { cameAtMs: CLAIMED_AT_MS, own, earlier, later } };
}

interface Run {
  readonly outcomes: readonly RowOutcome[];
  readonly writes: readonly Write[];
}

/** The loop of the pipeline, with the clock moved by hand; `seen` is asked after everything that may change the shop. */
function run(
  store: SmallStore,
  writers: Writers,
  { wanted, fates, policy }: Pick<Scene, 'wanted' | 'fates' | 'policy'>,
  seen: () => void,
): Run {
  const rows: readonly Row[] = wanted.map((number, index) => row(index + 2, number));
  const ended = new Map<number, RowOutcome>();
  const writes: Write[] = [];
  for (let looks = 0; ended.size < rows.length; looks += 1) {
    assert.ok(looks < 100, 'the order comes to an end');
    const step = nextStep({
      look: store.look(),
      rows: rows.filter(({ line }) => !ended.has(line)),
      badRows: [],
      endedRows: [],
      writes,
      unrecordedUntilMs: null,
      othersMarks: new Set(),
      earlier: null,
      writers: new Map([[1, writers]]),
      policy,
      patience: PATIENCE,
      dropName: 'day.csv',
    });
    for (const outcome of step.outcomes) ended.set(outcome.line, outcome);
    for (const planned of step.actions) {
      const { action } = planned;
      assert.ok(action.kind !== 'ship');
      const id = `w${writes.length}`;
      const { fate, crash } = fates[writes.length] ?? { fate: { kind: 'answered' }, crash: false };
      if (action.kind === 'untrack' && !wanted.includes(action.trackingNumber)) {
        for (const number of wanted) assert.ok(store.standing(number) > 0, `${number} does not stand yet`);
      }
      const atMs = store.nowMs;
      const answer = store.send(action, id, fate);
      seen();
      writes.push({
        id,
        kind: action.kind,
        orderId: 1,
        shipmentId: action.shipmentId,
        mails: false,
        trackId:
          action.kind === 'untrack'
            ? action.trackId
            : answer.kind === 'done' && !crash
              ? answer.trackId
              : null,
        trackingNumbers: numbersOf(action),
        state: crash ? 'open' : answer.kind,
        message: answer.kind === 'done' ? '' : answer.message,
        atMs,
        answeredAtMs: crash ? null : store.nowMs,
        counts: true,
        isOwn: true,
      });
      if (crash || answer.kind !== 'done') break;
      for (const outcome of fulfilled(planned, answer)) ended.set(outcome.line, outcome);
    }
    store.moveTo(Math.max(store.nowMs + 1, step.lookAgainAtMs ?? 0));
    seen();
  }
  store.moveTo(store.nowMs + 1_000_000);
  seen();
  return { outcomes: [...ended.values()], writes };
}

const numbersOn = ({ tracks }: Shipment) => tracks.map(({ trackNumber }) => trackNumber);

/** Another drop of the same rows that comes when the first is done, to an untouched ledger. */
function again(store: SmallStore, writers: Writers, { wanted, policy }: Scene): Run {
  const earlier = new Set([...writers.earlier, ...wanted.map((number) => number.toLowerCase())]);
  const cameAtMs = store.nowMs;
  return run(store, { ...writers, cameAtMs, earlier }, { wanted, policy, fates: [] }, () => {});
}

/** Whose number a drop may never take away: one that it wants, one of its own file or a later one, one that came since. */
function isSafe(
  { number, origin }: Scene['shipments'][number][number],
  scene: Scene,
  writers: Writers,
): boolean {
  const key = number.toLowerCase();
  if (scene.wanted.includes(number) || writers.own.has(key) || writers.later.has(key)) return true;
  return origin === 'by nobody knows whom' && !writers.earlier.has(key);
}

it('replacing takes away what came earlier, once the new numbers stand, and nothing else, whatever is lost or late', () => {
  fc.assert(
    fc.property(scene('replace'), (given) => {
      const { store, writers } = shopOf(given);
      const before = store.shipments;
      const origins = given.shipments.flat();
      const isSafeTrack = ({ entityId }: Track) => {
        const known = origins[entityId - FIRST_TRACK_ID];
        return known === undefined || isSafe(known, given, writers);
      };
      const safe = before.flatMap(({ tracks }) => tracks).filter(isSafeTrack);
      let stood: readonly string[] = [];
      const { outcomes } = run(store, writers, given, () => {
        const now = store.shipments.flatMap(({ tracks }) => tracks);
        for (const each of safe) assert.ok(now.includes(each), `${each.trackNumber} was taken away`);
        for (const [index, { tracks }] of before.entries()) {
          if (tracks.length > 0) assert.notDeepEqual(store.shipments[index]?.tracks, []);
        }
        for (const number of stood)
          assert.ok(store.standing(number) > 0, `${number} stood, and was taken away`);
        stood = given.wanted.filter((number) => store.standing(number) > 0);
      });
      assert.ok(outcomes.every(({ outcome }) => outcomeClass(outcome) === 'done'));
      const added = outcomes.filter(({ outcome }) => outcome === 'tracked' || outcome === 'replaced');
      for (const { shipmentId } of added) {
        const target = store.shipments.find(({ entityId }) => entityId === shipmentId);
        assert.ok(target?.tracks.every(isSafeTrack));
      }
    }),
    runs(300),
  );
});

for (const onExisting of ['replace', 'fill', 'skip', 'add'] as const) {
  it(`with ${onExisting} there is nothing left to do when the same rows come again`, () => {
    fc.assert(
      fc.property(scene(onExisting), (given) => {
        const { store, writers } = shopOf(given);
        run(store, writers, given, () => {});
        const after = store.shipments;
        const { writes, outcomes } = again(store, writers, given);
        assert.deepEqual(writes, []);
        assert.deepEqual(store.shipments, after);
        assert.ok(outcomes.every(({ outcome }) => outcome === 'already-tracked' || outcome === 'skipped'));
      }),
      runs(200),
    );
  });
}

for (const onExisting of ['fill', 'skip'] as const) {
  it(`with ${onExisting} no number is put beside another, and none is taken away`, () => {
    fc.assert(
      fc.property(scene(onExisting), (given) => {
        const { store, writers } = shopOf(given);
        const before = store.shipments.map(numbersOn);
        run(store, writers, given, () => {});
        for (const [index, numbers] of before.entries()) {
          const now = numbersOn(store.shipments[index] as Shipment);
          assert.deepEqual(now.slice(0, numbers.length), numbers);
          const isOther = (number: string) =>
            !given.wanted.includes(number) && !writers.own.has(number.toLowerCase());
          const hadOthers = numbers.some(isOther);
          if (hadOthers) assert.deepEqual(now, numbers);
        }
      }),
      runs(200),
    );
  });
}
