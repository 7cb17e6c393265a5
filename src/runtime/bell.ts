import { StoppedError } from '../domain/failure.ts';
import type { Clock } from './clock.ts';

/** Wakes whoever waits for something to have changed; a ring while nobody waits is kept for the next one. */
export class Bell {
  #rung = false;
  #wake: () => void = () => {};

  ring(): void {
    this.#rung = true;
    this.#wake();
  }

  /** For one waiter at a time. @throws StoppedError when the signal fires first */
  async wait(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    await this.#until(() => promise, resolve, signal);
    if (signal.aborted) throw new StoppedError();
  }

  /** Resolves after `delayMs`, at a ring, or when the signal fires: the caller looks which. */
  async waitAtMost(delayMs: number, clock: Clock, signal: AbortSignal): Promise<void> {
    const waking = new AbortController();
    const sleep = () =>
      clock.sleep(delayMs, waking.signal).catch((error: unknown) => {
        if (!(error instanceof StoppedError)) throw error;
      });
    await this.#until(sleep, () => waking.abort(), signal);
  }

  async #until(work: () => Promise<void>, wake: () => void, signal: AbortSignal): Promise<void> {
    this.#wake = wake;
    signal.addEventListener('abort', wake, { once: true });
    try {
      if (!this.#rung && !signal.aborted) await work();
    } finally {
      signal.removeEventListener('abort', wake);
      this.#wake = () => {};
      this.#rung = false;
    }
  }
}
