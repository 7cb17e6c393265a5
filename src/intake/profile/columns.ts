/** Where a file's columns stand, counted from 0; null for one that the file does not have. */
export interface Columns {
  readonly order: number;
  readonly tracking: number;
  /** Of further numbers of the same parcels, such as `Tracking Number 2`; most rows leave them empty. */
  readonly moreTracking: readonly number[];
  /** What the file says of the carrier, in its own words. */
  readonly carrier: number | null;
  /** Magento's carrier code itself. */
  readonly carrierCode: number | null;
  readonly title: number | null;
  readonly sku: number | null;
  /** Null beside a SKU: the profile says that each row is one piece. Without a SKU there is none. */
  readonly quantity: number | null;
  /** Number of Magento's shipment, id of its store view, code of its source: where the numbers of a record belong. */
  readonly shipment: number | null;
  readonly storeView: number | null;
  readonly source: number | null;
  /** Of a report of ours that was dropped again: what became of each row, and on which line of which drop it stood. */
  readonly outcome: number | null;
  readonly line: number | null;
  readonly drop: number | null;
}
