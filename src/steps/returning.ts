import type { Drop } from '../domain/drop.ts';
import { Bell } from '../runtime/bell.ts';

/**
 * Drops that come back after they were put away: waiting ones whose next look is due, and those whose file its
 * writer went on writing to.
 */
export class Returning {
  readonly #bell = new Bell();
  #drops: Drop[] = [];
  #isClosed = false;

  add(drop: Drop): void {
    this.#drops.push(drop);
    this.#bell.ring();
  }

  /** No further one comes: `drops` ends with the last. */
  close(): void {
    this.#isClosed = true;
    this.#bell.ring();
  }

  /** In the order in which they were added; one iteration at a time. @throws StoppedError when the signal fires */
  async *drops(signal: AbortSignal): AsyncGenerator<Drop, void, undefined> {
    for (;;) {
      const next = this.#drops.shift();
      if (next) yield next;
      else if (this.#isClosed) return;
      else await this.#bell.wait(signal);
    }
  }
}
