import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Events } from '../events.ts';
import type { Clock } from '../runtime/clock.ts';
import { errorCode, isGone } from './file-errors.ts';
import { type FileState, isSameState, stateOf } from './file-state.ts';
import { endsWithLineEnd } from './last-bytes.ts';
import { isTemporaryName, nameMatcher } from './names.ts';
import { EMPTY_FOR_MS, type Sighting, sight, stableAtMs, stillAtMs, waitOf } from './stable.ts';

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
   * Ends the iteration as soon as every file that can become a drop was yielded; then an empty file is left where it
   * is, and an inbox that cannot be listed throws FolderError (`inbox-unavailable`) instead of being waited for.
   */
  readonly once?: boolean;
}

/** On a network mount each look takes a round trip; ten thousand in a row would take longer than a rescan. */
const LOOKS_AT_ONCE = 64;
/** A timer may fire a fraction of a millisecond early, and the look would come before the moment. */
const TIMER_SLACK_MS = 1;

interface Known {
  readonly sighting: Sighting;
  /** Null while nobody had to look, or could. */
  readonly endsLine: boolean | null;
  /** Null while it was not yielded in its present state. */
  readonly yieldedAtMs: number | null;
  /** Whether it was said, of its present state, that it is waited for. */
  readonly isAwaited: boolean;
}

/** What is known of the files of one inbox from one listing to the next. */
export class Listing {
  pending = 0;
  /** With `once`: files that are not waited for. */
  left: readonly string[] = [];
  readonly #options: InboxOptions;
  readonly #clock: Clock;
  readonly #events: Events;
  readonly #isWanted: (name: string) => boolean;
  #known = new Map<string, Known>();

  constructor(options: InboxOptions, { clock, events }: { readonly clock: Clock; readonly events: Events }) {
    this.#options = options;
    this.#clock = clock;
    this.#events = events;
    this.#isWanted = nameMatcher(options.files);
  }

  /** Lists the folder and returns the files that are to be yielded now. */
  async take(): Promise<readonly FoundFile[]> {
    const { folder, name: inbox, rescanEveryMs, once = false } = this.#options;
    const next = new Map<string, Known>();
    const found: FoundFile[] = [];
    const left: string[] = [];
    let pending = 0;
    for await (const [name, known] of this.#looks(await readdir(folder))) {
      const { sighting, endsLine, yieldedAtMs } = known;
      const nowMs = this.#clock.nowMs();
      const isForgotten = once && this.#isEmptySinceLong(sighting);
      const isStable =
        (isForgotten ? stillAtMs(sighting, this.#options) : stableAtMs(sighting, endsLine, this.#options)) <=
        nowMs;
      const isDue = isStable && (yieldedAtMs === null || Math.abs(nowMs - yieldedAtMs) >= rescanEveryMs);
      if (isDue) found.push({ inbox, folder, name, path: join(folder, name), ...sighting });
      const wait = waitOf(sighting, endsLine, this.#options, nowMs);
      // Nobody stays to see whether it is filled; the next run finds it as it is then.
      const isLeft = once && !isForgotten && wait?.doubt === 'empty';
      if (isLeft) left.push(name);
      else if (!isStable) pending += 1;
      const isAwaited = wait !== undefined && !isLeft && !isForgotten;
      if (isAwaited && !known.isAwaited) this.#events.emit('file.awaited', { inbox, name, ...wait });
      next.set(name, { ...known, yieldedAtMs: isDue ? nowMs : yieldedAtMs, isAwaited });
    }
    this.#known = next;
    this.pending = pending;
    this.left = left;
    return found.sort((one, other) => one.mtimeMs - other.mtimeMs);
  }

  /**
   * By the file's own time, since a run that ends by itself does not watch it for so long; should somebody fill it
   * all the same, the claimed file is seen to change.
   */
  #isEmptySinceLong({ bytes, mtimeMs }: Sighting): boolean {
    return bytes === 0 && this.#clock.wallMs() - mtimeMs >= EMPTY_FOR_MS;
  }

  /** Until the next rescan, or until the first known file can become stable or has lain still for `stableFor`. */
  restMs(): number {
    const nowMs = this.#clock.nowMs();
    let restMs = this.#options.rescanEveryMs;
    for (const { sighting, endsLine, yieldedAtMs } of this.#known.values()) {
      if (yieldedAtMs !== null) continue;
      const stillMs = stillAtMs(sighting, this.#options);
      const nextAtMs = stillMs > nowMs ? stillMs : stableAtMs(sighting, endsLine, this.#options);
      restMs = Math.min(restMs, Math.max(nextAtMs - nowMs, 0) + TIMER_SLACK_MS);
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
      return {
        sighting,
        endsLine,
        yieldedAtMs: same?.yieldedAtMs ?? null,
        isAwaited: same?.isAwaited ?? false,
      };
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
