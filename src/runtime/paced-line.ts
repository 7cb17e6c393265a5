import type { Backoff } from '../domain/schedule.ts';
import type { Clock } from './clock.ts';
import { GrowingPauses } from './growing-pauses.ts';
import { unlessStopped } from './stop.ts';
import { WaitingWork } from './waiting-work.ts';

/** What a line of waiting work is let through by. */
interface LineParts {
  readonly pauses: Backoff;
  readonly clock: Clock;
  /** Ends all waiting. */
  readonly signal: AbortSignal;
  /** Whether all may pass at once by now; asked before each is let through. */
  readonly isOpen: () => boolean;
}

interface Waiter {
  readonly pass: (isAlone: boolean) => void;
  readonly stop: (reason: Error) => void;
}

/**
 * A line in which work waits that is likely to fail: one is let through after each pause, in the order in which they came, and
 * each pause is longer than the one before it, until it is opened.
 */
export class PacedLine {
  readonly #parts: LineParts;
  readonly #pauses: GrowingPauses;
  readonly #stopping = new WaitingWork();
  readonly #line = new Set<Waiter>();
  #opening = new AbortController();
  #isServed = false;

  constructor(parts: LineParts) {
    this.#parts = parts;
    this.#pauses = new GrowingPauses(parts.pauses, parts.clock);
  }

  /** Resolves when it is this one's turn: true where it is let through alone, false with all. Throws StoppedError. */
  async turn(): Promise<boolean> {
    const { promise, resolve: pass, reject: stop } = Promise.withResolvers<boolean>();
    this.#line.add({ pass, stop });
    this.#stopping.add(stop, this.#parts.signal);
    if (!this.#isServed) void this.#serve();
    return await promise;
  }

  /** Lets all through that wait; the next pauses begin with the first. */
  open(): void {
    this.#pauses.worked();
    this.#opening.abort();
    this.#opening = new AbortController();
    for (const waiter of this.#line) this.#letThrough(waiter, false);
  }

  async #serve(): Promise<void> {
    const { clock, signal, isOpen } = this.#parts;
    this.#isServed = true;
    while (this.#line.size > 0 && !signal.aborted) {
      const ended = AbortSignal.any([this.#opening.signal, signal]);
      await clock.sleep(this.#pauses.nextMs(), ended).catch(unlessStopped);
      const [first] = this.#line;
      if (isOpen()) this.open();
      else if (first && !ended.aborted) this.#letThrough(first, true);
    }
    this.#isServed = false;
  }

  #letThrough(waiter: Waiter, isAlone: boolean): void {
    this.#line.delete(waiter);
    if (this.#stopping.take(waiter.stop, this.#parts.signal)) waiter.pass(isAlone);
  }
}
