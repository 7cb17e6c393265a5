import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { parse } from 'yaml';
import type { InboxConfig } from '../../src/config/config.ts';
import { Refusal } from '../../src/config/kind.ts';
import { PROFILE_OPTION_LIST } from '../../src/config/profile-options.ts';
import { readPresets } from '../../src/config/profiles.ts';
import { readConfig } from '../../src/config/read.ts';
import { ConfigError } from '../../src/domain/failure.ts';
import { PLAIN, type Profile } from '../../src/domain/profile.ts';
import { runs } from '../runs.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trackdrop-profiles-'));
});
after(() => rm(folder, { recursive: true }));

const STORE = 'stores: { main: { url: "https://shop.example.com", auth: { bearer: abcdefgh } } }\n';

let files = 0;
async function read(yaml: string): Promise<InboxConfig> {
  const file = join(folder, `${files++}.yaml`);
  await writeFile(file, STORE + yaml);
  const { config } = await readConfig({ file, env: {}, cwd: '/nowhere' });
  const [inbox] = config.inboxes;
  assert.ok(inbox);
  return inbox;
}

async function problems(yaml: string): Promise<readonly string[]> {
  const error = await read(yaml).then(
    () => assert.fail('expected a ConfigError'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ConfigError)) throw error;
  return error.problems;
}

/** A configuration whose profile acme has these lines. */
const acme = (...lines: string[]) =>
  ['profiles:', '  acme:', ...lines.map((line) => `    ${line}`), ''].join('\n');

async function profile(name: string, yaml: string): Promise<Profile> {
  const { profiles } = await read(yaml);
  const found = profiles.known.find((each) => each.name === name);
  assert.ok(found, name);
  return found;
}

/** Writes profiles into a folder of their own, a file each; returns what names it in the configuration. */
async function profilesFolder(name: string, texts: Readonly<Record<string, string>>): Promise<string> {
  await mkdir(join(folder, name));
  for (const [file, text] of Object.entries(texts)) await writeFile(join(folder, name, file), text);
  return `profilesFolder: ${name}\n`;
}

/** One of the generated schemas, ready to say whether a value is valid. */
async function schemaOf(file: string) {
  const text = await readFile(new URL(`../../config/${file}`, import.meta.url), 'utf8');
  return new Ajv2020().compile(JSON.parse(text));
}

/** The profile that the example shows, without the # before each line. */
async function exampleProfile(): Promise<string> {
  const file = fileURLToPath(new URL('../../config/trackdrop.example.yaml', import.meta.url));
  const [, block = ''] = /^# (profiles:\n(?:# .*\n)*)/m.exec(await readFile(file, 'utf8')) ?? [];
  return block.replace(/^# /gm, '');
}

describe('a profile', () => {
  test('of which nothing is written is the plain one under another name', async () => {
    assert.deepEqual(await profile('acme', 'profiles: { acme: }\n'), {
      ...PLAIN,
      name: 'acme',
      about: '',
      origin: 'own',
    });
  });

  test('of which every default is written is that too', async () => {
    const lines = PROFILE_OPTION_LIST.filter(
      ([path, { need }]) => need === 'default' && !path.includes('[]'),
    );
    const written: Record<string, unknown> = {};
    for (const [path, { written: value }] of lines) {
      const [group = '', key] = path.split('.');
      if (key === undefined) written[group] = value;
      else written[group] = { ...(written[group] as object), [key]: value };
    }
    const text = `profiles: ${JSON.stringify({ acme: { ...written, rows: [] } })}\n`;
    assert.deepEqual(await profile('acme', text), { ...PLAIN, name: 'acme', about: '', origin: 'own' });
  });

  test('may say everything', async () => {
    const text = acme(
      "about: Acme's nightly export",
      'files: ["ACME_*.csv"]',
      'headers: [Sendungsnummer, Sendungsreferenz]',
      'encoding: windows-1252',
      'delimiter: semicolon',
      'quotes: false',
      'restColumn: 6',
      'columns:',
      '  order: Sendungsreferenz',
      '  tracking: [Sendungsnummer, internationale Sendungsnummer]',
      '  carrier: none',
      '  carrierCode: none',
      '  title: 4',
      '  sku: auto',
      '  quantity: auto',
      '  shipment: Beleg',
      '  storeView: 7',
      '  source: none',
      'orderNumber: { stripPrefixes: ["#", "ACME-"], stripSuffixes: ["-1"], pattern: "^(\\\\d+)/", padTo: 9 }',
      'trackingNumber: { stripPrefixes: ["UPS:"], stripSuffixes: [/1], pattern: "/p/([0-9A-Z]+)" }',
      'split: { order: never, tracking: " / " }',
      'rows:',
      '  - { column: Status, skip: [Storniert, ""] }',
      '  - { column: 3, only: [outgoing] }',
      'excelDamage: warn',
      'carriers:',
      '  default: custom',
      '  defaultTitle: DHL',
      '  recognise: true',
      '  map:',
      '    - { says: ["DHL*", "Deutsche Post"], code: dhl, title: DHL Paket, link: "https://www.dhl.de/?piececode={number}&lang=de" }',
      '    - { says: [GLS] }',
      '  defaultLink: "http://acme.example/{number}"',
      'sources:',
      '  - { says: ["Berlin*", Lager 2], code: berlin }',
      '  - { says: ["*"], code: rest }',
      'storeViews: [{ says: [Acme DE], id: 2 }]',
    );
    assert.deepEqual(await profile('acme', text), {
      name: 'acme',
      about: "Acme's nightly export",
      origin: 'own',
      files: ['ACME_*.csv'],
      headers: ['Sendungsnummer', 'Sendungsreferenz'],
      encoding: 'windows-1252',
      delimiter: ';',
      quotes: false,
      header: 'auto',
      restColumn: 6,
      columns: {
        order: { kind: 'name', names: ['Sendungsreferenz'] },
        tracking: { kind: 'name', names: ['Sendungsnummer', 'internationale Sendungsnummer'] },
        carrier: 'none',
        carrierCode: 'none',
        title: { kind: 'position', position: 4 },
        sku: 'auto',
        quantity: 'auto',
        shipment: { kind: 'name', names: ['Beleg'] },
        storeView: { kind: 'position', position: 7 },
        source: 'none',
      },
      order: { stripPrefixes: ['#', 'ACME-'], stripSuffixes: ['-1'], pattern: '^(\\d+)/', padTo: 9 },
      tracking: { stripPrefixes: ['UPS:'], stripSuffixes: ['/1'], pattern: '/p/([0-9A-Z]+)' },
      split: { order: null, tracking: ' / ' },
      rows: [
        { column: { kind: 'name', names: ['Status'] }, only: [], skip: ['Storniert', ''] },
        { column: { kind: 'position', position: 3 }, only: ['outgoing'], skip: [] },
      ],
      excelDamage: 'warn',
      carriers: {
        default: 'custom',
        defaultTitle: 'DHL',
        defaultLink: 'http://acme.example/{number}',
        recognise: true,
        map: [
          {
            says: ['DHL*', 'Deutsche Post'],
            code: 'dhl',
            title: 'DHL Paket',
            link: 'https://www.dhl.de/?piececode={number}&lang=de',
          },
          { says: ['GLS'], code: 'custom', title: null, link: null },
        ],
      },
      sources: [
        { says: ['Berlin*', 'Lager 2'], code: 'berlin' },
        { says: ['*'], code: 'rest' },
      ],
      storeViews: [{ says: ['Acme DE'], id: 2 }],
    } satisfies Profile);
  });

  const delimiters = { comma: ',', semicolon: ';', tab: '\t', pipe: '|' };
  for (const [word, character] of Object.entries(delimiters)) {
    test(`takes the delimiter by its name, ${word}, or by itself`, async () => {
      for (const written of [word, character]) {
        const { delimiter } = await profile('acme', acme(`delimiter: ${JSON.stringify(written)}`));
        assert.equal(delimiter, character);
      }
    });
  }

  test('names a column that is really called auto, none or 7 in a list or in quotes', async () => {
    const { columns } = await profile(
      'acme',
      acme('columns: { order: [auto], tracking: "7", title: [none] }'),
    );
    assert.deepEqual(columns.order, { kind: 'name', names: ['auto'] });
    assert.deepEqual(columns.tracking, { kind: 'name', names: ['7'] });
    assert.deepEqual(columns.title, { kind: 'name', names: ['none'] });
  });

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

  test('without a header needs the positions of both numbers, and gives no column by name', async () => {
    assert.deepEqual(await problems(acme('header: none')), [
      'profiles.acme.columns.order: missing; with header: none expected the position of the column',
      'profiles.acme.columns.tracking: missing; with header: none expected the position of the column',
    ]);
    assert.deepEqual(
      await problems(
        acme(
          'header: none',
          'columns: { order: 1, tracking: Nummer }',
          'rows: [{ column: Status, skip: [x] }]',
        ),
      ),
      [
        'profiles.acme.columns.tracking (line 5): found a name, and header: none; expected the position of the column',
        'profiles.acme.rows[0].column (line 6): found a name, and header: none; expected the position of the column',
      ],
    );
  });
});

describe('a profile that extends another', () => {
  test('keeps what it does not say, key by key, and replaces lists as a whole', async () => {
    const dhl = readPresets([]).find(({ name }) => name === 'dhl');
    assert.ok(dhl);
    const acmes = await profile(
      'acme',
      acme('extends: dhl', 'columns: { order: Referenz }', 'rows: [{ column: Lager, only: [Nord] }]'),
    );
    assert.deepEqual(acmes, {
      ...dhl,
      name: 'acme',
      origin: 'own',
      columns: { ...dhl.columns, order: { kind: 'name', names: ['Referenz'] } },
      rows: [{ column: { kind: 'name', names: ['Lager'] }, only: ['Nord'], skip: [] }],
    });
  });

  test('keeps columns, maps and pages of where numbers belong, until it says another', async () => {
    const one =
      '  one: { columns: { shipment: S, storeView: V, source: W }, sources: [{ says: [x], code: c }], storeViews: [{ says: [x], id: 1 }], carriers: { defaultLink: "http://a.example/{number}" } }';
    const text = [
      'profiles:',
      one,
      '  two: { extends: one, columns: { order: O } }',
      '  three: { extends: two, columns: { source: none }, sources: [{ says: [y], code: d }] }',
      '',
    ].join('\n');
    const [{ columns, sources, storeViews, carriers }, three] = [
      await profile('two', text),
      await profile('three', text),
    ];
    const named = (name: string) => ({ kind: 'name', names: [name] });
    assert.deepEqual([columns.shipment, columns.storeView, columns.source], ['S', 'V', 'W'].map(named));
    assert.deepEqual([sources, storeViews], [[{ says: ['x'], code: 'c' }], [{ says: ['x'], id: 1 }]]);
    assert.equal(carriers.defaultLink, 'http://a.example/{number}');
    assert.deepEqual([three.columns.source, three.columns.shipment], ['none', named('S')]);
    assert.deepEqual([three.sources, three.storeViews], [[{ says: ['y'], code: 'd' }], storeViews]);
  });

  test('undoes with null, never, and empty lists', async () => {
    const text = [
      'profiles:',
      '  one: { orderNumber: { pattern: "x", padTo: 3, stripPrefixes: [A] }, sources: [{ says: [x], code: c }], storeViews: [{ says: [x], id: 1 }], split: { order: ";" }, rows: [{ column: 1, skip: [x] }], carriers: { defaultTitle: T, default: c, defaultLink: "http://a.example/{number}" } }',
      '  two: { extends: one, orderNumber: { pattern: null, padTo: null, stripPrefixes: [] }, split: { order: never }, rows: [], sources: [], storeViews: [], carriers: { defaultTitle: null, default: null, defaultLink: null } }',
      '',
    ].join('\n');
    const two = await profile('two', text);
    assert.deepEqual(two.order, PLAIN.order);
    assert.equal(two.split.order, null);
    assert.deepEqual(two.rows, []);
    assert.deepEqual(two.carriers, PLAIN.carriers);
    assert.deepEqual([two.sources, two.storeViews], [[], []]);
  });

  test('undoes the lists of the other with null too', async () => {
    const text = [
      'profiles:',
      '  one: { rows: [{ column: 1, skip: [x] }], carriers: { map: [{ says: [x] }] } }',
      '  two: { extends: one, rows: null, carriers: { map: null } }',
      '',
    ].join('\n');
    const two = await profile('two', text);
    assert.deepEqual(two.rows, []);
    assert.deepEqual(two.carriers.map, []);
  });

  test('may stand before the other, and go on through several', async () => {
    const text =
      'profiles: { c: { extends: b }, b: { extends: a, delimiter: tab }, a: { encoding: utf-8 } }\n';
    const c = await profile('c', text);
    assert.deepEqual([c.encoding, c.delimiter], ['utf-8', '\t']);
  });

  test('is called by its name where that is none, unless the terminal would obey it', async () => {
    const refused = "a name has letters, digits, '.', '_' and '-' only";
    assert.deepEqual(await problems('profiles: { "Acme 2 Öst": { }, "a\\u001b[2J": { } }\n'), [
      `profiles.Acme 2 Öst (line 2): ${refused}`,
      `profiles.*** (line 2): ${refused}`,
    ]);
  });

  test('that leads back to itself or nowhere is refused', async () => {
    assert.deepEqual(await problems('profiles: { a: { extends: b }, b: { extends: a } }\n'), [
      'profiles.b.extends (line 2): found a, which extends b, which extends a; expected an end to it',
    ]);
    assert.match(
      (await problems('profiles: { a: { extends: a } }\n')).join(),
      /^profiles\.a\.extends \(line 2\): found "a", which is no profile; expected one of 35up, /,
    );
    assert.deepEqual(await problems('profiles: { a: { extends: shipstaton } }\n'), [
      'profiles.a.extends (line 2): found "shipstaton", which is no profile; did you mean shipstation?',
    ]);
  });

  test('of its own name means the preset whose place it takes', async () => {
    const text = 'profiles: { dhl: { extends: dhl, columns: { title: none } } }\n';
    const { profiles } = await read(text);
    const called = profiles.known.filter(({ name }) => name === 'dhl');
    assert.deepEqual(
      called.map(({ origin, columns }) => [origin, columns.title, columns.tracking]),
      [['own', 'none', { kind: 'name', names: ['Sendungsnummer'] }]],
    );
  });
});

describe('an inbox', () => {
  test('leaves the choice to its own profiles, then the presets', async () => {
    const { profiles } = await read(acme('quotes: false'));
    assert.equal(profiles.fixed, null);
    assert.deepEqual(
      profiles.known.map(({ name, origin }) => [name, origin]),
      [['acme', 'own'], ...readPresets([]).map(({ name }) => [name, 'preset'])],
    );
  });

  test('may name plain, a preset or a profile', async () => {
    const fixed = async (name: string) =>
      (await read(`${acme('quotes: false')}inboxes: [{ profile: ${name} }]\n`)).profiles.fixed;
    assert.equal(await fixed('plain'), PLAIN);
    assert.equal((await fixed('shipstation'))?.origin, 'preset');
    assert.equal((await fixed('acme'))?.quotes, false);
  });

  test('that names none that is there is told which one was meant', async () => {
    assert.deepEqual(await problems(`${acme()}inboxes: [{ profile: acne }]\n`), [
      'inboxes[0].profile (line 4): found "acne", which is no profile; did you mean acme?',
    ]);
    assert.match(
      (await problems('inboxes: [{ profile: unheard-of }]\n'))[0] ?? '',
      /which is no profile; expected one of auto, plain, 35up, .*, wemalo$/,
    );
    const taken = await problems('profiles: { auto: , plain: }\ninboxes: [{ profile: unheard-of }]\n');
    assert.match(taken.at(-1) ?? '', /expected one of auto, plain, 35up,/);
  });

  test('is told when a preset alone cannot read anything', async () => {
    assert.deepEqual(await problems('inboxes: [{ profile: gls }]\n'), [
      'inboxes[0].profile (line 2): found "gls", which does not say where the numbers stand; expected a profile with extends: gls and their columns',
    ]);
    await read(
      'profiles: { my-gls: { extends: gls, columns: { order: 3, tracking: 2 } } }\ninboxes: [{ profile: my-gls }]\n',
    );
  });
});

describe('a folder of profiles', () => {
  test('gives each file as a profile of its name, beside those of the configuration', async () => {
    const key = await profilesFolder('good', {
      'north.yaml': '# yaml-language-server: $schema=x\ndelimiter: tab\n',
      'south.YML': 'extends: north\nquotes: false\n',
      'notes.txt': 'not a profile',
      '.hidden.yaml': ': [',
    });
    const { profiles } = await read(`${key}profiles: { acme: { extends: south } }\n`);
    const own = profiles.known.filter(({ origin }) => origin === 'own');
    assert.deepEqual(
      own.map(({ name, delimiter, quotes }) => [name, delimiter, quotes]),
      [
        ['acme', '\t', false],
        ['north', '\t', true],
        ['south', '\t', false],
      ],
    );
  });

  test('has what is wrong told with file and line, all files at once', async () => {
    const key = await profilesFolder('bad', {
      'a.yaml': 'columns:\n  ordr: Bestellnummer\n',
      'b.yaml': '- columns\n',
      'c.yaml': 'delimiter: [\n',
      'd e.yaml': 'quotes: false\n',
      'auto.yaml': '',
      'f.yaml': 'rows:\n  - skip: [x]\n',
    });
    const path = (file: string) => join(folder, 'bad', file);
    const found = await problems(`${key}profiles: { f: }\n`);
    assert.match(found.find((each) => each.startsWith(path('c.yaml'))) ?? '', /c\.yaml, line \d: /);
    assert.deepEqual(
      found.filter((each) => !each.startsWith(path('c.yaml'))),
      [
        `columns.ordr (${path('a.yaml')}, line 2): no such key; did you mean order?`,
        `the file (${path('b.yaml')}): found a list; expected keys such as columns: and rows:`,
        `${path('d e.yaml')}: the file's name is the profile's: expected letters, digits, '.', '_' and '-'`,
        `the file (${path('auto.yaml')}): the word auto has a meaning of its own; expected another name`,
        `the file (${path('f.yaml')}): there is another profile called f; expected each name once`,
      ],
    );
  });

  test('that is not there is told', async () => {
    assert.deepEqual(await problems('profilesFolder: gone\n'), [
      `profilesFolder (line 2): found ${join(folder, 'gone')}, which cannot be read (ENOENT); expected a folder of profiles`,
    ]);
  });
});

describe('the presets', () => {
  test('have nothing wrong with them, and say whose files they read', () => {
    const found: string[] = [];
    for (const { about, name } of readPresets(found)) assert.notEqual(about, '', name);
    assert.deepEqual(found, []);
  });

  test('let auto pick no file without a header by anything but a telling name', () => {
    for (const { name, header, headers, files } of readPresets([])) {
      if (header === 'auto') continue;
      assert.deepEqual(headers, [], name);
      for (const pattern of files) assert.match(pattern, /^[A-Za-z]{3}/, name);
    }
  });

  test('tell editors where their schema is', async () => {
    const presets = new URL('../../config/profiles/', import.meta.url);
    for (const { name } of readPresets([])) {
      const text = await readFile(new URL(`${name}.yaml`, presets), 'utf8');
      const [, schema = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? [];
      assert.equal(new URL(schema, presets).pathname, new URL('../profile.schema.json', presets).pathname);
    }
  });
});

describe('the schemas', () => {
  test('take every preset, the example and what the README shows', async () => {
    const isProfile = await schemaOf('profile.schema.json');
    const presets = new URL('../../config/profiles/', import.meta.url);
    for (const { name } of readPresets([])) {
      const text = await readFile(new URL(`${name}.yaml`, presets), 'utf8');
      assert.ok(isProfile(parse(text)), `${name}: ${JSON.stringify(isProfile.errors)}`);
    }
    const isConfiguration = await schemaOf('trackdrop.schema.json');
    const example = await readFile(new URL('../trackdrop.example.yaml', presets), 'utf8');
    const { profiles } = parse(await exampleProfile());
    assert.ok(isConfiguration({ ...parse(example), profiles }), JSON.stringify(isConfiguration.errors));
    assert.equal(isConfiguration({ ...parse(example), profiles: { acme: { colums: {} } } }), false);
  });
});

describe('the table of a profile’s options', () => {
  test('has defaults that its own kinds take', () => {
    for (const [path, { kind, need, written }] of PROFILE_OPTION_LIST) {
      if (need === 'default') assert.ok(!(kind.read(written) instanceof Refusal), path);
    }
  });

  test('has no kind that throws, whatever was written', () => {
    const kinds = PROFILE_OPTION_LIST.map(([, { kind }]) => kind);
    const written = fc.oneof(
      fc.anything(),
      fc.string(),
      fc.string({ unit: fc.constantFrom(...'()[]{}*+?\\|^$.ax9,:=<!') }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...kinds), written, (kind, value) => {
        kind.read(value);
      }),
      runs(500),
    );
  });

  test('is shown in the README by a profile that works', async () => {
    const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
    const [, text = ''] = /```yaml\n(profiles:\n[\s\S]*?)```/.exec(readme) ?? [];
    assert.deepEqual((await profile('acme', text)).rows[0]?.skip, ['Storniert', 'Retoure*']);
  });

  test('shows in the example a profile that works when its # are taken away', async () => {
    const text = await exampleProfile();
    assert.equal(Object.keys(parse(text).profiles.acme).length > 10, true);
    await profile('acme', text);
  });
});
