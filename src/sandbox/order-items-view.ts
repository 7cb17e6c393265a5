import { type Columns, type Fields, projectList, projectValue } from './projection.ts';
import { isVirtual } from './shippable.ts';
import type { ItemRecord, OrderRecord } from './store.ts';

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
  is_qty_decimal: ({ item }) => (item.isQtyDecimal ? 1 : 0),
  is_virtual: ({ item }) => itemVirtual(item),
  item_id: ({ item }) => item.itemId,
  locked_do_ship: ({ item }) => (item.isLocked ? 1 : undefined),
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

/** The items of an order as Magento answers with them; null for `fields` gives all columns. */
export function itemList(order: OrderRecord, fields: Fields | null): unknown {
  const rows = order.items.map((item) => ({ item, order }));
  return projectList(ITEM_COLUMNS, rows, fields);
}
