import type { ColumnRole } from '../../domain/profile.ts';

/**
 * How surely a name says what its column is.
 *
 * - `sure`: it says so. Where two columns of a line do, nobody can tell which of them is meant: beside an
 *   `order_number` of the warehouse's own an `order_id` or `external_order_number` is the shop's, or the reverse.
 * - `possible`: the bare noun, or a word with a second meaning; taken where no other column of the line could be it.
 * - `misleading`: as often something else; never taken, only named to whoever has to say which column it is.
 */
export type Certainty = 'sure' | 'possible' | 'misleading';

/**
 * Words of one kind: a single one, or each of the first with each of the last, such as `order` with `number` and `no`.
 */
interface Phrase {
  /** As the documents show it. */
  readonly shown: string;
  readonly words: readonly string[];
}

type Phrases = Readonly<Record<Certainty, readonly Phrase[]>>;

const byCommas = (line: string): readonly string[] => line.split(/,\s*/);

/** Words as people write them, by commas. */
const words = (...lines: readonly string[]): readonly Phrase[] =>
  lines.flatMap(byCommas).map((word) => ({ shown: word, words: [word] }));

const each = (first: string, last: string): readonly Phrase[] => [
  {
    shown: `(${byCommas(first).join(' | ')}) with (${byCommas(last).join(' | ')})`,
    words: byCommas(first).flatMap((start) => byCommas(last).map((end) => `${start} ${end}`)),
  },
];

const NUMBER = 'number, numbers, no, nos, nr, num, nbr';
const NUMMER = 'Nummer, Nummern, Nr, No';
const NUMERO =
  'numéro, numéro de, numéro d’, numero di, num, num de, num d’, num di, n, n de, n d’, n di, nr, nr de, nr di, nro, nro de, no, no de, no di, n°, n° de, n° d’, n° di, n.º, n.º de';

const ORDER: Phrases = {
  sure: [
    ...each(
      'order, sales order, shop order, web order, webshop order, store order, magento order',
      `${NUMBER}, id, ids`,
    ),
    // A warehouse that says whose number it is has one of its own as well, often as `order_number`.
    ...each('customer order, client order, merchant order, external order', `${NUMBER}, id`),
    ...each('original order, your order, ext order', `${NUMBER}, id`),
    ...words('increment id, order increment id, increment number'),
    ...each(
      'Bestell, Bestellungs, Auftrags, Order, Shop-Bestell, Webshop-Bestell, Online-Bestell',
      `${NUMMER}, ID`,
    ),
    ...each('externe Bestell, externe Auftrags, externe Order, Kundenbestell, Kundenauftrags', NUMMER),
    ...each(NUMERO, 'commande, commandes, commande client, ordine, ordini, pedido, pedidos, orden'),
    ...each('commande, ordine, pedido', 'numéro, numero, n, n°, nr, no, num'),
    ...words('id commande, id ordine, id pedido, id de pedido, ID de commande'),
    ...each('bestel, bestellings, klantorder, webshoporder, verkooporder', NUMMER),
  ],
  possible: words('order, orders, Bestellung, Auftrag, commande, ordine, pedido, bestelling'),
  // The shop's number in one export, and the carrier's, the customer's or a parcel's in the next.
  misleading: [
    ...words(
      'reference, references, ref, reference 1, reference1, ref1, ref 1, reference id, order reference, order ref',
    ),
    ...each('reference, ref, customer reference, client reference', NUMBER),
    ...words(
      'customer reference, customer ref, client reference, client ref, your reference, external reference',
    ),
    ...words('shipment reference, shipper reference, external id, order code, order key'),
    ...words('purchase order, purchase order number, po number, po, invoice number, delivery number'),
    ...each('Referenz, Kundenreferenz, Sendungsreferenz, Bestellreferenz, Auftragsreferenz', `1, ${NUMMER}`),
    ...words('Referenz, Kundenreferenz, Sendungsreferenz, Bestellreferenz, Auftragsreferenz'),
    ...words('Belegnummer, Lieferscheinnummer, Rechnungsnummer, Vorgangsnummer'),
    ...words('référence, réf, référence commande, réf commande, référence client, référence expédition'),
    ...words('riferimento, rif, riferimento ordine, rif ordine, riferimento cliente, codice ordine'),
    ...words(
      'referencia, ref pedido, referencia pedido, referencia de pedido, referencia cliente, código de pedido',
    ),
    ...words('referentie, referentienummer, klantreferentie, orderreferentie, kenmerk'),
  ],
};

const TRACKING: Phrases = {
  sure: [
    ...each(
      'tracking, track, shipment tracking, parcel tracking, package tracking, carrier tracking',
      NUMBER,
    ),
    ...each(
      'Sendungs, Paket, Paketschein, Sendungsverfolgungs, Paketverfolgungs, Tracking, Trackings',
      NUMMER,
    ),
    ...each(NUMERO, 'suivi, tracking, traçage, tracciamento, tracciatura, seguimiento, rastreo'),
    // Dutch for the number itself, as PostNL and DHL write it; no other language joins the words so.
    ...each('track & trace, track and trace, track en trace, tracerings', `code, codes, number, ${NUMMER}`),
  ],
  possible: [
    ...words(
      'tracking, trackings, tracking id, tracking ids, tracking reference, suivi, seguimiento, tracciamento',
    ),
    // Each carrier's word for its number, and each warehouse's for a count or a number of its own.
    ...each('parcel, package, consignment, waybill, air waybill, airway bill, awb', `${NUMBER}, id`),
    ...words('awb, waybill, air waybill, 3S code, ldv, lettera di vettura'),
    ...each(NUMERO, 'colis, expédition, envoi, spedizione, lettera di vettura, ldv, guía, envío'),
    ...words('code de suivi, code suivi, código de seguimiento, codice di tracciamento, codice tracking'),
    ...each('zending, zendings, pakket', NUMMER),
  ],
  misleading: [
    // In 35up's export the number, in others the carrier's code.
    ...words('tracking code, tracking codes, track code'),
    // Often the address of a page.
    ...words(
      'tracking link, tracking url, track & trace, track and trace, track en trace, Sendungsverfolgung',
    ),
    // As often the shop's or the warehouse's number of the shipment.
    ...each('shipment, shipping, delivery', `${NUMBER}, id`),
    ...words(
      'shipment, Sendung, Sendungs-ID, Sendungscode, Versandnummer, Lieferungsnummer, Lieferscheinnummer',
    ),
    ...words('parcel, package, Paket, Paket-ID'),
    // A running number; the label's, the article's.
    ...words('volgnummer, barcode, barcodes, label, label number'),
  ],
};

const CARRIER: Phrases = {
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
const CARRIER_CODE: Phrases = { sure: words('carrier_code'), possible: [], misleading: [] };

const TITLE: Phrases = {
  sure: words('title, carrier title, tracking title, track title, shipping title'),
  possible: [],
  // What customers read above the number is the carrier's name; a service alone, `Standard`, tells them nothing.
  misleading: words(
    'service, shipping service, shipment service, carrier service, shipping method, method',
    'Versandart, Produkt, product',
  ),
};

const SKU: Phrases = {
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

const QUANTITY: Phrases = {
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

/** Of the shop's own shipment: `shipment_id`, `shipment number` and the like are the warehouse's, or the carrier's. */
const SHIPMENT: Phrases = {
  sure: [
    ...words('shipment_increment_id, magento_shipment, magento_shipment_increment_id'),
    ...each('magento shipment', NUMBER),
  ],
  possible: [],
  misleading: [],
};

/** A `store` alone is as often the warehouse's client, or the place where a parcel is to be fetched. */
const STORE_VIEW: Phrases = {
  sure: words('store_view_id, magento_store_id, magento_store_view_id'),
  possible: words('store_view, magento_store_view'),
  misleading: [],
};

/** Of Magento's inventory: a warehouse's own word for itself is no code that the shop knows. */
const SOURCE: Phrases = {
  sure: words('source_code, inventory_source_code, msi_source_code'),
  possible: words('inventory_source, msi_source'),
  misleading: [],
};

/** The words for each role in English, German, French, Italian, Spanish and Dutch, by their kinds. */
export const PHRASES: Readonly<Record<ColumnRole, Phrases>> = {
  order: ORDER,
  tracking: TRACKING,
  carrier: CARRIER,
  carrierCode: CARRIER_CODE,
  title: TITLE,
  sku: SKU,
  quantity: QUANTITY,
  shipment: SHIPMENT,
  storeView: STORE_VIEW,
  source: SOURCE,
};

type Words = Readonly<Record<Certainty, readonly string[]>>;

const oneByOne = ({ sure, possible, misleading }: Phrases): Words => ({
  sure: sure.flatMap(({ words: some }) => some),
  possible: possible.flatMap(({ words: some }) => some),
  misleading: misleading.flatMap(({ words: some }) => some),
});

/** The same, one by one, as people write them. */
export const WORDS: Readonly<Record<ColumnRole, Words>> = {
  order: oneByOne(ORDER),
  tracking: oneByOne(TRACKING),
  carrier: oneByOne(CARRIER),
  carrierCode: oneByOne(CARRIER_CODE),
  title: oneByOne(TITLE),
  sku: oneByOne(SKU),
  quantity: oneByOne(QUANTITY),
  shipment: oneByOne(SHIPMENT),
  storeView: oneByOne(STORE_VIEW),
  source: oneByOne(SOURCE),
};
