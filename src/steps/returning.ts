import type { Drop } from '../domain/drop.ts';
import { StoppedError } from '../domain/failure.ts';
import { Bell } from '../runtime/bell.ts';
import type { Clock } from '../runtime/clock.ts';

/** Drops that come back at a time that is known. */
export interface Schedule {
  /** The next one whose time has come, where there is one. */
  takeDue(): Promise<Drop | undefined>;
  /** Ms until the next one's time; Infinity where there is none. */
  delayMs(): number;
}

/** The wall clock, by which drops come back across restarts, may be set forward while nobody looks. */
const LOOKS_AT_CLOCK_EVERY_MS = 60_000;

/**
 * Drops that come back after they were put away: waiting ones whose next look is due, and those whose file its
 * writer went on writing to.
 */
export class Returning {
  readonly #bell = new Bell();
  readonly #schedule: Schedule;
  readonly #clock: Clock;
  #drops: Drop[] = [];
  #isClosed = false;

  constructor(schedule: Schedule, clock: Clock) {
    this.#schedule = schedule;
    this.#clock = clock;
  }

  add(drop: Drop): void {
    this.#drops.push(drop);
    this.#bell.ring();
  }

  /** The schedule has changed. */
  wake(): void {
    this.#bell.ring();
  }

  /** No further one comes: `drops` ends with the last that is there, or whose time has come. */
  close(): void {
    this.#isClosed = true;
    this.#bell.ring();
  }

  /** In the order in which they were added; one iteration at a time. @throws StoppedError when the signal fires */
  async *drops(signal: AbortSignal): AsyncGenerator<Drop, void, undefined> {
    for (;;) {
      const next = this.#drops.shift() ?? (await this.#schedule.takeDue());
      if (next) yield next;
      else if (this.#isClosed) return;
      else {
        const delayMs = Math.min(this.#schedule.delayMs(), LOOKS_AT_CLOCK_EVERY_MS);
        await this.#bell.waitAtMost(delayMs, this.#clock, signal);
      }
      if (signal.aborted) throw new StoppedError();
    }
  }
}
