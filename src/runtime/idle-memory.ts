import { StoppedError } from '../domain/failure.ts';
import type { Events } from '../events.ts';
import type { Clock } from './clock.ts';

/** Long enough that a collection, some 50 ms, never comes between two pieces of work. */
export const QUIET_FOR_MS = 5_000;

/** By which clock it is quiet, and what collects. */
interface IdleMemoryParts {
  readonly clock: Clock;
  readonly collect: () => Promise<void>;
}

/**
 * Collects garbage once nothing has happened for 5 s, and once more after each later time of work, until disposed
 * of. V8 collects while it allocates: a process that falls idle after a file of 2,000 rows would keep 80 MB of
 * garbage until the next file.
 */
export function collectWhenIdle(events: Events, { clock, collect }: IdleMemoryParts): Disposable {
  const disposed = new AbortController();
  let lastEventAtMs = 0;
  let isWaiting = false;

  async function waitForQuiet(): Promise<void> {
    isWaiting = true;
    try {
      for (let leftMs = QUIET_FOR_MS; leftMs > 0; leftMs = lastEventAtMs + QUIET_FOR_MS - clock.nowMs()) {
        await clock.sleep(leftMs, disposed.signal);
      }
    } finally {
      isWaiting = false;
    }
    await collect();
  }

  const off = events.onAny((name) => {
    lastEventAtMs = clock.nowMs();
    if (isWaiting || name === 'bug' || disposed.signal.aborted) return;
    waitForQuiet().catch((error: unknown) => {
      // A bug told here starts no new wait: it would come round every 5 s for ever.
      if (!(error instanceof StoppedError)) events.emit('bug', { where: 'collecting garbage', error });
    });
  });
  return {
    [Symbol.dispose]() {
      off();
      disposed.abort();
    },
  };
}

/**
 * Collects all garbage and gives the pages back to the system. By the inspector, the one supported way to ask for
 * it; nothing listens on any port.
 */
export async function collectGarbage(): Promise<void> {
  const { Session } = await import('node:inspector/promises');
  const session = new Session();
  session.connect();
  try {
    await session.post('HeapProfiler.collectGarbage');
  } finally {
    session.disconnect();
  }
}
