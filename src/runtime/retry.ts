import pRetry from 'p-retry';
import type { Clock } from './clock.ts';

/**
 * What a failure means for the next attempt:
 * - `count`: it uses up one of the attempts; the next one follows after a pause.
 * - `free`: the work was not to blame (its store was down, say); it is tried again at once, and whoever decides
 *   so sees to it that the work itself waits.
 * - `give-up`: trying again cannot help, or the error is a bug.
 */
export type RetryVerdict = 'count' | 'free' | 'give-up';

/** Which failures are tried again, when, and how often. */
interface RetryOptions {
  /** Attempts that may count, the first one included. */
  readonly attempts: number;
  readonly verdict: (error: Error) => RetryVerdict;
  /** The pause after the attempt of that number (from 1, counted ones only), ms. */
  readonly delayMs: (attempt: number, error: Error) => number;
  readonly onRetry?: (error: Error, attempt: number, delayMs: number) => void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Runs `work` until it succeeds, gives up or has used its attempts; then its last error is thrown as it is.
 * Throws StoppedError when the signal fires during a pause.
 */
export function retrying<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { attempts, verdict, clock, signal } = options;
  return pRetry(work, {
    // One more than may count: p-retry gives up on an uncounted failure too once its own count is used up.
    retries: attempts,
    // The pauses are made below by the clock: p-retry's own come from Math.random and know no Retry-After.
    minTimeout: 0,
    shouldConsumeRetry: ({ error }) => verdict(error) !== 'free',
    async shouldRetry({ error, retriesConsumed }) {
      const says = verdict(error);
      if (says !== 'count') return says === 'free';
      const attempt = retriesConsumed + 1;
      if (attempt >= attempts) return false;
      const delayMs = options.delayMs(attempt, error);
      options.onRetry?.(error, attempt, delayMs);
      await clock.sleep(delayMs, signal);
      return true;
    },
  });
}
