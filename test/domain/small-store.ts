import type { Shipment } from '../../src/domain/order.ts';
import { type Action, mark, type WriteAnswer } from '../../src/domain/write.ts';
import { item, order, shipment } from './orders.ts';

/** What becomes of one write on its way to the store and back. */
export type Fate =
  | { readonly kind: 'answered' }
  | { readonly kind: 'lost' }
  /** It certainly did not come there. */
  | { readonly kind: 'unsent' }
  | { readonly kind: 'effect'; readonly afterMs: number };

/** Mugs on the order of a `SmallStore`. */
export const ORDERED = 5;

/**
 * A store of one order of five mugs, with Magento's rules for tracks and ships (it cuts down to what is open, and
 * refuses when nothing is), whose writes meet the given fates.
 */
export class SmallStore {
  nowMs = 1_000_000;
  shipments: Shipment[];
  /** Ids of the shipments about which the customer was mailed, once for each mail. */
  readonly mailed: number[] = [];
  #nextId = 100;
  #late: { atMs: number; apply: () => void }[] = [];

  constructor(shipments: Shipment[]) {
    this.shipments = shipments;
  }

  send(action: Action, id: string, fateOfIt: Fate): WriteAnswer {
    if (fateOfIt.kind === 'answered') return this.#apply(action, id);
    if (fateOfIt.kind === 'unsent') return { kind: 'unsent', message: 'nobody there' };
    if (fateOfIt.kind === 'effect') {
      this.#late.push({ atMs: this.nowMs + fateOfIt.afterMs, apply: () => void this.#apply(action, id) });
    }
    this.moveTo(this.nowMs + 100);
    return { kind: 'uncertain', message: 'no answer' };
  }

  moveTo(ms: number): void {
    this.nowMs = ms;
    for (const effect of this.#late.filter(({ atMs }) => atMs <= ms)) effect.apply();
    this.#late = this.#late.filter(({ atMs }) => atMs > ms);
  }

  look() {
    const items = [item({ qtyOrdered: ORDERED, qtyShipped: this.shipped() })];
    return { orders: [order({ shipments: this.shipments, items })], atMs: this.nowMs };
  }

  shipped(): number {
    return this.shipments.flatMap(({ items }) => items).reduce((sum, { qty }) => sum + qty, 0);
  }

  standing(number: string): number {
    return this.shipments.flatMap(({ tracks }) => tracks).filter(({ trackNumber }) => trackNumber === number)
      .length;
  }

  #apply(action: Action, id: string): WriteAnswer {
    const track = (trackNumber: string, description: string | null) => ({
      entityId: this.#nextId++,
      trackNumber,
      carrierCode: 'custom',
      title: 'Parcel',
      createdAtMs: this.nowMs,
      description,
    });
    switch (action.kind) {
      case 'ship': {
        const open = ORDERED - this.shipped();
        const qty = Math.min(open, action.items.reduce((sum, each) => sum + each.qty, 0) || open);
        if (qty <= 0) return { kind: 'refused', message: 'The order does not allow a shipment' };
        const tracks = action.parcels.map((parcel) => track(parcel.trackingNumber, null));
        const isMailed = action.mails;
        const made = { ...shipment(this.#nextId++, ...tracks), isMailed, items: [{ orderItemId: 11, qty }] };
        if (isMailed) this.mailed.push(made.entityId);
        this.shipments = [...this.shipments, made];
        return { kind: 'done', shipmentId: made.entityId, trackId: null };
      }
      case 'track': {
        const added = track(action.trackingNumber, mark(id));
        this.shipments = this.shipments.map((each) =>
          each.entityId === action.shipmentId ? { ...each, tracks: [...each.tracks, added] } : each,
        );
        return { kind: 'done', shipmentId: action.shipmentId, trackId: added.entityId };
      }
      case 'untrack':
        this.shipments = this.shipments.map((each) => ({
          ...each,
          tracks: each.tracks.filter(({ entityId }) => entityId !== action.trackId),
        }));
        return { kind: 'done', shipmentId: action.shipmentId, trackId: action.trackId };
      case 'mail':
        this.mailed.push(action.shipmentId);
        this.shipments = this.shipments.map((each) =>
          each.entityId === action.shipmentId ? { ...each, isMailed: true } : each,
        );
        return { kind: 'done', shipmentId: action.shipmentId, trackId: null };
    }
  }
}
