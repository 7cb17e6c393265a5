import type { ColumnRole } from '../../domain/profile.ts';
import { simplified } from './column-name.ts';

/**
 * How surely a name says what its column is.
 *
 * - `sure`: it says so. Where two columns of a line do, nobody can tell which of them is meant: beside an
 *   `order_number` of the warehouse's own an `order_id` or `external_order_number` is the shop's, or the reverse.
 * - `possible`: the bare noun, or a word with a second meaning; taken where no other column of the line could be it.
 * - `misleading`: as often something else; never taken, only named to whoever has to say which column it is.
 */
export type Certainty = 'sure' | 'possible' | 'misleading';

type Words = Readonly<Record<Certainty, readonly string[]>>;

/** Each of the first words with each of the last, such as `order` with `number` and `no`. */
const each = (first: readonly string[], last: readonly string[]): readonly string[] =>
  first.flatMap((start) => last.map((end) => `${start} ${end}`));

const NUMBER = ['number', 'numbers', 'no', 'nos', 'nr', 'num', 'nbr'];
const NUMMER = ['nummer', 'nummern', 'nr', 'no'];
const NUMERO_DE = [
  'numéro de',
  'numéro',
  'num de',
  'num',
  'n° de',
  'n°',
  'nr de',
  'nr',
  'n de',
  'n',
  'no de',
  'no',
];
const NUMERO_D = [...NUMERO_DE, 'numéro d’', 'num d’', 'n° d’', 'n d’', 'no d’'];
const NUMERO_DI = [
  'numero di',
  'numero',
  'num di',
  'num',
  'n° di',
  'n°',
  'nr di',
  'nr',
  'nro',
  'n di',
  'n',
  'no',
];

const ORDER: Words = {
  sure: [
    ...each(
      ['order', 'sales order', 'shop order', 'web order', 'webshop order', 'store order', 'magento order'],
      [...NUMBER, 'id', 'ids'],
    ),
    // A warehouse that says whose number it is has one of its own as well, often as `order_number`.
    ...each(
      ['customer order', 'client order', 'merchant order', 'external order', 'original order', 'your order'],
      [...NUMBER, 'id'],
    ),
    'order increment id',
    'increment id',
    ...each(
      ['Bestell', 'Bestellungs', 'Auftrags', 'Order', 'Shop-Bestell', 'Webshop-Bestell', 'Online-Bestell'],
      [...NUMMER, 'ID'],
    ),
    ...each(
      ['externe Bestell', 'externe Auftrags', 'externe Order', 'Kundenbestell', 'Kundenauftrags'],
      NUMMER,
    ),
    ...each(NUMERO_DE, ['commande', 'commandes', 'commande client']),
    'id commande',
    ...each(NUMERO_DI, ['ordine', 'ordini']),
    ...each(['numero d’', 'n d’', 'n° d’'], ['ordine']),
    'id ordine',
    ...each(NUMERO_DI, ['pedido', 'pedidos']),
    ...each(NUMERO_DE, ['pedido']),
    ...each(['nº de', 'nº', 'n.º de', 'n.º', 'nro de'], ['pedido']),
    'numero de orden',
    'id pedido',
    'id de pedido',
    ...each(['bestel', 'bestellings', 'klantorder', 'webshoporder', 'verkooporder'], NUMMER),
  ],
  possible: ['order', 'orders', 'Bestellung', 'Auftrag', 'commande', 'ordine', 'pedido', 'bestelling'],
  // The shop's number in one export and the carrier's, the customer's or a parcel's in the next.
  misleading: [
    ...[
      'reference',
      'references',
      'ref',
      'reference number',
      'ref no',
      'ref number',
      'reference no',
      'reference id',
    ],
    ...[
      'reference 1',
      'reference1',
      'ref1',
      'customer reference',
      'customer ref',
      'client reference',
      'your reference',
    ],
    ...[
      'order reference',
      'order ref',
      'shipment reference',
      'shipper reference',
      'external reference',
      'external id',
    ],
    ...['purchase order', 'purchase order number', 'po number', 'po', 'invoice number', 'delivery number'],
    ...[
      'Referenz',
      'Referenznummer',
      'Referenz-Nr',
      'Referenz 1',
      'Kundenreferenz',
      'Sendungsreferenz',
      'Belegnummer',
    ],
    ...['Bestellreferenz', 'Auftragsreferenz', 'Lieferscheinnummer', 'Rechnungsnummer', 'Vorgangsnummer'],
    ...['référence', 'réf', 'référence commande', 'référence client', 'référence expédition'],
    ...['riferimento', 'rif', 'riferimento ordine', 'riferimento cliente', 'codice ordine'],
    ...['referencia', 'referencia pedido', 'referencia cliente', 'referencia de pedido', 'código de pedido'],
    ...['referentie', 'referentienummer', 'klantreferentie', 'orderreferentie', 'kenmerk', 'order code'],
  ],
};

const TRACKING: Words = {
  sure: [
    ...each(
      ['tracking', 'shipment tracking', 'parcel tracking', 'package tracking', 'carrier tracking', 'track'],
      NUMBER,
    ),
    ...each(
      [
        'Sendungs',
        'Paket',
        'Sendungsverfolgungs',
        'Paketschein',
        'Tracking',
        'Trackings',
        'Paketverfolgungs',
      ],
      NUMMER,
    ),
    ...each(NUMERO_DE, ['suivi', 'tracking', 'traçage']),
    ...each(NUMERO_DI, ['tracking', 'tracciamento', 'tracciatura']),
    ...each([...NUMERO_DE, 'nº de', 'nº', 'n.º de', 'n.º', 'nro de'], ['seguimiento', 'rastreo', 'tracking']),
    ...each(['tracking', 'track trace', 'track and trace', 'track en trace', 'tracerings'], NUMMER),
    // Dutch for the number itself, as PostNL and DHL write it; no other language joins the words so.
    ...each(['track trace', 'track and trace', 'track en trace', 'tracerings'], ['code', 'codes', 'number']),
  ],
  possible: [
    ...['tracking', 'trackings', 'tracking id', 'tracking ids', 'tracking reference', 'suivi', 'seguimiento'],
    // Each carrier's word for its number, and each warehouse's for a count or number of its own.
    ...each(
      ['parcel', 'package', 'consignment', 'waybill', 'air waybill', 'airway bill', 'awb'],
      [...NUMBER, 'id'],
    ),
    ...['awb', 'waybill', 'air waybill'],
    ...each(NUMERO_D, ['colis', 'expédition', 'envoi']),
    ...['code de suivi', 'code suivi', 'código de seguimiento', 'codice di tracciamento', 'codice tracking'],
    ...each(NUMERO_DI, ['spedizione', 'lettera di vettura', 'ldv']),
    ...each([...NUMERO_DE, 'nº de', 'nº'], ['guía', 'envío']),
    ...each(['zending', 'zendings', 'pakket'], NUMMER),
    '3S code',
  ],
  misleading: [
    // In 35up's export the number, in others the carrier's code.
    ...['tracking code', 'tracking codes', 'track code', 'Trackingcode'],
    // Often the address of a page.
    ...[
      'tracking link',
      'tracking url',
      'track trace',
      'track and trace',
      'track en trace',
      'Sendungsverfolgung',
    ],
    // As often the shop's or the warehouse's number of the shipment.
    ...each(['shipment', 'shipping', 'delivery'], [...NUMBER, 'id']),
    ...[
      'shipment',
      'Versandnummer',
      'Lieferungsnummer',
      'Lieferscheinnummer',
      'Sendung',
      'Paket',
      'parcel',
      'package',
    ],
    // A running number, and the label's or the article's.
    ...[
      'volgnummer',
      'barcode',
      'barcodes',
      'label',
      'label number',
      'Sendungs-ID',
      'Paket-ID',
      'Sendungscode',
    ],
  ],
};

const CARRIER: Words = {
  sure: [
    ...[
      'carrier',
      'carrier name',
      'shipping carrier',
      'shipment carrier',
      'delivery carrier',
      'tracking carrier',
    ],
    ...[
      'courier',
      'courier name',
      'shipping provider',
      'tracking provider',
      'shipping company',
      'parcel carrier',
    ],
    ...[
      'Versanddienstleister',
      'Versanddienst',
      'Paketdienst',
      'Paketdienstleister',
      'Zustelldienst',
      'Frachtführer',
    ],
    ...['transporteur', 'nom du transporteur', 'nom transporteur', 'corriere', 'vettore', 'nome corriere'],
    ...[
      'transportista',
      'empresa de transporte',
      'agencia de transporte',
      'mensajería',
      'vervoerder',
      'koerier',
    ],
    ...['bezorgdienst', 'verzenddienst', 'pakketdienst'],
  ],
  possible: [
    'provider',
    'Dienstleister',
    'Spediteur',
    'Spedition',
    'Zusteller',
    'Kurier',
    'delivery company',
  ],
  // Whoever sends; the names of a service.
  misleading: [
    'shipper',
    'Versender',
    'verzender',
    'Versand',
    'Versandart',
    'shipping method',
    'carrier id',
    'carrier service',
  ],
};

const CARRIER_CODE: Words = { sure: ['carrier_code'], possible: [], misleading: [] };

const TITLE: Words = {
  sure: ['title', 'carrier title', 'tracking title', 'track title', 'shipping title'],
  possible: [],
  // What customers read above the number is the carrier's name; a service alone, `Standard`, tells them nothing.
  misleading: [
    'service',
    'shipping service',
    'shipment service',
    'shipping method',
    'method',
    'Versandart',
    'Produkt',
    'product',
  ],
};

const SKU: Words = {
  sure: [
    'sku',
    'skus',
    'item sku',
    'product sku',
    'seller sku',
    'merchant sku',
    'shop sku',
    'article sku',
    'variant sku',
  ],
  // The shop's own, or the warehouse's: a wrong one fails its row by name, since the order has no such article.
  possible: [
    ...each(['item', 'article', 'product'], NUMBER),
    ...each(['Artikel', 'artikel', 'Produkt'], NUMMER),
    ...['référence article', 'référence produit', 'codice articolo', 'código de artículo', 'artikelcode'],
  ],
  misleading: [
    'item',
    'product',
    'article',
    'Artikel',
    'item id',
    'product id',
    'ean',
    'gtin',
    'upc',
    'barcode',
  ],
};

const QUANTITY: Words = {
  sure: [
    ...[
      'quantity',
      'qty',
      'quantity shipped',
      'shipped quantity',
      'qty shipped',
      'shipped qty',
      'item quantity',
      'item qty',
    ],
    ...[
      'gelieferte Menge',
      'Liefermenge',
      'versendete Menge',
      'quantité expédiée',
      'quantità spedita',
      'cantidad enviada',
    ],
    'aantal verzonden',
  ],
  // Also the count of parcels; taken beside a SKU alone.
  possible: [
    'Menge',
    'Anzahl',
    'Stück',
    'Stückzahl',
    'quantité',
    'qté',
    'quantità',
    'qtà',
    'cantidad',
    'aantal',
    'pieces',
  ],
  // What the customer bought says nothing of what this parcel holds.
  misleading: [
    'quantity ordered',
    'qty ordered',
    'ordered quantity',
    'ordered qty',
    'Bestellmenge',
    'parcels',
    'Pakete',
  ],
};

/** The words for each role in English, German, French, Italian, Spanish and Dutch, as people write them. */
const WORDS: Readonly<Record<ColumnRole, Words>> = {
  order: ORDER,
  tracking: TRACKING,
  carrier: CARRIER,
  carrierCode: CARRIER_CODE,
  title: TITLE,
  sku: SKU,
  quantity: QUANTITY,
};

/** How surely a column of this name, `simplified`, is the role's; undefined for one that says nothing of it. */
export function certaintyOf(role: ColumnRole, name: string): Certainty | undefined {
  return KNOWN[role].get(name);
}

const KNOWN = Object.fromEntries(
  Object.entries(WORDS).map(([role, words]) => [role, known(words)]),
) as Readonly<Record<ColumnRole, ReadonlyMap<string, Certainty>>>;

/** Templates overlap: the surest class that has a name keeps it. */
function known(words: Words): ReadonlyMap<string, Certainty> {
  const entries = (['misleading', 'possible', 'sure'] as const).flatMap((certainty) =>
    words[certainty].map((word) => [simplified(word), certainty] as const),
  );
  return new Map(entries);
}
