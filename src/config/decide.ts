import { basename, dirname, join, resolve } from 'node:path';
import { ConfigError } from '../domain/failure.ts';
import { readCertificates } from './certificate.ts';
import { type Checked, check } from './check.ts';
import type { AuthConfig, Config, InboxConfig, StoreConfig } from './config.ts';
import type { OptionPath } from './options.ts';
import { decideChoice, decideProfiles, type KnownProfiles } from './profiles.ts';
import type { Written } from './written.ts';

/** What `log.format` is where nobody wrote it. */
export interface Preferences {
  readonly logFormat: Config['log']['format'];
}

/**
 * Decides what was written means: every default filled in, every path absolute.
 *
 * @throws ConfigError with every problem at once.
 */
export function decide(written: Written, preferences: Preferences): Config {
  const checked = check(written);
  const { value } = checked;
  if (checked.storeNames.length === 0) {
    checked.problem('stores', undefined, 'found none; expected at least one store, with its url and auth');
  }
  const stores = checked.storeNames.map((name) => decideStore(checked, written, name));
  const profilesFolder = value('profilesFolder');
  const profiles = decideProfiles(
    checked,
    profilesFolder === undefined ? undefined : resolve(written.folder, profilesFolder),
  );
  const inboxes = Array.from({ length: checked.inboxCount }, (_, at) =>
    decideInbox(checked, written, at, profiles),
  );
  refuseSharedNames(checked, inboxes);
  refuseSharedFolders(checked, inboxes);
  const beside = written.data ?? dirname(inboxes[0]?.folder ?? written.folder);
  const ledger = value('ledger');
  const config: Config = {
    stores,
    inboxes,
    ledger: ledger === undefined ? join(beside, 'trackdrop.db') : resolve(written.folder, ledger),
    limits: decideLimits(checked),
    permissions: {
      file: value('permissions.file'),
      folder: value('permissions.folder'),
      group: value('permissions.group') ?? null,
    },
    keep: {
      processedMs: value('keep.processed'),
      ledgerMs: value('keep.ledger'),
      failedMs: value('keep.failed'),
    },
    stopWithinMs: value('stopWithin'),
    timezone: value('timezone'),
    log: { level: value('log.level'), format: value('log.format') ?? preferences.logFormat },
  };
  if (checked.problems.length > 0) {
    throw new ConfigError(checked.problems, `The configuration comes from ${written.source}`);
  }
  return config;
}

/** What a file may be large. */
export function decideLimits({ value }: Checked): Config['limits'] {
  return {
    fileBytes: value('limits.fileBytes'),
    rows: value('limits.rows'),
    recordBytes: value('limits.recordBytes'),
    fieldBytes: value('limits.fieldBytes'),
  };
}

function decideStore(checked: Checked, { folder }: Written, name: string): StoreConfig {
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

function decideInbox(
  checked: Checked,
  { folder: base, data }: Written,
  at: number,
  profiles: KnownProfiles,
): InboxConfig {
  const { value } = checked;
  const folder = resolve(base, value('inboxes[].folder', at) ?? join(data ?? 'data', 'inbox'));
  const beside = (name: 'working' | 'waiting' | 'processed' | 'failed') =>
    resolve(base, value(`inboxes[].${name}`, at) ?? join(dirname(folder), name));
  return {
    name: value('inboxes[].name', at) ?? basename(folder),
    folder,
    working: beside('working'),
    waiting: beside('waiting'),
    processed: beside('processed'),
    failed: beside('failed'),
    store: decideStoreOfInbox(checked, at),
    profiles: decideChoice(checked, at, profiles),
    files: value('inboxes[].files', at),
    stableForMs: value('inboxes[].stableFor', at),
    unfinishedForMs: value('inboxes[].unfinishedFor', at),
    rescanEveryMs: value('inboxes[].rescanEvery', at),
    doneFile: value('inboxes[].doneFile', at) ?? null,
    ignoreOlderThanMs: value('inboxes[].ignoreOlderThan', at),
    createShipments: value('inboxes[].shipments.create', at),
    onExisting: value('inboxes[].shipments.onExisting', at),
    attach: value('inboxes[].shipments.attach', at),
    storeView: value('inboxes[].shipments.storeView', at) ?? null,
    waitFor: {
      orderNotFoundMs: value('inboxes[].waitFor.orderNotFound', at),
      orderHeldMs: value('inboxes[].waitFor.orderHeld', at),
      unpaidMs: value('inboxes[].waitFor.unpaid', at),
      everyMs: value('inboxes[].waitFor.every', at),
    },
    carriers: {
      default: value('inboxes[].carriers.default', at),
      defaultTitle: value('inboxes[].carriers.defaultTitle', at),
    },
  };
}

function decideStoreOfInbox(checked: Checked, at: number): string {
  const { storeNames } = checked;
  const store = checked.value('inboxes[].store', at);
  const one = `expected ${storeNames.join(' or ')}`;
  if (store === undefined && storeNames.length > 1 && !checked.has('inboxes[].store', at)) {
    checked.problem('inboxes[].store', at, `missing, and there are ${storeNames.length} stores; ${one}`);
  }
  if (store !== undefined && storeNames.length > 0 && !storeNames.includes(store)) {
    checked.problem('inboxes[].store', at, `found "${store}", which is not under stores; ${one}`);
  }
  return store ?? storeNames[0] ?? '';
}

function refuseSharedNames(checked: Checked, inboxes: readonly InboxConfig[]): void {
  for (const [at, { name }] of inboxes.entries()) {
    const first = inboxes.findIndex((other) => other.name === name);
    if (inboxes.length > 1 && !checked.has('inboxes[].name', at)) {
      checked.problem(
        'inboxes[].name',
        at,
        `missing, and there are ${inboxes.length} inboxes; expected a name`,
      );
    } else if (first < at) {
      checked.problem(
        'inboxes[].name',
        at,
        `found "${name}", which inboxes[${first}] has too; expected another`,
      );
    }
  }
}

/** Two inboxes, or two purposes, in one folder would take each other's files. */
function refuseSharedFolders(checked: Checked, inboxes: readonly InboxConfig[]): void {
  const taken = new Map<string, string>();
  for (const [at, inbox] of inboxes.entries()) {
    for (const purpose of ['folder', 'working', 'waiting', 'processed', 'failed'] as const) {
      const owner = taken.get(inbox[purpose]);
      if (owner) {
        const words = `found ${inbox[purpose]}, which is ${owner} too; expected a folder of its own`;
        checked.problem(`inboxes[].${purpose}`, at, words);
      } else taken.set(inbox[purpose], `inboxes[${at}].${purpose}`);
    }
  }
}

/** Every secret that the configuration holds, to be kept out of logs. */
export function secretsOf(config: Config): string[] {
  return config.stores.flatMap(({ auth }) => {
    if (auth.kind === 'bearer') return [auth.token];
    if (auth.kind === 'admin') return [auth.password, ...(auth.otpSecret === null ? [] : [auth.otpSecret])];
    return [auth.consumerKey, auth.consumerSecret, auth.accessToken, auth.accessTokenSecret];
  });
}
