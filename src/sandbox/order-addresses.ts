import type { OrderRecord } from './store.ts';

/** The recorded shop gave each order two addresses, the shipping address first. */
export function shippingAddressId(order: OrderRecord): number {
  return order.entityId * 2 - 2;
}

/** See `shippingAddressId`. */
export function billingAddressId(order: OrderRecord): number {
  return order.entityId * 2 - 1;
}

/** An address as recorded in orders-eq-full: everybody lives in Austin. */
export function address(order: OrderRecord, type: 'billing' | 'shipping'): unknown {
  return {
    address_type: type,
    city: 'Austin',
    country_id: 'US',
    email: 'buyer@example.invalid',
    entity_id: type === 'billing' ? billingAddressId(order) : shippingAddressId(order),
    firstname: 'Lab',
    lastname: 'Buyer',
    parent_id: order.entityId,
    postcode: '78701',
    region: 'Texas',
    region_code: 'TX',
    region_id: 57,
    street: ['1 Test St'],
    telephone: '5550100',
  };
}
