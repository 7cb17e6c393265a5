import { StoppedError } from '../domain/failure.ts';
import { type Backoff, retryDelayMs } from '../domain/schedule.ts';
import type { Clock } from '../runtime/clock.ts';
import { orStopped } from '../runtime/stop.ts';

/**
 * Whether calls may go out. Transitions:
 *
 *     open ---doubt---> asking ---well---> open          one failed call, the store is well
 *     asking ---not well---> closed
 *     open ---close---> closed                           asking at once is pointless
 *     closed ---a pause, then asked and well---> open
 *     closed ---a pause, then asked and not well---> closed, with a longer pause
 *
 * Calls wait at a gate that is not open; none of them fails because of it.
 */
export type GateState = 'open' | 'asking' | 'closed';

/** What asking brought. */
export type Asked =
  | { readonly well: true }
  | { readonly well: false; readonly message: string; readonly retryAfterMs?: number | undefined };

export interface GateParts {
  readonly clock: Clock;
  readonly pauses: Backoff;
  /** One request that changes nothing. Expected failures are answers, everything thrown counts as a bug. */
  readonly ask: () => Promise<Asked>;
  /** Left `open`, or came back to it. */
  readonly onChange?: (open: boolean) => void;
  readonly onClosed: (message: string) => void;
  readonly onStillClosed?: (message: string, nextAskMs: number) => void;
  readonly onOpened: (closedForMs: number) => void;
  readonly onBug: (error: unknown) => void;
}

export class Gate implements Disposable {
  readonly #parts: GateParts;
  readonly #disposed = new AbortController();
  #state: GateState = 'open';
  #opening: PromiseWithResolvers<void> | undefined;
  #verdict: Promise<boolean> = Promise.resolve(true);
  /** Pauses without a call that worked in between: a gate that opens and closes at once still waits longer. */
  #pauses = 0;

  constructor(parts: GateParts) {
    this.#parts = parts;
  }

  get state(): GateState {
    return this.#state;
  }

  /**
   * A call failed in a way that may be the store's: asks at once. True when the first answer is well, false
   * when the gate had to close, and then only once it is open again (or disposed of).
   */
  doubt(message: string): Promise<boolean> {
    if (this.#state === 'open') {
      this.#leaveOpen('asking');
      this.#verdict = this.#askAtOnce(message);
    }
    return this.#verdict;
  }

  /** A call was told that it may not be made: closes, and asks after a pause. */
  close(message: string): void {
    if (this.#state !== 'open') return;
    this.#leaveOpen('closed');
    this.#verdict = this.#stayClosed(message);
  }

  /** A real call came through. */
  worked(): void {
    this.#pauses = 0;
  }

  /** Throws StoppedError when the signal fires first or the gate is disposed of. */
  async whenOpen(signal: AbortSignal): Promise<void> {
    while (this.#opening) await orStopped(this.#opening.promise, signal);
  }

  [Symbol.dispose](): void {
    this.#disposed.abort();
    this.#leaveOpen('closed');
    this.#opening?.reject(new StoppedError());
  }

  async #askAtOnce(message: string): Promise<boolean> {
    const asked = await this.#ask();
    if (this.#disposed.signal.aborted) return false;
    if (asked.well) {
      this.#open();
      return true;
    }
    this.#state = 'closed';
    return this.#stayClosed(message, asked.retryAfterMs);
  }

  /** Always false: it took more than one question. */
  async #stayClosed(message: string, retryAfterMs?: number): Promise<boolean> {
    const { clock } = this.#parts;
    const sinceMs = clock.nowMs();
    this.#parts.onClosed(message);
    let pauseMs = this.#nextPauseMs(retryAfterMs);
    while (await this.#sleep(pauseMs)) {
      const asked = await this.#ask();
      if (this.#disposed.signal.aborted) return false;
      if (asked.well) {
        // Told first: as soon as the gate is open, calls go out again.
        this.#parts.onOpened(clock.nowMs() - sinceMs);
        this.#open();
        return false;
      }
      pauseMs = this.#nextPauseMs(asked.retryAfterMs);
      this.#parts.onStillClosed?.(asked.message, pauseMs);
    }
    return false;
  }

  #nextPauseMs(retryAfterMs: number | undefined): number {
    const { pauses, clock } = this.#parts;
    this.#pauses += 1;
    return retryDelayMs(this.#pauses, pauses, clock.random(), retryAfterMs);
  }

  async #ask(): Promise<Asked> {
    try {
      return await this.#parts.ask();
    } catch (error) {
      // Nobody awaits the loop, so a bug in it is told here; calls go on waiting instead of running wild.
      if (!(error instanceof StoppedError)) this.#parts.onBug(error);
      return { well: false, message: String(error) };
    }
  }

  /** False when disposed of meanwhile. */
  async #sleep(delayMs: number): Promise<boolean> {
    try {
      await this.#parts.clock.sleep(delayMs, this.#disposed.signal);
      return true;
    } catch (error) {
      if (error instanceof StoppedError) return false;
      throw error;
    }
  }

  #leaveOpen(state: GateState): void {
    this.#state = state;
    if (this.#opening) return;
    this.#opening = Promise.withResolvers();
    // Often nobody waits, and a rejection at the end must not count as unhandled then.
    this.#opening.promise.catch(() => {});
    this.#parts.onChange?.(false);
  }

  #open(): void {
    this.#state = 'open';
    this.#opening?.resolve();
    this.#opening = undefined;
    this.#parts.onChange?.(true);
  }
}
