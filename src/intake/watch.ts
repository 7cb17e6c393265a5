import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FolderError } from '../domain/failure.ts';
import type { Events } from '../events.ts';
import { Bell } from '../runtime/bell.ts';
import type { Clock } from '../runtime/clock.ts';
import { errorCode, isGone } from './file-errors.ts';
import { type FileState, isSameState, stateOf } from './file-state.ts';
import { endsWithLineEnd } from './last-bytes.ts';
import { isTemporaryName, nameMatcher } from './names.ts';
import { NativeEvents } from './native-events.ts';
import { type Sighting, sight, stableAtMs } from './stable.ts';

/** A complete file in the inbox, as it was when it was listed. */
export interface FoundFile extends FileState {
  readonly inbox: string;
  readonly folder: string;
  readonly name: string;
  readonly path: string;
}

export interface InboxOptions {
  readonly name: string;
  readonly folder: string;
  /** Patterns as in `nameMatcher`. */
  readonly files: readonly string[];
  readonly stableForMs: number;
  readonly unfinishedForMs: number;
  readonly rescanEveryMs: number;
  /**
   * Ends the iteration as soon as every file that can become a drop was yielded; then an inbox that cannot be
   * listed throws FolderError (`inbox-unavailable`) instead of being waited for.
   */
  readonly once?: boolean;
}

export interface InboxWatch extends AsyncIterable<FoundFile> {
  /** Files that can become a drop and were not yielded yet, stable or not, as of the last listing. */
  pending(): number;
}

/** A burst of events (150 uploads, a writer of small pieces) costs one listing in this time. */
const LISTINGS_APART_MS = 200;
/** On a network mount each look takes a round trip; ten thousand in a row would take longer than a rescan. */
const LOOKS_AT_ONCE = 64;
/** A timer may fire a fraction of a millisecond early, and the look would come before the moment. */
const TIMER_SLACK_MS = 1;

/**
 * Yields the complete files of an inbox, oldest first, until the signal fires; see stable.ts for what complete
 * means. The folder is listed at the start, every `rescanEveryMs`, and at the moment a known file can become
 * stable; native events only wake the listing early, since they do not cross network mounts. A file that was
 * yielded and is still there is yielded again `rescanEveryMs` later. One iteration at a time.
 *
 * Only regular files count, by `lstat`: a symbolic link could name any file of the machine, and reading a FIFO
 * blocks for ever. The inbox is never made: a forgotten mount would look healthy.
 */
export function watchInbox(
  options: InboxOptions,
  parts: { readonly clock: Clock; readonly events: Events },
  signal: AbortSignal,
): InboxWatch {
  const listing = new Listing(options, parts.clock);
  return {
    pending: () => listing.pending,
    [Symbol.asyncIterator]: () => files(options, listing, parts, signal),
  };
}

async function* files(
  options: InboxOptions,
  listing: Listing,
  { clock, events }: { readonly clock: Clock; readonly events: Events },
  signal: AbortSignal,
): AsyncGenerator<FoundFile, void, undefined> {
  const { name: inbox, folder } = options;
  const bell = new Bell();
  const native = new NativeEvents(folder, () => bell.ring());
  let isWatching = false;
  let isAvailable = true;
  try {
    while (!signal.aborted) {
      let found: readonly FoundFile[] = [];
      try {
        await native.renew();
        found = await listing.take();
        if (!isAvailable) events.emit('inbox.available', { inbox, folder });
        if (!isWatching) events.emit('inbox.watching', { inbox, folder });
        isWatching = true;
        isAvailable = true;
      } catch (error) {
        if (errorCode(error) === undefined) throw error;
        const message = `the inbox cannot be listed: ${(error as Error).message}`;
        if (isAvailable) events.emit('inbox.unavailable', { inbox, folder, message });
        isAvailable = false;
        if (options.once)
          throw new FolderError('inbox-unavailable', message, { facts: { folder }, cause: error });
      }
      for (const file of found) {
        if (signal.aborted) return;
        yield file;
      }
      // One more listing after the last file: it may have grown again before it could be claimed.
      if (options.once && listing.pending === 0) {
        if (found.length === 0) return;
        continue;
      }
      const restMs = listing.restMs();
      const apartMs = Math.min(LISTINGS_APART_MS, restMs);
      await new Bell().waitAtMost(apartMs, clock, signal);
      await bell.waitAtMost(restMs - apartMs, clock, signal);
    }
  } finally {
    await native.close();
  }
}

interface Known {
  readonly sighting: Sighting;
  /** Null while nobody had to look, or could. */
  readonly endsLine: boolean | null;
  /** Null while it was not yielded in its present state. */
  readonly yieldedAtMs: number | null;
}

/** What is known of the files of one inbox from one listing to the next. */
class Listing {
  pending = 0;
  readonly #options: InboxOptions;
  readonly #clock: Clock;
  readonly #isWanted: (name: string) => boolean;
  #known = new Map<string, Known>();

  constructor(options: InboxOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
    this.#isWanted = nameMatcher(options.files);
  }

  /** Lists the folder and returns the files that are to be yielded now. */
  async take(): Promise<readonly FoundFile[]> {
    const { folder, name: inbox, rescanEveryMs } = this.#options;
    const next = new Map<string, Known>();
    const found: FoundFile[] = [];
    let pending = 0;
    for await (const [name, known] of this.#looks(await readdir(folder))) {
      const { sighting, yieldedAtMs } = known;
      const nowMs = this.#clock.nowMs();
      const isStable = stableAtMs(sighting, known.endsLine, this.#options) <= nowMs;
      const isDue = isStable && (yieldedAtMs === null || Math.abs(nowMs - yieldedAtMs) >= rescanEveryMs);
      if (isDue) found.push({ inbox, folder, name, path: join(folder, name), ...sighting });
      if (!isStable) pending += 1;
      next.set(name, isDue ? { ...known, yieldedAtMs: nowMs } : known);
    }
    this.#known = next;
    this.pending = pending;
    return found.sort((one, other) => one.mtimeMs - other.mtimeMs);
  }

  /** Until the next rescan, or until the first known file can become stable. */
  restMs(): number {
    const nowMs = this.#clock.nowMs();
    let restMs = this.#options.rescanEveryMs;
    for (const { sighting, endsLine, yieldedAtMs } of this.#known.values()) {
      if (yieldedAtMs !== null) continue;
      const stableInMs = stableAtMs(sighting, endsLine, this.#options) - nowMs + TIMER_SLACK_MS;
      restMs = Math.min(restMs, Math.max(stableInMs, TIMER_SLACK_MS));
    }
    return restMs;
  }

  async *#looks(names: readonly string[]): AsyncGenerator<readonly [string, Known]> {
    const wanted = names.filter((name) => !isTemporaryName(name) && this.#isWanted(name));
    for (let at = 0; at < wanted.length; at += LOOKS_AT_ONCE) {
      const some = wanted.slice(at, at + LOOKS_AT_ONCE);
      const looks = await Promise.all(some.map(async (name) => [name, await this.#look(name)] as const));
      for (const [name, known] of looks) if (known !== undefined) yield [name, known];
    }
  }

  /** Undefined for what is no regular file, and for a file that is gone again. */
  async #look(name: string): Promise<Known | undefined> {
    const path = join(this.#options.folder, name);
    try {
      const stats = await lstat(path, { bigint: true });
      if (!stats.isFile()) return undefined;
      const before = this.#known.get(name);
      const nowMs = this.#clock.nowMs();
      const state = stateOf(stats);
      const sighting = sight(before?.sighting, state, nowMs);
      const same = before !== undefined && isSameState(before.sighting, state) ? before : undefined;
      let endsLine = same?.endsLine ?? null;
      if (endsLine === null && state.bytes > 0 && stableAtMs(sighting, null, this.#options) <= nowMs) {
        endsLine = await endsLineIfReadable(path, state.bytes);
      }
      return { sighting, endsLine, yieldedAtMs: same?.yieldedAtMs ?? null };
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  }
}

/** Null where the file may not be read: then the claim says so, in words, and the next listing asks again. */
async function endsLineIfReadable(path: string, bytes: number): Promise<boolean | null> {
  try {
    return await endsWithLineEnd(path, bytes);
  } catch (error) {
    if (isGone(error) || errorCode(error) === undefined) throw error;
    return null;
  }
}
