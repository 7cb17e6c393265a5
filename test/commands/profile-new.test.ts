import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { profileFolder } from './profile-folder.ts';

const ITALIAN = [
  'Elenco spedizioni;;;;',
  '',
  'Numero ordine;Data;Corriere;Numero di tracking;Stato',
  'ACME-100000123;22/11/2026;BRT;1Z999AA10123456784;Consegnato',
  'ACME-100000124;22/11/2026;"GLS, Italy";RR123456785IT;Annullato',
  'ACME-100000125;22/11/2026;BRT;1Z999AA10123456784;Consegnato',
  '',
].join('\n');

const HEADERLESS = '4711-1;00340434161094042557;2026-11-22\n4712-1;00340434161094042564;2026-11-22\n';

/** Files as unknown 3PLs write them, each with the rows that its starting profile reads as it is. */
const FILES: Readonly<Record<string, { content: string | Buffer; rows: number }>> = {
  'spedizioni_20261122.csv': { content: ITALIAN, rows: 3 },
  '20261122_0900.txt': { content: HEADERLESS, rows: 2 },
  'expeditions.csv': {
    content: Buffer.from('N° de commande;N° de suivi;Société\r\n100000123;8R12345678901;Dupré\r\n', 'latin1'),
    rows: 1,
  },
  'zendingen.txt': { content: 'Ordernummer|Track & Trace code\n100000123|3SABCD1234567\n', rows: 1 },
  'envios.csv': {
    content: Buffer.from('\ufeffNúmero de pedido\tN.º de seguimiento\n100000123\tRR123456785ES\n', 'utf16le'),
    rows: 1,
  },
  'odd names [1].csv': {
    content: 'auto,"Order: #",tracking number,"courier\nname"\n1,100000123,A12345678,"a ""b"" # c: d"\n',
    rows: 1,
  },
  'long\\.csv': {
    content: `${'order number'.padEnd(400)},${'x'.repeat(300)},tracking number,carrier\n100000123,void,A12345678,${'c'.repeat(300)}\n`,
    rows: 1,
  },
};

describe('trackdrop profile new', () => {
  test('asks what words for store views and sources mean, and knows ids and codes', async () => {
    await using folder = await profileFolder();
    const header = 'order_number,tracking_number,store_view,source_code\n';
    await folder.put(
      'words.csv',
      `${header}1001,A12345678,German,Main warehouse\n1002,B12345678,02,berlin\n1003,C12345678,,0012\n`,
    );
    const { stdout } = await folder.profile('new', 'words.csv', '--write', 'acme.yaml');
    assert.match(stdout, /acme\.yaml/);
    const written = await folder.read('acme.yaml');
    const maps = written.slice(written.indexOf('# Which store views'));
    assert.equal(
      maps,
      `# Which store views are these? Write Magento's ids, and take the # away:
# storeViews:
#   - { says: [German], id:  }
#   - { says: ["02"], id: 2 }
# Which inventory sources are these? Write Magento's codes, and take the # away:
# sources:
#   - { says: [Main warehouse], code:  }
#   - { says: [berlin], code: berlin }
#   - { says: ["0012"], code: "0012" }
`,
    );
    const answered = maps
      .replace('id:  ', 'id: 7 ')
      .replace('code:  ', 'code: main ')
      .replace(/^# (?!Which)/gm, '');
    await folder.put('acme.yaml', written.replace(maps, answered));
    const tried = await folder.profile('try', 'words.csv', '--profile', 'acme.yaml', '--json');
    const { rows } = JSON.parse(tried.stdout) as { rows: { storeView: number | null; source: string }[] };
    assert.deepEqual(
      rows.map(({ storeView, source }) => [storeView, source]),
      [
        [7, 'main'],
        [2, 'berlin'],
        [null, '0012'],
      ],
    );
  });

  test('asks nothing of ids and codes', async () => {
    await using folder = await profileFolder();
    await folder.put(
      'day.csv',
      'order_number,tracking_number,store_view_id,source_code\n1001,A12345678,2,berlin\n',
    );
    const { stdout } = await folder.profile('new', 'day.csv');
    assert.match(stdout, /^ +source: source_code +# such as "berlin"$/m);
    assert.doesNotMatch(stdout, /sources|storeViews/);
  });

  test('says what the file shows, and leaves to a person what it cannot know', async () => {
    await using folder = await profileFolder();
    await folder.put('spedizioni_20261122.csv', ITALIAN);
    const { exitCode, stdout, stderr } = await folder.profile(
      'new',
      'spedizioni_20261122.csv',
      '--name',
      'acme',
    );
    assert.deepEqual([exitCode, stderr], [0, '']);
    assert.equal(
      stdout,
      `# A profile to start from, made of a file by: trackdrop profile new
# Look at what is marked CHECK and at what stands behind a #, then see what it reads:
#   trackdrop profile try spedizioni_20261122.csv --profile acme
profiles:
  acme:
    about: "Files such as spedizioni_20261122.csv"
    files: ["spedizioni_*.csv"]    # with profile: auto, these are its files
    delimiter: semicolon
    # The header is found by itself, here on line 3.
    columns:
      order: Numero ordine    # such as "ACME-100000123", "ACME-100000124"
      tracking: Numero di tracking    # such as "1Z999AA10123456784", "RR123456785IT"
      carrier: Corriere    # such as "BRT", "GLS, Italy"
      # Not used: "Data" and "Stato"
    # Do all rows count? Where a column says which do, take the # away, and keep the right words:
    # rows:
    #   - { column: Stato, skip: [Annullato] }    # "Consegnato" 2 rows, "Annullato" 1 row
    # Are these the order numbers as the shop has them? Where they are not, take the # away:
    # orderNumber:
    #   stripPrefixes: ["ACME-"]
    carriers:
      # What the file says, and what the customer reads. The code is custom; ups, usps, fedex and dhl only where the
      # shop has an account with them configured.
      map:
        - { says: [BRT], code: custom, title: BRT }    # 2 rows
        - { says: ["GLS, Italy"], code: custom, title: "GLS, Italy" }    # 1 row
`,
    );
  });

  for (const [words, header, values, rule] of [
    ['yes, in a column that asks whether it was cancelled', 'Void', ['N', 'n', 'Y', 'N'], 'skip: ["Y"]'],
    ['nothing else than no there', 'Void?', ['N', 'n', 'N', 'N'], 'only: ["N"]'],
    ['what is there, in any other column', 'Status', ['ok', 'OK', 'Y', 'ok'], 'only: [ok, "Y"]'],
  ] as const) {
    test(`proposes to leave out, or to take, by ${words}`, async () => {
      await using folder = await profileFolder();
      const rows = values.map((value, at) => `10000010${at},1Z999AA1012345678${at},${value}`);
      await folder.put('day.csv', [`order number,tracking number,${header}`, ...rows, ''].join('\n'));
      const { stdout } = await folder.profile('new', 'day.csv');
      assert.ok(stdout.includes(`, ${rule} }`), stdout);
    });
  }

  for (const [name, { content, rows }] of Object.entries(FILES)) {
    test(`writes what the configuration takes and what reads the file: ${name}`, async () => {
      await using folder = await profileFolder();
      await folder.put(name, content);
      const written = await folder.profile('new', name);
      await folder.put('trackdrop.yaml', written.stdout);
      const inConfiguration = await folder.profile('try', name, '--json');
      assert.deepEqual([inConfiguration.stderr, inConfiguration.exitCode], ['', 0]);
      const read = JSON.parse(inConfiguration.stdout);
      assert.equal(read.counts.rows, rows);
      assert.match(read.why, /^the file's name matches /);
      await folder.profile('new', name, '--write', 'of-its-own.yaml');
      const inFile = await folder.profile('try', name, '--profile', 'of-its-own.yaml', '--json');
      assert.deepEqual(JSON.parse(inFile.stdout).rows, read.rows);
    });

    test(`writes proposals that the configuration takes too: ${name}`, async () => {
      await using folder = await profileFolder();
      await folder.put(name, content);
      const { stdout } = await folder.profile('new', name);
      // A proposal is a key, or an entry of a list; words for people have a capital or are no YAML.
      await folder.put('trackdrop.yaml', stdout.replace(/^( *)# ( *(?:- \{|[a-z]+[A-Za-z]*:))/gm, '$1$2'));
      const { stderr } = await folder.profile('try', name);
      assert.equal(stderr, '');
    });
  }

  test('starts from the preset that reads the file already', async () => {
    await using folder = await profileFolder();
    const dhl = new URL('../../fixtures/profiles/dhl/', import.meta.url);
    const [file = ''] = readdirSync(dhl).filter((each) => each.endsWith('.csv'));
    await folder.put(file, await readFile(new URL(file, dhl)));
    const { stdout } = await folder.profile('new', file, '--name', 'acme');
    assert.match(
      stdout,
      /^ {4}extends: dhl {4}# reads such files: the header has the columns "Sendungsnummer"/m,
    );
    assert.doesNotMatch(stdout, /columns:|rows:/);
    await folder.put('trackdrop.yaml', stdout);
    const byPreset = JSON.parse((await folder.profile('try', file, '--profile', 'dhl', '--json')).stdout);
    const byOwn = JSON.parse((await folder.profile('try', file, '--json')).stdout);
    assert.equal(byOwn.profile, 'acme');
    assert.deepEqual(byOwn.rows, byPreset.rows);
  });

  test('gives the positions that a preset lacks, by the look of the values', async () => {
    await using folder = await profileFolder();
    await folder.put('GLS_20261122_0730.txt', '276;60012345678;100000123;x\n276;60012345679;100000124;x\n');
    const { stdout } = await folder.profile('new', 'GLS_20261122_0730.txt');
    assert.match(stdout, /^ {2}my-gls:$/m);
    assert.match(stdout, /extends: gls[\s\S]*order: 3 {4}# CHECK[\s\S]*tracking: 2 {4}# CHECK/);
  });

  test('names the column that a preset leaves open, and nothing that the preset says', async () => {
    await using folder = await profileFolder();
    await folder.put(
      'OLX_Ship_Confirmations_1.csv',
      '"O","88001","100000123","UPS","","1Z999AA10123456784"\r"O","88002","100000124","UPS","","1Z999AA10123456793"\r',
    );
    const { stdout } = await folder.profile('new', 'OLX_Ship_Confirmations_1.csv');
    assert.match(stdout, /columns:\n +order: 3 {4}# CHECK.*\n +# or order: 2 .*\n +# The first row: /);
  });

  test('takes quotes for part of a cell only where none of them is round one', async () => {
    await using folder = await profileFolder();
    await folder.put('a.csv', 'order number;tracking number;name\n100000123;A12345678;Jo "x" y\n');
    assert.match((await folder.profile('new', 'a.csv')).stdout, /^ {4}quotes: false {4}# CHECK/m);
    await folder.put(
      'b.csv',
      'order number;tracking number\n="100000123";="A12345678"\n"100000124";A2345678\n',
    );
    assert.doesNotMatch((await folder.profile('new', 'b.csv')).stdout, /quotes:/);
  });

  test('asks which column it is where names do not tell', async () => {
    await using folder = await profileFolder();
    await folder.put('day.csv', 'Order ID,Order No,tracking_code,Weight\n1,100000123,1Z999AA10123456784,2\n');
    const { stdout } = await folder.profile('new', 'day.csv');
    assert.match(
      stdout,
      /columns:\n +# Which of these is the shop's order number\? .*\n +# order: Order ID .*"1"\n +# order: Order No .*"100000123"\n +# Is this the tracking number\? .*\n +# tracking: tracking_code /,
    );
  });

  test('goes by the look of the values where it knows no name of the header', async () => {
    await using folder = await profileFolder();
    await folder.put(
      'day.csv',
      'Tilausnro;Paketti;Paino\n100000123;JJFI1234567890123;2\n100000124;JJFI1234567890124;3\n',
    );
    const { stdout } = await folder.profile('new', 'day.csv');
    assert.match(stdout, /# order: Tilausnro .*\n.*\n +# tracking: Paketti /);
  });

  test('proposes the rest of the line where lines have more cells than others, and says whose the numbers are', async () => {
    await using folder = await profileFolder();
    await folder.put(
      'day.txt',
      '100000123|1Z999AA10123456784|Cup\n100000124|1Z999AA10123456784|Cup|Plate\n100000125|1Z999AA10123456784|Mug\n',
    );
    const { stdout } = await folder.profile('new', 'day.txt');
    assert.match(stdout, /# Lines have up to 4 cells\. .*\n +# quotes: false\n +# restColumn: 3\n/);
    assert.match(
      stdout,
      /# .* The numbers look like: "UPS" 2 rows\.\n +# carriers:\n +# {3}defaultTitle: UPS /,
    );
  });

  test('decides nothing about pieces without a SKU, or a SKU without pieces', async () => {
    await using folder = await profileFolder();
    await folder.put('a.csv', 'order_number,tracking_number,SKU\n100000123,A12345678,X\n');
    assert.match(
      (await folder.profile('new', 'a.csv')).stdout,
      / sku: SKU .*\n +# quantity: none {4}# CHECK/,
    );
    await folder.put('b.csv', 'order_number,tracking_number,Qty\n100000123,A12345678,2\n');
    assert.match(
      (await folder.profile('new', 'b.csv')).stdout,
      /# CHECK: Qty counts pieces.*\n +# quantity: none\n/,
    );
  });

  test('overwrites nothing', async () => {
    await using folder = await profileFolder();
    await folder.put('day.csv', ITALIAN);
    await folder.put('acme.yaml', 'mine');
    const { exitCode, stderr } = await folder.profile('new', 'day.csv', '--write', 'acme.yaml');
    assert.equal(exitCode, 2);
    assert.match(stderr, /acme\.yaml: it is there already/);
    assert.equal(await folder.read('acme.yaml'), 'mine');
  });

  for (const [words, content, argv, pattern] of [
    ['an empty file', '', [], /The file is empty/],
    ['a file of one column', 'a\nb\n', [], /None of comma, semicolon, tab and pipe/],
    ['an error page', '<!doctype html><html></html>', [], /HTML/],
    ['a name that is none', ITALIAN, ['--name', 'a b'], /"a b" is no name/],
    ['a name that a preset has', ITALIAN, ['--name', 'dhl'], /"dhl" has a meaning already/],
    ['two names', ITALIAN, ['--name', 'acme', '--write', 'other.yaml'], /called as its file is: other/],
    ['a folder that is not there', ITALIAN, ['--write', 'no/acme.yaml'], /cannot be written \(ENOENT\)/],
  ] as const) {
    test(`leaves with 2 for ${words}`, async () => {
      await using folder = await profileFolder();
      await folder.put('day.csv', content);
      const { exitCode, stdout, stderr } = await folder.profile('new', 'day.csv', ...argv);
      assert.deepEqual([exitCode, stdout], [2, '']);
      assert.match(stderr, pattern);
      assert.doesNotMatch(stderr, /bug/);
    });
  }
});

describe('trackdrop profile list and show', () => {
  test('list one’s own profiles first, then the presets', async () => {
    await using folder = await profileFolder();
    await folder.put('trackdrop.yaml', 'profiles: { acme: { about: Nightly, files: ["ACME_*.csv"] } }');
    const { exitCode, stdout } = await folder.profile('list');
    assert.equal(exitCode, 0);
    assert.match(stdout, /^NAME .*\nacme +you +name +Nightly\n35up +preset +header +35up, /);
    assert.match(stdout, /^dpd +preset +nothing +DPD/m);
  });

  test('show a preset as it is written', async () => {
    await using folder = await profileFolder();
    const { exitCode, stdout } = await folder.profile('show', 'dhl');
    assert.equal(exitCode, 0);
    assert.equal(stdout, await readFile(new URL('../../config/profiles/dhl.yaml', import.meta.url), 'utf8'));
    const wrong = await folder.profile('show', 'shipstaton');
    assert.deepEqual([wrong.exitCode, wrong.stdout], [2, '']);
    assert.match(wrong.stderr, /Did you mean shipstation\?/);
  });

  test('show one’s own, from the configuration or its folder, in the place of a preset of the same name', async () => {
    await using folder = await profileFolder();
    const own = ['about: Nightly', 'columns:', '  order: Ref', '  tracking: [Num, Nummer]', ''];
    const lines = own.map((line) => `    ${line}`.trimEnd());
    await folder.put(
      'trackdrop.yaml',
      [
        'profilesFolder: more',
        'profiles:',
        '  acme:',
        ...lines,
        '  dhl: { about: Ours }',
        '  bare:',
        '',
      ].join('\n'),
    );
    await mkdir(join(folder.folder, 'more'));
    await folder.put('more/beta.YML', '# Beta\nabout: Weekly\n');
    const shown = async (name: string) => (await folder.profile('show', name)).stdout.split('\n').slice(1);
    assert.deepEqual(await shown('acme'), [
      'about: Nightly',
      'columns:',
      '  order: Ref',
      '  tracking:',
      '    - Num',
      '    - Nummer',
      '',
    ]);
    assert.deepEqual(await shown('dhl'), ['about: Ours', '']);
    assert.deepEqual(await shown('bare'), ['{}', '']);
    assert.equal((await folder.profile('show', 'beta')).stdout, '# Beta\nabout: Weekly\n');
    const [head] = (await folder.profile('show', 'acme')).stdout.split('\n');
    assert.match(head ?? '', /^# profiles\.acme of .*trackdrop\.yaml$/);
  });
});
