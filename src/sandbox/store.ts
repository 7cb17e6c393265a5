import { Mailbox } from './mailbox.ts';

/** One line of an order. Children of configurables and bundles follow their parent and point to it. */
export interface ItemRecord {
  readonly itemId: number;
  readonly parent: ItemRecord | null;
  readonly children: ItemRecord[];
  readonly sku: string;
  readonly name: string;
  readonly productType: string;
  readonly price: number;
  /** Of a bundle, and through it of its children. */
  readonly shipSeparately: boolean;
  /** Whether it is sold by parts of a piece. */
  readonly isQtyDecimal: boolean;
  /** Magento's `locked_do_ship`, which extensions set: it takes no part in shipping. */
  readonly isLocked: boolean;
  readonly qtyOrdered: number;
  qtyInvoiced: number;
  qtyShipped: number;
  qtyRefunded: number;
  qtyCanceled: number;
}

/** An order in the tables. */
export interface OrderRecord {
  readonly entityId: number;
  readonly incrementId: string;
  readonly storeId: number;
  state: string;
  status: string;
  readonly items: readonly ItemRecord[];
  /** Oldest first. */
  readonly shipments: ShipmentRecord[];
  readonly createdAt: string;
  updatedAt: string;
}

/** A shipment in the tables. */
export interface ShipmentRecord {
  readonly entityId: number;
  readonly order: OrderRecord;
  readonly items: readonly { readonly entityId: number; readonly item: ItemRecord; readonly qty: number }[];
  /** Oldest first. */
  readonly tracks: TrackRecord[];
  readonly comments: readonly CommentRecord[];
  /** Magento's `customer_note`, what its mails tell besides (Sales\Model\Order\ShipmentDocumentFactory::create). */
  readonly customerNote: string | null;
  /** Code of the inventory source that it left from. */
  readonly source: string;
  readonly createdAt: string;
  /** How many were sent to its customer. */
  mails: number;
  /** Magento's `email_sent`: false again while one waits for the cron. */
  isMailed: boolean;
}

/** A comment on a shipment. */
export interface CommentRecord {
  readonly entityId: number;
  readonly comment: string;
  readonly isVisibleOnFront: number;
  readonly isCustomerNotified: number;
}

/** A tracking number in the tables. */
export interface TrackRecord {
  readonly entityId: number;
  readonly shipment: ShipmentRecord;
  readonly createdAt: string;
  trackNumber: string;
  carrierCode: string;
  title: string | null;
  description: string | null;
  weight: number | null;
  qty: number | null;
}

/** What a write gives of a track; the database cuts it, see `storedText`. */
export interface TrackFields {
  readonly trackNumber: string;
  readonly carrierCode: string;
  readonly title: string | null;
  readonly description: string | null;
  readonly weight: number | null;
  readonly qty: number | null;
}

const CARRIER_CHARACTERS = 32;
const TITLE_CHARACTERS = 255;
/** MySQL's TEXT. */
const TEXT_BYTES = 65_535;

/** The tables of the shop, with the indexes that its requests need. */
export class Store {
  readonly orders = new Map<number, OrderRecord>();
  readonly shipments = new Map<number, ShipmentRecord>();
  readonly tracks = new Map<number, TrackRecord>();
  readonly mailbox = new Mailbox();
  /** See SandboxSettings. */
  sources: readonly string[] = ['default'];
  readonly #byIncrementId = new Map<string, OrderRecord[]>();
  readonly #lastIds = { order: 0, item: 0, shipment: 0, shipmentItem: 0, track: 0, comment: 0 };

  /** The next id of a table; with `wanted`, that one, and later ids count on from it. */
  nextId(
    table: 'order' | 'item' | 'shipment' | 'shipmentItem' | 'track' | 'comment',
    wanted?: number,
  ): number {
    const id = wanted ?? this.#lastIds[table] + 1;
    this.#lastIds[table] = Math.max(this.#lastIds[table], id);
    return id;
  }

  addOrder(order: OrderRecord): void {
    if (this.orders.has(order.entityId))
      throw new RangeError(`The sandbox has an order ${order.entityId} already`);
    this.orders.set(order.entityId, order);
    const key = collationKey(order.incrementId);
    const same = this.#byIncrementId.get(key);
    if (same) same.push(order);
    else this.#byIncrementId.set(key, [order]);
  }

  /** Every order that the database takes for this increment id; several where stores share it. */
  ordersByIncrementId(incrementId: string): readonly OrderRecord[] {
    return this.#byIncrementId.get(collationKey(incrementId)) ?? [];
  }

  addShipment(
    order: OrderRecord,
    items: readonly { readonly item: ItemRecord; readonly qty: number }[],
    more: {
      readonly entityId?: number | undefined;
      readonly source?: string | undefined;
      readonly comments?: readonly Omit<CommentRecord, 'entityId'>[];
      readonly customerNote?: string | null;
    } = {},
  ): ShipmentRecord {
    const shipment: ShipmentRecord = {
      entityId: this.nextId('shipment', more.entityId),
      order,
      items: items.map(({ item, qty }) => ({ entityId: this.nextId('shipmentItem'), item, qty })),
      tracks: [],
      comments: (more.comments ?? []).map((comment) => ({ entityId: this.nextId('comment'), ...comment })),
      customerNote: more.customerNote ?? null,
      source: more.source ?? 'default',
      createdAt: databaseTime(),
      mails: 0,
      isMailed: false,
    };
    this.shipments.set(shipment.entityId, shipment);
    order.shipments.push(shipment);
    return shipment;
  }

  addTrack(
    shipment: ShipmentRecord,
    fields: TrackFields,
    {
      entityId,
      createdAt = databaseTime(),
    }: { readonly entityId?: number; readonly createdAt?: string } = {},
  ): TrackRecord {
    const track: TrackRecord = {
      entityId: this.nextId('track', entityId),
      shipment,
      createdAt,
      ...stored(fields),
    };
    this.tracks.set(track.entityId, track);
    shipment.tracks.push(track);
    return track;
  }

  updateTrack(track: TrackRecord, fields: TrackFields): void {
    Object.assign(track, stored(fields));
  }

  /** False where there is no such track. */
  deleteTrack(entityId: number): boolean {
    const track = this.tracks.get(entityId);
    if (!track) return false;
    this.tracks.delete(entityId);
    track.shipment.tracks.splice(track.shipment.tracks.indexOf(track), 1);
    return true;
  }
}

/**
 * The key under which the database compares text: case, accents and trailing blanks do not count, leading
 * zeros and leading blanks do (recordings orders-eq-trailing-space, orders-eq-no-leading-zeros).
 */
export function collationKey(text: string): string {
  const lower = text.replace(/ +$/u, '').toLowerCase();
  return ASCII.test(lower) ? lower : lower.normalize('NFD').replace(/\p{M}/gu, '');
}

const ASCII = /^[\0-\x7f]*$/u;

/** Now, as the database writes it: UTC, whole seconds. */
export function databaseTime(): string {
  const second = Math.floor(Date.now() / 1000);
  if (second !== lastTime.second) {
    const text = new Date(second * 1000).toISOString();
    lastTime = { second, text: `${text.slice(0, 10)} ${text.slice(11, 19)}` };
  }
  return lastTime.text;
}

let lastTime = { second: -1, text: '' };

function stored(fields: TrackFields): TrackFields {
  return {
    ...fields,
    trackNumber: storedText(fields.trackNumber),
    carrierCode: stored3Bytes(fields.carrierCode).slice(0, CARRIER_CHARACTERS),
    title: fields.title === null ? null : stored3Bytes(fields.title).slice(0, TITLE_CHARACTERS),
    description: fields.description === null ? null : storedText(fields.description),
  };
}

/** A column of three-byte UTF-8 keeps a question mark for each byte of a longer character (track-unicode). */
function stored3Bytes(text: string): string {
  return text.replace(/[\u{10000}-\u{10ffff}]/gu, '????');
}

/** Cut without a word, as recorded in track-number-70000. */
function storedText(text: string): string {
  const kept = stored3Bytes(text);
  if (kept.length * 3 <= TEXT_BYTES) return kept;
  const bytes = Buffer.from(kept);
  return bytes.length <= TEXT_BYTES ? kept : bytes.subarray(0, TEXT_BYTES).toString();
}
