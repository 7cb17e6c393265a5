import PQueue from 'p-queue';
import { StoppedError } from '../domain/failure.ts';
import type { Clock } from './clock.ts';

/**
 * At most `workers` pieces of work at once, higher priority first, otherwise in the order of asking. Work is
 * one request: nothing that waits for anything else belongs inside, since it would hold a worker meanwhile.
 *
 * The queue starts nothing while it is held, by any number of holders, or while it rests.
 */
export class WorkQueue implements Disposable {
  readonly #queue: PQueue;
  readonly #clock: Clock;
  readonly #waiting = new Set<(reason: Error) => void>();
  readonly #holders = new Set<string>();
  readonly #disposed = new AbortController();
  #restUntilMs = 0;

  constructor(workers: number, clock: Clock) {
    this.#queue = new PQueue({ concurrency: workers });
    this.#clock = clock;
  }

  /**
   * Runs `work` as soon as a worker is free and settles as it does. The signal takes it out of the queue with
   * StoppedError; once it runs it is left to finish, since its result would be lost otherwise.
   */
  run<T>(priority: number, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    if (signal.aborted || this.#disposed.signal.aborted) {
      reject(new StoppedError());
      return promise;
    }
    // p-queue's own signal would also give up work that runs already, and free its worker too early.
    const stop = () => leave(new StoppedError());
    const leave = (reason?: Error) => {
      signal.removeEventListener('abort', stop);
      this.#waiting.delete(leave);
      if (reason) reject(reason);
    };
    signal.addEventListener('abort', stop, { once: true });
    this.#waiting.add(leave);
    this.#queue
      .add(
        () => {
          if (!this.#waiting.has(leave)) return undefined;
          leave();
          return work().then(resolve);
        },
        { priority },
      )
      .catch(reject);
    return promise;
  }

  /** Starts nothing until each holder has released it. */
  hold(holder: string): void {
    this.#holders.add(holder);
    this.#queue.pause();
  }

  release(holder: string): void {
    this.#holders.delete(holder);
    if (this.#holders.size === 0) this.#queue.start();
  }

  /** Starts nothing for `delayMs` from now on; the longest rest that was asked for counts. */
  rest(delayMs: number): void {
    const untilMs = this.#clock.nowMs() + delayMs;
    const resting = this.#holders.has(REST);
    this.#restUntilMs = resting ? Math.max(this.#restUntilMs, untilMs) : untilMs;
    if (!resting) void this.#rest();
  }

  async #rest(): Promise<void> {
    this.hold(REST);
    try {
      let leftMs = this.#restUntilMs - this.#clock.nowMs();
      while (leftMs > 0) {
        await this.#clock.sleep(leftMs, this.#disposed.signal);
        leftMs = this.#restUntilMs - this.#clock.nowMs();
      }
    } catch (error) {
      // Disposed: whatever waited has been told so, and nothing starts any more.
      if (error instanceof StoppedError) return;
      throw error;
    }
    this.release(REST);
  }

  /** Everything that waits is rejected with StoppedError; what runs is left to finish. */
  [Symbol.dispose](): void {
    this.#disposed.abort();
    this.#queue.pause();
    this.#queue.clear();
    for (const leave of [...this.#waiting]) leave(new StoppedError());
  }
}

const REST = 'rest';
