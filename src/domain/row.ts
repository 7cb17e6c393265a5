/** What a row of a file asks for: this tracking number on that order. */
export interface Row {
  /** Line of the file on which the row starts, counted from 1. */
  readonly line: number;
  /** Counts from 0 where the record holds several numbers, each of which is a row. */
  readonly part: number;
  /** The order's increment id as the file has it, trimmed, and after the profile's rules. */
  readonly orderNumber: string;
  /** The tracking number as it will be sent: trimmed, with plain blanks, otherwise as the file has it. */
  readonly trackingNumber: string;
  /** Magento's carrier code, at most 32 characters. */
  readonly carrierCode: string;
  /** What the customer reads above the number, at most 255 characters. */
  readonly title: string;
  /** What the parcel holds, or part of it; null where the file does not say. */
  readonly item: Item | null;
  /** Increment id of the shipment that the number belongs on, as the file has it; null where it does not say. */
  readonly shipmentNumber: string | null;
  /** Magento's id of the store view whose order is meant; null: as the inbox has it. */
  readonly storeView: number | null;
  /** Code of the inventory source that it left from; null: as the inbox has it. */
  readonly source: string | null;
  /** Address under which the carrier shows where the parcel is; null where nobody has said how it is made. */
  readonly link: string | null;
  /** What looks odd and is done all the same, as a sentence for the report; null where nothing does. */
  readonly note: string | null;
  /** Its whole record as a text by which to know a repeat of it; absent where that is not known, or it names no item. */
  readonly record?: string;
}

/** What is known of a row that cannot be read, and whose parcel can. */
export interface BadRow extends Pick<Row, 'line' | 'trackingNumber' | 'storeView'> {
  /** Its record says something of what the parcel holds, though nobody can tell what. */
  readonly namesItem: boolean;
}

/** Where a row stands in its file. */
export type RowPlace = Pick<Row, 'line' | 'part'>;

/** A row's place as a text that no other row of its file has. */
export function placeKey({ line, part }: RowPlace): string {
  return `${line}.${part}`;
}

/** Comes before every row of a file. */
export const BEFORE_ROWS: RowPlace = { line: 0, part: 0 };

/** Less than 0 where `one` comes first, 0 where they are the same. */
export function compareRowPlaces(one: RowPlace, other: RowPlace): number {
  return one.line - other.line || one.part - other.part;
}

/** Pieces of one article. */
export interface Item {
  /** As the file or the order has it; compare by `skuKey`. */
  readonly sku: string;
  /**
   * With up to four decimals: what Magento's DECIMAL(12,4) columns hold. 0 only in a row: nothing of it is in the parcel, as
   * exports write of what is in another one.
   */
  readonly quantity: number;
}

/**
 * One record of a file. Each ends as exactly one of a row (or several, where it holds several numbers), a skipped
 * row, a bad row; byte offsets count in the file's text after decoding to UTF-8 and without its byte order mark, so
 * that the record can be written again byte for byte.
 */
export interface FileRecord {
  readonly line: number;
  readonly startByte: number;
  readonly endByte: number;
  /** The record's fields as parsed; null where it could not be parsed. */
  readonly fields: readonly string[] | null;
  readonly verdict: RecordVerdict;
}

/** What a record of a file is: one row or several, none, or one that a person must look at. */
export type RecordVerdict =
  | { readonly kind: 'row'; readonly rows: readonly [Row, ...Row[]] }
  | { readonly kind: 'skipped'; readonly reason: string }
  /** `parcels`: those that it is part of, where that much of it can be understood. */
  | { readonly kind: 'bad'; readonly message: string; readonly parcels?: readonly Parcel[] };

/** One number for one order: all rows that name both are of one parcel. */
export type Parcel = Pick<Row, 'orderNumber' | 'trackingNumber' | 'storeView'>;

/**
 * The key under which Magento's database compares increment ids: trailing blanks and case do not count,
 * leading zeros do (recordings orders-eq-trailing-space, orders-eq-no-leading-zeros).
 */
export function orderKey(orderNumber: string): string {
  return orderNumber.trim().toLowerCase();
}

/** The key under which two SKUs are the same where both are spelled as their order has them; see `spelledAsIn`. */
export function skuKey(sku: string): string {
  return sku.trim();
}

/**
 * The key under which two SKUs look the same: Magento's database compares them without case and trailing blanks; web pages
 * put a no-break space where a blank was, spreadsheets two, and a Mac decomposes letters.
 */
export function skuLooksKey(sku: string): string {
  return sku.normalize('NFC').replace(/\s+/gu, ' ').trim().toLowerCase();
}

/** The key under which two tracking numbers are the same number: blanks of any kind and case aside. */
export function trackingKey(trackingNumber: string): string {
  return trackingNumber.replace(/\s+/gu, '').toLowerCase();
}
