import { LOOK_AGES_AFTER_MS } from '../domain/room.ts';
import type { Store, TimedLook } from '../magento/store.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Task } from '../runtime/turns.ts';

/** The looks that orders are planned from, and whether they may still be trusted. */
export class PlannedLooks {
  readonly #store: Pick<Store, 'resumedAtMs'>;
  readonly #clock: Clock;
  readonly #lookOf = new WeakMap<Task, TimedLook>();

  constructor(store: Pick<Store, 'resumedAtMs'>, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Its age counts from its end: a shop that takes longer for a look than looks may age is slow, and served. */
  isFresh({ atMs, endedAtMs }: TimedLook): boolean {
    return atMs > this.#store.resumedAtMs && this.#clock.nowMs() - endedAtMs < LOOK_AGES_AFTER_MS;
  }

  /** The task's next plan is made from this look. */
  planFrom(task: Task, look: TimedLook): void {
    this.#lookOf.set(task, look);
  }

  /** Whether the task was planned at all, and may have sent something. */
  wasPlanned(task: Task): boolean {
    return this.#lookOf.has(task);
  }

  /** Whether what the task was planned from last is fresh. */
  isPlanFresh(task: Task): boolean {
    const look = this.#lookOf.get(task);
    return look !== undefined && this.isFresh(look);
  }
}
