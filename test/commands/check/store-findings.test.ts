import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Finding } from '../../../src/commands/check/finding.ts';
import { storeFindings } from '../../../src/commands/check/store-findings.ts';
import type { AuthConfig, StoreConfig } from '../../../src/config/config.ts';
import type { Examination } from '../../../src/magento/examine.ts';

const BEARER: AuthConfig = { kind: 'bearer', token: 'abcdefgh' };
const OAUTH: AuthConfig = {
  kind: 'oauth',
  consumerKey: 'k',
  consumerSecret: 's',
  accessToken: 't',
  accessTokenSecret: 'u',
};
const ADMIN: AuthConfig = { kind: 'admin', username: 'ada', password: 'p', otpSecret: 'JBSWY3DPEHPK3PXP' };
const MINUTE_MS = 60_000;

const RIGHTS = {
  orders: 'Magento_Sales::actions_view',
  shipments: 'Magento_Sales::shipment',
  track: 'Magento_Sales::shipment',
  ship: 'Magento_Sales::ship',
} as const;

/** Every right is found alike; `message` is what the store said of each. */
function rights(found: 'granted' | 'missing', message: (right: string) => string = () => '') {
  return (['orders', 'shipments', 'track', 'ship'] as const).map((call) => ({
    call,
    right: RIGHTS[call],
    found,
    message: message(RIGHTS[call]),
  }));
}

const WELL: Examination = {
  rights: rights('granted'),
  latenciesMs: [90, 20, 30, 25, 1000],
  clockAheadMs: 400,
  failure: null,
};

function found(store: Partial<StoreConfig>, examination: Partial<Examination> = {}): Map<string, Finding> {
  const config: StoreConfig = {
    name: 'main',
    url: 'https://shop.example',
    storeCode: 'all',
    auth: BEARER,
    readOnly: false,
    workers: 5,
    maxRequestsPerSecond: null,
    timeoutMs: 30_000,
    tlsCa: null,
    retry: { attempts: 6, firstDelayMs: 1_000, maxDelayMs: 60_000 },
    uncertain: {
      looksMs: [2_000],
      repeatTrackAfterMs: 30_000,
      repeatShipAfterMs: 120_000,
      verifyAfterMs: 60_000,
    },
    ...store,
  };
  const findings = storeFindings(config, { ...WELL, ...examination }, true);
  return new Map(findings.map((finding) => [finding.subject, finding]));
}

const REFUSED = (right: string) => `The consumer isn't authorized to access ${right}.`;

describe('a store that is well', () => {
  test('is told with the median of its answers, which one slow answer does not move', () => {
    const speed = found({}).get('speed');
    assert.deepEqual(speed?.facts, { medianMs: 30 });
    assert.match(speed?.message ?? '', /^30 ms .* of 5 \(20 to 1000 ms\)$/);
  });

  test('is warned of where what goes to it can be read on its way', () => {
    assert.equal(found({}).get('address')?.result, 'ok');
    assert.equal(found({ url: 'http://shop.example' }).get('address')?.result, 'warning');
  });
});

describe('401 for every question', () => {
  test('is a refused token for a bearer token', () => {
    const findings = found({ auth: BEARER }, { rights: rights('missing', REFUSED) });
    assert.equal(findings.get('sign-in')?.result, 'problem');
    assert.equal(findings.get('rights')?.result, 'skipped');
    assert.equal(findings.has('ship orders'), false);
  });

  test('is rights that are missing where OAuth credentials were taken, and where an admin user is known', () => {
    for (const auth of [OAUTH, ADMIN]) {
      const findings = found({ auth }, { rights: rights('missing', REFUSED) });
      assert.equal(findings.get('sign-in')?.result, 'ok');
      assert.equal(findings.get('read orders')?.result, 'problem');
    }
  });

  test('is refused credentials where Magento speaks of the signature', () => {
    const said = () => 'the sign-in is refused: The signature is invalid. Check consumerSecret.';
    const findings = found({ auth: OAUTH }, { rights: rights('missing', said) });
    assert.match(findings.get('sign-in')?.message ?? '', /^the sign-in is refused: The signature is invalid/);
  });
});

describe('the clock', () => {
  for (const [auth, aheadMs, result, words] of [
    [BEARER, 4 * MINUTE_MS, 'ok', /^4 min ahead of the store's$/],
    [BEARER, -6 * MINUTE_MS, 'warning', /^6 min behind the store's; the times in logs/],
    [OAUTH, 6 * MINUTE_MS, 'warning', /ten minutes ahead/],
    [ADMIN, 20_000, 'ok', /^20 s ahead of/],
    [ADMIN, -40_000, 'warning', /one-time codes are refused/],
    [ADMIN, 900, 'ok', /^the same as the store's$/],
  ] as const) {
    test(`${aheadMs / 1000} s ahead is ${result} for ${auth.kind}`, () => {
      const clock = found({ auth }, { clockAheadMs: aheadMs }).get('clock');
      assert.equal(clock?.result, result);
      assert.match(clock?.message ?? '', words);
    });
  }

  test('is not known where no answer said the time', () => {
    assert.equal(found({}, { clockAheadMs: null }).get('clock')?.result, 'skipped');
  });
});

describe('a failure', () => {
  const failure = {
    kind: 'uncertain',
    message: 'the shop is in maintenance (503)',
    remedy: 'Wait.',
    retryAfterMs: undefined,
    tooMuch: false,
  } as const;

  test('before any answer is about the address, and nothing else is guessed', () => {
    const findings = found({}, { failure: { ...failure, blame: 'store' }, latenciesMs: [] });
    assert.deepEqual([...findings.keys()], ['address', 'rights']);
    assert.equal(findings.get('address')?.hint, 'Wait.');
  });

  test('has no hint where its message tells what helps, or nobody knows', () => {
    const findings = found({}, { failure: { ...failure, remedy: '', blame: 'address' }, latenciesMs: [] });
    assert.equal(findings.get('address')?.hint, undefined);
  });
});
