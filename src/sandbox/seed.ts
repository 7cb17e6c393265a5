import { contentsOf, isAnyLeft, register } from './shippable.ts';
import { databaseTime, type ItemRecord, type OrderRecord, type ShipmentRecord, type Store } from './store.ts';

/** An order to put into the shop. Everything has a default: `{}` is a paid order of one simple item. */
export interface OrderSeed {
  /** Default: the entity id, filled up to nine digits. */
  readonly incrementId?: string;
  readonly entityId?: number;
  readonly storeId?: number;
  /** Default: what Magento would make of the items (`processing`, `complete`). */
  readonly state?: string;
  /** Default: the state's own (`pending` for `new`). */
  readonly status?: string;
  /** Default true; an order that is not paid stays in processing when it is shipped. */
  readonly invoiced?: boolean;
  readonly items?: readonly ItemSeed[];
  readonly shipments?: readonly ShipmentSeed[];
}

/** An item that is to be there; what is left out is that of a simple one of which one piece was ordered. */
export interface ItemSeed {
  readonly itemId?: number;
  readonly sku?: string;
  readonly name?: string;
  readonly type?: 'simple' | 'virtual' | 'configurable' | 'bundle' | 'downloadable' | 'grouped';
  readonly qty?: number;
  /** Whether it is sold by parts of a piece; default: where a fraction was ordered. */
  readonly decimal?: boolean;
  /** Default false: whether an extension keeps it from being shipped. */
  readonly lockedDoShip?: boolean;
  readonly price?: number;
  /** Of a bundle; default `together`. */
  readonly shipment?: 'together' | 'separately';
  readonly children?: readonly ItemSeed[];
  /** Default: all of it, where the order is invoiced. */
  readonly qtyInvoiced?: number;
  readonly qtyShipped?: number;
  readonly qtyRefunded?: number;
  readonly qtyCanceled?: number;
}

/** A shipment that is to be there already. */
interface ShipmentSeed {
  readonly entityId?: number;
  /** Positions in the order's flat list of items; default: everything that can be shipped. */
  readonly items?: readonly { readonly index: number; readonly qty?: number }[];
  /** Default `default`. */
  readonly source?: string;
  readonly tracks?: readonly TrackSeed[];
}

/** A tracking number that is to be there already. */
interface TrackSeed {
  readonly entityId?: number;
  readonly number: string;
  readonly carrier?: string;
  readonly title?: string;
  readonly description?: string;
  /** As the database has it, `2026-11-22 04:04:38` in UTC; default now. */
  readonly createdAt?: string;
}

/** What a seed became, by Magento's ids. */
export interface SeededOrder {
  readonly orderId: number;
  readonly incrementId: string;
  /** In the flat order of Magento: each parent followed by its children. */
  readonly itemIds: readonly number[];
  readonly shipmentIds: readonly number[];
  readonly trackIds: readonly number[];
}

/** Puts one order with its shipments and tracks into the store. */
export function seedOrder(store: Store, seed: OrderSeed): SeededOrder {
  const entityId = store.nextId('order', seed.entityId);
  const seeds = new Map<ItemRecord, ItemSeed>();
  for (const item of seed.items ?? [{}]) addItem(store, seeds, item, null, seed);
  const items = [...seeds.keys()];
  const now = databaseTime();
  const order: OrderRecord = {
    entityId,
    incrementId: seed.incrementId ?? String(entityId).padStart(9, '0'),
    storeId: seed.storeId ?? 1,
    state: '',
    status: '',
    items,
    shipments: [],
    createdAt: now,
    updatedAt: now,
  };
  store.addOrder(order);
  for (const shipment of seed.shipments ?? []) addShipment(store, order, shipment);
  for (const [item, itemSeed] of seeds) end(item, itemSeed, seed.state);
  // Magento's own choice for a paid order.
  order.state = seed.state ?? (isAnyLeft(order) ? 'processing' : 'complete');
  order.status = seed.status ?? (order.state === 'new' ? 'pending' : order.state);
  return {
    orderId: entityId,
    incrementId: order.incrementId,
    itemIds: items.map((item) => item.itemId),
    shipmentIds: order.shipments.map((shipment) => shipment.entityId),
    trackIds: order.shipments.flatMap((shipment) => shipment.tracks.map((track) => track.entityId)),
  };
}

function addItem(
  store: Store,
  seeds: Map<ItemRecord, ItemSeed>,
  seed: ItemSeed,
  parent: ItemRecord | null,
  order: OrderSeed,
): void {
  const qty = seed.qty ?? parent?.qtyOrdered ?? 1;
  const itemId = store.nextId('item', seed.itemId);
  const type = seed.type ?? 'simple';
  const item: ItemRecord = {
    itemId,
    parent,
    children: [],
    sku: seed.sku ?? `sku-${itemId}`,
    name: seed.name ?? `Item ${itemId}`,
    productType: type,
    price: seed.price ?? 6,
    shipSeparately: parent ? parent.shipSeparately : seed.shipment === 'separately',
    isQtyDecimal: seed.decimal ?? !Number.isInteger(qty),
    isLocked: seed.lockedDoShip ?? false,
    qtyOrdered: qty,
    qtyInvoiced: seed.qtyInvoiced ?? (order.invoiced === false || order.state === 'canceled' ? 0 : qty),
    qtyShipped: seed.qtyShipped ?? 0,
    qtyRefunded: seed.qtyRefunded ?? 0,
    qtyCanceled: seed.qtyCanceled ?? 0,
  };
  parent?.children.push(item);
  seeds.set(item, seed);
  for (const child of seed.children ?? []) addItem(store, seeds, child, item, order);
}

/** A closed order is refunded, a canceled one canceled, as far as the seed does not say otherwise. */
function end(item: ItemRecord, seed: ItemSeed, state: string | undefined): void {
  if (state === 'closed') item.qtyRefunded = seed.qtyRefunded ?? item.qtyOrdered;
  if (state === 'canceled')
    item.qtyCanceled = seed.qtyCanceled ?? Math.max(item.qtyOrdered - item.qtyShipped, 0);
}

function addShipment(store: Store, order: OrderRecord, seed: ShipmentSeed): ShipmentRecord {
  const wanted = new Map(
    seed.items?.map(({ index, qty }) => {
      const item = order.items[index];
      if (!item) throw new RangeError(`The order ${order.incrementId} has no item at ${index}`);
      return [item.itemId, qty ?? item.qtyOrdered];
    }),
  );
  const contents = contentsOf(order, wanted);
  register(contents);
  const shipment = store.addShipment(order, contents.lines, { entityId: seed.entityId, source: seed.source });
  for (const track of seed.tracks ?? []) {
    const fields = {
      trackNumber: track.number,
      carrierCode: track.carrier ?? 'custom',
      title: track.title ?? 'Parcel',
      description: track.description ?? null,
      weight: null,
      qty: null,
    };
    store.addTrack(shipment, fields, track);
  }
  return shipment;
}
