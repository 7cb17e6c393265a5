import { each, NUMBER, NUMMER, type Phrases, words } from './phrases.ts';

/** Of who carries the parcel, in the warehouse's words. */
export const CARRIER: Phrases = {
  sure: words(
    'carrier, carrier name, shipping carrier, shipment carrier, delivery carrier, tracking carrier, parcel carrier',
    'courier, courier name, shipping provider, tracking provider, shipping company',
    'Versanddienstleister, Versanddienst, Paketdienst, Paketdienstleister, Zustelldienst, Frachtführer',
    'transporteur, nom du transporteur, nom transporteur, corriere, nome corriere, vettore',
    'transportista, empresa de transporte, agencia de transporte, mensajería',
    'vervoerder, koerier, bezorgdienst, verzenddienst, pakketdienst',
  ),
  possible: words(
    'provider, delivery company, ship via, shipped via, agencia, Dienstleister, Spediteur, Spedition, Zusteller, Kurier',
  ),
  // Whoever sends; the name of a service.
  misleading: words(
    'shipper, Versender, verzender, Versand, Versandart, shipping method, carrier id, carrier service',
  ),
};

/** Magento's own codes: no other words promise that `ups` in the file is Magento's `ups`. */
export const CARRIER_CODE: Phrases = { sure: words('carrier_code'), possible: [], misleading: [] };

/** Of what customers read above the number. */
export const TITLE: Phrases = {
  sure: words('title, carrier title, tracking title, track title, shipping title'),
  possible: [],
  // What customers read above the number is the carrier's name; a service alone, `Standard`, tells them nothing.
  misleading: words(
    'service, shipping service, shipment service, carrier service, shipping method, method',
    'Versandart, Produkt, product',
  ),
};

/** Of an item of the parcel. */
export const SKU: Phrases = {
  sure: words(
    'sku, skus, item sku, product sku, seller sku, merchant sku, shop sku, article sku, variant sku',
  ),
  // The shop's own, or the warehouse's: a wrong one fails its row by name, since the order has no such article.
  possible: [
    ...each('item, article, product', NUMBER),
    ...each('Artikel, Produkt', NUMMER),
    ...words('référence article, référence produit, codice articolo, código de artículo, artikelcode'),
  ],
  misleading: words('item, product, article, Artikel, item id, product id, ean, gtin, upc, barcode'),
};

/** Of so many of the item. */
export const QUANTITY: Phrases = {
  sure: words(
    'quantity, qty, quantity shipped, shipped quantity, qty shipped, shipped qty, item quantity, item qty',
    'gelieferte Menge, Liefermenge, versendete Menge, quantité expédiée, quantità spedita, cantidad enviada',
    'aantal verzonden',
  ),
  // Also the count of parcels; taken beside a SKU alone.
  possible: words('Menge, Anzahl, Stück, Stückzahl, quantité, qté, quantità, qtà, cantidad, aantal, pieces'),
  // What the customer bought says nothing of what this parcel holds.
  misleading: words(
    'quantity ordered, qty ordered, ordered quantity, ordered qty, Bestellmenge, parcels, Pakete',
  ),
};
