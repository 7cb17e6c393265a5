import { UnreadableDropError } from '../../domain/failure.ts';
import { PLAIN, type Profile, type ProfileChoice, positionsMissing } from '../../domain/profile.ts';
import { type Chosen, profileByName } from '../profile/choose.ts';
import { findLayout, hasHeaderOf } from './find-layout.ts';
import { type Head, readHead } from './head.ts';
import type { DropLayout } from './layout.ts';
import { type Survey, surveyFile } from './survey.ts';

/** What is known of a file before its rows are read. */
interface FirstLook {
  readonly survey: Survey;
  /** Null for a file of nothing but blanks. */
  readonly start: { readonly head: Head; readonly layout: DropLayout } | null;
  readonly profile: Profile;
}

/** What is given of a file and its inbox. */
export interface LookOptions {
  /** The file's, by which its profile may be known. */
  readonly name: string;
  readonly limits: { readonly fileBytes: number };
  readonly profiles: ProfileChoice;
  /** See ContentHash; default none. */
  readonly beginningsAt?: readonly number[];
}

/**
 * Surveys a file and finds its header. Its profile is the inbox's; else an own one by name, an own one by header, a
 * preset by name, a preset by header, the first that fits. A preset that is known by the name but says nothing of
 * where the numbers stand takes only what nothing else reads, to say what is missing.
 * @throws UnreadableDropError where the file as a whole cannot be read; StoppedError.
 */
export async function firstLook(path: string, options: LookOptions, signal: AbortSignal): Promise<FirstLook> {
  const { name, profiles } = options;
  const named = profileByName(name, profiles);
  const isPreset = profiles.fixed === null && named?.profile.origin === 'preset';
  const seen = await look(path, options, isPreset ? undefined : named, signal);
  if (!isPreset || seen.head === null) return understood(seen, named, options);
  const own = profiles.known.filter(({ origin }) => origin === 'own');
  if (hasHeaderOf(own, seen.head, seen.survey.isReport)) return understood(seen, undefined, options);
  if (positionsMissing(named.profile).length > 0) {
    const byHeader = unlessUnreadable(() => understood(seen, undefined, options));
    if (byHeader !== undefined) return byHeader;
  }
  const isAsSeen = named.profile.encoding === 'auto';
  return understood(isAsSeen ? seen : await look(path, options, named, signal), named, options);
}

interface Seen {
  readonly survey: Survey;
  readonly head: Head | null;
}

async function look(
  path: string,
  { limits, beginningsAt }: LookOptions,
  chosen: Chosen | undefined,
  signal: AbortSignal,
): Promise<Seen> {
  const { encoding } = chosen?.profile ?? PLAIN;
  const survey = await surveyFile(path, { maxBytes: limits.fileBytes, encoding, beginningsAt }, signal);
  return { survey, head: await readHead(path, survey.format, signal) };
}

function understood(
  { survey, head }: Seen,
  chosen: Chosen | undefined,
  { profiles }: LookOptions,
): FirstLook {
  if (head === null) return { survey, start: null, profile: chosen?.profile ?? PLAIN };
  const { layout, profile } = findLayout(head, { chosen, choice: profiles, isReport: survey.isReport });
  return { survey, start: { head, layout }, profile };
}

function unlessUnreadable<Result>(find: () => Result): Result | undefined {
  try {
    return find();
  } catch (error) {
    if (error instanceof UnreadableDropError) return undefined;
    throw error;
  }
}
