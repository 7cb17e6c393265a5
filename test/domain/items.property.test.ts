import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { BundleForms } from '../../src/domain/bundle.ts';
import { exact } from '../../src/domain/item-sums.ts';
import { fulfilled } from '../../src/domain/next-step.ts';
import { openQuantity } from '../../src/domain/open-items.ts';
import type { Order, OrderItem, Shipment } from '../../src/domain/order.ts';
import { Others } from '../../src/domain/others.ts';
import { outcomeClass } from '../../src/domain/outcome.ts';
import { type Plan, plan } from '../../src/domain/plan.ts';
import type { Row } from '../../src/domain/row.ts';
import { wishesOf } from '../../src/domain/wish.ts';
import type { Action } from '../../src/domain/write.ts';
import { runs } from '../runs.ts';
import { item, order, policy, row, shipment, standing, track } from './orders.ts';

const SKUS = ['MUG', 'CUP', 'CLOTH'] as const;
const NUMBERS = ['1Z1', '1Z2', '1Z3'] as const;
/** Thirds do not exist here: Magento keeps four decimals. */
const quantity = fc.constantFrom(0.1, 0.2, 0.5, 1, 2, 3);

const orderLines: fc.Arbitrary<readonly OrderItem[]> = fc
  .array(
    fc.record({
      sku: fc.constantFrom(...SKUS),
      qtyOrdered: fc.integer({ min: 1, max: 5 }),
      qtyRefunded: fc.integer({ min: 0, max: 1 }),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((lines) => lines.map((line, index) => item({ itemId: 11 + index, isQtyDecimal: true, ...line })));

const rows: fc.Arbitrary<readonly Row[]> = fc
  .array(
    fc.record({
      number: fc.constantFrom(...NUMBERS),
      item: fc.option(fc.record({ sku: fc.constantFrom(...SKUS, 'UNKNOWN'), quantity }), { freq: 4 }),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((all) => all.map(({ number, item: named }, index) => row(index + 2, number, { item: named })));

/** Shipments that somebody made before: quantities of the lines, and perhaps a number, of the drop or foreign. */
const earlier = fc.array(
  fc.record({
    lines: fc.array(fc.record({ line: fc.nat(3), qty: quantity }), { minLength: 1, maxLength: 3 }),
    number: fc.option(fc.constantFrom('FOREIGN', ...NUMBERS), { freq: 2 }),
  }),
  { maxLength: 3 },
);

/** A shop with one order, which cuts down and leaves out as Magento does. */
class Shop {
  order: Order;
  #nextId = 100;

  constructor(items: readonly OrderItem[]) {
    this.order = order({ items });
  }

  apply(action: Action): void {
    if (action.kind === 'ship') {
      this.ship(
        action.items,
        action.parcels.map(({ trackingNumber }) => trackingNumber),
      );
    } else if (action.kind === 'track') {
      this.#change(action.shipmentId, (each) => ({
        ...each,
        tracks: [...each.tracks, track(this.#nextId++, action.trackingNumber)],
      }));
    } else assert.fail('nothing is to be taken back here');
  }

  ship(items: readonly { orderItemId: number; qty: number }[], numbers: readonly string[]): void {
    const wanted = new Map(items.map(({ orderItemId, qty }) => [orderItemId, qty]));
    const lines = this.order.items.flatMap((line) => {
      const open = openQuantity(line);
      const qty = items.length === 0 ? open : Math.min(open, wanted.get(line.itemId) ?? 0);
      return qty > 0 ? [{ orderItemId: line.itemId, qty }] : [];
    });
    if (lines.length === 0) return;
    const shippedOf = new Map(lines.map(({ orderItemId, qty }) => [orderItemId, qty]));
    const made: Shipment = {
      ...shipment(this.#nextId++, ...numbers.map((number) => track(this.#nextId++, number))),
      items: lines,
    };
    this.order = {
      ...this.order,
      items: this.order.items.map((line) => ({
        ...line,
        qtyShipped: exact(line.qtyShipped + (shippedOf.get(line.itemId) ?? 0)),
      })),
      shipments: [...this.order.shipments, made],
    };
  }

  #change(shipmentId: number, change: (shipment: Shipment) => Shipment): void {
    const shipments = this.order.shipments.map((each) =>
      each.entityId === shipmentId ? change(each) : each,
    );
    this.order = { ...this.order, shipments };
  }
}

function shopWith(
  items: readonly OrderItem[],
  before: readonly { lines: readonly { line: number; qty: number }[]; number: string | null }[],
) {
  const shop = new Shop(items);
  for (const { lines, number } of before) {
    const wanted = lines.map(({ line, qty }) => ({ orderItemId: 11 + line, qty }));
    shop.ship(wanted, number === null ? [] : [number]);
  }
  return shop;
}

function planOf(shop: Shop, wanted: readonly Row[], all: readonly Row[], createShipments: boolean): Plan {
  const siblings = wishesOf(all.filter((each) => each.item !== null));
  const may = policy({ createShipments });
  return plan(shop.order, wishesOf(wanted), may, {
    siblings,
    placesOf: standing(shop.order),
    refusals: new Map(),
    forms: new BundleForms(shop.order, [], []),
    isAnyLost: false,
    others: new Others(siblings, [], null),
  });
}

it('once its plan is carried out an order needs nothing more, and no more is shipped than was ordered', () => {
  fc.assert(
    fc.property(orderLines, earlier, rows, fc.boolean(), (items, before, wanted, create) => {
      const shop = shopWith(items, before);
      const first = planOf(shop, wanted, wanted, create);
      for (const { action } of first.actions) shop.apply(action);
      // A row that failed has ended; that a refund frees what it wanted is seen by whoever drops it again.
      const failed = new Set(
        first.outcomes.filter(({ outcome }) => outcomeClass(outcome) === 'failed').map(({ line }) => line),
      );
      const others = wanted.filter(({ line }) => !failed.has(line));
      const again = planOf(shop, others, wanted, create);

      assert.deepEqual(again.actions, []);
      assert.deepEqual(
        again.outcomes.map(({ line, outcome }) => `${line}: ${outcomeClass(outcome)}`).sort(),
        others.map(({ line }) => `${line}: done`).sort(),
      );
      for (const line of shop.order.items) assert.ok(line.qtyShipped <= line.qtyOrdered);
    }),
    runs(600),
  );
});

it('an order whose plan is cut off after any of its writes ends as it would have without that', () => {
  // Where several shipments fit a number, either may have it: what is shipped is the same, and each number stands once.
  const standing = ({ order: { shipments } }: Shop) => ({
    items: shipments.map(({ items }) => items),
    numbers: shipments.flatMap(({ tracks }) => tracks.map(({ trackNumber }) => trackNumber)).sort(),
  });
  fc.assert(
    fc.property(
      orderLines,
      earlier,
      rows,
      fc.boolean(),
      fc.nat(3),
      (items, before, wanted, create, cutAfter) => {
        const whole = shopWith(items, before);
        const cut = shopWith(items, before);
        for (const { action } of planOf(whole, wanted, wanted, create).actions) whole.apply(action);

        const { outcomes, actions } = planOf(cut, wanted, wanted, create);
        const ended = new Set(outcomes.map(({ line }) => line));
        for (const planned of actions.slice(0, cutAfter)) {
          cut.apply(planned.action);
          for (const { line } of fulfilled(planned, {})) ended.add(line);
        }
        const open = wanted.filter(({ line }) => !ended.has(line));
        for (const { action } of planOf(cut, open, wanted, create).actions) cut.apply(action);
        assert.deepEqual(standing(cut), standing(whole));
      },
    ),
    runs(600),
  );
});
