import { StoppedError } from '../domain/failure.ts';
import { type Clock, sleptUntil } from './clock.ts';

/**
 * Lets requests leave evenly spread, one after the other in the order of asking. Who has no request to send after all
 * leaves the place to the next one.
 */
export class Spacing implements Disposable {
  readonly #clock: Clock;
  readonly #spacingMs: number;
  readonly #waiting: PromiseWithResolvers<void>[] = [];
  readonly #disposed = new AbortController();
  #isTaken = false;
  #onChange: () => void = () => {};

  /** @param maxPerSecond null: no limit */
  constructor(maxPerSecond: number | null, clock: Clock) {
    this.#spacingMs = maxPerSecond === null ? 0 : Math.ceil(1_000 / maxPerSecond);
    this.#clock = clock;
  }

  /** Whether a request could leave at once. */
  get isFree(): boolean {
    return !this.#isTaken;
  }

  /** Is told whenever `isFree` changes. One listener. */
  set onChange(listener: () => void) {
    this.#onChange = listener;
  }

  /**
   * Calls `make` when the next place is free, in this very turn of the event loop where it is free now, and resolves
   * with what it made: to be sent at once. The place is used up by that, and the time to the next one counts from
   * here. Where `make` throws, or makes nothing (undefined), it is free again. Throws StoppedError when disposed of.
   */
  async next<T>(make: () => T | Promise<T>): Promise<T> {
    if (this.#spacingMs === 0) return make();
    this.#disposed.signal.throwIfAborted();
    if (this.#isTaken) await this.#turn();
    else this.#take(true);
    let made: T | undefined;
    try {
      made = await make();
      return made;
    } finally {
      if (made === undefined) this.#free();
      else void this.#space();
    }
  }

  [Symbol.dispose](): void {
    this.#disposed.abort(new StoppedError());
    for (const { reject } of this.#waiting.splice(0)) reject(new StoppedError());
  }

  /** The place goes from hand to hand, so that nothing else slips in between. */
  #turn(): Promise<void> {
    const turn = Promise.withResolvers<void>();
    this.#waiting.push(turn);
    return turn.promise;
  }

  async #space(): Promise<void> {
    const freeAtMs = this.#clock.nowMs() + this.#spacingMs + CLOCK_STEP_MS;
    if (await sleptUntil(freeAtMs, this.#clock, this.#disposed.signal)) this.#free();
  }

  #free(): void {
    const next = this.#waiting.shift();
    if (next) next.resolve();
    else this.#take(false);
  }

  #take(isTaken: boolean): void {
    this.#isTaken = isTaken;
    this.#onChange();
  }
}

/** The clock tells whole ms: what lies between two of its times may be shorter by so much. */
const CLOCK_STEP_MS = 1;
