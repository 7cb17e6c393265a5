import type { Row } from './row.ts';

/** A write that the plan asks for. Ids are Magento's entity ids. */
export type Action = AddTrack | Ship | DeleteTrack | Mail;

/** What a customer is told of a parcel. */
export interface Parcel {
  readonly trackingNumber: string;
  readonly carrierCode: string;
  readonly title: string;
}

/** Puts a number on a shipment that is there. */
export interface AddTrack extends Parcel {
  readonly kind: 'track';
  readonly orderId: number;
  readonly shipmentId: number;
}

/** The parcel that a row asks for. */
export function parcelOf({ trackingNumber, carrierCode, title }: Row): Parcel {
  return { trackingNumber, carrierCode, title };
}

/** Makes one shipment, in one call, with the tracks inside. */
export interface Ship {
  readonly kind: 'ship';
  readonly orderId: number;
  /** Empty: everything that is open on the order. */
  readonly items: readonly ShipItem[];
  readonly parcels: readonly Parcel[];
  /** Code of the inventory source; null: the shop's default. */
  readonly source: string | null;
  /** Null: none. */
  readonly comment: { readonly text: string; readonly isVisible: boolean } | null;
  /** Whether the shop mails the customer in the same call, with the numbers. */
  readonly mails: boolean;
}

/** So much of one line of the order. */
export interface ShipItem {
  readonly orderItemId: number;
  readonly qty: number;
}

/** Takes back a track of ours that stands twice after a repeat. */
interface DeleteTrack {
  readonly kind: 'untrack';
  readonly orderId: number;
  readonly shipmentId: number;
  readonly trackId: number;
  readonly trackingNumber: string;
}

/** Has the shop mail the customer about a shipment, with all numbers that stand on it. */
export interface Mail {
  readonly kind: 'mail';
  readonly orderId: number;
  readonly shipmentId: number;
  /** Those for whose sake it is sent. */
  readonly trackingNumbers: readonly string[];
}

/** The tracking numbers that a write is about. */
export function numbersOf(action: Action): readonly string[] {
  switch (action.kind) {
    case 'ship':
      return action.parcels.map(({ trackingNumber }) => trackingNumber);
    case 'mail':
      return action.trackingNumbers;
    case 'track':
    case 'untrack':
      return [action.trackingNumber];
  }
}

/**
 * What is known of a write that was sent:
 * - `done`: the store said so; ids where its answer has them.
 * - `refused`: the store said no, in words that can be believed unless the order's history says otherwise.
 * - `uncertain`: it may have happened, or may still happen (timeout, cut connection, redirect, 5xx, unreadable
 *   answer, "Could not save ...").
 * - `unsent`: it certainly did not happen (never connected, not authorised in Magento's own words, too many requests).
 */
export type WriteAnswer =
  | { readonly kind: 'done'; readonly shipmentId: number | null; readonly trackId: number | null }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'uncertain'; readonly message: string }
  | { readonly kind: 'unsent'; readonly message: string };

/**
 * A write in the ledger. Transitions: `open` (intent written, before sending) -> `done` | `refused` |
 * `uncertain` | `unsent`. One that is still `open` at a start was cut off by the end of the process and
 * counts as uncertain.
 */
export interface Write {
  /** Travels in a track's description; see `mark`. */
  readonly id: string;
  readonly kind: Action['kind'];
  readonly orderId: number;
  readonly shipmentId: number | null;
  readonly trackId: number | null;
  readonly trackingNumbers: readonly string[];
  /** Whether the shop was asked to mail the customer. */
  readonly mails: boolean;
  readonly state: 'open' | WriteAnswer['kind'];
  readonly message: string;
  /** When the intent was written, ms of the wall clock. */
  readonly atMs: number;
  /** When the answer came, ms of the wall clock; null while open. */
  readonly answeredAtMs: number | null;
  /** True when the store proved to be well right after the failure: the attempt counts against the row. */
  readonly counts: boolean;
  /** Made by the drop that asks; false for a write of another drop that may still land. */
  readonly isOwn: boolean;
}

/** Whether it puts its numbers on a shipment; others take one away, or tell of them. */
export function bringsNumbers({ kind }: Pick<Write, 'kind'>): boolean {
  return kind === 'track' || kind === 'ship';
}

const MARK = 'trackdrop:';

/** The text in a track's description by which a track is known as ours even when the answer was lost. */
export function mark(writeId: string): string {
  return MARK + writeId;
}

/** Whether a track with this description is one of ours, of whatever write. */
export function isMark(description: string | null): boolean {
  return description?.startsWith(MARK) ?? false;
}
