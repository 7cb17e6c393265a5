import { billingAddressId, shippingAddressId } from './order-addresses.ts';
import { type Columns, projectList, projectValue } from './projection.ts';
import type { CommentRecord, ShipmentRecord, TrackRecord } from './store.ts';

/** As recorded in shipment-by-id; the empty columns of a track are answered as null, not left out. */
export const TRACK_COLUMNS: Columns<TrackRecord> = {
  order_id: (track) => track.shipment.order.entityId,
  created_at: (track) => track.createdAt,
  entity_id: (track) => track.entityId,
  parent_id: (track) => track.shipment.entityId,
  updated_at: (track) => track.createdAt,
  weight: (track) => track.weight,
  qty: (track) => track.qty,
  description: (track) => track.description,
  track_number: (track) => track.trackNumber,
  title: (track) => track.title,
  carrier_code: (track) => track.carrierCode,
};

type ShipmentItem = ShipmentRecord['items'][number] & { readonly shipment: ShipmentRecord };

const SHIPMENT_ITEM_COLUMNS: Columns<ShipmentItem> = {
  entity_id: (line) => line.entityId,
  name: ({ item }) => item.name,
  parent_id: ({ shipment }) => shipment.entityId,
  price: ({ item }) => item.price,
  product_id: () => 1,
  sku: ({ item }) => item.sku,
  weight: () => 1,
  order_item_id: ({ item }) => item.itemId,
  qty: (line) => line.qty,
};

const COMMENT_COLUMNS: Columns<CommentRecord & { readonly shipment: ShipmentRecord }> = {
  is_customer_notified: (comment) => comment.isCustomerNotified,
  parent_id: ({ shipment }) => shipment.entityId,
  comment: (comment) => comment.comment,
  is_visible_on_front: (comment) => comment.isVisibleOnFront,
  created_at: ({ shipment }) => shipment.createdAt,
  entity_id: (comment) => comment.entityId,
};

/** As recorded in shipment-by-id. */
export const SHIPMENT_COLUMNS: Columns<ShipmentRecord> = {
  billing_address_id: (shipment) => billingAddressId(shipment.order),
  created_at: (shipment) => shipment.createdAt,
  email_sent: (shipment) => (shipment.isMailed ? 1 : undefined),
  entity_id: (shipment) => shipment.entityId,
  increment_id: (shipment) => String(shipment.entityId).padStart(9, '0'),
  order_id: (shipment) => shipment.order.entityId,
  packages: (_, fields) => (fields === null ? [] : null),
  shipping_address_id: (shipment) => shippingAddressId(shipment.order),
  store_id: (shipment) => shipment.order.storeId,
  total_qty: (shipment) => shipment.items.reduce((sum, line) => sum + line.qty, 0),
  updated_at: (shipment) => shipment.createdAt,
  items: (shipment, fields) => {
    const lines = shipment.items.map((line) => ({ ...line, shipment }));
    return projectList(SHIPMENT_ITEM_COLUMNS, lines, fields);
  },
  tracks: (shipment, fields) => projectList(TRACK_COLUMNS, shipment.tracks, fields),
  comments: (shipment, fields) => {
    const comments = shipment.comments.map((comment) => ({ ...comment, shipment }));
    return projectList(COMMENT_COLUMNS, comments, fields);
  },
  extension_attributes: (shipment, fields) => projectValue({ source_code: shipment.source }, fields),
};
