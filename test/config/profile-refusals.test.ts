import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { PROFILE_OPTION_LIST } from '../../src/config/profile-options.ts';
import { acme, profileFiles, schemaOf } from './profile-files.ts';

const { problems } = profileFiles();

describe('a profile', () => {
  const COLUMN = 'the name of a column, a list of names, or a position counted from 1';
  const PATTERN = 'a regular expression in RE2 syntax, without look-around and back-references';
  const SEPARATOR = 'auto, never, or a separator of 1 to 10 characters, none of them a letter or digit';
  const LINK =
    'an http or https address with {number} in it once, behind the host, such as https://www.ups.com/track?tracknum={number}';
  const wrong: readonly (readonly [written: string, problem: string])[] = [
    ['about: 12', 'about (line 4): found 12; expected text of 1 to 500 characters; put it in quotes'],
    ['extends: [dhl]', `extends (line 4): found ["dhl"]; expected letters, digits, '.', '_' and '-'`],
    ['files: x.csv', 'files (line 4): found "x.csv"; expected a list'],
    [
      'files: [in/x.csv]',
      'files (line 4): found ["in/x.csv"]; expected each entry to be a pattern such as *.csv, without a folder',
    ],
    [
      'headers: [12]',
      'headers (line 4): found [12]; expected each entry to be text of 1 to 200 characters; put it in quotes',
    ],
    [
      'encoding: latin-1',
      'encoding (line 4): found "latin-1"; expected auto or utf-8 or utf-16le or utf-16be or windows-1252 or iso-8859-1',
    ],
    [
      'delimiter: ":"',
      'delimiter (line 4): found ":"; expected auto or comma or semicolon or tab or pipe, or the character itself',
    ],
    ['quotes: no', 'quotes (line 4): found "no"; expected true or false'],
    ['header: true', 'header (line 4): found true; expected auto or none'],
    ['restColumn: 0', 'restColumn (line 4): found 0; expected a whole number from 1 to 10000'],
    ['columns: { order: none }', `columns.order (line 4): found "none"; expected auto, or ${COLUMN}`],
    ['columns: { tracking: 0 }', `columns.tracking (line 4): found 0; expected auto, or ${COLUMN}`],
    ['columns: { carrier: 1.5 }', `columns.carrier (line 4): found 1.5; expected auto or none, or ${COLUMN}`],
    [
      'columns: { carrierCode: [] }',
      `columns.carrierCode (line 4): found []; expected auto or none, or ${COLUMN}`,
    ],
    ['columns: { title: true }', `columns.title (line 4): found true; expected auto or none, or ${COLUMN}`],
    ['columns: { sku: "" }', `columns.sku (line 4): found ""; expected auto or none, or ${COLUMN}`],
    [
      'columns: { quantity: [1] }',
      `columns.quantity (line 4): found [1]; expected auto or none, or ${COLUMN}`,
    ],
    ['columns: { shipment: 0 }', `columns.shipment (line 4): found 0; expected auto or none, or ${COLUMN}`],
    [
      'columns: { storeView: true }',
      `columns.storeView (line 4): found true; expected auto or none, or ${COLUMN}`,
    ],
    ['columns: { source: "" }', `columns.source (line 4): found ""; expected auto or none, or ${COLUMN}`],
    ['orderNumber: { stripPrefixes: "#" }', 'orderNumber.stripPrefixes (line 4): found "#"; expected a list'],
    [
      'orderNumber: { stripSuffixes: [-1] }',
      'orderNumber.stripSuffixes (line 4): found [-1]; expected each entry to be text of 1 to 50 characters; put it in quotes',
    ],
    [
      'trackingNumber: { stripPrefixes: "#" }',
      'trackingNumber.stripPrefixes (line 4): found "#"; expected a list',
    ],
    [
      'trackingNumber: { stripSuffixes: [-1] }',
      'trackingNumber.stripSuffixes (line 4): found [-1]; expected each entry to be text of 1 to 50 characters; put it in quotes',
    ],
    ['trackingNumber: { pattern: 7 }', `trackingNumber.pattern (line 4): found 7; expected ${PATTERN}`],
    ['orderNumber: { pattern: 7 }', `orderNumber.pattern (line 4): found 7; expected ${PATTERN}`],
    [
      'orderNumber: { pattern: "(" }',
      `orderNumber.pattern (line 4): found "("; expected ${PATTERN} (error parsing regexp: missing closing ): \`(\`)`,
    ],
    [
      'orderNumber: { pattern: "(?=a)" }',
      `orderNumber.pattern (line 4): found "(?=a)"; expected ${PATTERN} (error parsing regexp: invalid or unsupported Perl syntax: \`(?=\`)`,
    ],
    [
      'orderNumber: { padTo: 51 }',
      'orderNumber.padTo (line 4): found 51; expected a whole number from 1 to 50',
    ],
    ['split: { order: nver }', `split.order (line 4): found "nver"; expected ${SEPARATOR}`],
    ['split: { tracking: "" }', `split.tracking (line 4): found ""; expected ${SEPARATOR}`],
    ['rows: Status', "rows (line 4): found a string; expected a list: each entry begins with '-'"],
    [
      'rows: [{ skip: [Void] }]',
      'rows[0] (line 4): found no column; expected the one that the rule looks at',
    ],
    ['rows: [{ column: 0, skip: [x] }]', `rows[0].column (line 4): found 0; expected ${COLUMN}`],
    ['rows: [{ column: Status }]', 'rows[0] (line 4): found no values; expected only, skip, or both'],
    [
      'rows: [{ column: Status, only: [1] }]',
      'rows[0].only (line 4): found [1]; expected each entry to be text of up to 255 characters; put it in quotes',
    ],
    [
      'rows: [{ column: Status, skip: [true] }]',
      'rows[0].skip (line 4): found [true]; expected each entry to be text of up to 255 characters; put it in quotes',
    ],
    ['excelDamage: repair', 'excelDamage (line 4): found "repair"; expected refuse or warn'],
    [
      'carriers: { default: two words }',
      'carriers.default (line 4): found "two words"; expected a carrier code: 1 to 32 characters, no blanks',
    ],
    [
      'carriers: { defaultTitle: "" }',
      'carriers.defaultTitle (line 4): found ""; expected text of 1 to 255 characters',
    ],
    ['carriers: { recognise: 1 }', 'carriers.recognise (line 4): found 1; expected true or false'],
    [
      'carriers: { map: [{ code: dhl }] }',
      'carriers.map[0] (line 4): found no says; expected what the file says of the carrier',
    ],
    [
      'carriers: { map: [{ says: [] }] }',
      'carriers.map[0].says (line 4): found []; expected a list with at least one entry',
    ],
    [
      'carriers: { map: [{ says: [x], code: "0" }] }',
      'carriers.map[0].code (line 4): found "0"; expected a carrier code: 1 to 32 characters, no blanks',
    ],
    [
      'carriers: { map: [{ says: [x], title: 1 }] }',
      'carriers.map[0].title (line 4): found 1; expected text of 1 to 255 characters; put it in quotes',
    ],
    [
      'carriers: { defaultLink: "https://a.example/" }',
      `carriers.defaultLink (line 4): found "https://a.example/"; expected ${LINK}`,
    ],
    ...[
      'https://a.example/?n=',
      'https://a.example/{number}/{number}',
      'https://a.example/{nummer}',
      'https://a.example/{number}?{carrier}',
      'https://a.example/{number} ',
      'ftp://a.example/{number}',
      'a.example/{number}',
      'https://a.example:{number}/',
      'https://{number}.a.example/',
      'https://{number}@a.example/',
      'https:///{number}',
    ].map(
      (link) =>
        [
          `carriers: { map: [{ says: [x], link: ${JSON.stringify(link)} }] }`,
          `carriers.map[0].link (line 4): found ${JSON.stringify(link)}; expected ${LINK}`,
        ] as const,
    ),
    ['sources: berlin', "sources (line 4): found a string; expected a list: each entry begins with '-'"],
    [
      'sources: [{ code: berlin }]',
      'sources[0] (line 4): found no says; expected what the file says of the warehouse',
    ],
    [
      'sources: [{ says: Berlin, code: berlin }]',
      'sources[0].says (line 4): found "Berlin"; expected a list with at least one entry',
    ],
    [
      'sources: [{ says: [Berlin] }]',
      "sources[0] (line 4): found no code; expected Magento's code of the source",
    ],
    [
      'sources: [{ says: [Berlin], code: Berlin Mitte }]',
      'sources[0].code (line 4): found "Berlin Mitte"; expected a source\'s code: no blanks',
    ],
    [
      'storeViews: [{ id: 2 }]',
      'storeViews[0] (line 4): found no says; expected what the file says of the shop',
    ],
    [
      'storeViews: [{ says: [], id: 2 }]',
      'storeViews[0].says (line 4): found []; expected a list with at least one entry',
    ],
    [
      'storeViews: [{ says: [Acme DE] }]',
      "storeViews[0] (line 4): found no id; expected Magento's id of the store view",
    ],
    [
      'storeViews: [{ says: [Acme DE], id: "2" }]',
      'storeViews[0].id (line 4): found "2"; expected a whole number from 0 to 65535',
    ],
    [
      'restColumn: 5',
      'restColumn (line 4): found 5, and cells may be quoted; expected quotes: false with it',
    ],
    [
      'columns: { sku: none, quantity: Menge }',
      'columns.quantity (line 4): found a column, and columns.sku: none; expected a column for both, or none',
    ],
    [
      'columns: { order: 2, tracking: 2 }',
      'columns.tracking (line 4): found the column of the order number; expected another',
    ],
    [
      'columns: { order: 2, tracking: 3, shipment: 2 }',
      "columns.shipment (line 4): found the column of the order number; expected that of Magento's shipment",
    ],
    [
      'columns: { tracking: Sendung, shipment: Sendung }',
      "columns.shipment (line 4): found the column of the tracking number; expected that of Magento's shipment",
    ],
    ['colums: { order: A }', 'colums (line 4): no such key; did you mean columns?'],
    [
      'columns: { orderNumber: A }',
      'columns.orderNumber (line 4): no such key; expected one of order, tracking, carrier, carrierCode, title, sku, quantity, shipment, storeView, source',
    ],
    ['skip: [Void]', 'skip (line 4): no such key; did you mean profiles.*.rows[].skip?'],
  ];

  for (const [written, problem] of wrong) {
    test(`is refused with ${written}`, async () => {
      assert.deepEqual(await problems(acme(written)), [`profiles.acme.${problem}`]);
    });
  }

  /** What no schema can say: that is for the program alone. */
  const beyondSchema =
    /https:\/\/\{|:\{number|\/\/\/\{|RE2 syntax, .* \(|and cells may be quoted|columns\.sku: none|of the (?:order|tracking) number|no values/;

  test('is refused by the schema too, so that an editor shows it', async () => {
    const isValid = await schemaOf('profile.schema.json');
    for (const [written, problem] of wrong) {
      if (!beyondSchema.test(problem)) assert.equal(isValid(parse(written)), false, written);
    }
  });

  test('has each of its keys refused in the table above', () => {
    for (const [path] of PROFILE_OPTION_LIST) {
      const shown = path.replace('[]', '[0]');
      assert.ok(
        wrong.some(([, problem]) => problem.startsWith(`${shown} `)),
        path,
      );
    }
  });
});
