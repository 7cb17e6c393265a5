import fc from 'fast-check';
import { prepareShipment, saveShipment } from '../../src/sandbox/shipping.ts';
import type { OrderRecord, ShipmentRecord, Store } from '../../src/sandbox/store.ts';
import { NUMBERS, QUANTITIES, takeAway } from './orders-of-every-kind.ts';

/** What a person or another program does to an order while a file is worked on. */
export type Deed =
  | {
      readonly does: 'ships';
      /** Empty: everything that is open. */
      readonly lines: readonly { readonly at: number; readonly qty: number }[];
      readonly number: string | null;
    }
  | { readonly does: 'adds a number'; readonly at: number; readonly number: string }
  | { readonly does: 'deletes a number'; readonly at: number }
  /** As extensions do it; Magento itself has no way. */
  | { readonly does: 'deletes a shipment'; readonly at: number }
  | { readonly does: 'refunds' | 'cancels'; readonly at: number; readonly qty: number }
  | { readonly does: 'holds' }
  | { readonly does: 'releases' };

/**
 * A deed, and when: in a look, when its orders were read and their shipments were not; between a look and the write that it led
 * to; or after a write and before the next look.
 */
export interface Stranger {
  readonly deed: Deed;
  readonly when: 'in a look' | 'before' | 'after';
  /** Of the writes of the file, from 0; a look is before the one that follows it. */
  readonly write: number;
}

const anyNumber = fc.constantFrom('THEIRS', 'OLD1', ...NUMBERS);
const at = fc.nat(5);

const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('ships' as const),
      lines: fc.array(fc.record({ at, qty: fc.constantFrom(...QUANTITIES) }), { maxLength: 2 }),
      number: fc.option(anyNumber),
    }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('adds a number' as const), at, number: anyNumber }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('deletes a number' as const), at }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('deletes a shipment' as const), at }) },
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constantFrom('refunds' as const, 'cancels' as const),
      at,
      qty: fc.constantFrom(1, 2),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constantFrom('holds' as const, 'releases' as const) }) },
);

/** Who comes by while one file is worked on. */
export const strangers: fc.Arbitrary<readonly Stranger[]> = fc.array(
  fc.record({
    deed,
    when: fc.constantFrom('in a look' as const, 'before' as const, 'after' as const),
    write: fc.nat(2),
  }),
  { minLength: 1, maxLength: 3 },
);

/** Does it, by the shop's own rules where the shop has a way to do it. */
export function happen(store: Store, order: OrderRecord, deed: Deed): void {
  switch (deed.does) {
    case 'ships': {
      const items = deed.lines.flatMap(({ at, qty }) => {
        const item = order.items[at % order.items.length];
        return item ? [{ order_item_id: item.itemId, qty }] : [];
      });
      const tracks =
        deed.number === null ? [] : [{ track_number: deed.number, carrier_code: 'dhl', title: 'DHL' }];
      const made = prepareShipment(store, order.entityId, { items, tracks });
      if (made.kind === 'prepared') saveShipment(store, made.shipment);
      return;
    }
    case 'adds a number': {
      const shipment = nth(order.shipments, deed.at);
      const fields = { carrierCode: 'dhl', title: 'DHL', description: null, weight: null, qty: null };
      if (shipment) store.addTrack(shipment, { ...fields, trackNumber: deed.number });
      return;
    }
    case 'deletes a number': {
      const track = nth(
        order.shipments.flatMap(({ tracks }) => tracks),
        deed.at,
      );
      if (track) store.deleteTrack(track.entityId);
      return;
    }
    case 'deletes a shipment': {
      const shipment = nth(order.shipments, deed.at);
      if (shipment) deleteShipment(store, shipment);
      return;
    }
    case 'refunds':
    case 'cancels': {
      const item = nth(order.items, deed.at);
      if (item) takeAway(order, item, deed.qty, deed.does === 'refunds' ? 'refunded' : 'canceled');
      return;
    }
    case 'holds':
      if (order.state === 'processing' || order.state === 'new') setState(order, 'holded');
      return;
    case 'releases':
      if (order.state === 'holded') setState(order, 'processing');
  }
}

function deleteShipment(store: Store, shipment: ShipmentRecord): void {
  const { order, items, entityId } = shipment;
  for (const { entityId: trackId } of [...shipment.tracks]) store.deleteTrack(trackId);
  for (const { item, qty } of items) {
    item.qtyShipped = Math.max(item.qtyShipped - qty, 0);
    if (item.productType !== 'bundle' || item.shipSeparately) continue;
    for (const part of order.items.filter(({ parent }) => parent === item))
      part.qtyShipped = Math.max(part.qtyShipped - (qty * part.qtyOrdered) / item.qtyOrdered, 0);
  }
  store.shipments.delete(entityId);
  order.shipments.splice(order.shipments.indexOf(shipment), 1);
  if (order.state === 'complete') setState(order, 'processing');
}

function setState(order: OrderRecord, state: string): void {
  Object.assign(order, { state, status: state });
}

function nth<Value>(values: readonly Value[], at: number): Value | undefined {
  return values.length === 0 ? undefined : values[at % values.length];
}
