import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { secretsOf } from '../../src/config/decide.ts';
import { OPTION_LIST } from '../../src/config/options.ts';
import { readPresets } from '../../src/config/profiles.ts';
import { readConfig } from '../../src/config/read.ts';
import { ConfigError } from '../../src/domain/failure.ts';
import { runs } from '../runs.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trackdrop-config-'));
});
after(() => rm(folder, { recursive: true }));

let files = 0;
async function written(yaml: string, env: Record<string, string> = {}) {
  const file = join(folder, `${files++}.yaml`);
  await writeFile(file, yaml);
  return readConfig({ file, env, cwd: '/nowhere' });
}

async function problemsOf(reading: Promise<unknown>): Promise<readonly string[]> {
  const error = await reading.then(
    () => assert.fail('expected a ConfigError'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ConfigError)) throw error;
  return error.problems;
}

function insideOf(part: string, whole: string, at: number): boolean {
  const start = whole.lastIndexOf(part, at);
  return start !== -1 && at < start + part.length;
}

const problems = (yaml: string, env?: Record<string, string>) => problemsOf(written(yaml, env));

const STORE = 'stores:\n  main:\n    url: https://shop.example.com\n    auth: { bearer: abcdefgh }\n';
const store = (lines: string) => `${STORE}    ${lines}\n`;
const inbox = (lines: string) => `${STORE}inboxes:\n  - ${lines}\n`;

describe('a configuration file', () => {
  test('with one store and nothing else gets every default', async () => {
    const { config, source } = await written(STORE);
    assert.equal(source, join(folder, `${files - 1}.yaml`));
    assert.deepEqual(config, {
      stores: [
        {
          name: 'main',
          url: 'https://shop.example.com',
          storeCode: 'all',
          auth: { kind: 'bearer', token: 'abcdefgh' },
          readOnly: false,
          workers: 5,
          maxRequestsPerSecond: null,
          timeoutMs: 30_000,
          tlsCa: null,
          retry: { attempts: 6, firstDelayMs: 1000, maxDelayMs: 60_000 },
          uncertain: {
            looksMs: [2000, 5000, 15_000, 30_000],
            repeatTrackAfterMs: 30_000,
            repeatShipAfterMs: 120_000,
            verifyAfterMs: 60_000,
          },
        },
      ],
      inboxes: [
        {
          name: 'inbox',
          folder: join(folder, 'data/inbox'),
          working: join(folder, 'data/working'),
          waiting: join(folder, 'data/waiting'),
          processed: join(folder, 'data/processed'),
          failed: join(folder, 'data/failed'),
          store: 'main',
          profiles: { fixed: null, known: readPresets([]) },
          files: ['*.csv', '*.txt', '*.tsv'],
          stableForMs: 5000,
          unfinishedForMs: 60_000,
          rescanEveryMs: 5000,
          doneFile: null,
          ignoreOlderThanMs: 14 * 86_400_000,
          createShipments: false,
          onExisting: 'add',
          attach: 'latest',
          onPartlyShipped: 'add',
          storeView: null,
          requirePaid: false,
          source: null,
          notify: 'never',
          comment: null,
          waitFor: {
            orderNotFoundMs: 4 * 3_600_000,
            orderHeldMs: 72 * 3_600_000,
            unpaidMs: 72 * 3_600_000,
            everyMs: 15 * 60_000,
          },
          carriers: { default: 'custom', defaultTitle: 'Parcel' },
        },
      ],
      ledger: join(folder, 'data/trackdrop.db'),
      limits: { fileBytes: 2 * 1024 ** 3, rows: 20_000_000, recordBytes: 1024 ** 2, fieldBytes: 65_536 },
      permissions: { file: 0o640, folder: 0o750, group: null },
      keep: { processedMs: 90 * 86_400_000, ledgerMs: 400 * 86_400_000, failedMs: null },
      stopWithinMs: 8000,
      timezone: 'UTC',
      log: { level: 'info', format: 'json' },
    });
  });

  test('may say everything otherwise', async () => {
    const { config } = await written(`
stores:
  eu:
    url: http://127.0.0.1:8080/shop//
    storeCode: de
    auth: { oauth: { consumerKey: ck, consumerSecret: cs, accessToken: at, accessTokenSecret: as } }
    workers: 2
    uncertain: { looks: [1ms, 2ms], repeatTrackAfter: 3ms, repeatShipAfter: 4ms, verifyAfter: 5ms }
inboxes:
  - name: acme
    folder: acme/in
    failed: /srv/failed
    files: ['*.dat']
    rescanEvery: 100ms
    shipments: { create: true, attach: first }
ledger: history.db
limits: { fieldBytes: 10B }
timezone: Europe/Berlin
log: { level: debug, format: pretty }
`);
    const [shop] = config.stores;
    assert.equal(shop?.url, 'http://127.0.0.1:8080/shop');
    assert.deepEqual(shop?.auth, {
      kind: 'oauth',
      consumerKey: 'ck',
      consumerSecret: 'cs',
      accessToken: 'at',
      accessTokenSecret: 'as',
    });
    assert.deepEqual(shop?.uncertain.looksMs, [1, 2]);
    const [box] = config.inboxes;
    assert.equal(box?.store, 'eu');
    assert.equal(box?.working, join(folder, 'acme/working'));
    assert.equal(box?.failed, '/srv/failed');
    assert.equal(box?.createShipments, true);
    assert.equal(config.ledger, join(folder, 'history.db'));
    assert.equal(config.limits.fieldBytes, 10);
  });

  test('may hold keys under which everything is commented out', async () => {
    const { config } = await written(`${STORE}inboxes:\nlimits:\n  # rows: 5\n`);
    assert.equal(config.limits.rows, 20_000_000);
    assert.equal(config.inboxes.length, 1);
  });

  test('tells every problem at once, each with key, line, what was found and what was expected', async () => {
    const found = await problems(`
stores:
  main:
    url: ftp://shop.example.com
    auth: { bearer: x y }
    workers: many
inboxes:
  - folder: 12
    stableFor: 5
limits: { rows: -1, fileBytes: 2GB }
timezone: Mars/Olympus
`);
    assert.deepEqual(found, [
      'stores.main.url (line 4): found "ftp://shop.example.com"; expected an http or https URL such as https://shop.example.com',
      'stores.main.auth.bearer (line 5): found other characters; expected printable ASCII without blanks',
      'stores.main.workers (line 6): found "many"; expected a whole number from 1 to 64',
      'inboxes[0].folder (line 8): found 12; expected a path; put it in quotes',
      'inboxes[0].stableFor (line 9): found 5; expected a duration such as 500ms, 5s, 2m, 4h or 14d',
      'limits.rows (line 10): found -1; expected a whole number from 1 to 1000000000',
      'limits.fileBytes (line 10): found "2GB"; expected a size such as 64KiB, 1MiB or 2GiB',
      'timezone (line 11): found "Mars/Olympus"; expected a time zone such as UTC or Europe/Berlin',
    ]);
  });

  test('may have done-files, leave old files alone, wait and keep', async () => {
    const { config } = await written(`${inbox(
      'doneFile: "{stem}.ok"\n    ignoreOlderThan: never\n    waiting: held\n    waitFor: { orderNotFound: 0s, every: 1m }',
    )}permissions: { file: "0660", folder: "770", group: "1000" }
keep: { processed: 1d, ledger: forever, failed: 30d }
`);
    const [box] = config.inboxes;
    assert.equal(box?.doneFile, '{stem}.ok');
    assert.equal(box?.ignoreOlderThanMs, null);
    assert.equal(box?.waiting, join(folder, 'held'));
    assert.deepEqual([box?.waitFor.orderNotFoundMs, box?.waitFor.everyMs], [0, 60_000]);
    assert.deepEqual(config.permissions, { file: 0o660, folder: 0o770, group: '1000' });
    assert.deepEqual(config.keep, { processedMs: 86_400_000, ledgerMs: null, failedMs: 30 * 86_400_000 });
  });

  test('is told what a done-file, a mode and a time without end look like', async () => {
    const found = await problems(`${inbox('doneFile: done')}permissions: { file: 0640, folder: "rwx" }
keep: { processed: never, ledger: 90 }
`);
    const mode = 'an octal mode in quotes, such as "0640"';
    const duration = 'a duration such as 500ms, 5s, 2m, 4h or 14d, or forever';
    assert.deepEqual(found, [
      'inboxes[0].doneFile (line 6): found "done"; expected a name with {name} or {stem} in it once, and more, such as {name}.done, without a folder',
      `permissions.file (line 7): found 640; expected ${mode}`,
      `permissions.folder (line 7): found "rwx"; expected ${mode}`,
      `keep.processed (line 8): found "never"; expected ${duration}`,
      `keep.ledger (line 8): found 90; expected ${duration}`,
    ]);
    for (const name of ['{name}', '{stem}', 'done/{name}', '{other}.done', '{stem}-{name}']) {
      assert.match(
        (await problems(inbox(`doneFile: "${name}"`))).join(),
        /^inboxes\[0\]\.doneFile .*without a folder$/,
      );
    }
    assert.match((await problems(inbox('ignoreOlderThan: 14'))).join(), /or 14d, or never$/);
  });

  test('with a key that does not exist is told which one was meant', async () => {
    assert.deepEqual(await problems(store('worker: 5')), [
      'stores.main.worker (line 5): no such key; did you mean workers?',
    ]);
    assert.deepEqual(await problems(inbox('stable_for: 5s')), [
      'inboxes[0].stable_for (line 6): no such key; did you mean stableFor?',
    ]);
    assert.deepEqual(await problems(inbox('create: true')), [
      'inboxes[0].create (line 6): no such key; did you mean inboxes[].shipments.create?',
    ]);
    assert.match(
      (await problems(`${STORE}smtp: x\n`))[0] ?? '',
      /^smtp \(line 5\): no such key; expected one of /,
    );
  });

  for (const [path, option] of OPTION_LIST.filter(([, { need }]) => need === 'later')) {
    test(`with ${path} set is told that it is not there yet, and may state the default`, async () => {
      const yaml = (value: unknown) => {
        const [group, ...rest] = path
          .replace('stores.*', 'stores')
          .replace('inboxes[].', 'inboxes.')
          .split('.');
        const leaf = rest.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as object;
        const one = { url: 'https://shop.example.com', auth: { bearer: 'abcdefgh' } };
        if (group === 'stores' && rest[0] === 'auth') return { stores: { main: { url: one.url, ...leaf } } };
        if (group === 'stores') return { stores: { main: { ...one, ...leaf } } };
        const top =
          rest.length === 0 ? { [path]: value } : { [group ?? '']: group === 'inboxes' ? [leaf] : leaf };
        return { stores: { main: one }, ...top };
      };
      const [problem = '', ...others] = await problems(JSON.stringify(yaml('something')));
      assert.match(problem, /: this key is not there yet; leave it out/);
      assert.ok(!problem.includes('something'));
      assert.deepEqual(others, []);
      if (path.includes('.auth.')) return;
      await written(JSON.stringify(yaml(option.written)));
    });
  }

  test('may sign in as an admin user, with a second factor as the app shows its secret', async () => {
    const { config } = await written(
      'stores: { main: { url: "https://s.example", auth: { admin: { username: bot, password: "p w", otpSecret: "abcd efgh ijkl mnop" } } } }',
    );
    assert.deepEqual(config.stores[0]?.auth, {
      kind: 'admin',
      username: 'bot',
      password: 'p w',
      otpSecret: 'ABCDEFGHIJKLMNOP',
    });
    assert.deepEqual(secretsOf(config), ['p w', 'ABCDEFGHIJKLMNOP']);
  });

  test('names what an admin user lacks, and never shows what is wrong with a secret', async () => {
    const found = await problems(
      'stores: { main: { url: "https://s.example", auth: { admin: { username: bot, otpSecret: "189-secret" } } } }',
    );
    assert.deepEqual(found, [
      'stores.main.auth.admin.otpSecret (line 1): found something else; expected base32: at least 16 letters A to Z and digits 2 to 7',
      'stores.main.auth.admin.password: missing; expected that of the admin user',
    ]);
  });

  test('names a certificate authority that cannot be read, or that is none', async () => {
    const file = join(folder, 'no.pem');
    await writeFile(file, 'no certificate');
    assert.deepEqual(await problems(store('tls: { ca: no.pem }')), [
      `stores.main.tls.ca (line 5): found ${file}, which is none; expected a PEM file that begins with -----BEGIN CERTIFICATE-----`,
    ]);
    assert.match(
      (await problems(store('tls: { ca: missing.pem }')))[0] ?? '',
      /missing\.pem, which cannot be read \(ENOENT\)/,
    );
  });

  test('takes a rate below one a second, and a store view by its id', async () => {
    const { config } = await written(
      `${store('maxRequestsPerSecond: 0.5')}inboxes: [{ shipments: { storeView: 2 } }]`,
    );
    assert.equal(config.stores[0]?.maxRequestsPerSecond, 0.5);
    assert.equal(config.inboxes[0]?.storeView, 2);
  });

  test('says of shipments what becomes of orders, customers and warehouses', async () => {
    const { config } = await written(
      inbox(
        'shipments: { create: true, notify: shipment, onPartlyShipped: ship, attach: refuse, requirePaid: true, source: berlin, storeView: 2, comment: "{carrier} {number}: {link} ({drop})", commentVisible: true }',
      ),
    );
    const { createShipments, notify, onPartlyShipped, attach, requirePaid, source, storeView, comment } =
      config.inboxes[0] ?? assert.fail();
    assert.deepEqual(
      { createShipments, notify, onPartlyShipped, attach, requirePaid, source, storeView, comment },
      {
        createShipments: true,
        notify: 'shipment',
        onPartlyShipped: 'ship',
        attach: 'refuse',
        requirePaid: true,
        source: 'berlin',
        storeView: 2,
        comment: { text: '{carrier} {number}: {link} ({drop})', isVisible: true },
      },
    );
  });

  test('may say with null what holds where nothing is said', async () => {
    const { config } = await written(inbox('shipments: { source: null, storeView: null, comment: null }'));
    const { source, storeView, comment } = config.inboxes[0] ?? assert.fail();
    assert.deepEqual([source, storeView, comment], [null, null, null]);
  });

  const WITHOUT_CREATE = 'and create: false, so that no shipment is made; expected create: true with it';
  for (const [shipments, ...expected] of [
    ['onPartlyShipped: ship', `onPartlyShipped (line 6): found "ship", ${WITHOUT_CREATE}`],
    [
      'notify: shipment',
      `notify (line 6): found "shipment", ${WITHOUT_CREATE} (TRACKDROP_CREATE_SHIPMENTS), or always, which mails for shipments that are there as well`,
    ],
    ['source: berlin', `source (line 6): found "berlin", ${WITHOUT_CREATE}`],
    ['comment: sent', `comment (line 6): found a comment, ${WITHOUT_CREATE}`],
    [
      'source: berlin, comment: sent, commentVisible: true',
      `source (line 6): found "berlin", ${WITHOUT_CREATE}`,
      `comment (line 6): found a comment, ${WITHOUT_CREATE}`,
    ],
    [
      'commentVisible: true',
      'commentVisible (line 6): found true, and no comment; expected a comment with it',
    ],
    [
      'create: true, commentVisible: true',
      'commentVisible (line 6): found true, and no comment; expected a comment with it',
    ],
    [
      'create: true, comment: "sent {nummer}", commentVisible: true',
      'comment (line 6): found "sent {nummer}"; expected text of 1 to 1,000 characters, not blanks alone, with no other braces than {carrier}, {number}, {drop} and {link}',
    ],
    [
      'create: true, comment: "  "',
      'comment (line 6): found "  "; expected text of 1 to 1,000 characters, not blanks alone, with no other braces than {carrier}, {number}, {drop} and {link}',
    ],
    [
      'create: yes, notify: shipment, onPartlyShipped: ship, source: berlin, comment: sent',
      'create (line 6): found "yes"; expected true or false',
    ],
  ] as const) {
    test(`is refused where its shipments have ${shipments}`, async () => {
      assert.deepEqual(
        await problems(inbox(`shipments: { ${shipments} }`)),
        expected.map((words) => `inboxes[0].shipments.${words}`),
      );
    });
  }

  test('may mail and mark what is not shipped here', async () => {
    for (const shipments of ['notify: always', 'storeView: 2', 'attach: refuse', 'requirePaid: true'])
      await written(inbox(`shipments: { ${shipments} }`));
  });

  test('names a rate that is too slow, too fast or no number', async () => {
    for (const rate of ['0', '0.09', '1001', 'fast']) {
      const [problem = ''] = await problems(store(`maxRequestsPerSecond: ${rate}`));
      assert.match(problem, /maxRequestsPerSecond .*expected a number from 0\.1 to 1000/);
    }
  });

  test('must give each store its url and exactly one way to sign in', async () => {
    assert.deepEqual(await problems('stores: { main: {} }'), [
      'stores.main.url: missing; expected the URL of the shop',
      'stores.main.auth: found nothing; expected exactly one of oauth, bearer and admin',
    ]);
    const both = 'stores: { main: { url: "https://a", auth: { bearer: b, oauth: { consumerKey: c } } } }';
    const found = await problems(both);
    assert.equal(
      found[0],
      'stores.main.auth (line 1): found oauth and bearer; expected exactly one of oauth, bearer and admin',
    );
    assert.equal(found.filter((each) => /auth\.oauth\.\w+: missing/.test(each)).length, 3);
    assert.deepEqual(await problems('{}'), [
      'stores: found none; expected at least one store, with its url and auth',
    ]);
  });

  test('is told to leave the REST path, credentials and queries out of the url', async () => {
    const url = async (text: string) =>
      (await problems(`stores: { main: { url: "${text}", auth: { bearer: b } } }`))[0];
    assert.match(
      (await url('https://a.example/shop/rest/all/V1')) ?? '',
      /without \/rest\/all\/V1.*https:\/\/a.example\/shop$/,
    );
    assert.match((await url('https://a.example/?key=hush')) ?? '', /found "https:\/\/a.example\/\?\*\*\*"/);
    assert.match(
      (await url('https://me:hush@a.example')) ?? '',
      /found "https:\/\/\*\*\*@a.example".*under auth/,
    );
    assert.match((await url('me:hush@a.example')) ?? '', /^stores.main.url/);
  });

  test('must name several inboxes, and give each folders of its own and a store that exists', async () => {
    const found = await problems(
      `${STORE}inboxes:\n  - folder: a/inbox\n  - { name: b, folder: a/inbox, store: other }\n`,
    );
    assert.deepEqual(found, [
      'inboxes[1].store (line 7): found "other", which is not under stores; expected main',
      'inboxes[0].name: missing, and there are 2 inboxes; expected a name',
      ...['folder', 'working', 'waiting', 'processed', 'failed'].map((purpose) => {
        const path = join(folder, 'a', purpose === 'folder' ? 'inbox' : purpose);
        const line = purpose === 'folder' ? ' (line 7)' : '';
        return `inboxes[1].${purpose}${line}: found ${path}, which is inboxes[0].${purpose} too; expected a folder of its own`;
      }),
    ]);
    assert.match((await problems(`${STORE}inboxes: []\n`)).join(), /expected at least one inbox/);
  });

  test('with several stores must say which one an inbox belongs to', async () => {
    const second = '  two:\n    url: https://b.example\n    auth: { bearer: abcdefgh }\n';
    assert.deepEqual(await problems(STORE + second), [
      'inboxes[0].store: missing, and there are 2 stores; expected main or two',
    ]);
  });

  test('has each shop once, however its URL is written', async () => {
    const shops = (first: string, second: string) =>
      `stores:\n  de: { url: "${first}", auth: { bearer: b } }\n  en: { url: "${second}", storeCode: en, auth: { bearer: b } }\ninboxes: [{ store: de }]\n`;
    for (const [first, second] of [
      ['https://a.example', 'https://a.example'],
      ['https://a.example', 'https://A.example./'],
      ['https://a.example:443/shop/', 'http://a.example:80//shop'],
    ] as const) {
      const [found, ...more] = await problems(shops(first, second));
      assert.match(
        found ?? '',
        /^stores\.en\.url \(line 3\): .*the shop of stores\.de too; .*several inboxes/,
      );
      assert.deepEqual(more, []);
    }
    await written(shops('https://a.example/de', 'https://a.example/en'));
    await written(shops('http://a.example:8080', 'http://a.example'));
  });

  test('that is no YAML is told where, without being quoted', async () => {
    const found = await problems('stores:\n  main: [\n  bearer: "hush-hush\n');
    assert.ok(found.length > 0);
    for (const problem of found) {
      assert.match(problem, /line \d+: \S/);
      assert.doesNotMatch(problem, /hush/);
    }
    assert.match((await problems('a: 1\na: 2\n')).join(), /line 2: Map keys must be unique/);
    assert.match((await problems('a: *hush\n')).join(), /^(?!.*hush)/);
    assert.match((await problems('just text')).join('\n'), /^the file: found a string; expected keys/);
  });

  test('that was named and is not there is an error, not a reason to look elsewhere', async () => {
    const reading = readConfig({ file: 'gone.yaml', env: { TRACKDROP_STORE_URL: 'https://a' }, cwd: folder });
    assert.deepEqual(await problemsOf(reading), [`${join(folder, 'gone.yaml')}: there is no such file`]);
    assert.deepEqual(await problemsOf(readConfig({ file: folder, env: {}, cwd: '/' })), [
      `${folder}: it cannot be read (EISDIR)`,
    ]);
  });

  test('is looked for by --config, then TRACKDROP_CONFIG, then in the current folder', async () => {
    const here = await mkdtemp(join(folder, 'here-'));
    await writeFile(join(here, 'trackdrop.yaml'), STORE);
    await writeFile(join(here, 'other.yaml'), STORE);
    const source = async (file: string | undefined, env: Record<string, string>) =>
      (await readConfig({ file, env, cwd: here })).source;
    assert.equal(await source(undefined, {}), join(here, 'trackdrop.yaml'));
    assert.equal(await source(undefined, { TRACKDROP_CONFIG: 'other.yaml' }), join(here, 'other.yaml'));
    assert.equal(
      await source('trackdrop.yaml', { TRACKDROP_CONFIG: 'other.yaml' }),
      join(here, 'trackdrop.yaml'),
    );
  });

  test('never shows a secret, wherever it was put', async () => {
    const hush = 'hushhush0123';
    const places = fc.constantFrom(
      `stores: ${hush}`,
      `stores: { main: ${hush} }`,
      `stores: { main: { auth: ${hush} } }`,
      `stores: { main: { auth: { oauth: ${hush} } } }`,
      `stores: { main: { auth: { oauth: { consumerKey: [${hush}] } } } }`,
      `stores: { main: { auth: { bearer: "${hush} " } } }`,
      `stores: { main: { auth: { admin: { password: ${hush} } } } }`,
      `stores: { main: { auth: { token: ${hush} } } }`,
      `stores: { main: { url: "https://me:${hush}@shop.example.com" } }`,
      `stores: { main: { auth: { bearer: "${hush} } } }`,
      `stores: { main: { auth: { bearer: @${hush} } } }`,
      `stores: { main: { auth: { bearer: *${hush} } } }`,
      `stores: { main: { auth: { bearer: !${hush} x } } }`,
      `stores: { main: { auth: { bearer: "\\x${hush}" } } }`,
      `stores:\n  main:\n    auth:\n    bearer: x: ${hush}\n`,
    );
    await fc.assert(
      fc.asyncProperty(places, async (yaml) => {
        for (const problem of await problems(yaml)) assert.ok(!problem.includes(hush), problem);
      }),
    );
  });

  test('never shows a secret, whatever was mistyped beside it', async () => {
    const hush = 'hush0123hush0123';
    const yaml = `stores:\n  main:\n    auth:\n      oauth:\n        consumerKey: ${hush}\n        accessToken: '${hush}'\n`;
    const outside = [...yaml.matchAll(/./gs)]
      .map(({ index }) => index)
      .filter((at) => !insideOf(hush, yaml, at));
    const slip = fc.record({
      at: fc.constantFrom(...outside),
      removed: fc.nat(2),
      added: fc.string({ unit: fc.constantFrom(...':{}[]"\'*&!|>%@`#,-? \n\ta'), maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(slip, async ({ at, removed, added }) => {
        const mistyped = yaml.slice(0, at) + added + yaml.slice(at + removed);
        for (const problem of await problems(mistyped))
          assert.ok(!problem.includes(hush), `${mistyped}\n${problem}`);
      }),
      runs(200),
    );
  });
});

describe('the environment', () => {
  const OAUTH = {
    TRACKDROP_STORE_OAUTH_CONSUMER_KEY: 'ck',
    TRACKDROP_STORE_OAUTH_CONSUMER_SECRET: 'cs',
    TRACKDROP_STORE_OAUTH_ACCESS_TOKEN: 'at',
    TRACKDROP_STORE_OAUTH_ACCESS_TOKEN_SECRET: 'as',
  };
  const alone = (env: Record<string, string | undefined>) => readConfig({ env, cwd: folder });

  test('alone is enough for one store and one inbox', async () => {
    const { config, source } = await alone({
      ...OAUTH,
      TRACKDROP_STORE_URL: 'https://shop.example.com/',
      TRACKDROP_DATA: '/data',
      TRACKDROP_CREATE_SHIPMENTS: 'true',
      TRACKDROP_NOTIFY: 'never',
      TRACKDROP_WORKERS: '3',
      TRACKDROP_LOG_LEVEL: 'debug',
      TRACKDROP_STORE_BEARER: '',
    });
    assert.equal(source, 'the environment');
    assert.equal(config.stores[0]?.url, 'https://shop.example.com');
    assert.equal(config.stores[0]?.auth.kind, 'oauth');
    assert.equal(config.stores[0]?.workers, 3);
    assert.equal(config.inboxes[0]?.folder, '/data/inbox');
    assert.equal(config.inboxes[0]?.failed, '/data/failed');
    assert.equal(config.inboxes[0]?.createShipments, true);
    assert.equal(config.ledger, '/data/trackdrop.db');
    assert.equal(config.log.level, 'debug');
  });

  test('has its problems told by the name of the variable', async () => {
    const found = await problemsOf(
      alone({
        TRACKDROP_STORE_URL: 'shop',
        TRACKDROP_STORE_BEARER: 'abcdefgh',
        TRACKDROP_CREATE_SHIPMENTS: 'yes',
        TRACKDROP_NOTIFY: 'sometimes',
        TRACKDROP_WORKERS: '0',
        TRACKDROP_LOG_LEVL: 'debug',
        TRACKDROP_SERVICE_HOST: '10.0.0.1',
        TRACKDROP_PORT_80_TCP_ADDR: '10.0.0.1',
      }),
    );
    assert.deepEqual(found, [
      'TRACKDROP_LOG_LEVL: no such variable; did you mean TRACKDROP_LOG_LEVEL?',
      'stores.main.url (TRACKDROP_STORE_URL): found "shop"; expected an http or https URL such as https://shop.example.com',
      'stores.main.workers (TRACKDROP_WORKERS): found 0; expected a whole number from 1 to 64',
      'inboxes[0].shipments.create (TRACKDROP_CREATE_SHIPMENTS): found "yes"; expected true or false',
      'inboxes[0].shipments.notify (TRACKDROP_NOTIFY): found "sometimes"; expected never or shipment or always',
    ]);
  });

  test('is told that customers wait for mail which never comes, and may say that orders are shipped', async () => {
    const env = {
      TRACKDROP_STORE_URL: 'https://a.example',
      TRACKDROP_STORE_BEARER: 'abcdefgh',
      TRACKDROP_NOTIFY: 'shipment',
    };
    assert.deepEqual(await problemsOf(alone(env)), [
      'inboxes[0].shipments.notify (TRACKDROP_NOTIFY): found "shipment", and create: false, so that no shipment is made; expected create: true with it (TRACKDROP_CREATE_SHIPMENTS), or always, which mails for shipments that are there as well',
    ]);
    const { config } = await alone({ ...env, TRACKDROP_CREATE_SHIPMENTS: 'true' });
    assert.equal(config.inboxes[0]?.notify, 'shipment');
    const other = await alone({ ...env, TRACKDROP_NOTIFY: 'always' });
    assert.equal(other.config.inboxes[0]?.notify, 'always');
  });

  test('may keep a secret in a file of its own, whose last line end does not count', async () => {
    const file = join(folder, 'token');
    await writeFile(file, 'hushhush\n');
    const env = { TRACKDROP_STORE_URL: 'https://a.example', TRACKDROP_STORE_BEARER_FILE: file };
    const { config } = await alone(env);
    assert.deepEqual(config.stores[0]?.auth, { kind: 'bearer', token: 'hushhush' });
    assert.deepEqual(await problemsOf(alone({ ...env, TRACKDROP_STORE_BEARER: 'hushhush' })), [
      'TRACKDROP_STORE_BEARER: given twice, here and by TRACKDROP_STORE_BEARER_FILE',
    ]);
    assert.deepEqual(await problemsOf(alone({ ...env, TRACKDROP_STORE_BEARER_FILE: join(folder, 'none') })), [
      `TRACKDROP_STORE_BEARER_FILE: ${join(folder, 'none')} cannot be read (ENOENT)`,
    ]);
  });

  test('wins over the file, and TRACKDROP_DATA moves only what the file does not place', async () => {
    const { config } = await written(`${inbox('failed: bad')}log: { level: warn }\n`, {
      TRACKDROP_LOG_LEVEL: 'error',
      TRACKDROP_WORKERS: '9',
      TRACKDROP_DATA: '/data',
    });
    assert.equal(config.log.level, 'error');
    assert.equal(config.stores[0]?.workers, 9);
    assert.equal(config.inboxes[0]?.folder, '/data/inbox');
    assert.equal(config.inboxes[0]?.failed, join(folder, 'bad'));
    assert.equal(config.ledger, '/data/trackdrop.db');
  });

  test('that could mean any of several stores is refused', async () => {
    const second = '  two:\n    url: https://b.example\n    auth: { bearer: abcdefgh }\n';
    const found = await problems(`${STORE}${second}inboxes: [{ store: main }]\n`, { TRACKDROP_WORKERS: '9' });
    assert.deepEqual(found, [
      'TRACKDROP_WORKERS: the file has 2 stores; set stores.*.workers in each of them',
    ]);
  });

  test('without a word about Trackdrop leads to init', async () => {
    const error = await alone({ PATH: '/bin' }).catch((reason: unknown) => reason);
    assert.ok(error instanceof ConfigError);
    assert.match(error.problems.join(), /^no configuration/);
    assert.match(error.hint, /trackdrop init/);
  });
});
