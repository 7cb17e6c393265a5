import type { Checker } from './checker.ts';
import { segments } from './option.ts';
import type { ProfilePath, ProfileWritten } from './profile-options.ts';
import type { Place } from './yaml-file.ts';

/** The keys of a profile that hold a list of groups. */
type ProfileList = 'rows' | 'carriers.map' | 'sources' | 'storeViews';

/** A written profile with every value checked by itself. */
export interface CheckedProfile {
  readonly name: string;
  /** What was written, and was not refused; `at` is the entry of a list. */
  written<P extends ProfilePath>(path: P, at?: number): ProfileWritten<P> | undefined;
  /** Whether anything stands at an option, refused or not. */
  has(path: ProfilePath, at?: number): boolean;
  /** How many entries a list has, none where nothing stands at its key; undefined where the key was not written. */
  count(list: ProfileList): number | undefined;
  /** Notes a problem at an option, at an entry of a list, or at the profile itself. */
  problem(path: ProfilePath | `${ProfileList}[]` | '', words: string, at?: number): void;
}

/** The profile that stands at a place of what was checked. */
export function profileAt(checker: Checker, start: Place, name: string): CheckedProfile {
  const placeOf = (path: string, at?: number): Place =>
    path === ''
      ? start
      : [...start, ...segments(path).map((part) => (part === '[]' && at !== undefined ? at : part))];
  return {
    name,
    // What the table's kind has read is of the type that the table's type names.
    written: (path, at) => checker.valueAt(placeOf(path, at)) as ProfileWritten<typeof path> | undefined,
    has: (path, at) => checker.has(placeOf(path, at)),
    count: (list) => checker.lengthAt(placeOf(list)) ?? (checker.has(placeOf(list)) ? 0 : undefined),
    problem: (path, words, at) => checker.note(placeOf(path, at), words),
  };
}
