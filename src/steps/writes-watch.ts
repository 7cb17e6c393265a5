import { sourceKey } from '../domain/named-source.ts';
import type { Backoff } from '../domain/schedule.ts';
import type { Action } from '../domain/write.ts';
import { WriteHealth, type WriteKind } from '../domain/write-health.ts';
import type { Events } from '../events.ts';
import type { Clock } from '../runtime/clock.ts';
import { OneAPause } from '../runtime/one-a-pause.ts';
import type { Task } from '../runtime/turns.ts';

/** What watching the writes to one store takes. */
interface WatchParts {
  /** Between writes of a kind that does not come through. */
  readonly pauses: Backoff;
  readonly events: Events;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Tells which writes to a store come through no more, and when they do again; see WriteHealth. While failures of a kind
 * count against no order one such write is tried a pause, instead of one for each order: they might be thousands, and
 * all for a source that is spelled wrong.
 */
export class WritesWatch {
  readonly #store: string;
  readonly #parts: WatchParts;
  readonly #health = new WriteHealth();
  /** What was told not to come through, and not yet that it does. */
  readonly #told = new Set<WriteKind>();
  readonly #lines = new Map<string | null, OneAPause>();
  /** Had their turn, and no write yet. */
  readonly #admitted = new WeakSet<Task>();

  constructor(store: string, parts: WatchParts) {
    this.#store = store;
    this.#parts = parts;
  }

  /** Whether the task had its turn for a write that did not go out then; it is not kept any longer. */
  takeTurn(task: Task): boolean {
    return this.#admitted.delete(task);
  }

  /** Whether such a write has to wait for its turn. */
  mustWait(action: Action): boolean {
    return !isMail(action) && !this.#mayGo(kindOf(action));
  }

  /**
   * Resolves when one that must wait need not any longer: true where it is its turn, while others go on waiting; false
   * where all may go, which may have changed until it is sent. Throws StoppedError.
   */
  turn(action: Action): Promise<boolean> {
    return this.#lineOf(kindOf(action)).turn();
  }

  /** The task had its turn, and its plan had become old meanwhile: the write of its next plan need not wait. */
  keepTurn(task: Task): void {
    this.#admitted.add(task);
  }

  /** The write was done. */
  worked(action: Action): void {
    // The shop may mail and keep nothing.
    if (!isMail(action)) this.cameThrough(kindOf(action));
  }

  /** A write of that kind was done, whatever its answer was. */
  cameThrough(kind: WriteKind): void {
    this.#health.worked(kind);
    for (const told of this.#told) {
      if (this.#health.suspicious.has(told)) continue;
      this.#told.delete(told);
      this.#parts.events.emit('store.writes-working', { store: this.#store, source: told });
    }
    for (const [key, line] of this.#lines) {
      if (!this.#mayGo(key)) continue;
      this.#lines.delete(key);
      line.open();
    }
  }

  /** The write failed while the store was well; true where that counts against its order. */
  failed(action: Action, message: string): boolean {
    const nowMs = this.#parts.clock.nowMs();
    const kind = kindOf(action);
    this.#health.failed(action.orderId, kind, nowMs);
    this.#tell(message);
    return this.#health.isOrderToBlame(kind, nowMs);
  }

  #tell(message: string): void {
    const { suspicious } = this.#health;
    // Where nothing comes through it is no source's fault.
    for (const source of suspicious.has(null) ? [null] : suspicious) {
      if (this.#told.has(source)) continue;
      this.#told.add(source);
      this.#parts.events.emit('store.writes-failing', { store: this.#store, message, source });
    }
  }

  #mayGo(kind: WriteKind): boolean {
    return this.#health.isOrderToBlame(kind, this.#parts.clock.nowMs());
  }

  #lineOf(kind: WriteKind): OneAPause {
    const key = kind === null ? null : sourceKey(kind);
    const line = this.#lines.get(key) ?? new OneAPause({ ...this.#parts, isOpen: () => this.#mayGo(key) });
    this.#lines.set(key, line);
    return line;
  }
}

function kindOf(action: Action): WriteKind {
  return action.kind === 'ship' ? action.source : null;
}

/** Says nothing of whether numbers come through, nor waits for them. */
function isMail({ kind }: Action): boolean {
  return kind === 'mail';
}
