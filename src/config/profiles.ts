import { fileURLToPath } from 'node:url';
import { PLAIN, type Profile, type ProfileChoice, positionsMissing } from '../domain/profile.ts';
import type { Checked } from './check.ts';
import { decideProfile } from './decide-profile.ts';
import type { CheckedProfile } from './profile-check.ts';
import { readProfileFiles } from './profile-files.ts';
import { nearest } from './suggest.ts';

/** Where the presets lie, a file each; from src/config and dist/config alike. */
export const PRESETS_FOLDER = fileURLToPath(new URL('../../config/profiles/', import.meta.url));

/** What `inboxes[].profile` means beside the names of profiles. */
export const PROFILE_WORDS: readonly string[] = ['auto', 'plain'];

/** The profiles that come with Trackdrop. What is wrong with them is added to `problems`. */
export function readPresets(problems: string[]): Profile[] {
  return resolveAll(readProfileFiles(PRESETS_FOLDER, problems), () => [], 'preset');
}

/** Every profile that a file may be read by. */
export class KnownProfiles {
  readonly #own: readonly Profile[];
  #all: readonly Profile[] | undefined;

  constructor(own: readonly Profile[]) {
    this.#own = own;
  }

  /**
   * One's own first, then the presets. These are read when they are first asked for: with them a daemon would start
   * a tenth later, and most days begin with waiting for a file.
   */
  get all(): readonly Profile[] {
    const isReplaced = ({ name }: Profile) => this.#own.some((own) => own.name === name);
    this.#all ??= [...this.#own, ...soundPresets().filter((preset) => !isReplaced(preset))];
    return this.#all;
  }

  /** What an inbox's files may be read by: `fixed`, or with null any of these. */
  choice(fixed: Profile | null): ProfileChoice {
    const all = () => this.all;
    return {
      fixed,
      get known() {
        return all();
      },
    };
  }
}

/**
 * The profiles of the configuration and of its folder, `more` in the place of those that are called so, then the
 * presets; one of one's own takes the place of a preset of the same name, so that a preset that is added later breaks
 * nobody's configuration.
 */
export function decideProfiles(
  checked: Checked,
  folder: string | undefined,
  more: readonly CheckedProfile[] = [],
): KnownProfiles {
  const isReplaced = ({ name }: CheckedProfile) => more.some((each) => each.name === name);
  const found = [...checked.profiles, ...inFolder(checked, folder)];
  const written = [...found.filter((profile) => !isReplaced(profile)), ...more];
  const named = new Map<string, CheckedProfile>();
  for (const profile of written) {
    if (PROFILE_WORDS.includes(profile.name))
      profile.problem('', `the word ${profile.name} has a meaning of its own; expected another name`);
    if (named.has(profile.name))
      profile.problem('', `there is another profile called ${profile.name}; expected each name once`);
    else named.set(profile.name, profile);
  }
  return new KnownProfiles(resolveAll([...named.values()], soundPresets, 'own'));
}

/** The presets. @throws Error for one that is wrong: it came with the program. */
export function soundPresets(): readonly Profile[] {
  const problems: string[] = [];
  const presets = readPresets(problems);
  if (problems.length > 0) throw new Error(`a preset cannot be used: ${problems.join('; ')}`);
  return presets;
}

function inFolder(checked: Checked, folder: string | undefined): CheckedProfile[] {
  if (folder === undefined) return [];
  try {
    return readProfileFiles(folder, checked.problems);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    checked.problem(
      'profilesFolder',
      undefined,
      `found ${folder}, which cannot be read (${String(error.code)}); expected a folder of profiles`,
    );
    return [];
  }
}

/** Decides profiles that may extend each other and those that are there already. */
function resolveAll(
  written: readonly CheckedProfile[],
  presetsOf: () => readonly Profile[],
  origin: 'own' | 'preset',
): Profile[] {
  const byName = new Map(written.map((checked) => [checked.name, checked]));
  const decided = new Map<string, Profile>();

  function resolve(checked: CheckedProfile, through: readonly string[]): Profile {
    const done = decided.get(checked.name);
    if (done) return done;
    const profile = decideProfile(checked, baseOf(checked, [...through, checked.name]), origin);
    decided.set(checked.name, profile);
    return profile;
  }

  function baseOf({ name, written: said, problem }: CheckedProfile, through: readonly string[]): Profile {
    const wanted = said('extends');
    if (wanted === undefined) return PLAIN;
    const presets = presetsOf();
    const preset = presets.find((each) => each.name === wanted);
    const other = wanted === name ? undefined : byName.get(wanted);
    const others = [...byName.keys(), ...presets.map((each) => each.name)].filter((each) => each !== name);
    if (other && through.includes(wanted)) {
      problem('extends', `found ${[...through, wanted].join(', which extends ')}; expected an end to it`);
    } else if (other) return resolve(other, through);
    else if (preset) return preset;
    else problem('extends', `found "${wanted}", ${notThere(wanted, others)}`);
    return PLAIN;
  }

  return written.map((checked) => resolve(checked, []));
}

/** What an inbox's files may be read by. */
export function decideChoice(checked: Checked, at: number, profiles: KnownProfiles): ProfileChoice {
  const wanted = checked.value('inboxes[].profile', at);
  if (wanted === 'auto') return profiles.choice(null);
  if (wanted === 'plain') return profiles.choice(PLAIN);
  const fixed = profiles.all.find(({ name }) => name === wanted);
  if (fixed === undefined) {
    const words = notThere(wanted, [...PROFILE_WORDS, ...profiles.all.map(({ name }) => name)]);
    checked.problem('inboxes[].profile', at, `found "${wanted}", ${words}`);
    return profiles.choice(null);
  }
  if (positionsMissing(fixed).length > 0 && fixed.origin === 'preset') {
    checked.problem(
      'inboxes[].profile',
      at,
      `found "${wanted}", which does not say where the numbers stand; expected a profile with extends: ${wanted} and their columns`,
    );
  }
  return profiles.choice(fixed);
}

function notThere(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return `which is no profile; ${near ? `did you mean ${near}?` : `expected one of ${[...new Set(known)].join(', ')}`}`;
}
