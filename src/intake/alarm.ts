import { StoppedError } from '../domain/failure.ts';
import type { Clock } from '../runtime/clock.ts';

/** One sleeper whom others can wake. A ring while nobody sleeps ends the next sleep at once. */
export class Alarm {
  #rung = false;
  #wake: () => void = () => {};

  ring(): void {
    this.#rung = true;
    this.#wake();
  }

  /** Resolves after `delayMs`, at a ring, or when the signal fires: the caller looks which. */
  async sleep(delayMs: number, clock: Clock, signal: AbortSignal): Promise<void> {
    const waking = new AbortController();
    const wake = () => waking.abort();
    this.#wake = wake;
    signal.addEventListener('abort', wake, { once: true });
    try {
      if (!this.#rung && !signal.aborted) await clock.sleep(delayMs, waking.signal);
    } catch (error) {
      if (!(error instanceof StoppedError)) throw error;
    } finally {
      signal.removeEventListener('abort', wake);
      this.#wake = () => {};
      this.#rung = false;
    }
  }
}
