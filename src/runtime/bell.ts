import { StoppedError } from '../domain/failure.ts';

/** Wakes whoever waits for something to have changed; a ring while nobody waits is kept for the next one. */
export class Bell {
  #rung = false;
  #waiting: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#waiting?.();
  }

  /** For one waiter at a time. @throws StoppedError when the signal fires first */
  async wait(signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw new StoppedError();
    if (!this.#rung) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting = resolve;
      signal.addEventListener('abort', resolve as () => void, { once: true });
      await promise;
      signal.removeEventListener('abort', resolve as () => void);
      this.#waiting = undefined;
      if (signal.aborted) throw new StoppedError();
    }
    this.#rung = false;
  }
}
