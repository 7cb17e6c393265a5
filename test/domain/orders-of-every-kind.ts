import fc from 'fast-check';
import { type ItemSeed, seedOrder } from '../../src/sandbox/seed.ts';
import { prepareShipment, saveShipment } from '../../src/sandbox/shipping.ts';
import type { ItemRecord, OrderRecord, Store } from '../../src/sandbox/store.ts';

/** What an order is made of, as fast-check shrinks and prints it. */
export interface OrderPlan {
  readonly items: readonly ItemSeed[];
  /** Shipments that somebody made before: lines by their position, and numbers. */
  readonly before: readonly {
    readonly lines: readonly { readonly at: number; readonly qty: number }[];
    readonly numbers: readonly string[];
  }[];
  /** By position: so much of what is left of a line, of which part, came back or never went out. */
  readonly gone: readonly {
    readonly at: number;
    readonly qty: number;
    readonly how: 'refunded' | 'canceled';
    /** Of a bundle: with all its parts, or with the first one alone. */
    readonly of: 'all parts' | 'one part';
  }[];
  readonly state: 'natural' | 'new' | 'holded' | 'payment_review' | 'pending_payment' | 'canceled' | 'closed';
  /** What is invoiced of each line. */
  readonly invoiced: 'all' | 'nothing' | 'one piece';
}

export const NUMBERS = ['1Z1', '1Z2', '1Z3', '1Z4'] as const;
const SKUS = ['MUG', 'CUP', 'TEA', 'BOX', 'SHIRT-RED'] as const;
/** What is asked for of a line, or was; more than some have. */
export const QUANTITIES = [0.3, 0.5, 1.5, 1, 2, 3, 4] as const;

const pieces = fc.integer({ min: 1, max: 3 });
const sku = fc.constantFrom(...SKUS);

/** As an extension sets it for what leaves by another way. */
const lockedDoShip = fc.nat(14).map((n) => n === 14);

const plain = fc.record({
  lockedDoShip,
  type: fc.constantFrom<'simple' | 'grouped'>('simple', 'simple', 'grouped'),
  sku,
  qty: pieces,
});
/** One product is sold by parts of a piece on all lines or on none. */
const byMeasure = fc.record({
  type: fc.constant('simple' as const),
  sku: fc.constant('CLOTH'),
  decimal: fc.constant(true),
  qty: fc.constantFrom(0.3, 0.5, 1.5, 2),
});
const intangible = fc.record({
  type: fc.constantFrom('virtual' as const, 'downloadable' as const),
  sku,
  qty: pieces,
});
const configurable = fc.record({ qty: pieces, lockedDoShip }).map(({ qty, ...more }) => ({
  ...more,
  type: 'configurable' as const,
  sku: 'SHIRT-RED',
  qty,
  children: [{ sku: 'SHIRT-RED', qty }],
}));
const part = fc.record({
  sku,
  each: fc.integer({ min: 1, max: 2 }),
  isVirtual: fc.nat(9).map((n) => n === 0),
  lockedDoShip,
});
const bundle = fc
  .record({
    qty: fc.integer({ min: 1, max: 2 }),
    shipment: fc.constantFrom('together' as const, 'separately' as const),
    parts: fc.array(part, { minLength: 1, maxLength: 2 }),
    lockedDoShip,
  })
  .map(({ qty, shipment, parts, lockedDoShip }) => ({
    type: 'bundle' as const,
    lockedDoShip,
    // One product ships in one form, on however many lines it stands.
    sku: shipment === 'together' ? 'SET' : 'KIT',
    qty,
    shipment,
    children: parts.map(({ each, isVirtual, ...child }) => ({
      ...child,
      qty: qty * each,
      type: isVirtual ? ('virtual' as const) : ('simple' as const),
    })),
  }));

/** An order as a file may find it. */
export const orderPlan: fc.Arbitrary<OrderPlan> = fc.record({
  items: fc.array(
    fc.oneof(
      { weight: 4, arbitrary: plain },
      { weight: 1, arbitrary: byMeasure },
      { weight: 1, arbitrary: intangible },
      { weight: 1, arbitrary: configurable },
      { weight: 3, arbitrary: bundle },
    ),
    { minLength: 1, maxLength: 3 },
  ),
  before: fc.array(
    fc.record({
      lines: fc.array(fc.record({ at: fc.nat(5), qty: fc.constantFrom(...QUANTITIES) }), { maxLength: 3 }),
      numbers: fc.uniqueArray(fc.constantFrom('OLD1', 'OLD2', ...NUMBERS), { maxLength: 2 }),
    }),
    { maxLength: 2 },
  ),
  gone: fc.array(
    fc.record({
      at: fc.nat(5),
      qty: fc.constantFrom(1, 2),
      how: fc.constantFrom('refunded' as const, 'canceled' as const),
      of: fc.constantFrom('all parts' as const, 'all parts' as const, 'one part' as const),
    }),
    { maxLength: 2 },
  ),
  state: fc.oneof(
    { weight: 6, arbitrary: fc.constant('natural' as const) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        'new' as const,
        'holded' as const,
        'payment_review' as const,
        'pending_payment' as const,
        'canceled' as const,
        'closed' as const,
      ),
    },
  ),
  invoiced: fc.constantFrom('all' as const, 'all' as const, 'nothing' as const, 'one piece' as const),
});

export const ORDER_NUMBER = '100000001';
/** Long before any file came, as the database writes it. */
const LONG_AGO = '2026-01-02 03:04:05';

/** Makes the order of a store view as it is when the file comes; earlier shipments are made by the shop's own rules. */
export function putOrder(store: Store, storeId: number, plan: OrderPlan): OrderRecord {
  const { items, before, gone, state, invoiced } = plan;
  const { orderId } = seedOrder(store, { incrementId: ORDER_NUMBER, storeId, items });
  const order = store.orders.get(orderId);
  if (!order) throw new Error('the order was just put there');
  for (const { lines, numbers } of before) {
    const named = lines.flatMap(({ at, qty }) => {
      const item = order.items[at];
      return item ? [{ order_item_id: item.itemId, qty }] : [];
    });
    const made = prepareShipment(store, orderId, { items: named });
    if (made.kind === 'refused') continue;
    saveShipment(store, made.shipment);
    for (const number of numbers) putNumber(store, order, number);
  }
  for (const { at, qty, how, of } of gone) {
    const item = order.items[at];
    if (item) takeAway(order, item, qty, how, of);
  }
  for (const item of order.items) {
    item.qtyInvoiced = { all: item.qtyOrdered, nothing: 0, 'one piece': Math.min(1, item.qtyOrdered) }[
      invoiced
    ];
  }
  if (state === 'canceled')
    for (const item of order.items) item.qtyCanceled = Math.max(item.qtyOrdered - item.qtyShipped, 0);
  if (state !== 'natural') Object.assign(order, { state, status: state === 'new' ? 'pending' : state });
  return order;
}

/** A number stands once on an order. */
function putNumber(store: Store, order: OrderRecord, trackNumber: string): void {
  const shipment = order.shipments.at(-1);
  const stands = order.shipments.some(({ tracks }) =>
    tracks.some((track) => track.trackNumber === trackNumber),
  );
  if (!shipment || stands) return;
  const fields = {
    trackNumber,
    carrierCode: 'dhl',
    title: 'DHL',
    description: null,
    weight: null,
    qty: null,
  };
  store.addTrack(shipment, fields, { createdAt: LONG_AGO });
}

/** Of a configurable product by its own line. */
export function takeAway(
  order: OrderRecord,
  item: ItemRecord,
  wanted: number,
  how: 'refunded' | 'canceled',
  of: 'all parts' | 'one part' = 'all parts',
): void {
  if (item.parent) return;
  const open =
    item.qtyOrdered - item.qtyRefunded - item.qtyCanceled - (how === 'canceled' ? item.qtyShipped : 0);
  const parts = order.items.filter(({ parent }) => parent === item);
  const qty = Math.min(wanted, item.isQtyDecimal ? open : Math.trunc(open));
  if (qty <= 0 || (how === 'canceled' && parts.some(({ qtyShipped }) => qtyShipped > 0))) return;
  const column = how === 'refunded' ? 'qtyRefunded' : 'qtyCanceled';
  const taken = item.productType === 'bundle' && of === 'one part' ? parts.slice(0, 1) : parts;
  for (const each of [item, ...taken]) each[column] += (qty * each.qtyOrdered) / item.qtyOrdered;
}
