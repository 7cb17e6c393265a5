import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import type { RowOutcome } from '../../src/domain/outcome.ts';
import { runs } from '../runs.ts';
import { fate, fatesOf } from './fates.ts';
import { cut, live, mugsOf, numbers, rowsOf, run, runThroughCut } from './lives.ts';
import { policy, shipment } from './orders.ts';
import { type Fate, SmallStore } from './small-store.ts';

/** Whatever becomes of a write, or it certainly never came to the store. */
const orUnsent = (latestMs: number): fc.Arbitrary<Fate> =>
  fc.oneof({ weight: 3, arbitrary: fate(latestMs) }, fc.constant<Fate>({ kind: 'unsent' }));

const ALWAYS = policy({ notify: 'always' });
const AS_SHIPPED = policy({ notify: 'shipment' });

/** Nobody is mailed twice about a shipment, and what the rows say of it is so. */
function assertMailedOnce(store: SmallStore, outcomes: readonly RowOutcome[]): void {
  const counts = new Map(store.shipments.map(({ entityId }) => [entityId, 0]));
  for (const id of store.mailed) counts.set(id, (counts.get(id) ?? 0) + 1);
  for (const [id, count] of counts) assert.ok(count <= 1, `mailed ${count} times about shipment ${id}`);
  for (const { outcome, mail, shipmentId } of outcomes) {
    const count = counts.get(shipmentId ?? 0);
    if (mail === 'mailed') assert.equal(count, 1, 'it was mailed');
    if (mail === undefined) assert.equal(count, 0, `it was not mailed (${outcome})`);
  }
}

it('a customer is mailed at most once about numbers on a shipment, whatever is lost, late or killed', () => {
  fc.assert(
    fc.property(numbers, fatesOf(59_999, orUnsent), (wanted, fates) => {
      const store = new SmallStore([shipment(7)]);
      assertMailedOnce(store, run(store, rowsOf(wanted), fates, { policy: ALWAYS }));
    }),
    runs(500),
  );
});

it('a customer is mailed at most once about a new shipment and the numbers that came with it', () => {
  fc.assert(
    fc.property(numbers, fatesOf(115_000, orUnsent), (wanted, fates) => {
      for (const ruled of [ALWAYS, AS_SHIPPED]) {
        const store = new SmallStore([]);
        assertMailedOnce(store, run(store, mugsOf(wanted), fates, { policy: ruled }));
      }
    }),
    runs(500),
  );
});

it('a customer whose order is shipped twice by a late effect hears of it once', () => {
  const late = fc.integer({ min: 120_001, max: 175_000 });
  fc.assert(
    fc.property(numbers, late, (wanted, afterMs) => {
      const store = new SmallStore([]);
      run(store, mugsOf(wanted), [{ fate: { kind: 'effect', afterMs }, crash: false }], {
        policy: AS_SHIPPED,
      });
      assert.ok(store.mailed.length <= 1, `${store.mailed.length} mails`);
    }),
    runs(300),
  );
});

it('a customer is mailed at most once after a power cut, whatever was written last and is on no record', () => {
  fc.assert(
    fc.property(numbers, fatesOf(29_999, orUnsent), cut, fc.boolean(), (wanted, fates, where, stands) => {
      for (const ruled of [ALWAYS, AS_SHIPPED]) {
        const store = new SmallStore(stands ? [shipment(7)] : []);
        assertMailedOnce(store, runThroughCut(store, mugsOf(wanted), fates, where, ruled));
      }
    }),
    runs(500),
  );
});

it('a customer is mailed once about each shipment where nothing goes wrong', () => {
  fc.assert(
    fc.property(numbers, fc.boolean(), (wanted, stands) => {
      const store = new SmallStore(stands ? [shipment(7)] : []);
      const outcomes = run(store, rowsOf(wanted), [], { policy: ALWAYS });
      assert.deepEqual(
        store.mailed,
        store.shipments.map(({ entityId }) => entityId),
      );
      assert.ok(outcomes.every(({ mail }) => mail === 'mailed'));
    }),
    runs(100),
  );
});

it('the same rows in another file mail nobody, and a further number mails once more', () => {
  fc.assert(
    fc.property(numbers, fatesOf(59_999), (wanted, fates) => {
      const store = new SmallStore([shipment(7)]);
      const first = live(store, rowsOf(wanted), fates, { policy: ALWAYS });
      store.moveTo(store.nowMs + 1_000_000);
      const before = store.mailed.length;
      const writes = first.writes
        .filter(({ state }) => state === 'open' || state === 'uncertain')
        .map((write) => ({ ...write, isOwn: false }));
      run(store, rowsOf(wanted), [], { policy: ALWAYS, writes });
      assert.equal(store.mailed.length, before);
      run(store, rowsOf([...wanted, 'MORE']), [], { policy: ALWAYS, writes });
      assert.equal(store.mailed.length, before + 1);
    }),
    runs(200),
  );
});
