import type { Clock } from '../../runtime/clock.ts';

/** A folder on a mount whose server is gone does not answer at all; a disk that is well takes milliseconds. */
export const FOLDERS_WITHIN_MS = 10_000;

/**
 * Asks a file system; undefined where it has not answered within `FOLDERS_WITHIN_MS`. `late` fires then, so that work which
 * goes on after all cleans up.
 */
export async function inTime<T>(
  work: (late: AbortSignal) => Promise<T>,
  clock: Clock,
): Promise<T | undefined> {
  const [late, done] = [new AbortController(), new AbortController()];
  const timer = clock.sleep(FOLDERS_WITHIN_MS, done.signal).then(
    () => late.abort(),
    () => {},
  );
  try {
    return await Promise.race([work(late.signal), timer.then(() => undefined)]);
  } finally {
    done.abort();
  }
}
