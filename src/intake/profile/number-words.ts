import { each, NUMBER, NUMERO, NUMMER, type Phrases, words } from './phrases.ts';

/** Of the shop's order number. */
export const ORDER: Phrases = {
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

/** Of the tracking number. */
export const TRACKING: Phrases = {
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
