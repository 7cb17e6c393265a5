import { StoppedError } from '../../src/domain/failure.ts';
import type { Clock } from '../../src/runtime/clock.ts';

interface Sleeper {
  readonly dueMs: number;
  readonly wake: () => void;
}

/** A clock that stands still until a test moves it. */
export class HandClock implements Clock {
  #nowMs: number;
  readonly #sleepers = new Set<Sleeper>();
  #onSleep: () => void = () => {};

  /** A test that compares with a file's own times starts it at the time of the file system. */
  constructor(startMs = Date.UTC(2026, 10, 22)) {
    this.#nowMs = startMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.#nowMs;
  }

  random(): number {
    return 0.5;
  }

  async sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) throw new StoppedError();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const sleeper = { dueMs: this.#nowMs + delayMs, wake: resolve };
    const stop = () => reject(new StoppedError());
    signal?.addEventListener('abort', stop, { once: true });
    this.#sleepers.add(sleeper);
    this.#onSleep();
    try {
      await promise;
    } finally {
      this.#sleepers.delete(sleeper);
      signal?.removeEventListener('abort', stop);
    }
  }

  /** Moves time on, stopping at every sleeper on the way until somebody sleeps again. */
  async move(byMs: number): Promise<void> {
    const endMs = this.#nowMs + byMs;
    for (;;) {
      await this.asleep();
      const next = [...this.#sleepers].reduce((one, other) => (other.dueMs < one.dueMs ? other : one));
      if (next.dueMs > endMs) break;
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      this.#sleepers.delete(next);
      next.wake();
    }
    this.#nowMs = endMs;
  }

  /** Resolves once somebody sleeps. */
  async asleep(): Promise<void> {
    if (this.#sleepers.size > 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onSleep = resolve;
    await promise;
  }
}
