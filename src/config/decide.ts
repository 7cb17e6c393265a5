import { dirname, join, resolve } from 'node:path';
import { ConfigError } from '../domain/failure.ts';
import { type Checked, check } from './check.ts';
import type { Config } from './config.ts';
import { decideInbox, refuseSharedFolders, refuseSharedNames } from './decide-inbox.ts';
import { decideStore, refuseSharedShops } from './decide-store.ts';
import { decideProfiles } from './profiles.ts';
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
  refuseSharedShops(checked, stores);
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

/** Every secret that the configuration holds, to be kept out of logs. */
export function secretsOf(config: Config): string[] {
  return config.stores.flatMap(({ auth }) => {
    if (auth.kind === 'bearer') return [auth.token];
    if (auth.kind === 'admin') return [auth.password, ...(auth.otpSecret === null ? [] : [auth.otpSecret])];
    return [auth.consumerKey, auth.consumerSecret, auth.accessToken, auth.accessTokenSecret];
  });
}
