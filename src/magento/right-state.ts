import { StoppedError } from '../domain/failure.ts';
import type { Backoff } from '../domain/schedule.ts';
import type { Events } from '../events.ts';
import type { Clock } from '../runtime/clock.ts';
import { GrowingPauses } from '../runtime/growing-pauses.ts';
import { orStopped, unlessStopped } from '../runtime/stop.ts';
import type { Failure, Right, Verdict } from './answers.ts';

export interface RightWatchParts {
  readonly store: string;
  readonly right: Right;
  readonly pauses: Backoff;
  readonly clock: Clock;
  readonly events: Events;
  /** One request that needs the right and changes nothing. Throws StoppedError; everything else is a bug. */
  readonly ask: () => Promise<Verdict>;
}

/**
 * Whether the integration has one right. Transitions:
 *
 *     granted ---a call is refused for want of it---> missing
 *     missing ---after a pause it is asked for, and there---> granted
 *     missing ---it is not---> missing, and the next pause is longer
 *
 * Calls that need it wait while it is missing, and none of them fails because of it; others go on.
 */
export class RightWatch implements Disposable {
  readonly #parts: RightWatchParts;
  readonly #pauses: GrowingPauses;
  readonly #disposed = new AbortController();
  /** Resolves when it is granted again; there only while it is missing. */
  #grant: PromiseWithResolvers<void> | undefined;

  constructor(parts: RightWatchParts) {
    this.#parts = parts;
    this.#pauses = new GrowingPauses(parts.pauses, parts.clock);
  }

  get isGranted(): boolean {
    return this.#grant === undefined;
  }

  /** Throws StoppedError when the signal fires first, or the watch is disposed of. */
  async whenGranted(signal: AbortSignal): Promise<void> {
    while (this.#grant) await orStopped(this.#grant.promise, signal);
  }

  /** A call was refused for want of it. */
  miss(message: string): void {
    if (this.#grant || this.#disposed.signal.aborted) return;
    this.#grant = ungranted();
    const { store, right, events } = this.#parts;
    events.emit('store.right-missing', { store, right, message });
    void this.#askUntilGranted();
  }

  /** A call that needs it came through: when it is missed next, the pauses begin with the first. */
  worked(): void {
    this.#pauses.worked();
  }

  [Symbol.dispose](): void {
    this.#disposed.abort();
    this.#grant ??= ungranted();
    this.#grant.reject(new StoppedError());
  }

  async #askUntilGranted(): Promise<void> {
    const { store, right, clock, events } = this.#parts;
    const { signal: disposed } = this.#disposed;
    for (let pauseMs = this.#pauses.nextMs(); ; ) {
      await clock.sleep(pauseMs, disposed).catch(unlessStopped);
      if (disposed.aborted) return;
      const refusal = await this.#ask();
      if (disposed.aborted) return;
      if (!refusal) break;
      pauseMs = this.#pauses.nextMs(refusal.retryAfterMs);
      const { message } = refusal;
      events.emit('store.right-still-missing', { store, right, message, nextAskMs: pauseMs });
    }
    // Told first: as soon as it is granted, calls go out again.
    events.emit('store.right-granted', { store, right });
    this.#grant?.resolve();
    this.#grant = undefined;
  }

  /** Undefined when it is there. */
  async #ask(): Promise<Refusal | undefined> {
    try {
      const verdict = await this.#parts.ask();
      // The right is asked for before anything else: whatever else is wrong with the call, it was there.
      return verdict.kind === 'done' || verdict.blame === 'call' ? undefined : verdict;
    } catch (error) {
      if (!(error instanceof StoppedError)) {
        this.#parts.events.emit('bug', { where: `asking for the right ${this.#parts.right}`, error });
      }
      return { message: String(error), retryAfterMs: undefined };
    }
  }
}

type Refusal = Pick<Failure, 'message' | 'retryAfterMs'>;

function ungranted(): PromiseWithResolvers<void> {
  const grant = Promise.withResolvers<void>();
  // Often nobody waits, and a rejection at the end must not count as unhandled then.
  grant.promise.catch(() => {});
  return grant;
}
