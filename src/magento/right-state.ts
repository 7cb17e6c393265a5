import { StoppedError } from '../domain/failure.ts';
import type { Backoff } from '../domain/schedule.ts';
import type { Events } from '../events.ts';
import type { Clock } from '../runtime/clock.ts';
import { GrowingPauses } from '../runtime/growing-pauses.ts';
import { orStopped, unlessStopped } from '../runtime/stop.ts';
import type { AskedCall } from './questions.ts';
import type { Failure, Right, Verdict } from './verdict.ts';

/** Which right is watched, and how it is asked for. */
interface RightWatchParts {
  readonly store: string;
  readonly right: Right;
  readonly pauses: Backoff;
  readonly clock: Clock;
  readonly events: Events;
  /** The call of that kind which cannot take effect. Throws StoppedError; everything else is a bug. */
  readonly ask: (call: AskedCall) => Promise<Verdict>;
}

/**
 * Whether the integration has one right. Transitions:
 *
 *     granted ---a call is refused for want of it: asked for at once---> doubted
 *     doubted ---the question is answered: the refusal was the call's own---> granted
 *     doubted ---it is refused as well---> missing
 *     doubted ---neither, since the store is down or has too much to do: asked again after a pause---> doubted
 *     missing ---after a pause it is asked for, and there---> granted
 *     missing ---it is not---> missing, and the next pause is longer
 *
 * Calls that need it wait while it is doubted or missing, and none of them fails because of it; others go on. Without
 * the doubt one order to which a shop answers 401, whatever the rights, would keep all others waiting for ever.
 */
export class RightWatch implements Disposable {
  readonly #parts: RightWatchParts;
  readonly #pauses: GrowingPauses;
  readonly #disposed = new AbortController();
  /** Resolves when it is granted again; there only while it is doubted or missing. */
  #grant: PromiseWithResolvers<void> | undefined;
  /** What `doubt` promises to all that are refused until it is granted again. */
  #wasGranted: Promise<boolean> = Promise.resolve(false);

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

  /**
   * A call was refused for want of it. True when the question of that kind of call is answered at once, so that the
   * right is there and the refusal is the call's own; false when it is missing, or nobody could tell.
   */
  doubt(call: AskedCall, message: string): Promise<boolean> {
    if (!this.#grant) {
      this.#grant = ungranted();
      const { store, right, events } = this.#parts;
      events.emit('store.right-doubted', { store, right, message });
      this.#wasGranted = this.#settle(call, message);
    }
    return this.#wasGranted;
  }

  /** A call that needs it came through: when it is missed next, the pauses begin with the first. */
  worked(): void {
    // Not by its own questions: a shop that answers them by turns would be asked without a pause.
    if (!this.#grant) this.#pauses.worked();
  }

  [Symbol.dispose](): void {
    this.#disposed.abort();
    this.#grant ??= ungranted();
    this.#grant.reject(new StoppedError());
  }

  async #settle(call: AskedCall, message: string): Promise<boolean> {
    const { store, right, clock, events } = this.#parts;
    const { signal: disposed } = this.#disposed;
    for (let isFirst = true; ; isFirst = false) {
      const answer = await this.#ask(call);
      if (disposed.aborted) return false;
      if (answer === 'granted') {
        // Told first: as soon as it is granted, calls go out again.
        events.emit('store.right-there', { store, right });
        this.#open();
        return isFirst;
      }
      if (answer.isRefusal) {
        events.emit('store.right-missing', { store, right, message });
        void this.#askUntilGranted(call);
        return false;
      }
      await clock.sleep(this.#pauses.nextMs(answer.retryAfterMs), disposed).catch(unlessStopped);
      if (disposed.aborted) return false;
    }
  }

  async #askUntilGranted(call: AskedCall): Promise<void> {
    const { store, right, clock, events } = this.#parts;
    const { signal: disposed } = this.#disposed;
    for (let pauseMs = this.#pauses.nextMs(), times = 1; ; times += 1) {
      await clock.sleep(pauseMs, disposed).catch(unlessStopped);
      if (disposed.aborted) return;
      const answer = await this.#ask(call);
      if (disposed.aborted) return;
      if (answer === 'granted') break;
      pauseMs = this.#pauses.nextMs(answer.retryAfterMs);
      const { message } = answer;
      events.emit('store.right-still-missing', { store, right, message, nextAskMs: pauseMs, times });
    }
    events.emit('store.right-granted', { store, right });
    this.#open();
  }

  #open(): void {
    this.#grant?.resolve();
    this.#grant = undefined;
  }

  async #ask(call: AskedCall): Promise<'granted' | NotGranted> {
    try {
      const verdict = await this.#parts.ask(call);
      // The right is asked for before anything else: whatever else is wrong with the call, it was there.
      if (verdict.kind === 'done' || verdict.blame === 'call') return 'granted';
      return { ...verdict, isRefusal: verdict.blame === 'right' };
    } catch (error) {
      if (!(error instanceof StoppedError)) {
        this.#parts.events.emit('bug', { where: `asking for the right ${this.#parts.right}`, error });
      }
      return { message: String(error), retryAfterMs: undefined, isRefusal: false };
    }
  }
}

/** Why a question does not show the right to be there; no refusal: nobody could tell. */
interface NotGranted extends Pick<Failure, 'message' | 'retryAfterMs'> {
  readonly isRefusal: boolean;
}

function ungranted(): PromiseWithResolvers<void> {
  const grant = Promise.withResolvers<void>();
  // Often nobody waits, and a rejection at the end must not count as unhandled then.
  grant.promise.catch(() => {});
  return grant;
}
