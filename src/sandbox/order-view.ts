import { address, billingAddressId } from './order-addresses.ts';
import { itemList } from './order-items-view.ts';
import {
  grandTotal,
  invoiced,
  orderIsVirtual,
  shippingAmount,
  subtotal,
  subtotalInvoiced,
  totalDue,
  totalInvoiced,
  totalQtyOrdered,
} from './order-totals.ts';
import { type Columns, projectValue } from './projection.ts';
import type { OrderRecord } from './store.ts';

const zero = () => 0;
const one = () => 1;

/** A column that is null in the database, and so left out, until the order is invoiced. */
function onceInvoiced<Value>(
  value: (order: OrderRecord) => Value,
): (order: OrderRecord) => Value | undefined {
  return (order) => (invoiced(order) ? value(order) : undefined);
}

function payment(order: OrderRecord): unknown {
  const total = grandTotal(order);
  const shipping = shippingAmount(order);
  const paid = invoiced(order);
  return {
    account_status: null,
    additional_information: ['Check / Money order'],
    amount_ordered: total,
    ...(paid ? { amount_paid: totalInvoiced(order) } : {}),
    base_amount_ordered: total,
    ...(paid ? { base_amount_paid: totalInvoiced(order) } : {}),
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
  base_subtotal_invoiced: onceInvoiced(subtotalInvoiced),
  base_tax_amount: zero,
  base_tax_invoiced: onceInvoiced(zero),
  base_total_due: totalDue,
  base_total_invoiced: onceInvoiced(totalInvoiced),
  base_total_invoiced_cost: onceInvoiced(zero),
  base_total_paid: onceInvoiced(totalInvoiced),
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
  subtotal_invoiced: onceInvoiced(subtotalInvoiced),
  tax_amount: zero,
  tax_invoiced: onceInvoiced(zero),
  total_due: totalDue,
  total_invoiced: onceInvoiced(totalInvoiced),
  total_item_count: (order) => order.items.filter((item) => !item.parent).length,
  total_paid: onceInvoiced(totalInvoiced),
  total_qty_ordered: totalQtyOrdered,
  updated_at: (order) => order.updatedAt,
  weight: totalQtyOrdered,
  items: itemList,
  billing_address: (order, fields) => projectValue(address(order, 'billing'), fields),
  payment: (order, fields) => projectValue(payment(order), fields),
  status_histories: (_, fields) => (fields === null ? [] : null),
  extension_attributes: (order, fields) => projectValue(extensionAttributes(order), fields),
};
