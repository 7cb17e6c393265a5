import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { secretsOf } from '../../src/config/decide.ts';
import { configFiles, STORE, store } from './config-files.ts';

const { folder, written, problems } = configFiles();

describe('a configuration file', () => {
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
});
