import type { Order, OrderItem, Shipment, Track } from '../../src/domain/order.ts';
import type { Place } from '../../src/domain/place.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { Row } from '../../src/domain/row.ts';
import type { Situation } from '../../src/domain/situation.ts';
import { standingOn } from '../../src/domain/standing-places.ts';
import type { Wish } from '../../src/domain/wish.ts';
import type { Parcel, Ship } from '../../src/domain/write.ts';
import { PATIENCE } from './patience.ts';

/** Builders of orders, rows and policies: a test names only what it is about. */

export function order(with_: Partial<Order> = {}): Order {
  return {
    entityId: 1,
    incrementId: '100000001',
    storeId: 1,
    state: 'processing',
    status: 'processing',
    totalDue: 0,
    items: [item()],
    shipments: [],
    ...with_,
  };
}

export function item(with_: Partial<OrderItem> = {}): OrderItem {
  return {
    itemId: 11,
    parentItemId: null,
    sku: 'MUG',
    productType: 'simple',
    isVirtual: false,
    isQtyDecimal: false,
    isLocked: false,
    qtyOrdered: 1,
    qtyInvoiced: 0,
    qtyShipped: 0,
    qtyRefunded: 0,
    qtyCanceled: 0,
    ...with_,
  };
}

export function shipment(entityId: number, ...tracks: Track[]): Shipment {
  return {
    entityId,
    incrementId: `S${entityId}`,
    isMailed: false,
    source: null,
    items: [{ orderItemId: 11, qty: 1 }],
    tracks,
  };
}

export function track(entityId: number, trackNumber: string, description: string | null = null): Track {
  return { entityId, trackNumber, carrierCode: 'custom', title: 'Parcel', createdAtMs: null, description };
}

/** Of a row that says no more than order and number. */
export const NO_AIMS = { shipmentNumber: null, storeView: null, source: null, link: null } as const;

export function row(line: number, trackingNumber: string, with_: Partial<Row> = {}): Row {
  return {
    line,
    part: 0,
    orderNumber: '100000001',
    trackingNumber,
    carrierCode: 'custom',
    title: 'Parcel',
    item: null,
    ...NO_AIMS,
    note: null,
    ...with_,
  };
}

/** An inbox as it is by default, but that it may ship. */
export function policy(with_: Partial<Policy> = {}): Policy {
  return {
    createShipments: true,
    attach: 'latest',
    onExisting: 'add',
    onPartlyShipped: 'add',
    storeView: null,
    requirePaid: false,
    source: null,
    notify: 'never',
    comment: null,
    ...with_,
  };
}

/** A shipment of everything that is open. */
export function shipAll(orderId: number, parcels: readonly Parcel[], with_: Partial<Ship> = {}): Ship {
  return { kind: 'ship', orderId, items: [], parcels, source: null, comment: null, mails: false, ...with_ };
}

/** Where numbers stand on the order for a drop that has written nothing to it. */
export function standing(subject: Order): (wish: Wish) => readonly Place[] {
  const placesOf = standingOn(subject);
  return (wish) => placesOf(wish, []);
}

/** One row for an order, of which nothing is on record. */
export function situation(with_: Partial<Situation> = {}): Situation {
  return {
    look: { orders: [order()], atMs: 0 },
    rows: [row(2, '1Z1')],
    endedRows: [],
    badRows: [],
    writes: [],
    unrecordedUntilMs: null,
    othersMarks: new Set(),
    earlier: null,
    writers: null,
    dropName: 'parcels.csv',
    policy: policy(),
    patience: PATIENCE,
    ...with_,
  };
}
