import assert from 'node:assert/strict';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { OPTION_LIST } from '../../src/config/options.ts';
import { readPresets } from '../../src/config/profiles.ts';
import { readConfig } from '../../src/config/read.ts';
import { configFiles, inbox, problemsOf, STORE, store } from './config-files.ts';

const { folder, written, problems } = configFiles();

describe('a configuration file', () => {
  test('with one store and nothing else gets every default', async () => {
    const { config, source } = await written(STORE);
    assert.equal(source, join(folder, '0.yaml'));
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
});
