import type { Outcome, RowOutcome } from './outcome.ts';
import { wallClockIn } from './wall-clock.ts';

/** How long rows wait for what heals by itself, ms from the claim of their file, and how often it is looked at. */
export interface WaitLimits {
  /** 0: such a row fails at once; the same for the others. */
  readonly orderNotFoundMs: number;
  /** For orders on hold or in payment review. */
  readonly orderHeldMs: number;
  /** For orders that nobody has paid yet. */
  readonly unpaidMs: number;
  readonly everyMs: number;
}

/** What decides whether a row may wait. Times are ms of the wall clock: rows wait across restarts. */
export interface Wait {
  readonly limits: WaitLimits;
  /** When the file was claimed whose rows may wait. */
  readonly sinceMs: number;
  readonly nowMs: number;
  readonly times: Times;
}

/** Tells times to a person; see `timesIn`. */
export interface Times {
  /** IANA name. */
  readonly timezone: string;
  /** `2026-11-22 10:15`. */
  inWords(atMs: number): string;
}

/**
 * The outcome itself, or `waiting` in its place where the order is not there yet, held or unpaid, and the time for
 * which the inbox waits for that is not over. The message then says when the order is looked at again and until when.
 */
export function orWaiting({ heldFor, ...outcome }: RowOutcome, wait: Wait): RowOutcome {
  const limitMs = limitOf(outcome.outcome, heldFor, wait.limits);
  if (limitMs === 0) return outcome;
  const { times, nowMs } = wait;
  const untilMs = begunMs(wait) + limitMs;
  const until = times.inWords(untilMs);
  if (nowMs >= untilMs) {
    return { ...outcome, message: `${outcome.message}; waited for until ${until} (${times.timezone})` };
  }
  const again = times.inWords(nextLookMs(wait));
  const [day = '', time = ''] = until.split(' ');
  const end = again.startsWith(day) ? time : until;
  const how = outcome.outcome === 'order-not-found' ? 'looked for' : 'looked at';
  return {
    ...outcome,
    outcome: 'waiting',
    message: `${outcome.message}; ${how} again at ${again}, until ${end} (${times.timezone})`,
  };
}

/** How long a row with that end waits, ms; 0 where it does not. */
function limitOf(outcome: Outcome, heldFor: RowOutcome['heldFor'], limits: WaitLimits): number {
  if (outcome === 'order-not-found') return limits.orderNotFoundMs;
  if (outcome !== 'order-held') return 0;
  return heldFor === 'payment' ? limits.unpaidMs : limits.orderHeldMs;
}

/**
 * When waiting rows are looked at again, ms of the wall clock: at the next full `everyMs` of that clock, and at the end of each
 * limit, where that comes first. Full ones are the same for all files of an inbox, so that those that wait for one order
 * come back together, in the order of their claims, and whoever asks within one of these gets the same answer.
 */
export function nextLookMs(wait: Pick<Wait, 'limits' | 'sinceMs' | 'nowMs'>): number {
  const { limits, nowMs } = wait;
  const sinceMs = begunMs(wait);
  const { everyMs } = limits;
  const regularMs = everyMs * (Math.floor(nowMs / everyMs) + 1);
  const endsMs = [limits.orderNotFoundMs, limits.orderHeldMs, limits.unpaidMs]
    .map((limitMs) => sinceMs + limitMs)
    .filter((endMs) => endMs > nowMs);
  return Math.min(regularMs, ...endsMs);
}

/** A claim that lies ahead was made by a clock that was set back since: the wait would have no end. */
function begunMs({ sinceMs, nowMs }: Pick<Wait, 'sinceMs' | 'nowMs'>): number {
  return Math.min(sinceMs, nowMs);
}

/** Made once, as `wallClockIn` is. */
export function timesIn(timezone: string): Times {
  const shownAt = wallClockIn(timezone);
  return {
    timezone,
    inWords(atMs) {
      const { day, minute } = shownAt(atMs);
      return `${day} ${minute}`;
    },
  };
}
