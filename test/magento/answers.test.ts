import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type Call, classify, type Failure, type Reply } from '../../src/magento/answers.ts';
import { magentoMessage } from '../../src/magento/magento-message.ts';

interface Recording {
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: unknown;
  };
}

/** A recorded answer of a real Magento as the client hands it on. */
function recorded(name: string): Reply {
  const file = new URL(`../../fixtures/magento/${name}.json`, import.meta.url);
  const { response } = JSON.parse(readFileSync(file, 'utf8')) as Recording;
  const contentType = response.headers['content-type'] ?? '';
  const isJson = contentType.startsWith('application/json');
  return answer(response.status, isJson ? JSON.stringify(response.body) : String(response.body), contentType);
}

function answer(status: number, body: string, contentType = 'application/json; charset=utf-8'): Reply {
  return {
    kind: 'answer',
    status,
    contentType,
    body,
    location: undefined,
    retryAfterMs: undefined,
    dateMs: undefined,
    signedAs: 'oauth',
  };
}

function failure(call: Call, reply: Reply): Failure {
  const verdict = classify(call, reply);
  assert.notEqual(verdict.kind, 'done');
  return verdict as Failure;
}

const DONE: readonly (readonly [Call, string])[] = [
  ['track', 'track-ok'],
  ['track', 'oauth-ok-post-track'],
  ['ship', 'ship-qty-2-of-5-one-line'],
  ['ship', 'ship-all-no-items-one-track'],
  ['untrack', 'track-delete-ok'],
  ['untrack', 'track-delete-unknown'],
  ['orders', 'orders-eq-fields'],
  ['orders', 'orders-not-found-fields'],
  ['shipments', 'shipments-by-order-in-fields'],
];

for (const [call, name] of DONE) {
  test(`takes ${name} for done`, () => {
    assert.equal(classify(call, recorded(name)).kind, 'done');
  });
}

const FAILED: readonly (readonly [Call, string, Failure['kind'], Failure['blame'], RegExp])[] = [
  ['ship', 'ship-canceled', 'refused', 'call', /status of canceled\nYou can't create/],
  ['ship', 'ship-holded', 'refused', 'call', /status of holded$/],
  ['ship', 'ship-already-fully-shipped', 'refused', 'call', /does not allow a shipment/],
  ['ship', 'ship-unknown-order-id', 'refused', 'call', /requested doesn't exist/],
  ['ship', 'ship-track-missing-carrier', 'uncertain', 'call', /^Could not save a shipment/],
  ['track', 'track-missing-carrier_code', 'uncertain', 'call', /^Could not save the shipment tracking/],
  ['track', 'track-unknown-property', 'refused', 'call', /^"BogusField" is not supported/],
  ['track', 'track-empty-object', 'refused', 'call', /^"entity" is required/],
  ['track', 'track-malformed-json', 'refused', 'call', /^Decoding error\.$/],
  ['track', 'track-body-1.2MB', 'uncertain', 'store', /answered 413 with an unexpected body \(text\/html\)/],
  ['track', 'auth-acl-orders-read-post-track', 'unsent', 'right', /access Magento_Sales::shipment\. Grant /],
  ['ship', 'auth-acl-orders-read-ship', 'unsent', 'right', /access Magento_Sales::ship\. Grant /],
  ['orders', 'auth-bad-token', 'unsent', 'right', /access Magento_Sales::actions_view\. Grant /],
  ['orders', 'oauth-bad-signature', 'unsent', 'right', /signature is invalid/],
  ['orders', 'oauth-nonce-reused', 'unsent', 'right', /consumer with ID 1$/],
  ['orders', 'oauth-future-timestamp-700s', 'unsent', 'right', /validating the nonce/],
  ['orders', 'oauth-hmac-sha1', 'unsent', 'right', /^Signature method HMAC-SHA1 is not supported$/],
  ['orders', 'orders-store-path-unknown', 'unsent', 'address', /cannot be processed/],
  ['orders', 'orders-invalid-field', 'uncertain', 'store', /answered 500: Internal Error\. .*Report ID/],
  ['orders', 'orders-in-700-url-length', 'uncertain', 'store', /answered 414/],
  ['orders', 'orders-without-rest-prefix', 'uncertain', 'store', /answered 404 with an unexpected body/],
  ['track', 'maintenance-post-track', 'uncertain', 'store', /answered 503 with an unexpected body/],
  ['ship', 'maintenance-post-ship', 'uncertain', 'store', /answered 503/],
  ['track', 'outage-php-fpm-down-post', 'uncertain', 'store', /answered 502/],
  ['track', 'outage-database-down-post', 'uncertain', 'store', /answered 500 with .* \(text\/plain\)/],
];

for (const [call, name, kind, blame, message] of FAILED) {
  test(`takes ${name} for ${kind}, to be blamed on the ${blame}`, () => {
    const verdict = failure(call, recorded(name));
    assert.deepEqual([verdict.kind, verdict.blame], [kind, blame]);
    assert.match(verdict.message, message);
  });
}

test('takes a shipment id as a bare number, too', () => {
  assert.deepEqual(classify('ship', answer(200, '31')), { kind: 'done', value: 31 });
});

test('never takes a 2xx that cannot be read for done', () => {
  const bodies: [Call, Reply][] = [
    ['track', answer(200, '<html>welcome</html>', 'text/html')],
    ['track', answer(200, '{"entity_id":5', 'application/json')],
    ['track', answer(200, '{"message":"hello"}')],
    ['track', answer(200, '[]')],
    ['track', answer(200, '{"entity_id":5}', 'text/html')],
    ['ship', answer(200, '"abc"')],
    ['ship', answer(200, '0')],
    ['ship', answer(200, '')],
    ['untrack', answer(200, 'false')],
    ['orders', answer(200, '{"items":[]}')],
    ['shipments', answer(200, '[]')],
    ['track', answer(204, '', '')],
  ];
  for (const [call, reply] of bodies) {
    const verdict = failure(call, reply);
    assert.deepEqual([verdict.kind, verdict.blame], ['uncertain', 'store']);
  }
});

test('believes no refusal in HTML and none with a status that Magento does not refuse with', () => {
  for (const status of [400, 403, 404, 408, 418, 423, 451]) {
    assert.equal(failure('track', answer(status, '<html>no</html>', 'text/html')).kind, 'uncertain');
  }
  assert.equal(failure('track', answer(403, '{"message":"blocked"}')).kind, 'uncertain');
});

test('blames a refused question on the store and a refused write on the write', () => {
  const reply = answer(404, JSON.stringify({ message: 'No such entity' }));
  assert.equal(failure('orders', reply).blame, 'store');
  assert.equal(failure('shipments', reply).blame, 'store');
  assert.equal(failure('track', reply).blame, 'call');
});

test('takes no word of a shop in the midst of a deployment for one about the row', () => {
  for (const [status, message] of [
    [404, 'Request does not match any route.'],
    [400, 'Class Shop\\Orders\\Interceptor does not exist'],
    [400, 'Class "Shop\\Orders\\Interceptor" does not exist'],
  ] as const) {
    for (const call of ['orders', 'shipments', 'track', 'ship', 'untrack'] as const) {
      const verdict = failure(call, answer(status, JSON.stringify({ message })));
      assert.deepEqual([verdict.kind, verdict.blame], ['unsent', 'store']);
    }
  }
});

test('takes too many requests for unsent and keeps the rest that the store asks for', () => {
  const reply = { ...answer(429, 'slow down', 'text/plain'), retryAfterMs: 7_000 } as Reply;
  const verdict = failure('track', reply);
  assert.deepEqual([verdict.kind, verdict.blame, verdict.retryAfterMs], ['unsent', 'rate', 7_000]);
});

test('says where a redirect points, without its query', () => {
  const reply = {
    ...answer(302, '', 'text/html'),
    location: 'https://www.shop.example/rest/x?token=abc',
  } as Reply;
  const verdict = failure('track', reply);
  assert.deepEqual([verdict.kind, verdict.blame], ['unsent', 'address']);
  assert.match(verdict.message, /points to https:\/\/www\.shop\.example\/rest\/x$/);
});

test('takes a request that reached nobody for unsent and one that was cut for uncertain', () => {
  const broken = { kind: 'broken', message: 'timeout', why: 'timeout' } as const;
  assert.equal(failure('ship', { ...broken, sent: false }).kind, 'unsent');
  assert.equal(failure('ship', { ...broken, sent: true }).kind, 'uncertain');
  assert.equal(failure('orders', { ...broken, sent: true }).tooMuch, true);
  assert.equal(failure('orders', { ...broken, sent: false }).tooMuch, false);
});

test('asks a smaller question after 413 and 414', () => {
  assert.equal(failure('orders', recorded('orders-in-700-url-length')).tooMuch, true);
  assert.equal(failure('orders', recorded('maintenance-post-track')).tooMuch, false);
});

test('fills placeholders from lists and from objects, the longest name first', () => {
  assert.equal(magentoMessage({ message: 'a %1, b %2, %3', parameters: ['x', 2] }), 'a x, b 2, %3');
  assert.equal(magentoMessage({ message: '%11', parameters: ['x'] }), 'x1');
  assert.equal(
    magentoMessage({ message: '%field %fieldName.', parameters: { field: 'f', fieldName: 'n' } }),
    'f n.',
  );
  assert.equal(magentoMessage({ message: '100 % of %1', parameters: ['%1'] }), '100 % of %1');
  assert.equal(magentoMessage({ message: '%toString', parameters: {} }), '%toString');
});

test('joins the errors that come along, and reads fatal errors of PHP', () => {
  const errors = [
    { message: '%1 is wrong.', parameters: ['qty'] },
    { message: 'So is %name.', parameters: { name: 'sku' } },
  ];
  assert.equal(magentoMessage({ message: 'Two errors:', errors }), 'Two errors: qty is wrong. So is sku.');
  assert.equal(
    magentoMessage({ messages: { error: [{ code: 500, message: 'Fatal Error' }] } }),
    'Fatal Error',
  );
  assert.equal(magentoMessage({ message: 7 }), undefined);
  assert.equal(magentoMessage('text'), undefined);
});
