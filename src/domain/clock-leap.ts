const DAY_MS = 24 * 60 * 60_000;
/** A clock that is further on than this after the last time that is known may be wrong. */
const LEAP_MS = 30 * DAY_MS;
/** So long it must go on from there to be right after all: a day, but for what two daily looks are apart less. */
const BELIEVED_AFTER_MS = 20 * 60 * 60_000;

/** Ms of the wall clock. */
export interface KnownTime {
  /** It was this late for certain. */
  readonly knownMs: number;
  /** What the clock showed when it was first found to have leapt from there; null where it has not. */
  readonly leaptToMs: number | null;
}

/**
 * Whether what is old by the clock may be removed: a machine may start with its clock years ahead, and all that there is
 * would be too old. A clock that leapt is believed once it has gone on for a day from where it leapt to: somebody had
 * the time to set it right, and a machine that was off for months comes to remove what is old all the same.
 */
export function afterLook(nowMs: number, { knownMs, leaptToMs }: KnownTime): KnownTime {
  if (nowMs - knownMs <= LEAP_MS) return { knownMs: nowMs, leaptToMs: null };
  const sinceMs = leaptToMs === null ? Number.NaN : nowMs - leaptToMs;
  if (sinceMs >= BELIEVED_AFTER_MS && sinceMs <= LEAP_MS) return { knownMs: nowMs, leaptToMs: null };
  const isSameLeap = sinceMs >= 0 && sinceMs <= LEAP_MS;
  return { knownMs, leaptToMs: isSameLeap ? leaptToMs : nowMs };
}
