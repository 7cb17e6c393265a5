import { type FileState, isSameState } from './file-state.ts';

/** How long a file must lie still before it counts as complete; all in ms of our own clock. */
export interface StableRules {
  readonly stableForMs: number;
  /** For a file whose last byte is no line end. */
  readonly unfinishedForMs: number;
}

/** A file's state and since when, by our clock, it has not changed. */
export interface Sighting extends FileState {
  readonly sinceMs: number;
}

/** An empty file may be about to be filled. */
export const EMPTY_FOR_MS = 10 * 60_000;

/**
 * Joins what was known with what is seen now. The time of stillness starts again with any change of size, mtime
 * or inode. It counts by our clock and never from the file's mtime: the writer's clock may be wrong, and tools
 * set old times. It starts again, too, when our clock was set back, or a file would wait for that time to return.
 */
export function sight(previous: Sighting | undefined, seen: FileState, nowMs: number): Sighting {
  const still = previous !== undefined && isSameState(previous, seen) && previous.sinceMs <= nowMs;
  return { ...seen, sinceMs: still ? previous.sinceMs : nowMs };
}

/** When the file has lain still for `stableFor`, whatever it holds, if it goes on doing so. */
export function stillAtMs({ sinceMs }: Sighting, { stableForMs }: StableRules): number {
  return sinceMs + stableForMs;
}

/**
 * When the file counts as complete if it goes on lying still.
 *
 * - `stableFor`: an upload in progress grows.
 * - `unfinishedFor` without a line end: a writer that pauses in mid-row leaves half a tracking number, and half a
 *   number is a wrong one. `endsLine` is null while nobody had to look.
 * - ten minutes when empty: many servers make the file first and write later; an empty file may also be meant.
 */
export function stableAtMs(sighting: Sighting, endsLine: boolean | null, rules: StableRules): number {
  if (sighting.bytes === 0) return sighting.sinceMs + Math.max(EMPTY_FOR_MS, rules.stableForMs);
  const stillForMs =
    endsLine === false ? Math.max(rules.unfinishedForMs, rules.stableForMs) : rules.stableForMs;
  return sighting.sinceMs + stillForMs;
}

/** Why a file may not be all there though it lies still: it holds nothing yet, or half a row at its end. */
export type Doubt = 'empty' | 'unfinished';

/** Why a file is waited for that has lain still for `stableFor`, and how long in ms; undefined where it is not. */
export function waitOf(
  sighting: Sighting,
  endsLine: boolean | null,
  rules: StableRules,
  nowMs: number,
): { readonly doubt: Doubt; readonly waitMs: number } | undefined {
  const waitMs = stableAtMs(sighting, endsLine, rules) - nowMs;
  if (waitMs <= 0 || nowMs < sighting.sinceMs + rules.stableForMs) return undefined;
  return { doubt: sighting.bytes === 0 ? 'empty' : 'unfinished', waitMs };
}

/** True when the file's last bytes are a line end, in UTF-8 or in UTF-16 of either order. */
export function isLineEnd(lastBytes: Uint8Array): boolean {
  const last = lastBytes.at(-1);
  const character = last === 0 ? lastBytes.at(-2) : last;
  return character === 0x0a || character === 0x0d;
}
