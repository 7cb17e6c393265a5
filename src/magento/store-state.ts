import { StoppedError } from '../domain/failure.ts';
import type { Backoff } from '../domain/schedule.ts';
import type { Failing } from '../events/store-events.ts';
import type { Events } from '../events.ts';
import type { Clock } from '../runtime/clock.ts';
import { GrowingPauses } from '../runtime/growing-pauses.ts';
import { unlessStopped } from '../runtime/stop.ts';
import type { AskedCall } from './questions.ts';
import { REFUSED_REST_MS } from './token-answer.ts';
import type { Blame, Failure, Verdict } from './verdict.ts';

/**
 * Whether a store can be asked. Transitions:
 *
 *     up ---a failure that may be the store's---> probing ---what is asked is answered---> up
 *     probing ---it is not---> down
 *     down ---after a pause it is answered---> up
 *     down ---after a pause it is not---> down, and the next pause is longer
 *     up, probing, down ---the credentials are refused---> refused
 *     refused ---after an hour they are taken---> up
 *     refused ---they are not---> refused, for another hour
 *     refused ---the store does not answer then---> down
 *
 * Calls go out while it is up; otherwise they wait, and none of them fails because of it.
 */
type StoreState = 'up' | 'probing' | 'down' | 'refused';

/**
 * A probe is the cheapest question there is. With pauses of up to a minute a store that was up and down for ten
 * seconds each was missed nine times in a row.
 */
const LONGEST_PAUSE_MS = 15_000;

/** Which store is watched, and how it is asked. */
interface StoreWatchParts {
  readonly store: string;
  /** Of these pauses none is longer than 15 s, unless the store asks for it. */
  readonly pauses: Backoff;
  readonly clock: Clock;
  readonly events: Events;
  /** One request that changes nothing, also sent while calls wait. Throws StoppedError; everything else is a bug. */
  readonly ask: (call: AskedCall) => Promise<Verdict>;
  /** Told before anything else of a change: calls may go out from now on, or not. */
  readonly onOpen: (isOpen: boolean) => void;
}

/** The probe. */
const ALWAYS: readonly AskedCall[] = ['orders'];

const FAILING: Readonly<Record<AskedCall, Failing>> = {
  orders: 'everything',
  shipments: 'shipments',
  track: 'writes',
  ship: 'writes',
};

/** Keeps the state of one store and brings it back up; every change is an event. */
export class StoreWatch implements Disposable {
  readonly #parts: StoreWatchParts;
  readonly #pauses: GrowingPauses;
  #isDisposed = false;
  /** Fires when the asking that goes on is not to go on: something else was learnt, or the watch is disposed of. */
  #asking = new AbortController();
  #state: StoreState = 'up';
  /** What `doubt` promises to all that fail until the store is up again. */
  #wasWell: Promise<boolean> = Promise.resolve(true);
  /**
   * What must be answered before it is up: the question for orders, which is the probe, and that of each kind of call
   * that failed. A shop whose firewall lets no POST through answers every probe.
   */
  #questions = new Set<AskedCall>(ALWAYS);
  #resumedAtMs = 0;
  #awaySinceMs = 0;

  constructor(parts: StoreWatchParts) {
    this.#parts = parts;
    const maxDelayMs = Math.min(parts.pauses.maxDelayMs, LONGEST_PAUSE_MS);
    this.#pauses = new GrowingPauses({ ...parts.pauses, maxDelayMs }, parts.clock);
  }

  get state(): StoreState {
    return this.#state;
  }

  /** When it was last found to be up again, ms of the clock; 0 when it never was down. */
  get resumedAtMs(): number {
    return this.#resumedAtMs;
  }

  /**
   * A call failed in a way that may be the store's: probes at once, and puts the question of that kind of call. True
   * when all questions are answered the first time, false when the store was down, and then only once it is up again
   * (or the watch is disposed of).
   */
  doubt(call: AskedCall, message: string): Promise<boolean> {
    if (this.#state === 'up') {
      this.#state = 'probing';
      this.#parts.onOpen(false);
      this.#parts.events.emit('store.probing', { store: this.#parts.store, message });
      this.#wasWell = this.#bringBack(message, this.#asking.signal);
    }
    this.#questions.add(call);
    return this.#wasWell;
  }

  /**
   * The credentials are refused: no call goes out for so long, since six wrong tries lock an admin account, and then
   * one probe. False, once the store is up again or the watch is disposed of.
   */
  refuse({ message, retryAfterMs = REFUSED_REST_MS }: Refusal): Promise<boolean> {
    if (this.#state !== 'refused' && !this.#isDisposed) {
      if (this.#state !== 'down') this.#awaySinceMs = this.#parts.clock.nowMs();
      this.#asking.abort();
      this.#asking = new AbortController();
      this.#parts.onOpen(false);
      this.#sayRefused(message);
      this.#wasWell = this.#untilUp(retryAfterMs, this.#asking.signal);
    }
    return this.#wasWell;
  }

  /** A call came through: the pauses of the next outage begin with the first. */
  worked(): void {
    this.#pauses.worked();
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true;
    this.#asking.abort();
  }

  async #bringBack(message: string, ended: AbortSignal): Promise<boolean> {
    const { store, clock, events } = this.#parts;
    const failure = await this.#probe();
    if (ended.aborted) return this.#learntOtherwise();
    if (!failure) {
      events.emit('store.well', { store });
      this.#open();
      return true;
    }
    if (failure.blame === 'sign-in') return this.refuse(failure);
    this.#state = 'down';
    this.#awaySinceMs = clock.nowMs();
    const { failing } = failure;
    events.emit('store.down', {
      store,
      failing,
      message: failing === 'everything' ? message : failure.message,
    });
    return this.#untilUp(this.#pauses.nextMs(failure.retryAfterMs), ended);
  }

  async #untilUp(firstPauseMs: number, ended: AbortSignal): Promise<boolean> {
    const { store, clock, events } = this.#parts;
    for (let pauseMs = firstPauseMs, times = 1; ; times += 1) {
      await clock.sleep(pauseMs, ended).catch(unlessStopped);
      const failure = ended.aborted ? undefined : await this.#probe();
      if (ended.aborted) return this.#learntOtherwise();
      if (!failure) break;
      pauseMs = this.#stillAway(failure, times);
    }
    this.#resumedAtMs = clock.nowMs();
    // Told first: as soon as it is open, calls go out again.
    events.emit('store.up', { store, downForMs: this.#resumedAtMs - this.#awaySinceMs });
    this.#open();
    return false;
  }

  /** Says what the probe brought, and returns the pause before the next one, ms. */
  #stillAway(failure: ProbeFailure, times: number): number {
    const { store, events } = this.#parts;
    const { message, failing, retryAfterMs } = failure;
    if (failure.blame === 'sign-in') {
      this.#sayRefused(message);
      return retryAfterMs ?? REFUSED_REST_MS;
    }
    const nextProbeMs = this.#pauses.nextMs(retryAfterMs);
    if (this.#state === 'down')
      events.emit('store.still-down', { store, message, failing, nextProbeMs, times });
    else events.emit('store.down', { store, message, failing });
    this.#state = 'down';
    return nextProbeMs;
  }

  #sayRefused(message: string): void {
    this.#state = 'refused';
    this.#parts.events.emit('store.sign-in-refused', { store: this.#parts.store, message });
  }

  /** What is promised to those who wait for an asking that was ended by what was learnt meanwhile. */
  #learntOtherwise(): Promise<boolean> | false {
    return this.#isDisposed ? false : this.#wasWell;
  }

  #open(): void {
    this.#state = 'up';
    this.#questions = new Set(ALWAYS);
    this.#parts.onOpen(true);
  }

  /** Undefined when every question was answered, those included that came up meanwhile. */
  async #probe(): Promise<ProbeFailure | undefined> {
    for (const call of this.#questions) {
      const failure = await this.#ask(call);
      if (failure) return { ...failure, failing: FAILING[call] };
    }
    return undefined;
  }

  async #ask(call: AskedCall): Promise<Unanswered | undefined> {
    try {
      const verdict = await this.#parts.ask(call);
      if (verdict.kind === 'done') return undefined;
      // A store that answers with 401 or 429 is up; what that means is decided for the calls themselves. And the
      // question of a write is refused in words that concern it alone.
      return ANSWERED.has(verdict.blame) ? undefined : verdict;
    } catch (error) {
      // Calls go on waiting instead of running wild.
      if (!(error instanceof StoppedError)) {
        this.#parts.events.emit('bug', { where: 'asking whether the store is up', error });
      }
      return { blame: 'store', message: String(error), retryAfterMs: undefined };
    }
  }
}

const ANSWERED: ReadonlySet<Blame> = new Set(['call', 'right', 'rate']);

type Unanswered = Pick<Failure, 'blame' | 'message' | 'retryAfterMs'>;
type ProbeFailure = Unanswered & { readonly failing: Failing };
type Refusal = Pick<Failure, 'message' | 'retryAfterMs'>;
