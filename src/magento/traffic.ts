import { type Backoff, retryDelayMs } from '../domain/schedule.ts';
import type { Events } from '../events.ts';
import type { Clock } from '../runtime/clock.ts';
import { WorkQueue } from '../runtime/queue.ts';
import {
  type Call,
  classify,
  type Failure,
  type Reply,
  RIGHT_OF,
  type Right,
  type Verdict,
} from './answers.ts';
import type { Client, Request } from './client.ts';
import { type Asked, Gate } from './gate.ts';
import { PROBE_PATH } from './search.ts';

/** Looks go first: without them no write can be planned. */
export const LOOK_PRIORITY = 1;
export const WRITE_PRIORITY = 0;

/** A request that went out. */
export interface Trip {
  readonly verdict: Verdict;
  /** When it was sent, ms of the clock. */
  readonly sentAtMs: number;
  /** True when the store is well, so that a failure is this call's own; settles once the store is up again. */
  readonly well: Promise<boolean>;
}

export interface TrafficOptions {
  readonly name: string;
  readonly workers: number;
  readonly retry: Backoff;
}

/**
 * The way of every request: the gate of its right, then a free worker behind the store's gate. What comes back
 * is judged, and the gates are told what it means for them.
 */
export class Traffic implements Disposable {
  readonly #options: TrafficOptions;
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #events: Events;
  readonly #queue: WorkQueue;
  readonly #store: Gate;
  readonly #rights: Readonly<Record<Right, Gate>>;
  /** Rests without a call that worked in between. */
  #rests = 0;
  #resumedAtMs = 0;

  constructor(options: TrafficOptions, parts: { client: Client; clock: Clock; events: Events }) {
    this.#options = options;
    this.#client = parts.client;
    this.#clock = parts.clock;
    this.#events = parts.events;
    this.#queue = new WorkQueue(options.workers, parts.clock);
    this.#store = this.#storeGate();
    this.#rights = {
      'Magento_Sales::actions_view': this.#rightGate('Magento_Sales::actions_view'),
      'Magento_Sales::shipment': this.#rightGate('Magento_Sales::shipment'),
      'Magento_Sales::ship': this.#rightGate('Magento_Sales::ship'),
    };
  }

  /** When the store was last found to be up again, ms of the clock; 0 when it never was down. */
  get resumedAtMs(): number {
    return this.#resumedAtMs;
  }

  /**
   * Sends the request that `make` returns; `make` is called when a worker and all gates are free, and the
   * request leaves in the same turn. Throws StoppedError when the signal fires before that, and what `make`
   * throws; a failed request is a verdict.
   */
  async send(call: Call, priority: number, make: () => Request, signal: AbortSignal): Promise<Trip> {
    const right = this.#rights[RIGHT_OF[call]];
    for (;;) {
      if (right.state !== 'open') await right.whenOpen(signal);
      const sent = await this.#queue.run(
        priority,
        async () => {
          // Closed while this call waited for a worker, which another kind of call can use meanwhile.
          if (right.state !== 'open') return undefined;
          let sentAtMs = 0;
          const reply = await this.#client.send(() => {
            sentAtMs = this.#clock.nowMs();
            return make();
          });
          return { sentAtMs, reply };
        },
        signal,
      );
      if (sent) return this.#judge(call, sent.reply, sent.sentAtMs);
    }
  }

  /** Asks the probe beside the queue and its gates. */
  async probe(): Promise<Verdict> {
    return classify('orders', await this.#client.send(() => ({ method: 'GET', path: PROBE_PATH })));
  }

  [Symbol.dispose](): void {
    this.#queue[Symbol.dispose]();
    this.#store[Symbol.dispose]();
    for (const gate of Object.values(this.#rights)) gate[Symbol.dispose]();
  }

  #judge(call: Call, reply: Reply, sentAtMs: number): Trip {
    const verdict = classify(call, reply);
    return { verdict, sentAtMs, well: this.#tellGates(call, verdict) };
  }

  #tellGates(call: Call, verdict: Verdict): Promise<boolean> {
    const right = this.#rights[RIGHT_OF[call]];
    const blame = verdict.kind === 'done' ? 'call' : verdict.blame;
    if (verdict.kind === 'done' || blame === 'call') {
      this.#store.worked();
      right.worked();
      this.#rests = 0;
      return WELL;
    }
    switch (blame) {
      case 'right':
      case 'sign-in':
        right.close(verdict.message);
        return NOT_WELL;
      case 'rate':
        this.#rest(verdict);
        return NOT_WELL;
      case 'store':
      case 'address':
        if (verdict.retryAfterMs !== undefined) this.#rest(verdict);
        return this.#store.doubt(verdict.message).then((well) => {
          if (verdict.kind !== 'unsent') return well;
          // Never sent, and yet the probe comes through (a redirect of writes alone, say): it may be tried
          // for ever, but not in a tight loop.
          if (well) this.#rest(verdict);
          return false;
        });
    }
  }

  #rest(verdict: Failure): void {
    this.#rests += 1;
    const { name, retry } = this.#options;
    const delayMs = retryDelayMs(this.#rests, retry, this.#clock.random(), verdict.retryAfterMs);
    this.#queue.rest(delayMs);
    this.#events.emit('store.retry', {
      store: name,
      message: verdict.message,
      attempt: this.#rests,
      delayMs,
    });
  }

  #storeGate(): Gate {
    const store = this.#options.name;
    return new Gate({
      clock: this.#clock,
      pauses: this.#options.retry,
      ask: async () => asked(await this.probe()),
      onChange: (open) => (open ? this.#queue.release('store') : this.#queue.hold('store')),
      onClosed: (message) => this.#events.emit('store.down', { store, message }),
      onStillClosed: (message, nextProbeMs) =>
        this.#events.emit('store.still-down', { store, message, nextProbeMs }),
      onOpened: (downForMs) => {
        this.#resumedAtMs = this.#clock.nowMs();
        this.#events.emit('store.up', { store, downForMs });
      },
      onBug: (error) => this.#events.emit('bug', { where: 'asking whether the store is up', error }),
    });
  }

  #rightGate(right: Right): Gate {
    const store = this.#options.name;
    return new Gate({
      clock: this.#clock,
      pauses: this.#options.retry,
      ask: async () => {
        const reply = await this.#client.send(() => RIGHT_QUESTIONS[right]);
        if (reply.kind !== 'answer') return { well: false, message: reply.message };
        return GRANTED.has(reply.status)
          ? { well: true }
          : { well: false, message: `Magento answered ${reply.status}`, retryAfterMs: reply.retryAfterMs };
      },
      onClosed: (message) => this.#events.emit('store.right-missing', { store, right, message }),
      onOpened: () => this.#events.emit('store.right-granted', { store, right }),
      onBug: (error) => this.#events.emit('bug', { where: `asking for the right ${right}`, error }),
    });
  }
}

const WELL = Promise.resolve(true);
const NOT_WELL = Promise.resolve(false);

/** A store that answers a probe with 401 or 429 is up; what that means is decided for the calls themselves. */
function asked(verdict: Verdict): Asked {
  if (verdict.kind === 'done' || verdict.blame === 'right' || verdict.blame === 'rate') return { well: true };
  return { well: false, message: verdict.message, retryAfterMs: verdict.retryAfterMs };
}

/** The greatest id that the database can hold: an order that does not exist, whatever the shop's size. */
const NO_ORDER = 4_294_967_295;

/**
 * A request for each right that changes nothing: the right is asked for before anything else (recordings
 * ship-unknown-order-id, track-empty-object, auth-bad-token-post-malformed).
 */
const RIGHT_QUESTIONS: Readonly<Record<Right, Request>> = {
  'Magento_Sales::actions_view': { method: 'GET', path: PROBE_PATH },
  'Magento_Sales::shipment': { method: 'POST', path: 'shipment/track', body: '{}' },
  'Magento_Sales::ship': { method: 'POST', path: `order/${NO_ORDER}/ship`, body: '{}' },
};

/** Statuses that come only after the right was found to be there. */
const GRANTED = new Set([200, 400, 404]);
