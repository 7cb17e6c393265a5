import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { PROFILE_OPTION_LIST } from '../../src/config/profile-options.ts';
import { readPresets } from '../../src/config/profiles.ts';
import { PLAIN, type Profile } from '../../src/domain/profile.ts';
import { acme, profileFiles } from './profile-files.ts';

const { folder, read, profile, problems, profilesFolder } = profileFiles();

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
