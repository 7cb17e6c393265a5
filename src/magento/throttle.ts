import { AdaptiveLimit } from '../domain/adaptive-limit.ts';
import { type Backoff, LONGEST_RETRY_AFTER_MS } from '../domain/schedule.ts';
import type { Events } from '../events.ts';
import type { Clock } from '../runtime/clock.ts';
import { GrowingPauses } from '../runtime/growing-pauses.ts';
import type { WorkQueue } from '../runtime/queue.ts';
import type { Failure } from './verdict.ts';

/** Where the throttle begins, and how it rests. */
interface ThrottleOptions {
  /** The store's. */
  readonly name: string;
  readonly workers: number;
  readonly retry: Backoff;
}

/** Calls in a row that must come through before one more worker is tried. */
const WORKED_BEFORE_FASTER = 10;

/**
 * Slows the queue down as the store asks for it: rests, and fewer requests at once. What left together comes
 * back together, and counts once: five answers 429 to five workers are one wish for less.
 */
export class Throttle {
  readonly #options: ThrottleOptions;
  readonly #queue: WorkQueue;
  readonly #events: Events;
  readonly #workers: AdaptiveLimit;
  readonly #pauses: GrowingPauses;
  #departures = 0;
  /** The last departure before the last time that it became slower, or rested. */
  #slowerUpTo = 0;
  #restedUpTo = 0;

  constructor(options: ThrottleOptions, parts: { queue: WorkQueue; clock: Clock; events: Events }) {
    this.#options = options;
    this.#queue = parts.queue;
    this.#events = parts.events;
    this.#workers = new AdaptiveLimit(options.workers, {
      after: WORKED_BEFORE_FASTER,
      step: (workers) => workers + 1,
    });
    this.#pauses = new GrowingPauses(options.retry, parts.clock);
  }

  /** A request leaves; the number that it gets is what the other methods want to know of it. */
  departs(): number {
    this.#departures += 1;
    return this.#departures;
  }

  worked(departure: number): void {
    if (departure > this.#restedUpTo) this.#pauses.worked();
    if (departure <= this.#slowerUpTo || !this.#workers.worked()) return;
    this.#queue.workers = this.#workers.value;
    this.#events.emit('store.faster', { store: this.#options.name, workers: this.#workers.value });
  }

  /** The store has too much to do: half as many requests at once from now on. */
  slower(departure: number, message: string): void {
    if (departure <= this.#slowerUpTo) return;
    this.#slowerUpTo = this.#departures;
    const workers = Math.ceil(this.#workers.value / 2);
    if (!this.#workers.lowerTo(workers)) return;
    this.#queue.workers = workers;
    this.#events.emit('store.slower', { store: this.#options.name, workers, message });
  }

  /**
   * Nothing but probes goes out for as long as the store asks, or else for a pause that grows until something works.
   */
  rest(departure: number, { message, retryAfterMs }: Failure): void {
    if (departure <= this.#restedUpTo) {
      // Of the same burst: only what the store itself asks for may make the rest longer.
      if (retryAfterMs !== undefined) this.#queue.rest(Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS));
      return;
    }
    this.#restedUpTo = this.#departures;
    const delayMs = this.#pauses.nextMs(retryAfterMs);
    this.#queue.rest(delayMs);
    const attempt = this.#pauses.count;
    this.#events.emit('store.retry', { store: this.#options.name, message, attempt, delayMs });
  }
}
