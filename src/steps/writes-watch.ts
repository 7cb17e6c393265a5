import type { Backoff } from '../domain/schedule.ts';
import { type Action, bringsNumbers } from '../domain/write.ts';
import { WriteHealth } from '../domain/write-health.ts';
import { kindOf, type WriteKind, type Writes, writesKey } from '../domain/write-kind.ts';
import type { Events } from '../events.ts';
import type { Clock } from '../runtime/clock.ts';
import { PacedLine } from '../runtime/paced-line.ts';
import type { Task } from '../runtime/turns.ts';

/** What watching the writes to one store takes. */
interface WatchParts {
  /** Between writes of a kind that does not come through. */
  readonly pauses: Backoff;
  readonly events: Events;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const ALL: Writes = { writes: 'all' };

/** Writes of a kind that wait for their turn. */
interface Waiting {
  readonly kind: WriteKind;
  readonly line: PacedLine;
}

/**
 * Tells which writes to a store come through no more, and when they do again; see WriteHealth. While failures of a kind
 * count against no order one such write is tried after each pause, instead of one for each order: they might be
 * thousands, and all for a source that is spelled wrong.
 */
export class WritesWatch {
  readonly #store: string;
  readonly #parts: WatchParts;
  readonly #health = new WriteHealth();
  /** The last ones of each kind and of all together, in the shop's words; by `writesKey`. */
  readonly #failures = new Map<string, { readonly kind: Writes; readonly message: string }>();
  /** What was told not to come through, and not yet that it does; by `writesKey`. */
  readonly #told = new Map<string, Writes>();
  /** By `writesKey`. */
  readonly #waiting = new Map<string, Waiting>();
  /** The kind of which a task had its turn, and no write yet; by `writesKey`. */
  readonly #admitted = new WeakMap<Task, string>();

  constructor(store: string, parts: WatchParts) {
    this.#store = store;
    this.#parts = parts;
  }

  /** Whether the task had its turn for such a write, and it did not go out then; no turn of it is kept any longer. */
  takeTurn(task: Task, action: Action): boolean {
    const kept = this.#admitted.get(task);
    this.#admitted.delete(task);
    const kind = kindOf(action);
    return kind !== null && kept === writesKey(kind);
  }

  /** Whether such a write has to wait for its turn. */
  mustWait(action: Action): boolean {
    const kind = kindOf(action);
    return kind !== null && !this.#mayGo(kind);
  }

  /**
   * Resolves when one that must wait need not any longer: true where it is its turn, while others go on waiting; false
   * where all may go, which may have changed until it is sent. Throws StoppedError.
   */
  async turn(action: Action): Promise<boolean> {
    const kind = kindOf(action);
    return kind !== null && (await this.#lineOf(kind).turn());
  }

  /** The task had its turn, and its plan had become old meanwhile: such a write of its next plan need not wait. */
  keepTurn(task: Task, action: Action): void {
    const kind = kindOf(action);
    if (kind !== null) this.#admitted.set(task, writesKey(kind));
  }

  /** The write was done, as its answer of that time said; ms of the clock. */
  worked(action: Action, atMs: number): void {
    // A shop that deletes may keep nothing all the same, and one that mails as well.
    const kind = bringsNumbers(action) ? kindOf(action) : null;
    if (kind !== null) this.cameThrough(kind, atMs);
  }

  /** A write of that kind was done by then, ms of the clock, whatever its answer was. */
  cameThrough(kind: WriteKind, atMs: number): void {
    this.#health.worked(kind, atMs);
    const suspicious = new Set(this.#health.suspicious.map(writesKey));
    for (const [key, told] of this.#told) {
      if (suspicious.has(key)) continue;
      this.#told.delete(key);
      this.#parts.events.emit('store.writes-working', { store: this.#store, kind: told });
    }
    this.#tell();
    for (const [key, { kind: waiting, line }] of this.#waiting) {
      if (!this.#mayGo(waiting)) continue;
      this.#waiting.delete(key);
      line.open();
    }
  }

  /** The write failed at that time, ms of the clock, while the store was well; true where that counts against its order. */
  failed(action: Action, message: string, atMs: number): boolean {
    const kind = kindOf(action);
    if (kind === null) return true;
    if (bringsNumbers(action)) {
      this.#health.failed(action.orderId, kind, atMs);
      for (const each of [kind, ALL]) this.#failures.set(writesKey(each), { kind: each, message });
      this.#tell();
    }
    return this.#mayGo(kind);
  }

  /** Where nothing comes through it is no kind's own fault: those are told once something does. */
  #tell(): void {
    const suspicious = new Set(this.#health.suspicious.map(writesKey));
    const isEvery = suspicious.has(writesKey(ALL));
    for (const [key, { kind, message }] of this.#failures) {
      if (!suspicious.has(key) || this.#told.has(key) || (isEvery && kind !== ALL)) continue;
      this.#told.set(key, kind);
      this.#parts.events.emit('store.writes-failing', { store: this.#store, message, kind });
    }
  }

  #mayGo(kind: WriteKind): boolean {
    return this.#health.isOrderToBlame(kind, this.#parts.clock.nowMs());
  }

  #lineOf(kind: WriteKind): PacedLine {
    const key = writesKey(kind);
    const { line } = this.#waiting.get(key) ?? {
      line: new PacedLine({ ...this.#parts, isOpen: () => this.#mayGo(kind) }),
    };
    this.#waiting.set(key, { kind, line });
    return line;
  }
}
