import { PROFILE_WORDS } from '../../config/profiles.ts';
import type { ReadingConfig, ReadingInbox } from '../../config/reading-config.ts';
import { nearest } from '../../config/suggest.ts';
import { UsageError } from '../../domain/failure.ts';
import { PLAIN, type ProfileChoice } from '../../domain/profile.ts';

/** By what a file is read: as an inbox would, or as a person asked. */
interface ReadAs {
  readonly profiles: ProfileChoice;
  readonly carriers: ReadingInbox['carriers'];
  /** Null where no one inbox is meant, and an inbox that says nothing of it stands in. */
  readonly inbox: string | null;
}

/** What a person asked for; undefined where nothing. */
export interface Asked {
  readonly profile: string | undefined;
  readonly inbox: string | undefined;
}

/**
 * The inbox that is named, else the only one; `profile` takes the place of what the inbox says of it.
 * @throws UsageError `no-such-profile` or `no-such-inbox`, with the one that was probably meant.
 */
export function readAs(config: ReadingConfig, { profile, inbox }: Asked): ReadAs {
  const found = inboxOf(config, inbox);
  const { profiles, carriers } = found ?? config.defaults;
  return {
    profiles: profile === undefined ? profiles : choiceOf(config, profile),
    carriers,
    inbox: found?.name ?? null,
  };
}

function inboxOf({ inboxes }: ReadingConfig, wanted: string | undefined): ReadingInbox | undefined {
  if (wanted === undefined) return inboxes.length === 1 ? inboxes[0] : undefined;
  const found = inboxes.find(({ name }) => name === wanted);
  if (found !== undefined) return found;
  const names = inboxes.map(({ name }) => name);
  const hint =
    names.length === 0 ? 'No configuration was found: name one with --config.' : among(wanted, names);
  throw new UsageError('no-such-inbox', `there is no inbox called ${wanted}`, { hint });
}

function choiceOf({ profiles }: ReadingConfig, wanted: string): ProfileChoice {
  if (wanted === 'auto') return { fixed: null, known: profiles };
  if (wanted === 'plain') return { fixed: PLAIN, known: profiles };
  const fixed = profiles.find(({ name }) => name === wanted);
  if (fixed !== undefined) return { fixed, known: profiles };
  throw noSuchProfile(wanted, [...PROFILE_WORDS, ...profiles.map(({ name }) => name)]);
}

/** `known` are the names that could have been meant. */
export function noSuchProfile(wanted: string, known: readonly string[]): UsageError {
  return new UsageError('no-such-profile', `there is no profile called ${wanted}`, {
    hint: among(wanted, known),
  });
}

function among(wanted: string, known: readonly string[]): string {
  const near = nearest(wanted, known);
  return near === undefined ? `There are ${known.join(', ')}.` : `Did you mean ${near}?`;
}
