import { type Columns, type Fields, projectList, projectValue } from './projection.ts';
import { isVirtual } from './seed.ts';
import type { ItemRecord, OrderRecord } from './store.ts';

/** Flat rate for each order that has something to ship. */
const SHIPPING_AMOUNT = 5;

const zero = () => 0;
const one = () => 1;

function price(item: ItemRecord): number {
  return item.price;
}

function rowTotal(item: ItemRecord): number {
  return item.price * item.qtyOrdered;
}

function rowInvoiced(item: ItemRecord): number {
  return item.price * item.qtyInvoiced;
}

function itemVirtual(item: ItemRecord): number {
  return isVirtual(item) ? 1 : 0;
}

/** An item inside an answer needs its order's id and dates. */
interface ItemOfOrder {
  readonly item: ItemRecord;
  readonly order: OrderRecord;
}

/** As recorded in orders-eq-full; a child has its parent's id and the parent itself besides. */
const ITEM_COLUMNS: Columns<ItemOfOrder> = {
  amount_refunded: zero,
  base_amount_refunded: zero,
  base_discount_amount: zero,
  base_discount_invoiced: zero,
  base_discount_tax_compensation_amount: zero,
  base_discount_tax_compensation_invoiced: zero,
  base_price: ({ item }) => price(item),
  base_price_incl_tax: ({ item }) => price(item),
  base_row_invoiced: ({ item }) => rowInvoiced(item),
  base_row_total: ({ item }) => rowTotal(item),
  base_row_total_incl_tax: ({ item }) => rowTotal(item),
  base_tax_amount: zero,
  base_tax_invoiced: zero,
  created_at: ({ order }) => order.createdAt,
  discount_amount: zero,
  discount_invoiced: zero,
  discount_percent: zero,
  free_shipping: zero,
  discount_tax_compensation_amount: zero,
  discount_tax_compensation_invoiced: zero,
  is_qty_decimal: zero,
  is_virtual: ({ item }) => itemVirtual(item),
  item_id: ({ item }) => item.itemId,
  name: ({ item }) => item.name,
  no_discount: zero,
  order_id: ({ order }) => order.entityId,
  original_price: zero,
  parent_item_id: ({ item }) => item.parent?.itemId,
  price: ({ item }) => price(item),
  price_incl_tax: ({ item }) => price(item),
  product_id: one,
  product_type: ({ item }) => item.productType,
  qty_canceled: ({ item }) => item.qtyCanceled,
  qty_invoiced: ({ item }) => item.qtyInvoiced,
  qty_ordered: ({ item }) => item.qtyOrdered,
  qty_refunded: ({ item }) => item.qtyRefunded,
  qty_shipped: ({ item }) => item.qtyShipped,
  quote_item_id: ({ item }) => item.itemId,
  row_invoiced: ({ item }) => rowInvoiced(item),
  row_total: ({ item }) => rowTotal(item),
  row_total_incl_tax: ({ item }) => rowTotal(item),
  row_weight: ({ item }) => item.qtyOrdered,
  sku: ({ item }) => item.sku,
  store_id: ({ order }) => order.storeId,
  tax_amount: zero,
  tax_invoiced: zero,
  tax_percent: zero,
  updated_at: ({ order }) => order.updatedAt,
  weee_tax_applied: () => '[]',
  weight: one,
  parent_item: ({ item, order }, fields) =>
    item.parent ? itemValue({ item: item.parent, order }, fields) : undefined,
  extension_attributes: (_, fields) => projectValue({ itemized_taxes: [] }, fields),
};

function itemValue(row: ItemOfOrder, fields: Fields | null): unknown {
  return projectList(ITEM_COLUMNS, [row], fields)?.[0];
}

function itemList(order: OrderRecord, fields: Fields | null): unknown {
  const rows = order.items.map((item) => ({ item, order }));
  return projectList(ITEM_COLUMNS, rows, fields);
}

function subtotal(order: OrderRecord): number {
  return order.items.reduce((sum, item) => (item.parent ? sum : sum + rowTotal(item)), 0);
}

/** True when nothing of the order can be shipped: Magento's `is_virtual`. */
export function orderIsVirtual(order: OrderRecord): boolean {
  return order.items.every(isVirtual);
}

export function totalQtyOrdered(order: OrderRecord): number {
  return order.items.reduce((sum, item) => (item.parent ? sum : sum + item.qtyOrdered), 0);
}

function shippingAmount(order: OrderRecord): number {
  return orderIsVirtual(order) ? 0 : SHIPPING_AMOUNT;
}

function grandTotal(order: OrderRecord): number {
  return subtotal(order) + shippingAmount(order);
}

function invoiced(order: OrderRecord): boolean {
  return order.items.some((item) => item.qtyInvoiced > 0);
}

/** A column that is null in the database, and so left out, until the order is invoiced. */
function onceInvoiced<Value>(
  value: (order: OrderRecord) => Value,
): (order: OrderRecord) => Value | undefined {
  return (order) => (invoiced(order) ? value(order) : undefined);
}

/** The recorded shop gave each order two addresses, the shipping address first. */
export function shippingAddressId(order: OrderRecord): number {
  return order.entityId * 2 - 2;
}

export function billingAddressId(order: OrderRecord): number {
  return order.entityId * 2 - 1;
}

function address(order: OrderRecord, type: 'billing' | 'shipping'): unknown {
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

function payment(order: OrderRecord): unknown {
  const total = grandTotal(order);
  const shipping = shippingAmount(order);
  const paid = invoiced(order);
  return {
    account_status: null,
    additional_information: ['Check / Money order'],
    amount_ordered: total,
    ...(paid ? { amount_paid: total } : {}),
    base_amount_ordered: total,
    ...(paid ? { base_amount_paid: total } : {}),
    base_shipping_amount: shipping,
    ...(paid ? { base_shipping_captured: shipping } : {}),
    cc_exp_year: '0',
    cc_last4: null,
    cc_ss_start_month: '0',
    cc_ss_start_year: '0',
    entity_id: order.entityId,
    method: 'checkmo',
    parent_id: order.entityId,
    shipping_amount: shipping,
    ...(paid ? { shipping_captured: shipping } : {}),
  };
}

function extensionAttributes(order: OrderRecord): unknown {
  const shipping = shippingAmount(order);
  const total = {
    base_shipping_amount: shipping,
    base_shipping_discount_amount: 0,
    base_shipping_incl_tax: shipping,
    ...(invoiced(order) ? { base_shipping_invoiced: shipping } : {}),
    base_shipping_tax_amount: 0,
    shipping_amount: shipping,
    shipping_discount_amount: 0,
    shipping_discount_tax_compensation_amount: 0,
    shipping_incl_tax: shipping,
    ...(invoiced(order) ? { shipping_invoiced: shipping } : {}),
    shipping_tax_amount: 0,
  };
  const delivery = { address: address(order, 'shipping'), method: 'flatrate_flatrate', total };
  return {
    shipping_assignments: [{ shipping: delivery, items: itemList(order, null) }],
    payment_additional_info: [{ key: 'method_title', value: 'Check / Money order' }],
    applied_taxes: [],
    item_applied_taxes: [],
    converting_from_quote: false,
    taxes: [],
    additional_itemized_taxes: [],
  };
}

/** As recorded in orders-eq-full. */
export const ORDER_COLUMNS: Columns<OrderRecord> = {
  base_currency_code: () => 'USD',
  base_discount_amount: zero,
  base_discount_invoiced: onceInvoiced(zero),
  base_grand_total: grandTotal,
  base_discount_tax_compensation_amount: zero,
  base_discount_tax_compensation_invoiced: onceInvoiced(zero),
  base_shipping_amount: shippingAmount,
  base_shipping_discount_amount: zero,
  base_shipping_incl_tax: shippingAmount,
  base_shipping_invoiced: onceInvoiced(shippingAmount),
  base_shipping_tax_amount: zero,
  base_subtotal: subtotal,
  base_subtotal_invoiced: onceInvoiced(subtotal),
  base_tax_amount: zero,
  base_tax_invoiced: onceInvoiced(zero),
  base_total_due: (order) => (invoiced(order) ? 0 : grandTotal(order)),
  base_total_invoiced: onceInvoiced(grandTotal),
  base_total_invoiced_cost: onceInvoiced(zero),
  base_total_paid: onceInvoiced(grandTotal),
  base_to_global_rate: one,
  base_to_order_rate: one,
  billing_address_id: billingAddressId,
  created_at: (order) => order.createdAt,
  customer_email: () => 'buyer@example.invalid',
  customer_group_id: zero,
  customer_is_guest: one,
  customer_note_notify: one,
  discount_amount: zero,
  discount_invoiced: onceInvoiced(zero),
  email_sent: one,
  entity_id: (order) => order.entityId,
  global_currency_code: () => 'USD',
  grand_total: grandTotal,
  discount_tax_compensation_amount: zero,
  discount_tax_compensation_invoiced: onceInvoiced(zero),
  increment_id: (order) => order.incrementId,
  is_virtual: (order) => (orderIsVirtual(order) ? 1 : 0),
  order_currency_code: () => 'USD',
  protect_code: (order) => order.entityId.toString(16).padStart(32, '0'),
  quote_id: (order) => order.entityId,
  shipping_amount: shippingAmount,
  shipping_description: (order) => (orderIsVirtual(order) ? undefined : 'Flat Rate - Fixed'),
  shipping_discount_amount: zero,
  shipping_discount_tax_compensation_amount: zero,
  shipping_incl_tax: shippingAmount,
  shipping_invoiced: onceInvoiced(shippingAmount),
  shipping_tax_amount: zero,
  state: (order) => order.state,
  status: (order) => order.status,
  store_currency_code: () => 'USD',
  store_id: (order) => order.storeId,
  store_name: () => 'Main Website\nMain Website Store\nDefault Store View',
  store_to_base_rate: zero,
  store_to_order_rate: zero,
  subtotal,
  subtotal_incl_tax: subtotal,
  subtotal_invoiced: onceInvoiced(subtotal),
  tax_amount: zero,
  tax_invoiced: onceInvoiced(zero),
  total_due: (order) => (invoiced(order) ? 0 : grandTotal(order)),
  total_invoiced: onceInvoiced(grandTotal),
  total_item_count: (order) => order.items.filter((item) => !item.parent).length,
  total_paid: onceInvoiced(grandTotal),
  total_qty_ordered: totalQtyOrdered,
  updated_at: (order) => order.updatedAt,
  weight: totalQtyOrdered,
  items: itemList,
  billing_address: (order, fields) => projectValue(address(order, 'billing'), fields),
  payment: (order, fields) => projectValue(payment(order), fields),
  status_histories: (_, fields) => (fields === null ? [] : null),
  extension_attributes: (order, fields) => projectValue(extensionAttributes(order), fields),
};
