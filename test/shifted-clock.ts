import { type Clock, systemClock } from '../src/runtime/clock.ts';

/** Real time, on a machine whose wall clock is set by hand. */
export class ShiftedClock implements Clock {
  aheadMs: number;
  readonly nowMs = systemClock.nowMs;
  readonly sleep = systemClock.sleep;
  readonly random = systemClock.random;

  constructor(aheadMs = 0) {
    this.aheadMs = aheadMs;
  }

  wallMs(): number {
    return systemClock.wallMs() + this.aheadMs;
  }
}
