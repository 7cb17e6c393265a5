import { StoreError } from '../domain/failure.ts';
import type { SignInMemory } from '../domain/sign-in-memory.ts';
import type { Action, WriteAnswer } from '../domain/write.ts';
import type { Events } from '../events.ts';
import type { Clock } from '../runtime/clock.ts';
import { Spacing } from '../runtime/spacing.ts';
import { orStopped } from '../runtime/stop.ts';
import { Client, type Pace } from './client.ts';
import { type LookResult, type LookUpParts, lookUpOrders, windowSize } from './look-up.ts';
import { PROBE_PATH } from './search.ts';
import type { Credentials } from './sign-in.ts';
import { LOOK_PRIORITY, Traffic, WRITE_PRIORITY } from './traffic.ts';
import type { Verdict } from './verdict.ts';
import { obstacleTo, writeAnswer, writeRequest } from './write-request.ts';

export type { LookResult, TimedLook } from './look-up.ts';

/** Where a store is, and how it is treated. Times are ms. */
export interface StoreOptions {
  readonly name: string;
  /** The shop's address, without a trailing slash. */
  readonly url: string;
  readonly storeCode: string;
  readonly auth: Credentials;
  /** Every write is refused, by the client itself. */
  readonly readOnly: boolean;
  /** Requests on the wire at once, at most, whatever they are. */
  readonly workers: number;
  /** Evenly spread; null: no limit. */
  readonly maxRequestsPerSecond: number | null;
  /** PEM text of the authority that the shop's certificate is verified by; null: those that Node knows. */
  readonly tlsCa: string | null;
  /** For a connection with the head of its answer, and again for each silence inside the body. */
  readonly timeoutMs: number;
  readonly retry: { readonly attempts: number; readonly firstDelayMs: number; readonly maxDelayMs: number };
}

/** One Magento store. While it is down or a right is missing, calls wait; none of them fails because of it. */
export interface Store extends AsyncDisposable {
  readonly name: string;
  /** When the store was last found to be up again, ms of the clock (0: never down): older looks are stale. */
  readonly resumedAtMs: number;
  /** Requests on the wire, probes included. */
  readonly onTheWire: number;

  /** See `lookUpOrders`; the keys are `orderKey(number)`. Throws StoppedError only. */
  lookUp(orderNumbers: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, LookResult>>;

  /**
   * Sends one write. `intend` is called when the request is about to leave, and it leaves once the id of an intent
   * that is on record comes back; what `intend` throws is thrown here, and nothing is sent. An action that Magento
   * would spoil is `refused` without a request, and without an intent.
   *
   * The signal takes the write out of the queue with StoppedError; once it is on the wire it is left to finish.
   * StoppedError after `intend` was called means that the store was disposed of first: the intent stays open.
   */
  write(action: Action, intend: () => string | Promise<string>, signal: AbortSignal): Promise<WriteAnswer>;

  /**
   * Whether the failure that `write` answered counts against the row: true when the store was well, by its own
   * words or by the first probe after it. False when it was not to blame (down, no right, too many requests,
   * never sent); then it resolves once the store is up again. Throws StoppedError.
   */
  wasWell(answer: WriteAnswer, signal: AbortSignal): Promise<boolean>;

  /**
   * Asks the store once. Throws StoreError `unreachable` (nobody there, or no Magento) or `not-allowed`
   * (the credentials or a right; an address that points elsewhere), StoppedError when the signal fires.
   */
  probe(signal: AbortSignal): Promise<void>;

  /**
   * Sends the probe as an ordinary call, so that a store that cannot be used is said at the start and not with
   * the first file. Throws StoppedError.
   */
  greet(signal: AbortSignal): Promise<void>;

  /** Cuts what is still on the wire; every call that waits is rejected with StoppedError. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** What a store has around it. */
interface StoreParts {
  readonly clock: Clock;
  readonly events: Events;
  /** Is told of each token that the store gives, so that none gets into a log. */
  readonly keepSecret?: ((secret: string) => void) | undefined;
  /** Sign-ins that were refused in other processes; absent: each tries for itself. */
  readonly signInMemory?: SignInMemory | undefined;
}

/** Opens no connection yet. Throws StoreError `not-allowed` when the credentials cannot be sent at all. */
export function openStore(options: StoreOptions, parts: StoreParts): Store {
  const { name, retry } = options;
  const { clock, events } = parts;
  const onCodeAwaited = (delayMs: number) => events.emit('store.code-awaited', { store: name, delayMs });
  const spacing = new Spacing(options.maxRequestsPerSecond, clock);
  const pace: Pace = (make) => spacing.next(make);
  const client = new Client(options, { ...parts, onCodeAwaited, pace });
  const traffic = new Traffic(options, { client, clock, spacing, events });
  const looking: LookUpParts = { store: name, retry, traffic, windowSize: windowSize(), clock, events };
  const wellAfter = new WeakMap<WriteAnswer, Promise<boolean>>();

  return {
    name,
    get resumedAtMs() {
      return traffic.resumedAtMs;
    },
    get onTheWire() {
      return client.onTheWire;
    },
    lookUp(orderNumbers, signal) {
      return lookUpOrders(orderNumbers, looking, signal);
    },
    async write(action, intend, signal) {
      const obstacle = options.readOnly ? readOnlyRefusal(name, action) : obstacleTo(action);
      if (obstacle) return { kind: 'refused', message: obstacle };
      const { verdict, well } = await traffic.send(
        action.kind,
        WRITE_PRIORITY,
        async () => writeRequest(action, await intend()),
        signal,
      );
      const answer = writeAnswer(action, verdict);
      if (answer.kind === 'uncertain' || answer.kind === 'unsent') wellAfter.set(answer, well);
      return answer;
    },
    wasWell(answer, signal) {
      return orStopped(wellAfter.get(answer) ?? Promise.resolve(true), signal);
    },
    async probe(signal) {
      const problem = problemOf(await orStopped(traffic.probe(signal), signal), options);
      if (problem) throw problem;
    },
    async greet(signal) {
      await traffic.send('orders', LOOK_PRIORITY, () => ({ method: 'GET', path: PROBE_PATH }), signal);
    },
    async [Symbol.asyncDispose]() {
      traffic[Symbol.dispose]();
      spacing[Symbol.dispose]();
      client.close();
      await client.idle();
    },
  };
}

function readOnlyRefusal(store: string, action: Action): string {
  return `store ${store} is read only (readOnly: true); ${whatItWouldDo(action)}`;
}

function whatItWouldDo(action: Action): string {
  switch (action.kind) {
    case 'track':
      return `the number would have been added to the shipment with id ${action.shipmentId}`;
    case 'ship':
      return 'the order would have been shipped with this number';
    case 'untrack':
      return `the number would have been taken back from the shipment with id ${action.shipmentId}`;
    case 'mail':
      return `the customer would have been mailed about the shipment with id ${action.shipmentId}`;
  }
}

function problemOf(verdict: Verdict, { name, url }: StoreOptions): StoreError | undefined {
  if (verdict.kind === 'done' || verdict.blame === 'rate') return undefined;
  const { blame, message, remedy } = verdict;
  const isAway = blame === 'store' || blame === 'address';
  return new StoreError(
    blame === 'store' ? 'unreachable' : 'not-allowed',
    `store ${name}${isAway ? ` at ${url}` : ''}: ${message}`,
    { facts: { store: name, url }, hint: blame === 'sign-in' ? 'Correct auth of the store.' : remedy },
  );
}
