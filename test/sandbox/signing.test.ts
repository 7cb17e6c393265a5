import assert from 'node:assert/strict';
import { it } from 'node:test';
import { RIGHTS } from '../../src/sandbox/caller.ts';
import { Integrations } from '../../src/sandbox/signing.ts';
import { signByTheBook } from './recording.ts';

/** Who the shop takes for the sender of a query with eleven filters, signed in this order. */
function senderOfElevenFilters(order?: (a: string, b: string) => number): string {
  const integrations = new Integrations();
  const credentials = integrations.add(RIGHTS);
  const query = Array.from({ length: 11 }, (_, i) => `f%5B${i}%5D=v`).join('&');
  const oauth = {
    oauth_consumer_key: credentials.consumerKey,
    oauth_nonce: 'n',
    oauth_signature_method: 'HMAC-SHA256',
    oauth_timestamp: String(Math.floor(Date.now() / 1000)),
    oauth_token: credentials.accessToken,
  };
  const url = `http://shop:81/rest/V1/orders?${query}`;
  const signature = signByTheBook('GET', url, oauth, credentials, order);
  const header = Object.entries({ ...oauth, oauth_signature: signature })
    .map(([name, value]) => `${name}="${encodeURIComponent(value)}"`)
    .join(', ');
  const request = { method: 'GET', scheme: 'http' as const, host: 'shop:81', path: '/rest/V1/orders', query };
  return integrations.caller(`OAuth ${header}`, request).kind;
}

it('sorts indexes as numbers, so that only byte order fails from the eleventh on', () => {
  assert.equal(senderOfElevenFilters(), 'refused');
  assert.equal(
    senderOfElevenFilters((a, b) => a.localeCompare(b, 'en', { numeric: true })),
    'integration',
  );
});

it('takes a consumer only with its own token', () => {
  const integrations = new Integrations();
  const [one, other] = [integrations.add(RIGHTS), integrations.add([])];
  const oauth = {
    oauth_consumer_key: one.consumerKey,
    oauth_nonce: 'n',
    oauth_signature_method: 'HMAC-SHA256',
    oauth_timestamp: String(Math.floor(Date.now() / 1000)),
    oauth_token: other.accessToken,
    oauth_signature: 'x',
  };
  const header = Object.entries(oauth).map(([name, value]) => `${name}="${value}"`);
  const request = {
    method: 'GET',
    scheme: 'http' as const,
    host: 'shop',
    path: '/rest/V1/orders',
    query: '',
  };
  const caller = integrations.caller(`OAuth ${header.join(', ')}`, request);
  assert.deepEqual(caller, {
    kind: 'refused',
    refusal: { status: 401, value: { message: 'Specified token does not exist' } },
  });
});
