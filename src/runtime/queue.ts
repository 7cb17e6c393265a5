import PQueue from 'p-queue';
import { StoppedError } from '../domain/failure.ts';
import { type Clock, sleptUntil } from './clock.ts';
import type { Spacing } from './spacing.ts';
import { WaitingWork } from './waiting-work.ts';

/** How much runs at once, and how it is spaced. */
interface QueueOptions {
  /** Pieces of work at once, a whole number from 1. */
  readonly workers: number;
  /** Nothing starts while it is not free; work that sends something takes its place there. */
  readonly spacing: Spacing;
}

/**
 * At most `workers` pieces of work at once, higher priority first, otherwise in the order of asking. Work is
 * one request: nothing that waits for anything else belongs inside, since it would hold a worker meanwhile.
 *
 * Nothing starts while the queue is held or rests, urgent work aside: that needs a free worker and its place in
 * the spacing like all other, and nothing else. Work that finds out in its turn that it has nothing to send takes no
 * place: were it to, writes that became old while they waited would use up the rate by that alone.
 */
export class WorkQueue implements Disposable {
  // Without p-queue's own rate limit: it counts by the wall clock, and stands still for an hour where that is set
  // back by one.
  readonly #queue: PQueue;
  readonly #clock: Clock;
  readonly #spacing: Spacing;
  readonly #waiting = new WaitingWork();
  readonly #disposed = new AbortController();
  #urgentWaiting = 0;
  #isHeld = false;
  #isResting = false;
  #restUntilMs = 0;

  constructor({ workers, spacing }: QueueOptions, clock: Clock) {
    this.#queue = new PQueue({ concurrency: workers });
    this.#spacing = spacing;
    spacing.onChange = () => this.#update();
    this.#clock = clock;
  }

  /** What runs beyond a new, smaller number is left to finish. */
  set workers(count: number) {
    this.#queue.concurrency = count;
  }

  /**
   * Runs `work` as soon as it is its turn and settles as it does. The signal takes it out of the queue with
   * StoppedError; once it runs it is left to finish, since its result would be lost otherwise.
   */
  run<T>(priority: number, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    if (signal.aborted || this.#disposed.signal.aborted) {
      reject(new StoppedError());
      return promise;
    }
    this.#waiting.add(reject, signal);
    // p-queue's own signal would also give up work that runs already, and free its worker too early.
    this.#queue
      .add(
        () => {
          if (!this.#waiting.take(reject, signal)) return undefined;
          return work().then(resolve);
        },
        { priority },
      )
      .catch(reject);
    return promise;
  }

  /** As `run`, but before everything else, and also while the queue is held or rests. */
  async runUrgent<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    let isWaiting = true;
    const noLonger = () => {
      if (isWaiting) this.#urgentWaiting -= 1;
      isWaiting = false;
      this.#update();
    };
    this.#urgentWaiting += 1;
    try {
      const result = this.run(
        URGENT,
        () => {
          // In the turn in which it starts: nothing that waits behind it slips out with it.
          noLonger();
          return work();
        },
        signal,
      );
      this.#update();
      return await result;
    } finally {
      noLonger();
    }
  }

  /** Starts nothing until `release`. */
  hold(): void {
    this.#isHeld = true;
    this.#update();
  }

  release(): void {
    this.#isHeld = false;
    this.#update();
  }

  /** Starts nothing for `delayMs` from now on; the longest rest that was asked for counts. */
  rest(delayMs: number): void {
    const untilMs = this.#clock.nowMs() + delayMs;
    this.#restUntilMs = this.#isResting ? Math.max(this.#restUntilMs, untilMs) : untilMs;
    if (!this.#isResting) void this.#rest();
  }

  /** Everything that waits is rejected with StoppedError; what runs is left to finish. */
  [Symbol.dispose](): void {
    this.#disposed.abort();
    this.#queue.pause();
    this.#queue.clear();
    this.#waiting.stop();
  }

  async #rest(): Promise<void> {
    this.#isResting = true;
    this.#update();
    while (this.#clock.nowMs() < this.#restUntilMs) {
      if (!(await sleptUntil(this.#restUntilMs, this.#clock, this.#disposed.signal))) return;
    }
    this.#isResting = false;
    this.#update();
  }

  #update(): void {
    if (this.#disposed.signal.aborted) return;
    const isOpen = !this.#isHeld && !this.#isResting;
    if (this.#spacing.isFree && (isOpen || this.#urgentWaiting > 0)) this.#queue.start();
    else this.#queue.pause();
  }
}

/** Comes before every other priority. */
const URGENT = Number.POSITIVE_INFINITY;
