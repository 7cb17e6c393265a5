import { setTimeout as sleep } from 'node:timers/promises';
import { StoppedError } from '../domain/failure.ts';

/** Time and chance, injected everywhere so that tests move them by hand. */
export interface Clock {
  /** Ms since 1970, whole, and steady: it never jumps within a process. For whatever is waited for or compared. */
  nowMs(): number;
  /** Ms since 1970 as the machine's clock has it now; for people, file names, signatures and other processes. */
  wallMs(): number;
  /** Resolves after `delayMs`; rejects with StoppedError when the signal fires first. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
  /** In [0, 1). */
  random(): number;
}

/** Node waits at most this long in one timer; a longer delay would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Real time. `nowMs` starts as the wall clock and is steady from there: were it set back by an hour, a write
 * would be waited for an hour long; were it set forward, one would be repeated too early.
 */
export const systemClock: Clock = {
  nowMs: () => Math.round(performance.timeOrigin + performance.now()),
  wallMs: () => Date.now(),
  random: () => Math.random(),
  async sleep(delayMs, signal) {
    try {
      for (let leftMs = delayMs; leftMs > 0; leftMs -= LONGEST_TIMER_MS) {
        await sleep(Math.min(leftMs, LONGEST_TIMER_MS), undefined, signal ? { signal } : {});
      }
    } catch (error) {
      if (signal?.aborted) throw new StoppedError();
      throw error;
    }
    if (signal?.aborted) throw new StoppedError();
  },
};

/** Waits until the clock shows `atMs`. False when the signal fires first. */
export async function sleptUntil(atMs: number, clock: Clock, signal: AbortSignal): Promise<boolean> {
  try {
    // Timers count from the start of the event loop's turn, and come early after a long one.
    for (let nowMs = clock.nowMs(); nowMs < atMs; nowMs = clock.nowMs()) {
      await clock.sleep(atMs - nowMs, signal);
    }
    return true;
  } catch (error) {
    if (error instanceof StoppedError) return false;
    throw error;
  }
}
