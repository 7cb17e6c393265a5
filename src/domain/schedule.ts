/** How pauses between attempts grow. */
export interface Backoff {
  /** The first pause, ms; each further one is twice as long. */
  readonly firstDelayMs: number;
  /** No pause grows beyond this, ms. */
  readonly maxDelayMs: number;
}

/** A store that asks for a longer rest is asked again after this all the same: it may be back long before. */
export const LONGEST_RETRY_AFTER_MS = 15 * 60_000;

/**
 * The pause before the next attempt, ms. It doubles from attempt to attempt, half of it by chance, so that
 * requests which failed together do not come back together: attempt 3 of a back-off from 1 s waits 2 to 4 s.
 * What the server asks for (`retryAfterMs`) wins over chance.
 *
 * @param attempt the attempt that failed, counted from 1
 * @param random in [0, 1)
 */
export function retryDelayMs(
  attempt: number,
  backoff: Backoff,
  random: number,
  retryAfterMs?: number,
): number {
  if (retryAfterMs !== undefined) return Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS);
  const ceilingMs = Math.min(backoff.maxDelayMs, backoff.firstDelayMs * 2 ** (attempt - 1));
  return Math.round((ceilingMs / 2) * (1 + random));
}

/**
 * Reads a Retry-After header (RFC 9110, 10.2.3: seconds, or an HTTP date) as a delay in ms, never negative;
 * undefined where there is none or it cannot be read.
 */
export function readRetryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim();
  if (!text) return undefined;
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}
