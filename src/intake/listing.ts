import type { Events } from '../events.ts';
import type { Clock } from '../runtime/clock.ts';
import { BrokenEntries, type BrokenEntry } from './broken-entries.ts';
import { type Bystander, Bystanders } from './bystanders.ts';
import { DoneFiles, doneFileMatcher } from './done-files.ts';
import { type Entry, entriesOf, entryKey } from './entries.ts';
import type { FileState } from './file-state.ts';
import { type FoundDoneFile, type Known, looksAt } from './looks.ts';
import { isTemporaryName, nameMatcher, parseClaimName } from './names.ts';
import { EMPTY_FOR_MS, type Sighting, stableAtMs, stillAtMs, waitOf } from './stable.ts';

/** A complete file in the inbox, as it was when it was listed. */
export interface FoundFile extends FileState {
  readonly inbox: string;
  readonly folder: string;
  readonly name: string;
  /** When it came to its name, or was last changed in any way, by the file system's clock. */
  readonly ctimeMs: number;
  /** Bytes where the name in the inbox is no UTF-8. */
  readonly path: string | Buffer;
  /** Null where done-files are not asked for. */
  readonly doneFile: FoundDoneFile | null;
}

/** Which files of an inbox are taken, and when. Times are ms. */
export interface InboxOptions {
  readonly name: string;
  readonly folder: string;
  /** Patterns as in `nameMatcher`. */
  readonly files: readonly string[];
  readonly stableForMs: number;
  readonly unfinishedForMs: number;
  readonly rescanEveryMs: number;
  /** Name of the done-file, with `{name}` or `{stem}`; null: a file is whole when it lies still. */
  readonly doneFile: string | null;
  /** Files of which the ctime lies before this moment are left alone; null: none is. */
  readonly ignoreBeforeMs: number | null;
  /**
   * Ends the iteration as soon as every file that can become a drop was yielded; then a file that is empty, or has no
   * done-file, is left where it is, and an inbox that cannot be listed throws FolderError (`inbox-unavailable`)
   * instead of being waited for.
   */
  readonly once?: boolean;
}

/** A timer may fire a fraction of a millisecond early, and the look would come before the moment. */
const TIMER_SLACK_MS = 1;

/** What is known of the files of one inbox from one listing to the next. */
export class Listing {
  pending = 0;
  /** With `once`: files that are not waited for. */
  left: { readonly name: string; readonly doubt: 'empty' | 'not-done' }[] = [];
  readonly #options: InboxOptions;
  readonly #clock: Clock;
  readonly #events: Events;
  readonly #isWanted: (name: string) => boolean;
  readonly #isDoneFile: (name: string) => boolean;
  readonly #bystanders: Bystanders;
  readonly #broken: BrokenEntries;
  #known = new Map<string, Known>();

  constructor(options: InboxOptions, parts: { readonly clock: Clock; readonly events: Events }) {
    this.#options = options;
    this.#clock = parts.clock;
    this.#events = parts.events;
    this.#isWanted = nameMatcher(options.files);
    this.#isDoneFile = options.doneFile === null ? () => false : doneFileMatcher(options.doneFile);
    this.#bystanders = new Bystanders(options.name, parts);
    this.#broken = new BrokenEntries(options, parts.events);
  }

  /** Lists the folder and returns the files that are to be yielded now, oldest first. */
  async take(): Promise<readonly FoundFile[]> {
    const { wanted, doneFiles, bystanders } = this.#sort(await entriesOf(this.#options.folder));
    const next = new Map<string, Known>();
    const found: FoundFile[] = [];
    this.left = [];
    this.pending = 0;
    const parts = { doneFiles, rules: this.#options, clock: this.#clock };
    const broken: BrokenEntry[] = [];
    for await (const look of looksAt(wanted, this.#known, parts)) {
      if ('error' in look) broken.push(look);
      else if ('kind' in look) bystanders.push(look);
      else if (this.#isOld(look)) bystanders.push({ ...look, kind: 'old' });
      else {
        const known = this.#judge(look, found);
        next.set(entryKey(look.entry), known);
        if (typeof look.done === 'string') bystanders.push({ ...look, kind: look.done });
      }
    }
    await this.#broken.see(broken);
    this.#sayCleared(next);
    this.#known = next;
    await this.#bystanders.see(bystanders);
    return found.sort((one, other) => one.mtimeMs - other.mtimeMs);
  }

  /** Until the next rescan, or until the first known file can become stable or has lain still for `stableFor`. */
  restMs(): number {
    const nowMs = this.#clock.nowMs();
    let restMs = this.#options.rescanEveryMs;
    for (const { sighting, endsLine, done, yieldedAtMs } of this.#known.values()) {
      if (yieldedAtMs !== null || done !== null) continue;
      const stillMs = stillAtMs(sighting, this.#options);
      const nextAtMs = stillMs > nowMs ? stillMs : stableAtMs(sighting, endsLine, this.#options);
      restMs = Math.min(restMs, Math.max(nextAtMs - nowMs, 0) + TIMER_SLACK_MS);
    }
    return restMs;
  }

  /** By their names alone. A done-file is never a drop, whatever its name. */
  #sort(entries: readonly Entry[]) {
    const wanted: Entry[] = [];
    const done: Entry[] = [];
    const bystanders: Bystander[] = [];
    for (const entry of entries) {
      if (this.#isDoneFile(entry.name)) done.push(entry);
      else if (parseClaimName(entry.name)) bystanders.push({ entry, kind: 'claimed', ctimeMs: null });
      else if (isTemporaryName(entry.name)) continue;
      else if (this.#isWanted(entry.name)) wanted.push(entry);
      else bystanders.push({ entry, kind: 'unmatched', ctimeMs: null });
    }
    const { doneFile } = this.#options;
    const doneFiles = doneFile === null ? null : new DoneFiles(doneFile, wanted, done);
    for (const entry of done) {
      if (doneFiles?.spokenForBy(entry).length === 0)
        bystanders.push({ entry, kind: 'done-alone', ctimeMs: null });
    }
    return { wanted, doneFiles, bystanders };
  }

  #isOld({ ctimeMs }: Known): boolean {
    const { ignoreBeforeMs } = this.#options;
    return ignoreBeforeMs !== null && ctimeMs < ignoreBeforeMs;
  }

  /** Adds the file to `found` where it is to be yielded now; returns what is known of it from now on. */
  #judge(known: Known, found: FoundFile[]): Known {
    const { rescanEveryMs, once = false } = this.#options;
    const { done, entry, sighting, ctimeMs, endsLine, yieldedAtMs } = known;
    const nowMs = this.#clock.nowMs();
    const isForgotten = done === null && once && this.#isEmptySinceLong(sighting);
    const doneFile = typeof done === 'string' ? null : done;
    const isWhole = done === null ? this.#wholeAtMs(known, isForgotten) <= nowMs : doneFile !== null;
    const isDue = isWhole && (yieldedAtMs === null || Math.abs(nowMs - yieldedAtMs) >= rescanEveryMs);
    if (isDue) {
      const { name: inbox, folder } = this.#options;
      found.push({ inbox, folder, ...entry, ...sighting, ctimeMs, doneFile });
    }
    const wait = done === null ? waitOf(sighting, endsLine, this.#options, nowMs) : undefined;
    // Nobody stays to see whether it is filled, or done; the next run finds it as it is then.
    const doubt = typeof done === 'string' ? 'not-done' : wait?.doubt === 'empty' ? 'empty' : null;
    const isLeft = once && !isForgotten && doubt !== null;
    if (isLeft) this.left.push({ name: entry.name, doubt });
    else if (!isWhole && done === null) this.pending += 1;
    const isAwaited = wait !== undefined && !isLeft && !isForgotten;
    if (isAwaited && !known.isAwaited) {
      this.#events.emit('file.awaited', { inbox: this.#options.name, name: entry.name, ...wait });
    }
    return { ...known, yieldedAtMs: isDue ? nowMs : yieldedAtMs, isAwaited };
  }

  #wholeAtMs({ sighting, endsLine }: Known, isForgotten: boolean): number {
    return isForgotten ? stillAtMs(sighting, this.#options) : stableAtMs(sighting, endsLine, this.#options);
  }

  /** Of a file that was waited for, or could not be taken. */
  #sayCleared(next: ReadonlyMap<string, Known>): void {
    const inbox = this.#options.name;
    for (const [key, { entry, isAwaited, yieldedAtMs }] of this.#known) {
      const now = next.get(key);
      const isChanged = isAwaited && now !== undefined && !now.isAwaited && now.yieldedAtMs === null;
      const isGone = now === undefined && (isAwaited || yieldedAtMs !== null);
      if (isGone || isChanged) this.#events.emit('file.cleared', { inbox, name: entry.name });
    }
  }

  /**
   * By the file's own time, since a run that ends by itself does not watch it for so long; should somebody fill it
   * all the same, the claimed file is seen to change.
   */
  #isEmptySinceLong({ bytes, mtimeMs }: Sighting): boolean {
    return bytes === 0 && this.#clock.wallMs() - mtimeMs >= EMPTY_FOR_MS;
  }
}
