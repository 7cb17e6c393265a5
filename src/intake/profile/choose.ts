import { UnreadableDropError } from '../../domain/failure.ts';
import {
  COLUMN_ROLES,
  type ColumnChoice,
  type ColumnRef,
  type Profile,
  type ProfileChoice,
} from '../../domain/profile.ts';
import { nameMatcher } from '../names.ts';
import { list, quoted } from '../wording.ts';
import { placesIn } from './columns-named.ts';

/** A profile for a file, and why that one, in words that go on from `since`. */
export interface Chosen {
  readonly profile: Profile;
  readonly why: string;
}

/**
 * The profile that a file's name alone decides: the inbox's, else the one whose patterns match, own ones before
 * presets. Undefined where the header has to decide.
 * @throws UnreadableDropError `profile-unclear` where two of one origin match.
 */
export function profileByName(fileName: string, { fixed, known }: ProfileChoice): Chosen | undefined {
  if (fixed !== null) return byInbox(fixed);
  return firstOf(known, (profile) => {
    const pattern = profile.files.find((one) => nameMatcher([one])(fileName));
    return pattern === undefined ? undefined : { weight: 0, why: `the file's name matches ${pattern}` };
  });
}

/**
 * The profile whose columns a header line has; undefined where none fits, and the words known for columns decide.
 * Of several of one origin the one with more columns counts.
 * @throws UnreadableDropError `profile-unclear` where two of one origin fit alike.
 */
export function profileByHeader(
  fields: readonly string[],
  { fixed, known }: ProfileChoice,
): Chosen | undefined {
  if (fixed !== null) return byInbox(fixed);
  const placesOf = placesIn(fields);
  return firstOf(known, (profile) => {
    const wanted = tellingNames(profile);
    if (wanted.length === 0) return undefined;
    const found = wanted.map((names) => placesOf({ kind: 'name', names })[0]);
    if (found.includes(undefined)) return undefined;
    const shown = list(found.map((index) => quoted(fields[index ?? 0] ?? '')));
    return {
      weight: found.length,
      why: `the header has ${found.length === 1 ? 'the column' : 'the columns'} ${shown}`,
    };
  });
}

function byInbox(profile: Profile): Chosen {
  return { profile, why: 'the inbox names it' };
}

interface Fit {
  /** More is better. */
  readonly weight: number;
  readonly why: string;
}

function firstOf(
  known: readonly Profile[],
  fitOf: (profile: Profile) => Fit | undefined,
): Chosen | undefined {
  for (const origin of ['own', 'preset'] as const) {
    const fitting = known
      .filter((profile) => profile.origin === origin)
      .flatMap((profile) => {
        const fit = fitOf(profile);
        return fit === undefined ? [] : [{ profile, ...fit }];
      })
      .sort((a, b) => b.weight - a.weight);
    const [best, next] = fitting;
    if (best === undefined) continue;
    if (next?.weight === best.weight) throw unclear(best, next);
    return { profile: best.profile, why: best.why };
  }
  return undefined;
}

/**
 * The columns that together say that a file is a profile's, each by the names it may have: its `headers`, else all
 * that its columns and rules name; none where it does not name both order and tracking number, since words that any
 * file may have tell nothing.
 */
function tellingNames({ headers, columns, rows }: Profile): readonly (readonly string[])[] {
  if (headers.length > 0) return headers.map((name) => [name]);
  if (!isNamed(columns.order) || !isNamed(columns.tracking)) return [];
  return [...COLUMN_ROLES.map((role) => columns[role]), ...rows.map(({ column }) => column)]
    .filter(isNamed)
    .map(({ names }) => names);
}

function isNamed(choice: ColumnChoice): choice is Extract<ColumnRef, { kind: 'name' }> {
  return typeof choice === 'object' && choice.kind === 'name';
}

function unclear(one: Chosen, other: Chosen): UnreadableDropError {
  return new UnreadableDropError(
    'profile-unclear',
    `The profiles ${one.profile.name} and ${other.profile.name} fit this file alike: ${one.why}; ${other.why}.`,
    1,
    `Name one of them in the inbox: profile: ${one.profile.name}.`,
  );
}
