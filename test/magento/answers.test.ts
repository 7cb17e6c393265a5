import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { classify } from '../../src/magento/answers.ts';
import { magentoMessage } from '../../src/magento/magento-message.ts';
import type { SignedAs } from '../../src/magento/remedies.ts';
import type { Answer, Reply } from '../../src/magento/reply.ts';
import { readToken } from '../../src/magento/token-answer.ts';
import type { Call, Failure, Verdict } from '../../src/magento/verdict.ts';
import { EXPECTED, type Expected, NOT_JUDGED } from './recorded-verdicts.ts';

interface Recording {
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: unknown;
  };
}

/** A recorded answer of a real Magento as the client hands it on. */
function recorded(name: string): Answer {
  const file = new URL(`../../fixtures/magento/${name}.json`, import.meta.url);
  const { response } = JSON.parse(readFileSync(file, 'utf8')) as Recording;
  const contentType = response.headers['content-type'] ?? '';
  const isJson = contentType.startsWith('application/json');
  // Tokens were cut out of the recordings.
  const body = response.body === '<token string of 151 chars>' ? 'x'.repeat(151) : response.body;
  return answer(response.status, isJson ? JSON.stringify(body) : String(body), contentType);
}

function answer(status: number, body: string, contentType = 'application/json; charset=utf-8'): Answer {
  return {
    kind: 'answer',
    status,
    contentType,
    body,
    location: undefined,
    retryAfterMs: undefined,
    dateMs: undefined,
    url: 'http://shop.example',
    signedAs: 'oauth',
  };
}

function failure(call: Call, reply: Reply): Failure {
  const verdict = classify(call, reply);
  assert.notEqual(verdict.kind, 'done');
  return verdict as Failure;
}

/** As in EXPECTED: what becomes of a recorded answer. */
function judged(call: Expected['call'], reply: Reply): Expected['verdict'] {
  if (call !== 'sign-in') return shown(classify(call, reply));
  assert.ok(reply.kind === 'answer');
  const answer = readToken(reply, false);
  return answer.kind === 'token' ? 'done' : shown(classify('track', answer));
}

function shown(verdict: Verdict): Expected['verdict'] {
  return verdict.kind === 'done' ? 'done' : `${verdict.kind}, ${verdict.blame}`;
}

for (const { call, verdict, recordings } of EXPECTED) {
  test(`takes ${recordings.length} recorded answers to ${call} for: ${verdict}`, () => {
    const found = recordings.map((name) => `${name}: ${judged(call, recorded(name))}`);
    assert.deepEqual(
      found,
      recordings.map((name) => `${name}: ${verdict}`),
    );
  });
}

test('every recording is judged once, or there is a reason why not', () => {
  const folder = new URL('../../fixtures/magento/', import.meta.url);
  const there = readdirSync(folder).map((file) => file.replace(/\.json$/, ''));
  const written = [...EXPECTED.flatMap(({ recordings }) => recordings), ...Object.values(NOT_JUDGED).flat()];
  assert.deepEqual(written.sort(), there.sort());
});

const SAYS: readonly (readonly [Call, string, RegExp])[] = [
  ['ship', 'ship-canceled', /status of canceled\nYou can't create/],
  ['ship', 'ship-holded', /status of holded$/],
  ['ship', 'ship-already-fully-shipped', /does not allow a shipment/],
  ['ship', 'ship-unknown-order-id', /requested doesn't exist/],
  ['ship', 'ship-track-missing-carrier', /^Could not save a shipment/],
  ['track', 'track-missing-carrier_code', /^Could not save the shipment tracking/],
  ['track', 'track-unknown-property', /^"BogusField" is not supported/],
  ['track', 'track-empty-object', /^"entity" is required/],
  ['track', 'track-malformed-json', /^Decoding error\.$/],
  ['track', 'track-body-1.2MB', /^the request is longer than .* takes \(413\)$/],
  ['track', 'route-unknown', /answered 404: Request does not match any route\.$/],
  [
    'orders',
    'oauth-bad-signature',
    /signature is invalid\. Verify and try again\. Check consumerSecret and accessTokenSecret/,
  ],
  ['orders', 'oauth-unknown-consumer', /key does not exist\. Check consumerKey/],
  ['orders', 'oauth-unknown-token', /token does not exist\. Check accessToken/],
  ['orders', 'oauth-nonce-reused', /consumer with ID 1: a proxy before the shop has sent one request twice$/],
  ['orders', 'oauth-future-timestamp-700s', /validating the nonce\. Check the clock here/],
  ['orders', 'oauth-hmac-sha1', /^the sign-in is refused: Signature method HMAC-SHA1 is not supported$/],
  [
    'orders',
    'orders-store-path-unknown',
    /^the shop does not know the storeCode \(Specified request cannot be processed\.\)$/,
  ],
  ['orders', 'orders-invalid-field', /answered 500: Internal Error\. .*Report ID/],
  ['orders', 'orders-in-700-url-length', /^the address is longer .* \(414\)$/],
  ['orders', 'orders-without-rest-prefix', /^there is no REST API at this address \(404 with a page\)$/],
  ['track', 'maintenance-post-track', /^the shop is in maintenance \(503\)$/],
  ['track', 'outage-php-fpm-down-post', /^the shop's PHP does not run \(502 of its web server\)$/],
  [
    'track',
    'outage-database-down-post',
    /^the shop cannot start, most likely because its database is away \(500\)$/,
  ],
];

test('says what a recorded answer said, with its placeholders filled in', () => {
  for (const [call, name, message] of SAYS) assert.match(failure(call, recorded(name)).message, message);
});

const GRANTS: readonly (readonly [Call, string, SignedAs, RegExp])[] = [
  [
    'orders',
    'auth-bad-token',
    'oauth',
    /access Magento_Sales::actions_view\. Grant Sales > .* > Actions > View /,
  ],
  [
    'track',
    'auth-acl-orders-read-post-track',
    'oauth',
    /Grant Sales > Operations > Shipments under System > Ext/,
  ],
  [
    'ship',
    'auth-acl-orders-read-ship',
    'oauth',
    /Actions > Ship under .*Integrations > \(the integration\) > API\.$/,
  ],
  ['ship', 'auth-acl-orders-read-ship', 'admin', /Actions > Ship under System > Permissions > User Roles/],
  [
    'orders',
    'auth-integration-bearer-disabled-in-config',
    'bearer',
    /bin\/magento config:set oauth\/consumer\/enable_integration_as_bearer 1\.$/,
  ],
];

test('says where in the admin a missing right is granted, and how bearer tokens are allowed', () => {
  for (const [call, name, signedAs, message] of GRANTS) {
    assert.match(failure(call, { ...recorded(name), signedAs }).message, message);
  }
});

test('takes a 401 without a word of Magento for somebody in front of it', () => {
  for (const call of ['orders', 'track', 'ship'] as const) {
    const verdict = failure(call, answer(401, '<html>', 'text/html'));
    assert.deepEqual([verdict.kind, verdict.blame], ['uncertain', 'address']);
    assert.match(verdict.message, /something in front of Magento asks for a password/);
  }
});

const SAID_AT_THE_DOOR = [
  ...['auth-bad-token', 'auth-acl-orders-read-ship', 'oauth-bad-signature', 'oauth-unknown-consumer'],
  ...['oauth-unknown-token', 'oauth-plaintext', 'oauth-hmac-sha1'],
];

test('takes a write for unsent only where Magento itself did not let it in', () => {
  for (const name of SAID_AT_THE_DOOR) {
    assert.equal(shown(classify('track', recorded(name))), 'unsent, right', name);
  }
  const revoked = answer(401, JSON.stringify({ message: 'Access token has been revoked' }));
  assert.equal(shown(classify('ship', revoked)), 'unsent, right');
  const another = answer(401, JSON.stringify({ message: 'Unauthorized' }));
  assert.equal(shown(classify('ship', another)), 'uncertain, right');
});

test('takes a nonce that was used for a write that came twice, not for a right that is missing', () => {
  assert.equal(shown(classify('track', recorded('oauth-nonce-reused'))), 'uncertain, store');
  assert.equal(shown(classify('ship', recorded('oauth-future-timestamp-700s'))), 'uncertain, right');
});

test('takes no sentence about a track that could not be taken back for a refusal', () => {
  const reply = answer(400, JSON.stringify({ message: 'Could not delete the shipment tracking.' }));
  assert.equal(shown(classify('untrack', reply)), 'uncertain, call');
});

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
    ['mail', answer(200, '[]')],
    ['mail', answer(200, '"true"')],
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
  for (const status of [400, 403, 404, 408, 409, 418, 422, 423, 451]) {
    assert.equal(failure('track', answer(status, '<html>no</html>', 'text/html')).kind, 'uncertain');
  }
  for (const status of [403, 406, 409, 422]) {
    assert.equal(failure('track', answer(status, '{"message":"blocked"}')).kind, 'uncertain');
  }
});

test('blames a refused question on the store and a refused write on the write', () => {
  const message = "The entity that was requested doesn't exist. Verify the entity and try again.";
  const reply = answer(404, JSON.stringify({ message }));
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
    for (const call of ['orders', 'shipments', 'track', 'ship', 'untrack', 'mail'] as const) {
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
  assert.deepEqual([verdict.kind, verdict.blame], ['uncertain', 'address']);
  assert.match(verdict.message, /points to https:\/\/www\.shop\.example\/rest\/x$/);
});

test('says which url to set where the shop only wants https', () => {
  const remedy = (location: string) => {
    const reply: Reply = { ...answer(301, '', 'text/html'), location };
    return failure('orders', reply).remedy;
  };
  assert.equal(remedy('https://shop.example/rest/all/V1/orders'), 'Set url to https://shop.example.');
  assert.match(remedy('https://www.shop.example/'), /under which the shop answers itself/);
  assert.match(remedy('/sorry'), /redirects are not followed/);
});

test('tells the pages of proxies and web servers apart, and quotes none of them', () => {
  const pages: readonly (readonly [Answer, RegExp])[] = [
    [
      answer(200, '<p>secret', 'text/html'),
      /^the shop's web server or a proxy answered 200 with a page \(text\/html\)$/,
    ],
    [answer(200, '', ''), /answered 200 with nothing$/],
    [answer(200, '{"a"', 'application/json'), /answered 200 with JSON that is no answer of Magento$/],
    [answer(500, 'secret', 'text/secret with blanks'), /answered 500 with something of no known kind$/],
    [
      answer(502, '<title>502</title>', 'text/html'),
      /^a proxy before the shop gets no answer from it \(502\)$/,
    ],
    [answer(503, '<h1>503</h1>', 'text/html'), /has nobody to answer \(503\)$/],
    [
      answer(400, '<p>The plain HTTP request was sent to HTTPS port', 'text/html'),
      /^plain http is spoken to a port/,
    ],
  ];
  for (const [reply, message] of pages) {
    const { kind, ...said } = failure('track', reply);
    assert.equal(kind, 'uncertain');
    assert.match(said.message, message);
    assert.doesNotMatch(said.message + said.remedy, /secret/);
  }
});

test('says that the sign-in is refused where a signature is, and no right', () => {
  for (const name of ['oauth-bad-signature', 'oauth-unknown-consumer', 'oauth-unknown-token']) {
    assert.match(failure('orders', recorded(name)).message, /^the sign-in is refused: /);
  }
  assert.doesNotMatch(failure('orders', recorded('auth-bad-token')).message, /sign-in/);
});

test('takes a request that reached nobody for unsent and one that was cut for uncertain', () => {
  const broken = { kind: 'broken', message: 'timeout', remedy: '', why: 'timeout' } as const;
  assert.equal(failure('ship', { ...broken, sent: false }).kind, 'unsent');
  assert.equal(failure('ship', { ...broken, sent: true }).kind, 'uncertain');
  assert.equal(failure('orders', { ...broken, sent: true }).tooMuch, true);
  assert.equal(failure('orders', { ...broken, sent: false }).tooMuch, false);
});

test('judges a shop that speaks another language as one that speaks English', () => {
  const said = (call: Call, status: number, message: string) =>
    shown(classify(call, answer(status, JSON.stringify({ message }))));
  assert.equal(
    said('track', 400, 'Die Sendungsverfolgung konnte nicht gespeichert werden.'),
    'uncertain, call',
  );
  assert.equal(said('ship', 404, 'Die Anfrage passt zu keiner Route.'), 'uncertain, store');
  assert.equal(
    said('ship', 400, 'Shipment Document Validation Error(s):\nDie Bestellung erlaubt keine Lieferung.'),
    'refused, call',
  );
  const missing = { message: '%fieldName wird benötigt.', parameters: { fieldName: 'entity' } };
  assert.equal(shown(classify('track', answer(400, JSON.stringify(missing)))), 'refused, call');
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
