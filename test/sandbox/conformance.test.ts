import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/sandbox.ts';
import { ADMINS, seedRecordedShop } from './recorded-shop.ts';
import { type Received, type Recording, recordings, send, sentBody, signedAgain } from './recording.ts';

/** Recordings of these families that the sandbox does not answer: none. */
const LEFT_OUT: readonly (readonly [prefix: string, why: string])[] = [];

/** How the shop was set up for a recording, where it was not as usual. */
const SETTINGS: readonly (readonly [prefix: string, settings: SandboxOptions])[] = [
  ['maintenance-over', {}],
  ['maintenance-', { outage: 'maintenance' }],
  ['outage-over', {}],
  ['outage-php-fpm-down', { outage: 'php' }],
  ['outage-database-down', { outage: 'database' }],
  ['auth-integration-bearer-disabled', { bearerAllowed: false }],
  ['get-accept-gzip', { gzip: true }],
  ['auth-admin-token-1-minute-fresh', { adminTokenMs: 60_000 }],
];

/** Tries to sign in that came before the account was locked. */
const LOCK_TRIES = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => `auth-admin-token-lock-try-${n}`);

/** Recordings that were made before another one and are part of its situation. */
const BEFORE: Readonly<Record<string, readonly string[]>> = {
  'ship-already-fully-shipped': ['ship-all-no-items-one-track'],
  'ship-partial-then-no-items-ships-rest': ['ship-partial-2-of-5'],
  'ship-qty-more-than-remaining': ['ship-qty-2-of-5-one-line'],
  'ship-qty-fraction': ['ship-qty-2-of-5-one-line', 'ship-qty-more-than-remaining'],
  'ship-qty-negative': ['ship-qty-2-of-5-one-line', 'ship-qty-more-than-remaining'],
  'ship-qty-zero': ['ship-qty-2-of-5-one-line', 'ship-qty-more-than-remaining'],
  'ship-identical-partial-2-of-5-repeated-2': ['ship-identical-partial-2-of-5-repeated-1'],
  'ship-identical-partial-2-of-5-repeated-3': [1, 2].map(
    (n) => `ship-identical-partial-2-of-5-repeated-${n}`,
  ),
  'ship-identical-partial-2-of-5-repeated-4': [1, 2, 3].map(
    (n) => `ship-identical-partial-2-of-5-repeated-${n}`,
  ),
  'track-with-entity_id-of-existing': ['track-ok'],
  'track-duplicate-same': ['track-ok'],
  'track-delete-ok': ['track-ok'],
  'track-delete-again': ['track-ok', 'track-delete-ok'],
  'auth-admin-token-locked-right-password': LOCK_TRIES,
  'shipment-entity-again-same-order': ['shipment-entity-ok'],
  'oauth-nonce-reused': ['oauth-nonce-first'],
};

/** The address of the recorded shop; it stands in signatures and in error pages. */
const HOST = '127.0.0.1:8087';

const all = recordings();
const byName = new Map(all.map((recording) => [recording.name, recording]));
const leftOut = all.flatMap(({ name }) => {
  const found = LEFT_OUT.find(([prefix]) => name.startsWith(prefix));
  return found ? [{ name, why: found[1] }] : [];
});
const replayed = all.filter(({ name }) => !leftOut.some((one) => one.name === name));

describe('the sandbox answers like the recorded Magento', () => {
  for (const recording of replayed) {
    it(recording.name, async () => {
      const settings = SETTINGS.find(([prefix]) => recording.name.startsWith(prefix))?.[1] ?? {};
      await using sandbox = await startSandbox(settings);
      seedRecordedShop(sandbox);
      const tokens = {
        full: sandbox.bearer,
        inactive: sandbox.bearer,
        tracker_minimal: sandbox.bearer,
        orders_read_only: sandbox.addIntegration(['Magento_Sales::actions_view']).accessToken,
        admin: await adminToken(sandbox, recording.name),
      };
      for (const name of BEFORE[recording.name] ?? []) {
        const earlier = byName.get(name);
        assert.ok(earlier, `there is a recording ${name}`);
        await replay(sandbox, earlier, tokens);
      }
      const received = await replay(sandbox, recording, tokens);
      assert.equal(received.status, recording.response.status);
      assert.equal(received.headers['content-type'], recording.response.headers['content-type']);
      assertSameBody(received, recording);
      assertSameEffect(sandbox, recording);
    });
  }

  it('in every one of them', (t) => {
    for (const why of new Set(leftOut.map((one) => one.why))) {
      const names = leftOut.filter((one) => one.why === why).map((one) => one.name);
      t.diagnostic(`left out, ${why}: ${names.join(', ')}`);
    }
    t.diagnostic(`${replayed.length} of ${all.length} recordings replayed`);
    assert.deepEqual(leftOut, []);
    assert.ok(all.length >= 220, 'recordings were lost');
  });
});

function replay(
  sandbox: Sandbox,
  recording: Recording,
  tokens: Readonly<Record<string, string>> & { readonly admin: string },
): Promise<Received> {
  const { method, path_encoded: path, headers } = recording.request;
  const { authorization, ...others } = headers;
  const sent: Record<string, string> = { ...others, host: HOST };
  if (authorization?.startsWith('OAuth ')) {
    sent.authorization = signedAgain(recording, HOST, sandbox.oauth);
  } else if (authorization !== undefined) {
    // The tokens themselves were taken out of the recordings.
    sent.authorization = authorization
      .replace(/<access_token of integration (\w+)>/u, (_, name: string) => tokens[name] ?? '')
      .replace('<redacted/bogus>', recording.name.startsWith('auth-admin-token-') ? tokens.admin : 'bogus');
  }
  const body =
    recording.request.body === '<redacted credentials>' ? credentials(recording) : sentBody(recording);
  return send(sandbox.port, { method, path, headers: sent, body });
}

/** What the recording's admin user signed in with. */
function credentials({ name }: Recording): string {
  return JSON.stringify(name.includes('lock') ? ADMINS.lockme : ADMINS.labadmin);
}

/** A token as the recording's caller has one: by now expired, where its name says so. */
async function adminToken(sandbox: Sandbox, name: string): Promise<string> {
  // Any other call to a shop that is away would be answered by the outage.
  if (!name.startsWith('auth-admin-token-')) return '';
  const path = '/rest/V1/integration/admin/token';
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(ADMINS.labadmin);
  const { status, body: token } = await send(sandbox.port, { method: 'POST', path, headers, body });
  assert.equal(status, 200);
  if (name.includes('expired')) sandbox.expireAdminTokens();
  return JSON.parse(token.toString());
}

function assertSameBody(received: Received, recording: Recording): void {
  const { body: recorded, body_cut: cut = false } = recording.response;
  if (recording.name === 'get-accept-gzip') {
    // The recorder kept the compressed bytes as text, which cannot be undone: compare what was compressed.
    assert.equal(received.headers['content-encoding'], 'gzip');
    const plain = byName.get('get-accept-none')?.response.body;
    assert.deepEqual(JSON.parse(gunzipSync(received.body).toString()), plain);
    return;
  }
  const text = received.body.toString();
  const tokenLength = /^<token string of (\d+) chars>$/u.exec(String(recorded))?.[1];
  if (tokenLength !== undefined) {
    assert.equal(JSON.parse(text).length, Number(tokenLength));
    return;
  }
  if (received.headers['content-type'] !== 'application/json; charset=utf-8') {
    const expected = String(recorded);
    // Of the shop's own 404 page only the beginning is alike: what follows are its theme's assets.
    const end = recording.name === 'orders-without-rest-prefix' ? expected.indexOf('var require') : undefined;
    const compared = expected.slice(0, end);
    // Recorded pages are cut after some hundred characters; a whole one must be the same to the end.
    assert.equal(cut || end ? text.slice(0, compared.length) : text, compared);
    return;
  }
  const answered = JSON.parse(text);
  if (recording.name.startsWith('shipment-entity-')) assertOwnIds(answered);
  assert.deepEqual(
    normalised(answered, recording, cut ? recorded : undefined),
    normalised(recorded, recording),
  );
}

/**
 * What must differ between two shops is made equal:
 * - dates, because time has passed;
 * - ids that the database gave to new rows, where the shop's earlier history decides them: the track that was
 *   just made, the shipment that was just made (the whole answer of `ship`), lines of shipments;
 * - the number of the report in Magento's log, and an order's random code.
 * Where the recording was cut, texts are cut at the same length.
 */
function normalised(value: unknown, recording: Recording, cutLike?: unknown, path = ''): unknown {
  if (Array.isArray(value)) {
    return value.map((one, i) => normalised(one, recording, pick(cutLike, i), `${path}[]`));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [
        key,
        normalised(one, recording, pick(cutLike, key), `${path}.${key}`),
      ]),
    );
  }
  const made = recording.request.method === 'POST';
  if (/\.(created_at|updated_at)$/u.test(path)) return '<date>';
  if (path.endsWith('.protect_code')) return '<code>';
  if (recording.name.startsWith('shipment-entity-') && /\.(entity|parent|increment)_id$/u.test(path))
    return '<new id>';
  if (made && path === '.entity_id' && recording.name !== 'track-with-entity_id-of-existing')
    return '<new id>';
  if (
    path.endsWith('items[].entity_id') &&
    /^shipments?-/u.test(recording.name) &&
    path !== '.items[].entity_id'
  )
    return '<line id>';
  if (path === '.items[].entity_id' && recording.name === 'shipment-by-id') return '<line id>';
  if (path === '' && recording.name.startsWith('ship-') && typeof value === 'string') {
    assert.match(value, /^\d+$/u);
    return '<new id>';
  }
  if (path === '.message') return String(value).replace(/webapi-[0-9a-f]{13}$/u, 'webapi-<report>');
  if (typeof value === 'string' && typeof cutLike === 'string') return value.slice(0, cutLike.length);
  return value;
}

function pick(value: unknown, key: string | number): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

/** The parts of a shipment that was just made name it by the id that it got. */
// biome-ignore lint/suspicious/noExplicitAny: a wrong shape fails the comparison with the recording
function assertOwnIds({ entity_id: id, increment_id: number, items = [], tracks = [] }: any): void {
  if (id !== undefined) assert.equal(Number(number), id);
  for (const part of [...items, ...tracks]) assert.equal(part.parent_id, id);
}

/** The notes of the `ship` and `shipment-entity` recordings say what stood in the database afterwards. */
function assertSameEffect(sandbox: Sandbox, { name, note = '', request }: Recording): void {
  const found = /^order (\w+)\/(\w+), shipments (\d+), tracks (\d+)/u.exec(note);
  if (!/^(ship|shipment-entity)-/u.test(name) || !found) return;
  const [, state, status, shipments, tracks] = found;
  const orderId = name.startsWith('ship-')
    ? /\d+/u.exec(request.path_encoded.replace('/V1', ''))
    : /(?<="order_id":)\d+/u.exec(JSON.stringify(request.body));
  const order = sandbox.order(orderId?.[0]?.padStart(9, '0') ?? '');
  assert.ok(order);
  assert.deepEqual(
    {
      state: order.state,
      status: order.status,
      shipments: order.shipments.length,
      tracks: order.shipments.flatMap((shipment) => shipment.trackNumbers).length,
    },
    { state, status, shipments: Number(shipments), tracks: Number(tracks) },
  );
  const qtyShipped = /qty_shipped: (\S+)/u.exec(note)?.[1];
  if (qtyShipped !== undefined) {
    assert.equal(order.items.map((item) => item.qtyShipped.toFixed(4)).join(','), qtyShipped);
  }
  const items = /shipment items: (\S+)/u.exec(note)?.[1];
  if (items === undefined || items === 'NULL') return;
  const lines = order.shipments.at(-1)?.items.map(({ sku, qty }) => `${sku}x${qty.toFixed(4)}`);
  assert.equal(lines?.join(','), items);
}
