import { basename, resolve } from 'node:path';
import { ConfigError } from '../domain/failure.ts';
import type { Profile, ProfileChoice } from '../domain/profile.ts';
import { check } from './check.ts';
import type { InboxConfig, LimitsConfig } from './config.ts';
import { decideLimits } from './decide.ts';
import type { CheckedProfile } from './profile-check.ts';
import { readProfileFile } from './profile-files.ts';
import { decideChoice, decideProfiles } from './profiles.ts';
import { readWrittenIfAny, type Surroundings, type Written } from './written.ts';
import { isTree } from './yaml-file.ts';

/** What decides how a file is read, and nothing else of a configuration. */
export interface ReadingConfig {
  /** Where it comes from; null where none was found, and every default holds. */
  readonly source: string | null;
  /** One's own first, then the presets. */
  readonly profiles: readonly Profile[];
  /** Empty where no configuration was found. */
  readonly inboxes: readonly ReadingInbox[];
  /** What an inbox reads by that says nothing of it. */
  readonly defaults: Omit<ReadingInbox, 'name'>;
  readonly limits: LimitsConfig;
}

/** What of an inbox decides how its files are read. */
export interface ReadingInbox {
  readonly name: string;
  readonly profiles: ProfileChoice;
  readonly carriers: InboxConfig['carriers'];
}

/** The only keys that matter here. */
const KEYS: readonly string[] = ['profiles', 'profilesFolder', 'inboxes', 'limits'];

/**
 * Reads of the configuration what decides how a file is read. Nothing else of it must be there or be right: a profile is
 * written before a store is set up, and by people who may not see its secrets. `profileFile` is a file with one more
 * profile, which is called as the file is.
 *
 * @throws ConfigError with every problem of these keys at once; also where the file that `--config` names is not there.
 */
export async function readReadingConfig(around: Surroundings, profileFile?: string): Promise<ReadingConfig> {
  const written = await readWrittenIfAny(around);
  const part = { ...(written ?? { ...NOTHING, folder: around.cwd }), problems: [] };
  const checked = check({ ...part, tree: partOf(part.tree) });
  // Into the list that is thrown: what is wrong with a profile as a whole is noted only when it is decided.
  const more = profileFile === undefined ? [] : profileIn(resolve(around.cwd, profileFile), checked.problems);
  const folder = checked.value('profilesFolder');
  const profiles = decideProfiles(
    checked,
    folder === undefined ? undefined : resolve(part.folder, folder),
    more,
  );
  const inboxAt = (at: number): ReadingInbox => ({
    name: checked.value('inboxes[].name', at) ?? basename(checked.value('inboxes[].folder', at) ?? 'inbox'),
    profiles: decideChoice(checked, at, profiles),
    carriers: {
      default: checked.value('inboxes[].carriers.default', at),
      defaultTitle: checked.value('inboxes[].carriers.defaultTitle', at),
    },
  });
  const inboxes = Array.from({ length: checked.inboxCount }, (_, at) => inboxAt(at));
  const config: ReadingConfig = {
    source: written?.source ?? null,
    profiles: profiles.all,
    inboxes: written === undefined ? [] : inboxes,
    defaults: inboxAt(checked.inboxCount),
    limits: decideLimits(checked),
  };
  if (checked.problems.length > 0) {
    throw new ConfigError(checked.problems, written ? `The configuration comes from ${written.source}` : '');
  }
  return config;
}

const NOTHING: Omit<Written, 'folder'> = {
  tree: {},
  source: '',
  data: undefined,
  whereIs: () => '',
  problems: [],
};

function profileIn(path: string, problems: string[]): CheckedProfile[] {
  return [readProfileFile(path, basename(path), problems) ?? []].flat();
}

function partOf(tree: unknown): unknown {
  return isTree(tree) ? Object.fromEntries(Object.entries(tree).filter(([key]) => KEYS.includes(key))) : tree;
}
