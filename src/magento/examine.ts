import { classify } from './answers.ts';
import { Client, type ClientOptions, type ClientParts } from './client.ts';
import { type AskedCall, QUESTIONS } from './questions.ts';
import { type Failure, RIGHT_OF, type Right } from './verdict.ts';

/** Which store, and how fast it may be asked. */
export interface ExamineOptions extends ClientOptions {
  /** Null: no limit. */
  readonly maxRequestsPerSecond: number | null;
}

/** What an examination has around it. */
interface ExamineParts extends ClientParts {
  /** Fires to cut it short. */
  readonly signal: AbortSignal;
  /** Called with each question that was answered, of so many. */
  readonly onAsked?: (asked: number, of: number) => void;
}

/** Whether the integration, or the admin user, may make one kind of call. */
export interface RightFound {
  readonly call: AskedCall;
  readonly right: Right;
  /**
   * - `missing`: the store said so, with 401.
   * - `failed`: no such answer came; see `Examination.failure`.
   * - `unasked`: that would take a write and the store is read only, or the store failed before.
   */
  readonly found: 'granted' | 'missing' | 'failed' | 'unasked';
  /** In words for a person where the right is missing or the question failed; empty otherwise. */
  readonly message: string;
}

/** What was learnt of a store without changing anything in it. */
export interface Examination {
  readonly rights: readonly RightFound[];
  /** Of the first question again and again, without signing in, in the order in which they were asked. */
  readonly latenciesMs: readonly number[];
  /** How far this machine's clock is ahead of the store's, to a second; null where no answer said the time. */
  readonly clockAheadMs: number | null;
  /** What ended the examination: the store, its address, or the sign-in. Null where all questions were answered. */
  readonly failure: Failure | null;
}

/**
 * Asks a store for its rights, its clock and its speed, one request at a time, and ends with the first failure that
 * is not about a right: others would take as long and say the same.
 * @throws StoppedError when the signal fires; StoreError when the credentials cannot be sent at all.
 */
export async function examine(options: ExamineOptions, parts: ExamineParts): Promise<Examination> {
  // With a second token each missing right would look as with the first, and a one-time code is waited for.
  const client = new Client({ ...options, signInOnce: true }, parts);
  const close = () => client.close();
  parts.signal.addEventListener('abort', close, { once: true });
  if (parts.signal.aborted) close();
  try {
    return await new Questioning(client, options, parts).ask();
  } finally {
    parts.signal.removeEventListener('abort', close);
    close();
  }
}

const CALLS: readonly AskedCall[] = ['orders', 'shipments', 'track', 'ship'];

/** How often the first question is asked: few enough to be no burden, enough for a median. */
const ROUNDS = 5;

class Questioning {
  readonly #client: Client;
  readonly #options: ExamineOptions;
  readonly #parts: ExamineParts;
  readonly #latenciesMs: number[] = [];
  #clockAheadMs: number | null = null;
  #failure: Failure | null = null;

  constructor(client: Client, options: ExamineOptions, parts: ExamineParts) {
    this.#client = client;
    this.#options = options;
    this.#parts = parts;
  }

  async ask(): Promise<Examination> {
    const { clock, signal, onAsked } = this.#parts;
    const { readOnly, timeoutMs, maxRequestsPerSecond } = this.#options;
    const allowed = CALLS.filter((call) => !readOnly || QUESTIONS[call].method === 'GET');
    const calls = allowed.flatMap((call) =>
      call === 'orders' ? Array<AskedCall>(ROUNDS).fill(call) : [call],
    );
    const answers = new Map<AskedCall, Found>();
    const startMs = clock.nowMs();
    for (const [at, call] of calls.entries()) {
      // A store that is slow by seconds is not asked for them again and again.
      const isKnown = answers.has(call) && clock.nowMs() - startMs > timeoutMs;
      if (this.#failure !== null || isKnown) continue;
      if (at > 0 && maxRequestsPerSecond !== null) await clock.sleep(1000 / maxRequestsPerSecond, signal);
      answers.set(call, await this.#put(call));
      onAsked?.(at + 1, calls.length);
    }
    return {
      rights: CALLS.map((call) => ({ call, right: RIGHT_OF[call], ...(answers.get(call) ?? UNASKED) })),
      latenciesMs: this.#latenciesMs,
      clockAheadMs: this.#clockAheadMs,
      failure: this.#failure,
    };
  }

  async #put(call: AskedCall): Promise<Found> {
    const { clock } = this.#parts;
    let sentAtMs = 0;
    const reply = await this.#client.send(() => {
      sentAtMs = clock.nowMs();
      return QUESTIONS[call];
    });
    const verdict = classify(call, reply);
    const tookMs = clock.nowMs() - sentAtMs;
    if (reply.kind === 'answer' && reply.dateMs !== undefined) {
      this.#clockAheadMs = clock.wallMs() - reply.dateMs - HALF_A_SECOND_MS;
    }
    if (verdict.kind !== 'done' && verdict.blame !== 'call' && verdict.blame !== 'right') {
      this.#failure = verdict;
      return { found: 'failed', message: verdict.message };
    }
    if (call === 'orders') this.#latenciesMs.push(tookMs);
    const isMissing = verdict.kind !== 'done' && verdict.blame === 'right';
    return isMissing ? { found: 'missing', message: verdict.message } : { found: 'granted', message: '' };
  }
}

type Found = Pick<RightFound, 'found' | 'message'>;

const UNASKED: Found = { found: 'unasked', message: '' };

/** A Date header has whole seconds, cut off: on average the clock that made it is half a second further. */
const HALF_A_SECOND_MS = 500;
