import { StoppedError } from '../../src/domain/failure.ts';
import type { Failure, Verdict } from '../../src/magento/verdict.ts';
import { type Clock, systemClock } from '../../src/runtime/clock.ts';

export const DONE: Verdict = { kind: 'done', value: {} };

/** A failure of which only what matters to the test is given. */
export function failed(more: Partial<Failure>): Failure {
  return {
    kind: 'unsent',
    blame: 'store',
    message: 'no',
    remedy: '',
    retryAfterMs: undefined,
    tooMuch: false,
    ...more,
  };
}

/** What a watch asks is answered from a list, then as done. */
export function answering(answers: readonly (Verdict | Error)[]): () => Verdict {
  const left = [...answers];
  return () => {
    const next = left.shift() ?? DONE;
    if (next instanceof Error) throw next;
    return next;
  };
}

/** A clock whose pauses take no time, and are kept; chance is always the least. */
export function pausingClock(): { readonly clock: Clock; readonly pausesMs: number[] } {
  const pausesMs: number[] = [];
  const clock: Clock = {
    ...systemClock,
    random: () => 0,
    async sleep(delayMs, signal) {
      pausesMs.push(delayMs);
      await new Promise(setImmediate);
      if (signal?.aborted) throw new StoppedError();
    },
  };
  return { clock, pausesMs };
}
