import assert from 'node:assert/strict';
import { test } from 'node:test';
import { orderKey } from '../../src/domain/row.ts';
import { oauthHeaders, signatureBase } from '../../src/magento/oauth-signature.ts';
import { type Credentials, signerFor } from '../../src/magento/sign-in.ts';
import { type Clock, systemClock } from '../../src/runtime/clock.ts';
import { startSandbox } from '../../src/sandbox/sandbox.ts';
import { never, openShop } from './harness.ts';

function signerOf(auth: Credentials) {
  const post = () => assert.fail('nothing has to be fetched');
  return signerFor(auth, { clock: systemClock, url: 'https://shop.example', post, signal: never });
}

const credentials = {
  kind: 'oauth',
  consumerKey: 'key',
  consumerSecret: 'con sumer',
  accessToken: 'tok',
  accessTokenSecret: 's&cret',
} as const;

test('makes the signature base of RFC 5849, section 3.4.1.1', () => {
  const base = signatureBase('post', 'http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b', [
    ['oauth_consumer_key', '9djdj82h48djs9d2'],
    ['oauth_token', 'kkk9d7dh3k39sjv7'],
    ['oauth_signature_method', 'HMAC-SHA1'],
    ['oauth_timestamp', '137131201'],
    ['oauth_nonce', '7d8f3e4a'],
    // The RFC's example has a form as its body, whose fields are signed.
    ['c2', ''],
    ['a3', '2 q'],
  ]);
  assert.equal(
    base,
    'POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D' +
      '%26c2%3D%26oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3D' +
      'HMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7',
  );
});

test('signs with HMAC-SHA256, port and brackets included', () => {
  const url =
    'http://127.0.0.1:8087/rest/all/V1/orders?searchCriteria%5BpageSize%5D=100' +
    '&searchCriteria%5BfilterGroups%5D%5B0%5D%5Bfilters%5D%5B0%5D%5Bvalue%5D=000000648%2C000000650';
  const header = oauthHeaders(credentials)('GET', url, { nonce: 'n0nce', timestamp: 1_795_320_491 });
  // Computed with Python's hmac over the base that the RFC prescribes.
  assert.match(header, /oauth_signature="sGALJMTMb6F2oXEyPFrkfwHM5JnVVOd1Wz84Kd%2Fo3hY%3D"$/);
  assert.match(header, /^OAuth oauth_consumer_key="key", oauth_nonce="n0nce", /);
});

test('never uses a nonce twice', () => {
  const signer = signerOf(credentials);
  const headers = Array.from({ length: 1_000 }, () =>
    signer.header('GET', 'http://shop.example/rest/all/V1/orders'),
  );
  assert.equal(new Set(headers.map((header) => /oauth_nonce="(\w+)"/.exec(header)?.[1])).size, 1_000);
});

test('refuses a token that no header may hold, without quoting it', () => {
  assert.throws(
    () => signerOf({ kind: 'bearer', token: 'abc\r\nX: 1' }),
    (error) => {
      assert.ok(error instanceof Error);
      assert.ok(!error.message.includes('abc'));
      return true;
    },
  );
  assert.throws(() => signerOf({ kind: 'bearer', token: '' }), { code: 'not-allowed' });
});

test('is accepted by a store that takes no bearer tokens, for looks, writes and retries', async () => {
  await using unsigned = await openShop();
  await using shop = await openShop(
    { url: unsigned.sandbox.url, auth: { kind: 'oauth', ...unsigned.sandbox.oauth } },
    {},
  );
  const { sandbox } = unsigned;
  sandbox.set({ bearerAllowed: false });
  const order = sandbox.addOrder({ incrementId: "a!*'() ü&=+%41", shipments: [{}] });
  sandbox.inject({ match: { path: 'increment_id' }, times: 2, fault: { kind: 'status', status: 502 } });
  const results = await shop.store.lookUp([order.incrementId, '2'], never);
  const result = results.get(orderKey(order.incrementId));
  assert.ok(result && 'orders' in result && result.orders.length === 1);
  assert.equal((await shop.track(order, 'A')).kind, 'done');
  await assert.rejects(unsigned.store.probe(never), { code: 'not-allowed' });
  assert.equal(shop.seen('store.right-missing').length, 0);
});

test('signs in as an admin user for looks and writes, and writes once when a token ends in between', async () => {
  await using unsigned = await openShop();
  const { sandbox } = unsigned;
  const auth = { kind: 'admin', ...sandbox.admin, otpSecret: null } as const;
  await using shop = await openShop({ url: sandbox.url, auth });
  const order = sandbox.addOrder({ shipments: [{}] });
  const look = async () => (await shop.store.lookUp([order.incrementId], never)).get(order.incrementId);
  assert.ok('orders' in ((await look()) ?? {}));
  sandbox.expireAdminTokens();
  const numbers = ['A', 'B', 'C', 'D', 'E'];
  const answers = await Promise.all(numbers.map((number) => shop.track(order, number)));
  assert.deepEqual(
    answers.map(({ kind }) => kind),
    numbers.map(() => 'done'),
  );
  assert.deepEqual(
    sandbox.tracks().map(({ trackNumber }) => trackNumber),
    numbers,
  );
  assert.equal(shop.intents.length, numbers.length);
  assert.equal(sandbox.counts().signIn, 2);
  assert.equal(shop.seen('store.right-missing').length, 0);
});

test('sends nothing more and says so once when the credentials are refused', async () => {
  await using unsigned = await openShop();
  const { sandbox } = unsigned;
  const auth = { kind: 'admin', ...sandbox.admin, password: 'a-wrong-password', otpSecret: null } as const;
  const sleptMs: number[] = [];
  const clock: Clock = {
    ...systemClock,
    sleep(delayMs, signal) {
      sleptMs.push(delayMs);
      return systemClock.sleep(delayMs, signal);
    },
  };
  await using shop = await openShop({ url: sandbox.url, auth }, {}, clock);
  const refused = shop.events.next('store.sign-in-refused');
  const order = sandbox.addOrder({ shipments: [{}] });
  const answer = await shop.track(order, 'A');
  assert.equal(answer.kind, 'unsent');
  assert.match((await refused).message, /Check username and password/);
  const stop = new AbortController();
  const waiting = assert.rejects(shop.store.lookUp([order.incrementId], stop.signal), { code: 'stopped' });
  await assert.rejects(shop.store.probe(never), { code: 'not-allowed' });
  stop.abort();
  await waiting;
  assert.deepEqual(shop.intents, []);
  assert.equal(sandbox.counts().total, 1);
  assert.equal(shop.seen('store.sign-in-refused').length, 1);
  assert.deepEqual(sleptMs, [60 * 60_000], 'it is asked again in an hour');
});

test('says that a sign-in waits for the next one-time code, and how long', async () => {
  await using sandbox = await startSandbox({ twoFactor: true });
  const { username, password, otpSecret } = sandbox.admin;
  const auth = { kind: 'admin', username, password, otpSecret } as const;
  // The beginning of the 30 s for which a code is good; the shop takes the next one as well (RFC 6238, 5.2).
  let wallMs = Math.floor(Date.now() / 30_000) * 30_000;
  const clock: Clock = {
    ...systemClock,
    wallMs: () => wallMs,
    async sleep(delayMs) {
      wallMs += delayMs;
    },
  };
  await using shop = await openShop({ url: sandbox.url, auth }, {}, clock);
  await shop.store.probe(never);
  sandbox.expireAdminTokens();
  await shop.store.probe(never);
  assert.deepEqual(shop.seen('store.code-awaited'), [{ store: 'test', delayMs: 30_000 }]);
});
