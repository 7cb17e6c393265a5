import { lstat } from 'node:fs/promises';
import type { BystanderKind } from '../events/file-events.ts';
import type { Clock } from '../runtime/clock.ts';
import type { BrokenEntry } from './broken-entries.ts';
import { ctimeOf, kindOf } from './bystanders.ts';
import type { DoneFiles } from './done-files.ts';
import { type Entry, entryKey } from './entries.ts';
import { errorCode, isGone } from './file-errors.ts';
import { type FileState, isSameState, stateOf } from './file-state.ts';
import { endsWithLineEnd } from './last-bytes.ts';
import { type Sighting, type StableRules, sight, stableAtMs } from './stable.ts';

/** A done-file that speaks for a file, as it was when both were listed. */
export interface FoundDoneFile {
  readonly path: string | Buffer;
  readonly state: FileState;
  /** Paths of the other files in the inbox that it speaks for. */
  readonly alsoFor: readonly (string | Buffer)[];
}

/** What is known of a regular file of a wanted name. */
export interface Known {
  readonly entry: Entry;
  readonly sighting: Sighting;
  readonly ctimeMs: number;
  /** Null while nobody had to look, or could. */
  readonly endsLine: boolean | null;
  /** Null where done-files are not asked for. */
  readonly done: FoundDoneFile | 'not-done' | 'done-early' | null;
  /** Null while it was not yielded in its present state. */
  readonly yieldedAtMs: number | null;
  /** Whether it was said, of its present state, that it is waited for. */
  readonly isAwaited: boolean;
}

/** What one look shows: a file, what else bears a wanted name, or nothing but an error. */
export type Look =
  | Known
  | { readonly entry: Entry; readonly kind: BystanderKind; readonly ctimeMs: number }
  | BrokenEntry;

/** On a network mount each look takes a round trip; ten thousand in a row would take longer than a rescan. */
const LOOKS_AT_ONCE = 64;

/**
 * Looks at entries, and joins what is seen with what was known; what is gone again is left out. `doneFiles` is null where
 * none are asked for.
 */
export async function* looksAt(
  entries: readonly Entry[],
  known: ReadonlyMap<string, Known>,
  parts: { readonly doneFiles: DoneFiles | null; readonly rules: StableRules; readonly clock: Clock },
): AsyncGenerator<Look> {
  for (let at = 0; at < entries.length; at += LOOKS_AT_ONCE) {
    const some = entries.slice(at, at + LOOKS_AT_ONCE);
    const looks = some.map((entry) => lookAtEntry(entry, known.get(entryKey(entry)), parts));
    for (const look of await Promise.all(looks)) if (look !== undefined) yield look;
  }
}

async function lookAtEntry(
  entry: Entry,
  before: Known | undefined,
  { doneFiles, rules, clock }: Parameters<typeof looksAt>[2],
): Promise<Look | undefined> {
  try {
    const stats = await lstat(entry.path, { bigint: true });
    const ctimeMs = ctimeOf(stats);
    if (!stats.isFile()) return { entry, kind: kindOf(stats), ctimeMs };
    const nowMs = clock.nowMs();
    const state = stateOf(stats);
    const sighting = sight(before?.sighting, state, nowMs);
    const same = before !== undefined && isSameState(before.sighting, state) ? before : undefined;
    const done = doneFiles && (await doneFileOf(entry, ctimeMs, doneFiles));
    let endsLine = same?.endsLine ?? null;
    const isAsked = doneFiles === null && endsLine === null && state.bytes > 0;
    if (isAsked && stableAtMs(sighting, null, rules) <= nowMs) {
      endsLine = await endsLineIfReadable(entry.path, state.bytes);
    }
    const { yieldedAtMs = null, isAwaited = false } = same ?? {};
    return { entry, sighting, ctimeMs, endsLine, done, yieldedAtMs, isAwaited };
  } catch (error) {
    if (isGone(error)) return undefined;
    if (errorCode(error) === undefined) throw error;
    return { entry, error: error as Error };
  }
}

/**
 * A done-file that is older than the file was made for another one of that name, such as yesterday's. By ctime, which
 * no uploader sets: it counts from when the file came to its name, too.
 */
async function doneFileOf(
  file: Entry,
  ctimeMs: number,
  doneFiles: DoneFiles,
): Promise<FoundDoneFile | 'not-done' | 'done-early'> {
  const done = doneFiles.of(file);
  if (done === undefined) return 'not-done';
  try {
    const stats = await lstat(done.path, { bigint: true });
    if (!stats.isFile()) return 'not-done';
    if (ctimeOf(stats) < ctimeMs) return 'done-early';
    const others = doneFiles.spokenForBy(done).filter((other) => other !== file);
    return { path: done.path, state: stateOf(stats), alsoFor: others.map(({ path }) => path) };
  } catch (error) {
    if (isGone(error)) return 'not-done';
    throw error;
  }
}

/** Null where the file may not be read: then the claim says so, in words, and the next listing asks again. */
async function endsLineIfReadable(path: string | Buffer, bytes: number): Promise<boolean | null> {
  try {
    return await endsWithLineEnd(path, bytes);
  } catch (error) {
    if (isGone(error) || errorCode(error) === undefined) throw error;
    return null;
  }
}
