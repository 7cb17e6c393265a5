import type { BigIntStats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import type { BystanderKind } from '../events/file-events.ts';
import type { Events } from '../events.ts';
import type { Clock } from '../runtime/clock.ts';
import { type Entry, entryKey } from './entries.ts';
import { errorCode, isGone } from './file-errors.ts';

/** Something that lies in an inbox and is not taken, as one listing finds it. */
export interface Bystander {
  readonly entry: Entry;
  readonly kind: BystanderKind;
  /** When it came there, by the file system's clock; null while nobody had to look. */
  readonly ctimeMs: number | null;
}

/** An upload in progress may bear any name, and a done-file may be late. */
const NAMED_AFTER_MS = 60 * 60_000;
/** On a network mount each look takes a round trip. */
const LOOKS_AT_ONCE = 64;

interface Known {
  readonly name: string;
  readonly kind: BystanderKind;
  readonly ctimeMs: number;
  /** By our steady clock. */
  readonly dueAtMs: number;
  readonly wasSaid: boolean;
}

/**
 * Names what is not taken, once it has lain there for an hour, so that nobody waits for it in vain: once each, until it is gone
 * or is something else. A file that is too old to be taken is named at once.
 */
export class Bystanders {
  readonly #inbox: string;
  readonly #clock: Clock;
  readonly #events: Events;
  #known = new Map<string, Known>();

  constructor(inbox: string, { clock, events }: { readonly clock: Clock; readonly events: Events }) {
    this.#inbox = inbox;
    this.#clock = clock;
    this.#events = events;
  }

  async see(seen: readonly Bystander[]): Promise<void> {
    const next = new Map<string, Known>();
    for (let at = 0; at < seen.length; at += LOOKS_AT_ONCE) {
      const some = seen.slice(at, at + LOOKS_AT_ONCE);
      const looks = await Promise.all(some.map(async (each) => [each, await this.#lookAt(each)] as const));
      for (const [{ entry }, known] of looks) {
        if (known !== undefined) next.set(entryKey(entry), known);
      }
    }
    const inbox = this.#inbox;
    for (const [key, { name, wasSaid, kind }] of this.#known) {
      if (wasSaid && next.get(key)?.kind !== kind) this.#events.emit('file.cleared', { inbox, name });
    }
    for (const [key, known] of next) {
      if (known.wasSaid || known.dueAtMs > this.#clock.nowMs()) continue;
      const { name, kind, ctimeMs } = known;
      next.set(key, { ...known, wasSaid: true });
      this.#events.emit('file.untaken', { inbox, name, kind, sinceMs: ctimeMs });
    }
    this.#known = next;
  }

  /** Undefined for what is gone again, and for a folder that nobody could take for a file. */
  async #lookAt({ entry, kind, ctimeMs }: Bystander): Promise<Known | undefined> {
    const before = this.#known.get(entryKey(entry));
    if (before?.kind === kind && (before.wasSaid || before.dueAtMs > this.#clock.nowMs())) return before;
    if (ctimeMs !== null) return this.#knownAs(entry, kind, ctimeMs, before);
    try {
      const stats = await lstat(entry.path, { bigint: true });
      if (stats.isDirectory()) return undefined;
      return this.#knownAs(entry, kind, ctimeOf(stats), before);
    } catch (error) {
      if (isGone(error)) return undefined;
      if (errorCode(error) === undefined) throw error;
      // Nobody waits for it; the others are to be taken all the same.
      return before;
    }
  }

  #knownAs({ name }: Entry, kind: BystanderKind, ctimeMs: number, before: Known | undefined): Known {
    if (before?.kind === kind) return before;
    const livesMs = this.#clock.wallMs() - ctimeMs;
    const restMs = kind === 'old' ? 0 : Math.min(Math.max(NAMED_AFTER_MS - livesMs, 0), NAMED_AFTER_MS);
    return { name, kind, ctimeMs, dueAtMs: this.#clock.nowMs() + restMs, wasSaid: false };
  }
}

/** When a file came to its name or was last changed in any way, in ms. */
export function ctimeOf({ ctimeNs }: BigIntStats): number {
  return Number(ctimeNs) / 1e6;
}

/** What an entry is that is no regular file. */
export function kindOf(stats: BigIntStats): BystanderKind {
  if (stats.isDirectory()) return 'folder';
  if (stats.isSymbolicLink()) return 'link';
  if (stats.isFIFO()) return 'pipe';
  return stats.isSocket() ? 'socket' : 'device';
}
