import { each, NUMBER, type Phrases, words } from './phrases.ts';

/** Of the shop's own shipment: `shipment_id`, `shipment number` and the like are the warehouse's, or the carrier's. */
export const SHIPMENT: Phrases = {
  sure: [
    ...words('shipment_increment_id, magento_shipment, magento_shipment_increment_id'),
    ...each('magento shipment', NUMBER),
  ],
  possible: [],
  misleading: [],
};

/** A `store` alone is as often the warehouse's client, or the place where a parcel is to be fetched. */
export const STORE_VIEW: Phrases = {
  sure: words('store_view_id, magento_store_id, magento_store_view_id'),
  possible: words('store_view, magento_store_view'),
  misleading: [],
};

/** Of Magento's inventory: a warehouse's own word for itself is no code that the shop knows. */
export const SOURCE: Phrases = {
  sure: words('source_code, inventory_source_code, msi_source_code'),
  possible: words('inventory_source, msi_source'),
  misleading: [],
};
