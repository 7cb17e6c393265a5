import { type Backoff, retryDelayMs } from '../domain/schedule.ts';
import type { Clock } from './clock.ts';

/** Pauses before something is tried again, each longer than the one before it until something worked. */
export class GrowingPauses {
  readonly #backoff: Backoff;
  readonly #clock: Clock;
  #count = 0;

  constructor(backoff: Backoff, clock: Clock) {
    this.#backoff = backoff;
    this.#clock = clock;
  }

  /** Pauses since something worked. */
  get count(): number {
    return this.#count;
  }

  /** The next pause, ms; what the server asked for wins. See `retryDelayMs`. */
  nextMs(retryAfterMs?: number): number {
    this.#count += 1;
    return retryDelayMs(this.#count, this.#backoff, this.#clock.random(), retryAfterMs);
  }

  worked(): void {
    this.#count = 0;
  }
}
