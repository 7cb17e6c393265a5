import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parse } from 'yaml';
import {
  COLUMN_ROLES,
  type ColumnChoice,
  type ColumnRole,
  PLAIN,
  type Profile,
} from '../../../src/domain/profile.ts';
import { matchColumns } from '../../../src/intake/profile/match-columns.ts';

type Written = Partial<Record<ColumnRole, string | number | readonly string[]>>;

/** As a profile's YAML has it. */
function choiceOf(written: string | number | readonly string[]): ColumnChoice {
  if (written === 'none' || written === 'auto') return written;
  if (typeof written === 'number') return { kind: 'position', position: written };
  return { kind: 'name', names: typeof written === 'string' ? [written] : written };
}

function profileWith(columns: Written, more: Partial<Profile> = {}): Profile {
  const entries = Object.entries(columns).map(([role, written]) => [role, choiceOf(written)]);
  return {
    ...PLAIN,
    name: 'acme',
    origin: 'own',
    ...more,
    columns: { ...PLAIN.columns, ...Object.fromEntries(entries) },
  };
}

/** The columns that were found, by name; the refusal's code, message and hint otherwise. */
function found(header: string | readonly string[], profile = PLAIN): Record<string, string> {
  const fields = typeof header === 'string' ? header.split(/[,;]/) : header;
  const match = matchColumns(fields, profile);
  if (match.kind === 'refused') return { code: match.code };
  const { moreTracking, ...columns } = match.columns;
  const places = Object.entries(columns).filter(([, place]) => place !== null);
  const more = moreTracking.map((place) => fields[place]).join();
  return {
    ...Object.fromEntries(places.map(([role, place]) => [role, fields[place ?? -1] ?? '?'])),
    ...(more !== '' && { moreTracking: more }),
  };
}

function refused(header: string, profile = PLAIN) {
  const match = matchColumns(header === '' ? [] : header.split(/[,;]/), profile);
  assert.equal(match.kind, 'refused', `${header} is taken for a header`);
  return match as Extract<typeof match, { kind: 'refused' }>;
}

test('further tracking numbers stand under the name of the first with a number behind', () => {
  const further = (header: string, profile?: Profile) => {
    const { order: _, ...others } = found(header, profile);
    return Object.values(others).join(' + ');
  };
  assert.equal(further('Order No,Tracking Number,Tracking Number 2'), 'Tracking Number + Tracking Number 2');
  assert.equal(
    further('Order No,Tracking_Number_1,Tracking_Number_2,Tracking_Number_3'),
    'Tracking_Number_1 + Tracking_Number_2,Tracking_Number_3',
  );
  assert.equal(further('Bestellnummer;Sendungsnummer;Sendungsnr. 2'), 'Sendungsnummer + Sendungsnr. 2');
  assert.equal(further('Order No,Tracking,Tracking 2'), 'Tracking + Tracking 2');
  assert.equal(further('Order No,Num,Num 2', profileWith({ tracking: 'Num' })), 'Num + Num 2');
  // No further number: another role's column, a name that we gave, one that says something else.
  const named = profileWith({ carrier: 'Tracking Number 2' });
  assert.equal(
    further('Order No,Tracking Number,Tracking Number 2', named),
    'Tracking Number + Tracking Number 2',
  );
  const byPosition = profileWith({ order: 1, tracking: 2 });
  assert.equal(further('column_1,column_2,column_3', byPosition), 'column_2');
  assert.equal(further('Order No,Tracking Number,Reference 2,Tracking 2'), 'Tracking Number');
  assert.deepEqual(found('Order No,Tracking Number,Tracking Number 1'), { code: 'column-unclear' });
});

describe('Columns without a profile', () => {
  test('are those of the plain format', () => {
    assert.deepEqual(found('order_number,tracking_number,carrier_code,title,sku,quantity'), {
      order: 'order_number',
      tracking: 'tracking_number',
      carrierCode: 'carrier_code',
      title: 'title',
      sku: 'sku',
      quantity: 'quantity',
    });
  });

  test("are Magento's shipment, store view and source only under names that nobody else has for them", () => {
    const numbers = { order: 'Order No', tracking: 'Tracking No' };
    const known = (...names: readonly string[]) => found(['Order No', 'Tracking No', ...names]);
    for (const shipment of [
      'shipment_increment_id',
      'Magento Shipment',
      'magento_shipment_number',
      'Magento shipment #',
    ])
      assert.deepEqual(known(shipment), { ...numbers, shipment });
    for (const storeView of ['store_view', 'Store View ID', 'magento_store_id'])
      assert.deepEqual(known(storeView), { ...numbers, storeView });
    for (const source of ['source_code', 'inventory_source', 'MSI source'])
      assert.deepEqual(known(source), { ...numbers, source });
    for (const other of [
      'shipment_id',
      'shipment_number',
      'Shipment',
      'magento_shipment_id',
      'delivery_number',
      'store',
      'store_id',
      'Shop',
      'source',
      'warehouse',
      'Lager',
    ])
      assert.deepEqual(known(other), numbers);
  });

  test('are taken for the surer of two that say the store view or the source', () => {
    const numbers = { order: 'Order No', tracking: 'Tracking No' };
    assert.deepEqual(found('Order No,Tracking No,store_view,store_view_id,inventory_source,source_code'), {
      ...numbers,
      storeView: 'store_view_id',
      source: 'source_code',
    });
  });

  const languages = {
    English: [
      'Order No.,Tracking No.,Carrier',
      'Order #,Tracking #,Courier',
      'increment_id,Track Number,Shipping Provider',
    ],
    German: [
      'Bestell-Nr.;Sendungsnummer;Versanddienstleister',
      'Auftragsnummer;Paketnummer;Paketdienst',
      'Bestell-ID;Sendungsverfolgungsnummer;Frachtfuehrer',
      'BESTELLNUMMER;Sendungs Nr;Spediteur',
    ],
    French: [
      'Numéro de commande;Numéro de suivi;Transporteur',
      'N° commande;N° de suivi;Transporteur',
      'Nº de commande;No. suivi;Nom du transporteur',
    ],
    Italian: ['Numero ordine;Numero di tracking;Corriere', 'N. d’ordine;Numero di spedizione;Vettore'],
    Spanish: [
      'Número de pedido;Número de seguimiento;Transportista',
      'Nº pedido;N.º de seguimiento;Mensajería',
    ],
    Dutch: [
      'Bestelnummer;Track & Trace-code;Vervoerder',
      'Ordernummer;Trackingnummer;Koerier',
      'order-nr;Zendingnummer;Bezorgdienst',
    ],
  };
  for (const [language, headers] of Object.entries(languages)) {
    test(`are known by the words of ${language}`, () => {
      for (const header of headers) {
        const [order, tracking, carrier] = header.split(/[,;]/);
        assert.deepEqual(found(`Date;${header};Weight`.replaceAll(',', ';')), { order, tracking, carrier });
      }
    });
  }

  test('keep their meaning when case, blanks, accents, umlauts and punctuation of the header change', () => {
    const headers = [
      ['Order Number', 'Tracking Number', 'Carrier'],
      ['Bestellnummer', 'Sendungsnummer', 'Frachtführer'],
      ['Numéro de commande', 'Numéro de suivi', 'Transporteur'],
      ['número de pedido', 'Número de seguimiento', 'mensajería'],
    ];
    const change = fc.record({
      between: fc.constantFrom('', ' ', '_', '-', ' - ', '.', '/', '\u00a0'),
      around: fc.constantFrom('', ' ', '"', '\ufeff', '(', ':', '*'),
      letters: fc.constantFrom(
        (text: string) => text.toUpperCase(),
        (text: string) => text.toLowerCase(),
        (text: string) => text.normalize('NFD'),
        (text: string) => text.normalize('NFD').replace(/\p{M}/gu, ''),
        (text: string) => text.replaceAll('ü', 'ue'),
      ),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...headers),
        fc.array(change, { minLength: 3, maxLength: 3 }),
        (header, changes) => {
          const changed = header.map((name, index) => {
            const { between, around, letters } = changes[index] ?? assert.fail();
            return around + letters(name).split(' ').join(between) + around;
          });
          assert.deepEqual(matchColumns(changed, PLAIN), matchColumns(header, PLAIN));
        },
      ),
    );
  });

  const documented: Readonly<Record<string, Record<string, string>>> = {
    'Order - Number,Shipment - Tracking Number,Shipment - Carrier,Shipment - Service,Date - Shipped Date': {
      order: 'Order - Number',
      tracking: 'Shipment - Tracking Number',
      carrier: 'Shipment - Carrier',
    },
    'amazon-order-id,merchant-order-id,carrier,tracking-number': {
      order: 'merchant-order-id',
      tracking: 'tracking-number',
      carrier: 'carrier',
    },
    'parcel_id,direction,carrier_code,carrier_name,order_number,tracking_number,shipped_at,status': {
      order: 'order_number',
      tracking: 'tracking_number',
      carrier: 'carrier_name',
      carrierCode: 'carrier_code',
    },
    'order_id,tracking_provider,tracking_number,date_shipped,status_shipped,sku,qty': {
      order: 'order_id',
      tracking: 'tracking_number',
      carrier: 'tracking_provider',
      sku: 'sku',
      quantity: 'qty',
    },
    'orderId,clientFulfillmentId,trackingNumber,carrier,method': {
      order: 'orderId',
      tracking: 'trackingNumber',
      carrier: 'carrier',
    },
    'Sendungsnummer;Sendungsreferenz;internationale Sendungsnummer;Abrechnungsnummer;Status;Produkt;Services':
      {
        code: 'column-unclear',
      },
    'shipment_id,order_id,item_id,item_sku,shipped_qty,shipped_at,shipping_provider,shipping_method,tracking_code':
      {
        code: 'column-unclear',
      },
    'ParcelStatusName,ParcelCode,CarrierConsignmentCode,CarrierCode': { code: 'no-such-column' },
    'Package Identification Code (PIC),Cust Ref Num1,Transaction Type': { code: 'no-such-column' },
  };
  for (const [header, columns] of Object.entries(documented)) {
    test(`of the header ${header.slice(0, 40)}... are ${Object.values(columns).join(', ')}`, () => {
      assert.deepEqual(found(header), columns);
    });
  }
});

describe('What is not guessed', () => {
  test('is which of two columns holds the order number: both are named', () => {
    for (const [one, other] of [
      ['Order Number', 'Order ID'],
      ['Bestellnummer', 'Auftragsnummer'],
      ['order_number', 'External Order ID'],
      ['Auftragsnummer', 'Externe Auftragsnummer'],
      ['increment_id', 'order_id'],
    ]) {
      const { code, message } = refused(`${one},tracking_number,${other}`);
      assert.deepEqual(
        [code, message],
        ['column-unclear', `the columns "${one}" and "${other}" could each be the order number.`],
      );
    }
  });

  test('is no question where the plain names stand as they are documented: an order_id beside them does no harm', () => {
    for (const header of ['order_number,tracking_number,order_id', 'order_id,order_number,tracking_number']) {
      assert.deepEqual(found(header), { order: 'order_number', tracking: 'tracking_number' });
    }
  });

  test('is which of two columns holds the tracking number', () => {
    assert.match(
      refused('order_number,Paketnummer,Sendungsnummer').message,
      /"Paketnummer" and "Sendungsnummer"/,
    );
  });

  test('is a name known to mislead, alone or beside another doubtful one', () => {
    const misleading = [
      'Reference',
      'Ref',
      'Referenz',
      'Référence',
      'Customer Reference',
      'PO Number',
      'Sendungsreferenz',
    ];
    for (const name of misleading) {
      assert.equal(
        refused(`${name},tracking_number`).message,
        `the column "${name}" may be the order number, and may as well be something else.`,
      );
    }
    for (const name of [
      'tracking_code',
      'Track & Trace',
      'tracking url',
      'Shipment Number',
      'Barcode',
      'volgnummer',
    ]) {
      assert.equal(
        refused(`order_number,${name}`).message,
        `the column "${name}" may be the tracking number, and may as well be something else.`,
      );
    }
    assert.match(refused('Reference,Order,tracking_number').message, /"Reference" and "Order" could each be/);
  });

  test('is said of all columns at once', () => {
    const { code, message } = refused('Reference,Weight');
    assert.equal(code, 'column-unclear');
    assert.match(message, /no column tracking_number; the column "Reference" may be the order number/);
    assert.match(message, /It has "Reference" and "Weight"\.$/);
  });

  test('does no harm beside a name that is sure', () => {
    assert.deepEqual(found('Reference,order_number,tracking_code,tracking_number,Order,Tracking ID'), {
      order: 'order_number',
      tracking: 'tracking_number',
    });
  });

  test('is taken where a bare noun is all that there is', () => {
    assert.deepEqual(found('Order,Tracking'), { order: 'Order', tracking: 'Tracking' });
    assert.equal(refused('Order,Bestellung,Tracking').code, 'column-unclear');
  });

  test('is which of two columns of one name counts', () => {
    for (const header of [
      'order_number,Order Number,tracking_number',
      'order_number,tracking_number,order_number',
    ]) {
      assert.equal(refused(header).code, 'column-twice');
    }
    assert.match(refused('order_number,tracking_number,order_number').hint, /order: 1,/);
  });

  const unclear = [
    'Order ID,Order Number,tracking_number',
    'Reference,Sendungsnummer',
    'order_number,tracking_code',
    '#Ref: 1,order_number,tracking_number,order_number',
    'Ref: No,Track & Trace',
    'order_number,tracking_number,carrier,courier',
  ];
  for (const header of unclear) {
    test(`is read once the profile of the hint says it: ${header}`, () => {
      const [yaml = ''] = /profiles: \{.*\} \}/.exec(refused(header).hint) ?? [];
      const { profiles } = parse(yaml);
      assert.equal(matchColumns(header.split(','), profileWith(profiles.acme.columns)).kind, 'found');
    });
  }

  test('is the header of a file that has none; its rank is 0, and the hint says how to count columns', () => {
    const { rank, code, message, hint } = refused('100000123,1Z1,ups');
    assert.deepEqual([rank, code], [0, 'no-such-column']);
    assert.match(
      message,
      /no columns order_number and tracking_number\. It has "100000123", "1Z1" and "ups"/,
    );
    assert.match(hint, /profiles: \{ acme: \{ header: none, columns: \{ order: 1, tracking: 2 \} \} \}/);
  });

  test('ranks a line by what it has of a header', () => {
    const lines = [
      'Report of today,12',
      'carrier,weight',
      'order,12',
      'order_number,weight',
      'order_number,tracking_code',
    ];
    const ranks = lines.map((line) => refused(line).rank);
    assert.deepEqual(
      ranks.toSorted((a, b) => a - b),
      ranks,
    );
    assert.equal(new Set(ranks).size, ranks.length);
  });
});

describe('Columns that a profile names', () => {
  test('are taken by the first name that is there, whatever else could be it', () => {
    const profile = profileWith({
      order: ['Shop-Nr', 'Reference'],
      tracking: 'internationale Sendungsnummer',
    });
    assert.deepEqual(found('Sendungsnummer,reference,order_number,Internationale  Sendungsnummer', profile), {
      order: 'reference',
      tracking: 'Internationale  Sendungsnummer',
    });
  });

  test('are taken as written where two differ in case or punctuation only', () => {
    const profile = profileWith({ order: 'Order No' });
    assert.deepEqual(found('Order-No,Order No,tracking_number', profile), {
      order: 'Order No',
      tracking: 'tracking_number',
    });
    assert.equal(refused('Order No,Order No,tracking_number', profile).code, 'column-twice');
  });

  test('are no longer found for another role by their words', () => {
    const profile = profileWith({ title: 'Carrier' });
    assert.deepEqual(found('order_number,tracking_number,Carrier', profile), {
      order: 'order_number',
      tracking: 'tracking_number',
      title: 'Carrier',
    });
  });

  test('must be there, each of them', () => {
    for (const role of COLUMN_ROLES) {
      const { code, message } = refused(
        'order_number,tracking_number',
        profileWith({ [role]: ['Lost', 'Gone'] }),
      );
      assert.equal(code, 'no-such-column');
      assert.match(
        message,
        /^the profile acme takes .* from the column "Lost" or "Gone", which is not there/,
      );
    }
    const { message } = refused('order_number,tracking_number', profileWith({ order: 3 }));
    assert.match(message, /^the profile acme takes the order number from column 3, which is not there/);
  });

  test('stand at a position, counted from 1', () => {
    const profile = profileWith({ order: 2, tracking: 1 }, { header: 'none' });
    assert.deepEqual(found(['column_1', 'column_2'], profile), { order: 'column_2', tracking: 'column_1' });
    const wide = Array.from({ length: 1000 }, (_, index) => `column_${index + 1}`);
    const last = profileWith({ order: 1000, tracking: 1 }, { header: 'none' });
    assert.deepEqual(found(wide, last), { order: 'column_1000', tracking: 'column_1' });
  });

  test('are left alone where the profile says none', () => {
    const profile = profileWith({ carrierCode: 'none', title: 'none', sku: 'none', quantity: 'none' });
    assert.deepEqual(found('order_number,tracking_number,carrier_code,title,sku,quantity', profile), {
      order: 'order_number',
      tracking: 'tracking_number',
    });
  });

  test('cannot be one column for order and tracking number', () => {
    const { code, message } = refused('Ref,Weight', profileWith({ order: 'Ref', tracking: 1 }));
    assert.equal(code, 'column-unclear');
    assert.match(message, /takes both order number and tracking number from the column "Ref"/);
  });

  test('by one name for both are asked for again, each under the name that speaks for it', () => {
    const same = (name: string) => profileWith({ order: name, tracking: [name] });
    for (const [header, named, order, tracking] of [
      ['Order No,Tracking No,Weight', 'Order No', 'Order No', 'Tracking No'],
      ['Order No,Tracking No,Weight', 'Tracking No', 'Order No', 'Tracking No'],
      ['Kennung,Gewicht', 'Kennung', 'Kennung', 'its name in the file'],
      ['Kennung,Tracking No', 'Tracking No', 'its name in the file', 'Tracking No'],
    ] as const) {
      const { hint } = refused(header, same(named));
      assert.ok(hint.includes(`columns: { order: ${order}, tracking: ${tracking} }`), hint);
    }
  });

  test('by position only do not make a header of the first row', () => {
    const { message, hint } = refused('100000123,1Z1', profileWith({ order: 1, tracking: 2 }));
    assert.match(message, /^"100000123" stands where the name of a column should/);
    assert.match(hint, /header: none/);
  });

  test('are asked for where a profile without a header does not say them', () => {
    const { message } = refused('column_1,column_2', profileWith({ tracking: 1 }, { header: 'none' }));
    assert.equal(
      message,
      'the profile acme does not say in which column the order number stands. It has "column_1" and "column_2".',
    );
    assert.match(
      refused('column_1,column_2', profileWith({}, { header: 'none' })).message,
      /^the profile acme does not say in which columns the order number and the tracking number stand\./,
    );
  });

  test('are asked for in a profile that goes on from the preset', () => {
    const preset = profileWith({ order: 'Sendungsreferenz' }, { name: 'dhl', origin: 'preset' });
    assert.match(
      refused('Referenz,Sendungsnummer', preset).hint,
      /profiles: \{ acme: \{ extends: dhl, columns: \{ order: Referenz, tracking: Sendungsnummer \} \} \}/,
    );
  });
});

describe('What a parcel holds', () => {
  const items = (header: string, columns: Written = {}) => {
    const {
      order: _,
      tracking: __,
      ...rest
    } = found(`order_number,tracking_number,${header}`, profileWith(columns));
    return rest;
  };

  test('is told by SKU and quantity together', () => {
    assert.deepEqual(items('Artikelnummer,Menge'), { sku: 'Artikelnummer', quantity: 'Menge' });
    assert.deepEqual(items('item_sku,shipped_qty'), { sku: 'item_sku', quantity: 'shipped_qty' });
  });

  test('is unclear where one of the two is missing, which may be misspelled', () => {
    for (const header of ['sku,quantty', 'Artikelnummer', 'quantity', 'qty shipped,skuu']) {
      assert.deepEqual(items(header), { code: 'no-such-column' }, header);
    }
    assert.deepEqual(items('SKU,Ordered Qty'), { code: 'no-such-column' });
  });

  test('is not told by a count that may be one of parcels', () => {
    assert.deepEqual(items('Anzahl,Menge'), {});
    assert.deepEqual(items('quantity', { sku: 'none' }), {});
  });

  test('is one piece of each SKU where the profile says that there is no quantity', () => {
    assert.deepEqual(items('sku', { quantity: 'none' }), { sku: 'sku' });
    assert.deepEqual(items('Article,Menge', { sku: 'Article', quantity: 'none' }), { sku: 'Article' });
  });

  test('needs a quantity for a SKU that the profile names, and a SKU for such a quantity', () => {
    assert.deepEqual(items('Article', { sku: 'Article' }), { code: 'no-such-column' });
    assert.deepEqual(items('Pieces', { quantity: 'Pieces' }), { code: 'no-such-column' });
    assert.deepEqual(items('Article,Menge', { sku: 'Article' }), { sku: 'Article', quantity: 'Menge' });
  });
});

describe('Columns of a report of ours', () => {
  test('are known by their exact names only', () => {
    assert.deepEqual(
      found('order_number,tracking_number,trackdrop_line,trackdrop_outcome,trackdrop_order_id'),
      {
        order: 'order_number',
        tracking: 'tracking_number',
        line: 'trackdrop_line',
        outcome: 'trackdrop_outcome',
      },
    );
    assert.deepEqual(found('order_number,tracking_number,outcome,line,Trackdrop_Outcome,trackdrop_line_2'), {
      order: 'order_number',
      tracking: 'tracking_number',
    });
  });

  test('stand there once', () => {
    assert.equal(
      refused('order_number,tracking_number,trackdrop_outcome,trackdrop_outcome').code,
      'column-twice',
    );
  });
});
