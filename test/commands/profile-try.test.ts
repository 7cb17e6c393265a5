import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { ReadingLine } from '../../src/commands/profile/reading-line.ts';
import { RecordSpotter } from '../../src/commands/profile/sighting.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { profileFolder } from './profile-folder.ts';

const PLAIN = 'order_number,tracking_number\n100000123,1Z999AA10123456784\n100000124,RR123456785DE\n';

const ITALIAN = [
  'Elenco spedizioni',
  '',
  'Numero ordine;Data;Corriere;Numero di tracking;Stato',
  'ACME-100000123;22/11/2026;BRT;1Z999AA10123456784;Consegnato',
  'ACME-100000124;22/11/2026;GLS;;Consegnato',
  'ACME-100000125;22/11/2026;GLS;RR123456785IT;Annullato',
  '',
].join('\r\n');

const ACME = `
orderNumber: { stripPrefixes: ["ACME-"] }
columns: { order: Numero ordine, tracking: Numero di tracking }
rows:
  - { column: Stato, skip: [Annullato] }
`;

const CONFIGURATION = `
profiles:
  acme:
    columns: { order: Referenz, tracking: Nummer }
inboxes:
  - name: shop
    folder: in
    profile: acme
    carriers: { default: dhl, defaultTitle: DHL Paket }
  - name: other
    folder: in-2
`;

describe('trackdrop profile try', () => {
  test('shows how a file is understood, its rows, and how many there are, without any configuration', async () => {
    await using folder = await profileFolder();
    await folder.put('day.csv', PLAIN);
    const { exitCode, stdout, stderr } = await folder.profile('try', 'day.csv');
    assert.deepEqual([exitCode, stderr], [0, '']);
    assert.equal(
      stdout,
      [
        'configuration  none found; presets and defaults hold',
        'profile        plain: no other profile fits',
        'encoding       UTF-8',
        'line ends      LF',
        'delimiter      comma',
        'header         line 1',
        '',
        'Columns',
        'READ AS          COLUMN                     WHY',
        'order number     order_number, number 1     its name says so',
        'tracking number  tracking_number, number 2  its name says so',
        '',
        'Rows',
        'LINE  ORDER      TRACKING            CARRIER  TITLE',
        '   2  100000123  1Z999AA10123456784  custom   Parcel',
        '   3  100000124  RR123456785DE       custom   Parcel',
        '',
        '2 rows can be read; 0 skipped; 0 bad.',
        '',
      ].join('\n'),
    );
  });

  test('reads by a profile in a file of its own, and says what is skipped and what is bad', async () => {
    await using folder = await profileFolder();
    await folder.put('spedizioni.csv', ITALIAN);
    await folder.put('acme.yaml', ACME);
    const { exitCode, stdout } = await folder.profile('try', 'spedizioni.csv', '--profile', 'acme.yaml');
    assert.equal(exitCode, 1);
    assert.match(stdout, /^profile +acme: named by --profile$/m);
    assert.match(stdout, /^line ends +CR LF$/m);
    assert.match(stdout, /^header +line 3$/m);
    assert.match(stdout, /^order number +Numero ordine, number 1 +the profile names it$/m);
    assert.match(stdout, /^which rows count +Stato, number 5 +a rule of the profile looks at it$/m);
    assert.match(stdout, /^not used: "Data"$/m);
    assert.match(stdout, /^ +4 +100000123 +1Z999AA10123456784 +custom +BRT$/m);
    assert.match(stdout, /^1: Stato is "Annullato" \(line 6\)$/m);
    assert.match(stdout, /^Line 5: the column "Numero di tracking" is empty\.$/m);
    assert.match(stdout, /\n1 row can be read; 2 skipped; 1 bad\.\n$/);
  });

  test('shows every column of tracking numbers', async () => {
    await using folder = await profileFolder();
    const row = '100000123,1Z999AA10123456784,RR123456785DE';
    await folder.put('day.csv', `Order No,Tracking Number,Tracking Number 2\n${row}\n`);
    const { stdout } = await folder.profile('try', 'day.csv');
    assert.match(
      stdout,
      /\ntracking number +Tracking Number, number 2 .*\ntracking number +Tracking Number 2, number 3 /,
    );
    assert.doesNotMatch(stdout, /not used/);
    assert.match(stdout, /1Z999AA10123456784.*\n.*RR123456785DE.*\n\n2 rows can be read/);
  });

  test('shows the first rows that are asked for, and counts all', async () => {
    await using folder = await profileFolder();
    const rows = Array.from({ length: 3_000 }, (_, n) => `${100_000_000 + n},A1234567${n}`);
    await folder.put('day.csv', ['order_number,tracking_number', ...rows, ''].join('\n'));
    const { exitCode, stdout } = await folder.profile('try', 'day.csv', '--rows', '2');
    assert.equal(exitCode, 0);
    assert.match(stdout, /\nThe first 2 of 3000 rows\nLINE .*\n +2 .*\n +3 .*\n\n3000 rows can be read;/);
  });

  test('says why a file cannot be read at all, with the lines of a profile that would', async () => {
    await using folder = await profileFolder();
    await folder.put('day.csv', 'Referenz;Sendungsnummer\n1;2\n');
    const { exitCode, stdout, stderr } = await folder.profile('try', 'day.csv');
    assert.deepEqual([exitCode, stderr], [1, '']);
    assert.match(stdout, /^day\.csv cannot be read: no row of it would be pushed\.\nLine 1: .*"Referenz"/);
    assert.match(stdout, /columns: \{ order: Referenz, tracking: Sendungsnummer \}/);
    assert.match(stdout, /trackdrop profile new day\.csv\n$/);
  });

  test('shows the command that starts a profile as a shell takes it, on one line', async () => {
    await using folder = await profileFolder();
    await mkdir(join(folder.folder, 'from Anna'));
    const file = `from Anna/the day's file of ${'x'.repeat(60)}.csv`;
    await folder.put(file, 'Referenz;Sendungsnummer\n1;2\n');
    const { stdout } = await folder.profile('try', file);
    const command = stdout.trimEnd().split('\n').at(-1) ?? '';
    const words = execFileSync('sh', ['-c', `printf '%s\\n' ${command}`], { encoding: 'utf8' });
    assert.deepEqual(words.trimEnd().split('\n'), ['trackdrop', 'profile', 'new', file]);
  });

  test('shows where the numbers belong, where the file says so', async () => {
    await using folder = await profileFolder();
    await folder.put(
      'acme.yaml',
      'columns: { shipment: Beleg }\nstoreViews: [{ says: [Acme DE], id: 2 }]\ncarriers: { defaultLink: "https://a.example/{number}" }\n',
    );
    const rows = ['100000123,A12345678,000000012,Acme DE,berlin', '100000124,B12345678,,,'];
    await folder.put(
      'day.csv',
      `order_number,tracking_number,Beleg,store_view,source_code\n${rows.join('\n')}\n`,
    );
    const { exitCode, stdout } = await folder.profile('try', 'day.csv', '--profile', 'acme.yaml');
    assert.equal(exitCode, 0);
    const lines = stdout.split('\n');
    const at = lines.indexOf('Rows');
    assert.deepEqual(lines.slice(at + 1, at + 4), [
      'LINE  ORDER      TRACKING   CARRIER  TITLE   SHIPMENT   STORE VIEW  SOURCE  LINK',
      '   2  100000123  A12345678  custom   Parcel  000000012  2           berlin  https://a.example/A12345678',
      '   3  100000124  B12345678  custom   Parcel                                 https://a.example/B12345678',
    ]);
    assert.match(stdout, /^shipment number +Beleg, number 3 +the profile names it$/m);
    assert.match(stdout, /^store view +store_view, number 4 +likely: no other column looks like it/m);
    assert.match(stdout, /^source +source_code, number 5 +its name says so$/m);
    const asJson = await folder.profile('try', 'day.csv', '--profile', 'acme.yaml', '--json', '--rows', '1');
    const [{ shipmentNumber, storeView, source, link }] = JSON.parse(asJson.stdout).rows;
    assert.deepEqual(
      [shipmentNumber, storeView, source, link],
      ['000000012', 2, 'berlin', 'https://a.example/A12345678'],
    );
  });

  test('gives programs the same as one object', async () => {
    await using folder = await profileFolder();
    await folder.put('day.csv', `${PLAIN}100000125,\n`);
    const { exitCode, stdout } = await folder.profile('try', 'day.csv', '--json', '--rows', '1');
    assert.equal(exitCode, 1);
    assert.deepEqual(JSON.parse(stdout), {
      file: 'day.csv',
      inbox: null,
      profile: 'plain',
      why: 'no other profile fits',
      encoding: 'utf-8',
      hasByteOrderMark: false,
      lineEnd: 'lf',
      delimiter: ',',
      header: { line: 1 },
      columns: [
        { role: 'order', name: 'order_number', position: 1, certainty: 'sure' },
        { role: 'tracking', name: 'tracking_number', position: 2, certainty: 'sure' },
      ],
      ruling: [],
      unused: [],
      lookAt: [],
      counts: { rows: 2, doubtful: 0, skipped: 0, bad: 1 },
      isDamaged: false,
      rows: [
        {
          line: 2,
          part: 0,
          orderNumber: '100000123',
          trackingNumber: '1Z999AA10123456784',
          carrierCode: 'custom',
          title: 'Parcel',
          sku: null,
          quantity: null,
          shipmentNumber: null,
          storeView: null,
          source: null,
          link: null,
          note: null,
        },
      ],
      skipped: [],
      bad: [{ line: 4, message: 'Line 4: the column "tracking_number" is empty.' }],
    });
  });

  test('gives programs the reason why a file cannot be read', async () => {
    await using folder = await profileFolder();
    await folder.put('day.csv', 'A;B\n1;2\n');
    const { exitCode, stdout } = await folder.profile('try', 'day.csv', '--json');
    assert.equal(exitCode, 1);
    const { failure } = JSON.parse(stdout);
    assert.deepEqual([failure.code, failure.line], ['no-such-column', 1]);
  });

  test('reads as the inbox that is named does, by its profile and with its carriers', async () => {
    await using folder = await profileFolder();
    await folder.put('trackdrop.yaml', CONFIGURATION);
    await folder.put('day.csv', 'Referenz;Nummer\n100000123;1Z999AA10123456784\n');
    const asShop = await folder.profile('try', 'day.csv', '--inbox', 'shop');
    assert.match(asShop.stdout, /^configuration .*trackdrop\.yaml, inbox shop$/m);
    assert.match(asShop.stdout, /^profile +acme: the inbox names it$/m);
    assert.match(asShop.stdout, /100000123 +1Z999AA10123456784 +dhl +DHL Paket$/m);
    // With several inboxes none is meant: the file decides, by the names that the profile has for its columns.
    const asAny = await folder.profile('try', 'day.csv');
    assert.match(asAny.stdout, /^configuration .*trackdrop\.yaml$/m);
    assert.match(asAny.stdout, /^profile +acme: the header has the columns "Referenz" and "Nummer"$/m);
    assert.match(asAny.stdout, /100000123 +1Z999AA10123456784 +custom +Parcel$/m);
  });

  test('takes the file of a profile in the place of the one that is called so, and may extend others', async () => {
    await using folder = await profileFolder();
    await folder.put('trackdrop.yaml', CONFIGURATION);
    await folder.put('acme.yaml', 'columns: { order: Ref, tracking: Num }');
    await folder.put('more.yaml', 'extends: acme\ncolumns: { order: Ref }');
    await folder.put('day.csv', 'Ref;Num;Nummer\n100000123;A12345678;B12345678\n');
    const acme = await folder.profile('try', 'day.csv', '--profile', 'acme.yaml');
    assert.deepEqual([acme.stderr, acme.exitCode], ['', 0]);
    assert.match(acme.stdout, /100000123 +A12345678/);
    const more = await folder.profile('try', 'day.csv', '--profile', './more.yaml');
    assert.match(more.stdout, /100000123 +B12345678/);
  });

  test('needs nothing of a configuration but what decides how files are read', async () => {
    await using folder = await profileFolder();
    await folder.put('trackdrop.yaml', `stores: { main: { url: "" } }\n${CONFIGURATION}`);
    await folder.put('day.csv', PLAIN);
    assert.equal((await folder.profile('try', 'day.csv', '--profile', 'plain')).exitCode, 0);
    await folder.put('trackdrop.yaml', CONFIGURATION.replace('columns:', 'colums:'));
    const { exitCode, stderr } = await folder.profile('try', 'day.csv');
    assert.equal(exitCode, 2);
    assert.match(stderr, /profiles\.acme\.colums .*columns/);
  });

  for (const [words, argv, pattern] of [
    ['a file that is not there', ['nothing.csv'], /nothing\.csv: there is no such file/],
    ['a profile that is not there', ['day.csv', '--profile', 'shipstaton'], /Did you mean shipstation\?/],
    ['a profile file that is not there', ['day.csv', '--profile', './none.yaml'], /none\.yaml.*ENOENT/],
    ['an inbox without a configuration', ['day.csv', '--inbox', 'shop'], /name one with --config/],
    ['too many rows to show', ['day.csv', '--rows', '10001'], /from 0 to 10000/],
  ] as const) {
    test(`leaves with 2 for ${words}`, async () => {
      await using folder = await profileFolder();
      await folder.put('day.csv', PLAIN);
      const { exitCode, stdout, stderr } = await folder.profile('try', ...argv);
      assert.deepEqual([exitCode, stdout], [2, '']);
      assert.match(stderr, pattern);
    });
  }

  for (const [words, fault, pattern] of [
    ['a rule without a column', 'rows: [{ skip: [x] }]', /rows\[0\].*found no column/],
    ['a rule without values', 'rows: [{ column: Status }]', /rows\[0\].*found no values/],
    ['a carrier of which nothing is said', 'carriers: { map: [{ title: y }] }', /map\[0\].*found no says/],
    ['a base that is not there', 'extends: nosuch', /extends.*"nosuch", which is no profile/],
    ['itself for its base', 'extends: wrong', /extends.*"wrong", which is no profile/],
    ['a rest in cells that may be quoted', 'restColumn: 3', /restColumn.*expected quotes: false/],
  ] as const) {
    test(`refuses a profile file with ${words}, beside whatever else is wrong with it`, async () => {
      await using folder = await profileFolder();
      await folder.put('day.csv', PLAIN);
      for (const [more, count] of [
        ['', 1],
        ['encoding: morse\n', 2],
      ] as const) {
        await folder.put('wrong.yaml', `${more}${fault}\n`);
        const { exitCode, stdout, stderr } = await folder.profile(
          'try',
          'day.csv',
          '--profile',
          'wrong.yaml',
        );
        assert.deepEqual([exitCode, stdout], [2, '']);
        assert.match(stderr, pattern);
        assert.match(stderr, new RegExp(`line ${count}\\)`));
        assert.equal(/encoding/.test(stderr), count === 2);
      }
    });
  }

  test('asks for a second look at cancelled parcels among the rows, and at order numbers that begin alike', async () => {
    await using folder = await profileFolder();
    await folder.put('day.csv', ITALIAN.replace(';;', ';A12345678;'));
    const { exitCode, stdout } = await folder.profile('try', 'day.csv');
    assert.equal(exitCode, 0);
    assert.match(
      stdout,
      /\nLook at\nThe column "Stato" holds "Annullato" .* rows: \[\{ column: Stato, skip: \[Annullato\] \}\]\.\nThe order numbers begin with "ACME-"\. .*: orderNumber: \{ stripPrefixes: \["ACME-"\] \}\.\n\n3 rows/,
    );
    await folder.put('acme.yaml', ACME);
    const settled = await folder.profile('try', 'day.csv', '--profile', 'acme.yaml');
    assert.doesNotMatch(settled.stdout, /Look at/);
  });

  test('obeys nothing that a cell or a header says to the terminal', async () => {
    await using folder = await profileFolder();
    await folder.put(
      'day.csv',
      'order_number,tracking_number,title,\u001b[2Jx\n100000123,A12345678,\u001b[31mred\u202e,1\n1,"A\u001b]0;x\u0007",b,2\n',
    );
    const { stdout } = await folder.profile('try', 'day.csv');
    assert.match(stdout, /100000123/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
    assert.doesNotMatch(stdout, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
  });

  test('follows a link, and takes a file of blanks for one without rows', async () => {
    await using folder = await profileFolder();
    await folder.put('empty.csv', '\n \n');
    await symlink('empty.csv', join(folder.folder, 'day.csv'));
    const { exitCode, stdout } = await folder.profile('try', 'day.csv');
    assert.equal(exitCode, 0);
    assert.match(stdout, /The file is empty: there is nothing to do\.\n$/);
  });

  test('takes none of the long numbers that a spreadsheet has damaged all alike', async () => {
    await using folder = await profileFolder();
    const rows = ['1234567890123450', '2234567890123450', '3234567890123450'].map(
      (n, at) => `10000012${at},${n}`,
    );
    await folder.put('day.csv', ['order_number,tracking_number', ...rows, ''].join('\n'));
    const { exitCode, stdout } = await folder.profile('try', 'day.csv');
    assert.equal(exitCode, 1);
    assert.match(stdout, /0 rows can be read; 0 skipped; 3 bad\. A spreadsheet has damaged/);
  });
});

describe('what is kept of a large file', () => {
  const spotted = (reasonOf: (n: number) => string) => {
    const spotter = new RecordSpotter(0);
    for (let line = 1; line <= 200; line += 1) {
      const verdict = { kind: 'skipped', reason: reasonOf(line) } as const;
      spotter.look({ line, startByte: 0, endByte: 0, fields: null, verdict });
    }
    return spotter.seen();
  };

  test('are the first lines of each reason, and reasons only as long as they are few', () => {
    const seen = spotted((line) => (line % 3 === 0 ? 'void' : 'empty'));
    assert.deepEqual(seen.skipped, [
      { reason: 'empty', count: 134, lines: [1, 2, 4, 5, 7] },
      { reason: 'void', count: 66, lines: [3, 6, 9, 12, 15] },
    ]);
    const many = spotted((line) => `reason ${line}`);
    assert.equal(many.skipped.length, 51);
    assert.deepEqual(many.skipped[0], { reason: 'other reasons', count: 150, lines: [51, 52, 53, 54, 55] });
    assert.equal(many.counts.skipped, 200);
  });
});

describe('the line that lives while a file is read', () => {
  const watched = (isTTY: boolean) => {
    const written: string[] = [];
    let nowMs = 0;
    const clock = { ...systemClock, nowMs: () => nowMs };
    const line = new ReadingLine({ isTTY, write: (text) => written.push(text) }, clock);
    const showAt = (atMs: number, records: number) => {
      nowMs = atMs;
      line.show(records);
    };
    return { written, line, showAt };
  };

  test('is silent for a second, then tells five times a second, and is gone in the end', () => {
    const { written, line, showAt } = watched(true);
    showAt(999, 1);
    showAt(1_000, 2);
    showAt(1_199, 3);
    showAt(1_200, 4);
    line.clear();
    assert.deepEqual(written, [
      '\r\u001b[2Kreading: 2 records',
      '\r\u001b[2Kreading: 4 records',
      '\r\u001b[2K',
    ]);
  });

  test('is not there where nobody watches, or nothing took long', () => {
    const unwatched = watched(false);
    unwatched.showAt(5_000, 1);
    unwatched.line.clear();
    const short = watched(true);
    short.line.clear();
    assert.deepEqual([...unwatched.written, ...short.written], []);
  });
});
