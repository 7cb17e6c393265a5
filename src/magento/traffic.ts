import type { Backoff } from '../domain/schedule.ts';
import type { Events } from '../events.ts';
import type { Clock } from '../runtime/clock.ts';
import { WorkQueue } from '../runtime/queue.ts';
import type { Spacing } from '../runtime/spacing.ts';
import { classify } from './answers.ts';
import type { Client, Make } from './client.ts';
import { type AskedCall, QUESTION_OF, QUESTIONS } from './questions.ts';
import type { Reply } from './reply.ts';
import { RightWatch } from './right-state.ts';
import { StoreWatch } from './store-state.ts';
import { Throttle } from './throttle.ts';
import { type Call, RIGHT_OF, type Right, type Verdict } from './verdict.ts';

/** Looks go first: without them no write can be planned. */
export const LOOK_PRIORITY = 1;
/** Of writes, in the queue: what is higher goes first. */
export const WRITE_PRIORITY = 0;
/** One request may set all those free that wait for the right. */
const RIGHT_QUESTION_PRIORITY = 2;

/** A request that went out. */
interface Trip {
  readonly verdict: Verdict;
  /** When it was sent, ms of the clock; 0 where signing in failed, and nothing was. */
  readonly sentAtMs: number;
  /** True when the store is well, so that a failure is this call's own; settles once the store is up again. */
  readonly well: Promise<boolean>;
}

/** How much may be on the wire. */
interface TrafficOptions {
  readonly name: string;
  /** Requests on the wire at once, at most: calls, probes and questions for rights together. */
  readonly workers: number;
  readonly retry: Backoff;
}

/** What traffic runs on. */
interface TrafficParts {
  readonly client: Client;
  readonly clock: Clock;
  /** Where the client takes the place of each request. */
  readonly spacing: Spacing;
  readonly events: Events;
}

/**
 * The way of every request: its right must be granted, then it waits for a worker in the one queue, which is
 * held while the store is not up. What comes back is judged, and whoever is concerned is told what it means:
 * the state of the store, that of the right, the throttle.
 */
export class Traffic implements Disposable {
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #queue: WorkQueue;
  readonly #throttle: Throttle;
  readonly #store: StoreWatch;
  readonly #rights: Readonly<Record<Right, RightWatch>>;
  readonly #disposed = new AbortController();

  constructor(options: TrafficOptions, parts: TrafficParts) {
    const { name: store, workers, retry: pauses } = options;
    const { client, clock, spacing, events } = parts;
    this.#client = client;
    this.#clock = clock;
    this.#queue = new WorkQueue({ workers, spacing }, clock);
    this.#throttle = new Throttle(options, { queue: this.#queue, clock, events });
    this.#store = new StoreWatch({
      store,
      pauses,
      clock,
      events,
      ask: (call) => this.#askUrgently(call, this.#disposed.signal),
      onOpen: (isOpen) => (isOpen ? this.#queue.release() : this.#queue.hold()),
    });
    const watch = (right: Right) =>
      new RightWatch({ store, right, pauses, clock, events, ask: (call) => this.#ask(call) });
    this.#rights = {
      'Magento_Sales::actions_view': watch('Magento_Sales::actions_view'),
      'Magento_Sales::shipment': watch('Magento_Sales::shipment'),
      'Magento_Sales::ship': watch('Magento_Sales::ship'),
    };
  }

  /** When the store was last found to be up again, ms of the clock; 0 when it never was down. */
  get resumedAtMs(): number {
    return this.#store.resumedAtMs;
  }

  /**
   * Sends the request that `make` returns; `make` is called when it is this call's turn and it is signed in, and
   * the request leaves as soon as it is made. Throws StoppedError when the signal fires before that, and what `make`
   * throws; a failed request is a verdict.
   */
  async send(call: Call, priority: number, make: Make, signal: AbortSignal): Promise<Trip> {
    const right = this.#rights[RIGHT_OF[call]];
    for (;;) {
      if (!right.isGranted) await right.whenGranted(signal);
      // Missing since this call began to wait for a worker: another kind of call can use that one.
      const exchange = () => (right.isGranted ? this.#exchange(call, make) : NOT_NOW);
      const trip = await this.#queue.run(priority, exchange, signal);
      if (trip) return trip;
    }
  }

  /** Sends the probe as soon as a worker is free, whatever the store's state; nobody is told what it brings. */
  probe(signal: AbortSignal): Promise<Verdict> {
    return this.#askUrgently('orders', signal);
  }

  [Symbol.dispose](): void {
    this.#disposed.abort();
    this.#queue[Symbol.dispose]();
    this.#store[Symbol.dispose]();
    for (const right of Object.values(this.#rights)) right[Symbol.dispose]();
  }

  async #askUrgently(call: AskedCall, signal: AbortSignal): Promise<Verdict> {
    const make = () => QUESTIONS[call];
    return classify(call, await this.#queue.runUrgent(() => this.#client.send(make), signal));
  }

  async #ask(call: AskedCall): Promise<Verdict> {
    const exchange = () => this.#exchange(call, () => QUESTIONS[call]);
    return (await this.#queue.run(RIGHT_QUESTION_PRIORITY, exchange, this.#disposed.signal)).verdict;
  }

  async #exchange(call: Call, make: Make): Promise<Trip> {
    const departure = this.#throttle.departs();
    let sentAtMs = 0;
    const reply = await this.#client.send(() => {
      sentAtMs = this.#clock.nowMs();
      return make();
    });
    // Here, where the worker is still taken: what is held because of this answer must not slip out before.
    const verdict = classify(call, reply);
    return { verdict, sentAtMs, well: this.#learn(call, verdict, reply, departure) };
  }

  #learn(call: Call, verdict: Verdict, reply: Reply, departure: number): Promise<boolean> {
    const right = this.#rights[RIGHT_OF[call]];
    if (verdict.kind === 'done' || verdict.blame === 'call') {
      this.#throttle.worked(departure);
      this.#store.worked();
      right.worked();
      return WELL;
    }
    const { blame, message } = verdict;
    const isTooBusy = reply.kind === 'answer' && reply.status === 503;
    if (blame === 'rate' || isTooBusy) this.#throttle.slower(departure, message);
    switch (blame) {
      case 'right':
        return right.doubt(QUESTION_OF[call], message);
      case 'sign-in':
        return this.#store.refuse(verdict);
      case 'rate':
        this.#throttle.rest(departure, verdict);
        return NOT_WELL;
      case 'token':
        return NOT_WELL;
      case 'store':
      case 'address':
        if (verdict.retryAfterMs !== undefined) this.#throttle.rest(departure, verdict);
        return this.#store.doubt(QUESTION_OF[call], message).then((well) => {
          if (reply.kind === 'answer' || verdict.kind !== 'unsent') return well;
          // Nothing reached the shop, so that it cannot lie with this call, and yet the questions come through (one
          // of several machines is away, say): it may be tried for ever, but not in a tight loop.
          if (well) this.#throttle.rest(departure, verdict);
          return false;
        });
    }
  }
}

const WELL = Promise.resolve(true);
const NOT_WELL = Promise.resolve(false);
const NOT_NOW = Promise.resolve(undefined);
