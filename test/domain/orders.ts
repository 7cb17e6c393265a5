import type { Order, OrderItem, Shipment, Track } from '../../src/domain/order.ts';
import type { Row } from '../../src/domain/row.ts';

/** Builders of orders and rows: a test names only what it is about. */

export function order(with_: Partial<Order> = {}): Order {
  return {
    entityId: 1,
    incrementId: '100000001',
    storeId: 1,
    state: 'processing',
    status: 'processing',
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
    qtyOrdered: 1,
    qtyShipped: 0,
    qtyRefunded: 0,
    qtyCanceled: 0,
    ...with_,
  };
}

export function shipment(entityId: number, ...tracks: Track[]): Shipment {
  return { entityId, incrementId: `S${entityId}`, items: [{ orderItemId: 11, qty: 1 }], tracks };
}

export function track(entityId: number, trackNumber: string, description: string | null = null): Track {
  return { entityId, trackNumber, carrierCode: 'custom', title: 'Parcel', createdAtMs: null, description };
}

export function row(line: number, trackingNumber: string, with_: Partial<Row> = {}): Row {
  return {
    line,
    part: 0,
    orderNumber: '100000001',
    trackingNumber,
    carrierCode: 'custom',
    title: 'Parcel',
    item: null,
    note: null,
    ...with_,
  };
}
