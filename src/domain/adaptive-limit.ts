/** How a limit comes back up after it was lowered. */
interface Regrowth {
  /** Successes in a row before it is raised by one step. */
  readonly after: number;
  /** The limit after one step up from `limit`; more than that, and cut to the most that is allowed. */
  readonly step: (limit: number) => number;
}

/**
 * A limit between 1 and `most` that finds out what the other side bears: lowered where something proved too much,
 * raised step by step while everything succeeds. It begins at `most`.
 */
export class AdaptiveLimit {
  readonly #most: number;
  readonly #regrowth: Regrowth;
  #value: number;
  #successes = 0;

  constructor(most: number, regrowth: Regrowth) {
    this.#most = most;
    this.#regrowth = regrowth;
    this.#value = most;
  }

  get value(): number {
    return this.#value;
  }

  /** Something as large as the limit succeeded. True when the limit was raised for it. */
  worked(): boolean {
    if (this.#value === this.#most) return false;
    this.#successes += 1;
    if (this.#successes < this.#regrowth.after) return false;
    this.#successes = 0;
    this.#value = Math.min(this.#most, this.#regrowth.step(this.#value));
    return true;
  }

  /** Something as large as the limit proved too much. True when the limit was lowered; 0 changes nothing. */
  lowerTo(limit: number): boolean {
    this.#successes = 0;
    if (limit < 1 || limit >= this.#value) return false;
    this.#value = limit;
    return true;
  }
}
