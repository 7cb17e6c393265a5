/** An order as Magento has it, with all its shipments: what a plan is made from. */
export interface Order {
  readonly entityId: number;
  readonly incrementId: string;
  readonly storeId: number;
  /** Magento's state (`new`, `processing`, `complete`, `closed`, `canceled`, `holded`, ...). */
  readonly state: string;
  readonly status: string;
  /** What is still to be paid, in the order's currency; 0 for an order that costs nothing, null where the shop does not say. */
  readonly totalDue: number | null;
  readonly items: readonly OrderItem[];
  /** Oldest first. */
  readonly shipments: readonly Shipment[];
}

/** An item of an order, as Magento counts it; quantities may be fractions. A child has its parent's id. */
export interface OrderItem {
  readonly itemId: number;
  readonly parentItemId: number | null;
  readonly sku: string;
  readonly productType: string;
  readonly isVirtual: boolean;
  /** Whether it is sold by parts of a piece; Magento cuts fractions of others off. */
  readonly isQtyDecimal: boolean;
  /** Whether the shop keeps it from being shipped; Magento leaves such items out of every shipment, without a word. */
  readonly isLocked: boolean;
  readonly qtyOrdered: number;
  readonly qtyInvoiced: number;
  readonly qtyShipped: number;
  /** What shipments hold of it that the drop has made which asks; absent: nothing. */
  readonly qtyOwn?: number;
  readonly qtyRefunded: number;
  readonly qtyCanceled: number;
}

/** A shipment that stands in the store. */
export interface Shipment {
  readonly entityId: number;
  readonly incrementId: string;
  /** Whether the shop has mailed the customer about it; false also where it does not say. */
  readonly isMailed: boolean;
  /** Code of the inventory source that it left from; null where the shop does not say. */
  readonly source: string | null;
  readonly items: readonly { readonly orderItemId: number; readonly qty: number }[];
  /** Oldest first. */
  readonly tracks: readonly Track[];
}

/** A tracking number on a shipment. */
export interface Track {
  readonly entityId: number;
  readonly trackNumber: string;
  readonly carrierCode: string;
  readonly title: string;
  /** By the shop's clock, ms; null where it does not say. */
  readonly createdAtMs: number | null;
  /** Holds the id of the write that made it, where it is ours; see `mark` in write.ts. */
  readonly description: string | null;
}

/**
 * What the store answered about one order number. `orders` is empty where there is no such order and has
 * several members where store views share the number.
 */
export interface Look {
  readonly orders: readonly Order[];
  /** When the question was sent, in ms of the clock: nothing that happened later is in it. */
  readonly atMs: number;
}
