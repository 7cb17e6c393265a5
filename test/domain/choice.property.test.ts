import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import type { Shipment } from '../../src/domain/order.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { Row } from '../../src/domain/row.ts';
import { runs } from '../runs.ts';
import { fatesOf, type SentWrite } from './fates.ts';
import { live } from './lives.ts';
import { policy, row, shipment, track } from './orders.ts';
import { SmallStore } from './small-store.ts';

/** Shipments of some of the five mugs, and rows that name them, their items, a source, or nothing. */
interface Scene {
  readonly shipments: readonly { readonly qty: number; readonly numbers: readonly string[] }[];
  readonly rows: readonly Row[];
  readonly policy: Policy;
}

const items = fc.option(fc.integer({ min: 1, max: 3 }), { freq: 2 });

const scene: fc.Arbitrary<Scene> = fc.record({
  shipments: fc.array(
    fc.record({
      qty: fc.integer({ min: 1, max: 2 }),
      numbers: fc.uniqueArray(fc.constantFrom('OLD1', 'OLD2', '1Z1'), { maxLength: 1 }),
    }),
    { maxLength: 3 },
  ),
  rows: fc
    .array(
      fc.record({
        number: fc.constantFrom('1Z1', '1Z2', '1Z3', '1Z4'),
        mugs: items,
        shipmentNumber: fc.option(fc.constantFrom('S1', 'S2', 'S9'), { freq: 2 }),
        source: fc.option(fc.constantFrom('north', 'south'), { freq: 2 }),
      }),
      { minLength: 1, maxLength: 4 },
    )
    .map((wanted) =>
      wanted.map(({ number, mugs, shipmentNumber, source }, index) =>
        row(index + 2, number, {
          item: mugs === null ? null : { sku: 'MUG', quantity: mugs },
          shipmentNumber: shipmentNumber ?? null,
          source: source ?? null,
        }),
      ),
    ),
  policy: fc
    .record({
      attach: fc.constantFrom('latest' as const, 'first' as const, 'refuse' as const),
      onExisting: fc.constantFrom('add' as const, 'fill' as const, 'skip' as const),
      onPartlyShipped: fc.constantFrom('add' as const, 'ship' as const),
      createShipments: fc.boolean(),
    })
    .map((with_) => policy(with_)),
});

function shopOf({ shipments }: Scene): SmallStore {
  let nextId = 10;
  return new SmallStore(
    shipments.map(({ qty, numbers }, index): Shipment => {
      const tracks = numbers.map((number) => track(nextId++, number));
      return { ...shipment(index + 1, ...tracks), items: [{ orderItemId: 11, qty }] };
    }),
  );
}

const DONE = /: (tracked|shipped|already-tracked|skipped)$/;

/** What stands in the shop in the end, and what the rows are told. */
function endOf(given: Scene, fates: readonly SentWrite[], store = shopOf(given)) {
  const { outcomes, writes } = live(store, given.rows, fates, { policy: given.policy });
  return {
    store,
    writes,
    rows: outcomes.map(({ line, outcome }) => `${line}: ${outcome}`).sort(),
    shop: store.shipments.map(({ items, tracks }) => ({
      qty: items.reduce((sum, { qty }) => sum + qty, 0),
      numbers: tracks.map(({ trackNumber }) => trackNumber).sort(),
    })),
  };
}

it('which shipment gets a number does not hang on lost answers and killed processes', () => {
  fc.assert(
    fc.property(scene, fatesOf(29_999), (given, fates) => {
      const [calm, rough] = [endOf(given, []), endOf(given, fates)];
      assert.deepEqual(rough.shop, calm.shop);
      assert.deepEqual(rough.rows, calm.rows);
    }),
    runs(500),
  );
});

it('nothing is left to do when rows that are done come again', () => {
  fc.assert(
    fc.property(scene, (given) => {
      const { store, shop, rows } = endOf(given, []);
      const done = given.rows.filter(({ line }) =>
        rows.some((end) => DONE.test(end) && end.startsWith(`${line}: `)),
      );
      const again = endOf({ ...given, rows: done }, [], store);
      assert.deepEqual(again.writes, []);
      assert.deepEqual(again.shop, shop);
    }),
    runs(500),
  );
});
