/** How a limit comes back up after it was lowered. */
export interface Regrowth {
  /** Successes in a row before it is raised by one step. */
  readonly after: number;
  /** The limit after one step up from `limit`; more than that, and cut to the most that is allowed. */
  readonly step: (limit: number) => number;
}

/**
 * A limit between 1 and `most` that finds by itself what the other side bears: halved by each failure that is
 * due to its size, raised step by step while everything succeeds. It begins at `most`.
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

  /** Something of that size was too much. True when the limit was lowered for it, to half of the size. */
  wasTooMuch(size: number): boolean {
    this.#successes = 0;
    const half = Math.max(1, Math.ceil(size / 2));
    if (half >= this.#value) return false;
    this.#value = half;
    return true;
  }
}
