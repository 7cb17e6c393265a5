/** What the inbox allows; see `shipments` in the configuration. */
export interface Policy {
  /** May orders without a shipment be shipped? It cannot be undone. */
  readonly createShipments: boolean;
  /** Which shipment takes a number when there are several, and the row does not name its items. */
  readonly attach: 'latest' | 'first';
  /** What happens where that shipment carries another number already: see attach.ts, and replacing.ts for `replace`. */
  readonly onExisting: 'add' | 'fill' | 'replace' | 'skip';
  /** Magento's id of the only store view whose orders are meant; null: any. */
  readonly storeView: number | null;
}
