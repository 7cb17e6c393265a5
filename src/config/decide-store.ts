import { resolve } from 'node:path';
import { readCertificates } from './certificate.ts';
import type { Checked } from './check.ts';
import type { AuthConfig, StoreConfig } from './config.ts';
import type { OptionPath } from './options.ts';
import type { Written } from './written.ts';

/** The store of this name; what is missing or contradicts itself becomes a problem of `checked`. */
export function decideStore(checked: Checked, { folder }: Written, name: string): StoreConfig {
  const { value } = checked;
  const looksMs = value('stores.*.uncertain.looks', name);
  if (looksMs.some((lookMs, i) => lookMs < (looksMs[i - 1] ?? 0))) {
    checked.problem('stores.*.uncertain.looks', name, 'expected each to be later than the one before it');
  }
  return {
    name,
    url: needed(checked, 'stores.*.url', name, 'the URL of the shop') ?? '',
    storeCode: value('stores.*.storeCode', name),
    auth: decideAuth(checked, name),
    readOnly: value('stores.*.readOnly', name),
    workers: value('stores.*.workers', name),
    maxRequestsPerSecond: value('stores.*.maxRequestsPerSecond', name) ?? null,
    timeoutMs: value('stores.*.timeout', name),
    tlsCa: decideCa(checked, folder, name),
    retry: {
      attempts: value('stores.*.retry.attempts', name),
      firstDelayMs: value('stores.*.retry.firstDelay', name),
      maxDelayMs: value('stores.*.retry.maxDelay', name),
    },
    uncertain: {
      looksMs,
      repeatTrackAfterMs: value('stores.*.uncertain.repeatTrackAfter', name),
      repeatShipAfterMs: value('stores.*.uncertain.repeatShipAfter', name),
      verifyAfterMs: value('stores.*.uncertain.verifyAfter', name),
    },
  };
}

/**
 * Each store looks for what stands before it writes, and keeps the writes to one order apart; of those that another store
 * sends to the same shop at the same moment it knows nothing, and both would write the same number.
 */
export function refuseSharedShops(checked: Checked, stores: readonly StoreConfig[]): void {
  const known = new Map<string, string>();
  for (const { name, url } of stores) {
    if (url === '') continue;
    const shop = shopAt(url);
    const first = known.get(shop);
    if (first === undefined) known.set(shop, name);
    else {
      const words = `found ${url}, which is the shop of stores.${first} too; expected another shop: several inboxes may name one store`;
      checked.problem('stores.*.url', name, words);
    }
  }
}

/** The same for `http` and `https`, each with its own port: a shop answers by both. The kind of option wrote the rest alike. */
function shopAt(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return [hostname.replace(/\.$/, ''), port, pathname.replace(/\/+/g, '/').replace(/\/$/, '')].join(':');
}

function decideAuth(checked: Checked, name: string): AuthConfig {
  const given = ['oauth', 'bearer', 'admin'].filter((way) => checked.has(`stores.*.auth.${way}`, name));
  if (given.length !== 1) {
    const found = given.length === 0 ? 'nothing' : given.join(' and ');
    checked.problem('stores.*.auth', name, `found ${found}; expected exactly one of oauth, bearer and admin`);
  }
  if (given[0] === 'admin') {
    const own = (path: OptionPath & `stores.*.auth.admin.${string}`) =>
      needed(checked, path, name, 'that of the admin user') ?? '';
    return {
      kind: 'admin',
      username: own('stores.*.auth.admin.username'),
      password: own('stores.*.auth.admin.password'),
      otpSecret: checked.value('stores.*.auth.admin.otpSecret', name) ?? null,
    };
  }
  if (given[0] !== 'oauth')
    return { kind: 'bearer', token: checked.value('stores.*.auth.bearer', name) ?? '' };
  const part = (path: OptionPath & `stores.*.auth.oauth.${string}`) =>
    needed(checked, path, name, 'the one that Magento shows with the integration') ?? '';
  return {
    kind: 'oauth',
    consumerKey: part('stores.*.auth.oauth.consumerKey'),
    consumerSecret: part('stores.*.auth.oauth.consumerSecret'),
    accessToken: part('stores.*.auth.oauth.accessToken'),
    accessTokenSecret: part('stores.*.auth.oauth.accessTokenSecret'),
  };
}

/** The text of `tls.ca`; read here, so that a file that is none is said with every other problem. */
function decideCa(checked: Checked, folder: string, name: string): string | null {
  const file = checked.value('stores.*.tls.ca', name);
  if (file === undefined) return null;
  const read = readCertificates(resolve(folder, file));
  if ('pem' in read) return read.pem;
  checked.problem('stores.*.tls.ca', name, `found ${read.found}; expected ${read.expected}`);
  return null;
}

function needed(
  checked: Checked,
  path: OptionPath & `stores.*.${'url' | `auth.oauth.${string}` | `auth.admin.${string}`}`,
  name: string,
  expected: string,
): string | undefined {
  if (!checked.has(path, name)) checked.problem(path, name, `missing; expected ${expected}`);
  return checked.value(path, name);
}
