/** What the inbox allows; see `shipments` in the configuration. */
export interface Policy {
  /** May orders without a shipment be shipped? It cannot be undone. */
  readonly createShipments: boolean;
  /** Which shipment takes a number when there are several, and the row does not name its items. */
  readonly attach: 'latest' | 'first' | 'refuse';
  /**
   * What a number without items becomes where some of the order is shipped and some is open: one more on a shipment, or
   * that of a new one.
   */
  readonly onPartlyShipped: 'add' | 'ship';
  /** What happens where that shipment carries another number already: see attach.ts, and replacing.ts for `replace`. */
  readonly onExisting: 'add' | 'fill' | 'replace' | 'skip';
  /** Magento's id of the only store view whose orders are meant; null: any. */
  readonly storeView: number | null;
  /** Whether what nobody has invoiced, and is to be paid, waits. */
  readonly requirePaid: boolean;
  /** Code of the inventory source that new shipments are taken from; null: the shop's default. */
  readonly source: string | null;
  /** See Notify. */
  readonly notify: Notify;
  /** Of new shipments; null: none. */
  readonly comment: CommentTemplate | null;
}

/**
 * Which mails of the shop the customer gets. `shipment`: the one that tells of a new shipment, with its numbers; `always`:
 * one for each shipment that a drop put numbers on, after all of them stand.
 */
export type Notify = 'never' | 'shipment' | 'always';

/** What a new shipment's comment is made of, once for each of its numbers. */
export interface CommentTemplate {
  /** With `{carrier}`, `{number}`, `{drop}`, `{link}`. */
  readonly text: string;
  /** Whether the customer sees it. */
  readonly isVisible: boolean;
}
