import { setMaxListeners } from 'node:events';

/** Exchanges that begin within this part of the time that each may take end together. */
const SHARED_PART = 0.1;

/**
 * Cuts off exchanges that take too long, however much is said meanwhile. Those that begin at about the same time
 * share one timer and one signal: of their own these would cost each request as much as its signature.
 */
export class Deadlines {
  readonly #afterMs: number;
  #shared: AbortSignal | undefined;

  /** An exchange is cut off `afterMs` after its beginning, or up to a tenth of that later. */
  constructor(afterMs: number) {
    this.#afterMs = afterMs;
  }

  /** For an exchange that begins now. */
  signal(): AbortSignal {
    this.#shared ??= this.#next();
    return this.#shared;
  }

  #next(): AbortSignal {
    const deadline = new AbortController();
    // As many listen as there are workers, which is no leak.
    setMaxListeners(0, deadline.signal);
    const sharedMs = this.#afterMs * SHARED_PART;
    // Neither keeps a process alive that has nothing else to do.
    setTimeout(() => {
      this.#shared = undefined;
    }, sharedMs).unref();
    setTimeout(() => deadline.abort(), this.#afterMs + sharedMs).unref();
    return deadline.signal;
  }
}
