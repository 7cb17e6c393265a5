import { type Clock, systemClock } from '../src/runtime/clock.ts';

/** A clock that runs so many times faster than the system's, and waits as much shorter. */
export function fasterClock(times: number): Clock {
  const startMs = systemClock.nowMs();
  return {
    ...systemClock,
    nowMs: () => startMs + Math.floor((performance.timeOrigin + performance.now() - startMs) * times),
    sleep: (delayMs, signal) => systemClock.sleep(delayMs / times, signal),
  };
}
