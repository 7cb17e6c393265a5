import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { readConfig } from '../../src/config/read.ts';
import { ConfigError } from '../../src/domain/failure.ts';
import { configFiles, inbox, problemsOf, STORE } from './config-files.ts';

const { folder, written, problems } = configFiles();

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
