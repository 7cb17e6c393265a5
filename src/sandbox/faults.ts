import { type Answer, JSON_TYPE, proxyPage } from './answer.ts';

/** What goes wrong with a request; `status` bodies default to a proxy's HTML. */
export type Fault =
  /** Answered at once, without effect. */
  | ({ readonly kind: 'status' } & StatusFault)
  /** The effect, then this status instead of the answer. */
  | ({ readonly kind: 'statusAfter' } & StatusFault)
  /** The connection is cut before the effect. */
  | { readonly kind: 'resetBefore' }
  /** The effect, then the connection is cut. */
  | { readonly kind: 'resetAfter' }
  /** No effect and no answer, ever; the connection stays open. */
  | { readonly kind: 'silence' }
  /**
   * The effect comes `afterMs` later, when the client may have given up. The answer is silence, or a
   * status at once, like that of a proxy that waits no longer.
   */
  | { readonly kind: 'lateEffect'; readonly afterMs: number; readonly answer: 'silence' | number }
  /** The effect, then 200 with HTML. */
  | { readonly kind: 'garbled' }
  /** Everything as usual, but later. */
  | { readonly kind: 'delay'; readonly delayMs: number };

const KINDS: ReadonlySet<string> = new Set<Fault['kind']>([
  'status',
  'statusAfter',
  'resetBefore',
  'resetAfter',
  'silence',
  'lateEffect',
  'garbled',
  'delay',
]);

export interface StatusFault {
  readonly status: number;
  readonly retryAfter?: string | number;
  /** Default `html`, or `json` where there is a message. */
  readonly body?: 'html' | 'json' | 'text';
  /** What the web API says, as "Could not save a shipment, see error log for details" after a deadlock. */
  readonly message?: string;
}

/** Which requests a rule is about; every given part must fit. */
export interface FaultMatch {
  readonly method?: string;
  /** A regular expression for the path with its query, decoded. */
  readonly path?: string;
  /** Text that the body must hold. */
  readonly body?: string;
  /** Only the n-th request that fits, counted from 1. */
  readonly nth?: number;
  /** Only each n-th request that fits. */
  readonly every?: number;
  /** Only with this chance, by a generator started from `seed`. */
  readonly probability?: number;
  readonly seed?: number;
}

export interface FaultRule {
  readonly match?: FaultMatch;
  /** Ends after so many faults. */
  readonly times?: number;
  readonly fault: Fault;
}

interface ActiveRule {
  readonly rule: FaultRule;
  readonly path: RegExp | null;
  readonly random: () => number;
  seen: number;
  left: number;
}

/** The rules in force. The first one that fits a request decides. */
export class Faults {
  #rules: ActiveRule[] = [];

  /** Throws for a kind of fault that does not exist. */
  inject(rule: FaultRule): void {
    if (!KINDS.has(rule.fault.kind)) throw new RangeError(`The sandbox knows no fault ${rule.fault.kind}`);
    this.#rules.push({
      rule,
      path: rule.match?.path === undefined ? null : new RegExp(rule.match.path, 'u'),
      random: generator(rule.match?.seed ?? 1),
      seen: 0,
      left: rule.times ?? Number.POSITIVE_INFINITY,
    });
  }

  clear(): void {
    this.#rules = [];
  }

  /** The fault for this request, or null. */
  next(method: string, url: string, body: string): Fault | null {
    if (this.#rules.length === 0) return null;
    for (const active of this.#rules) {
      if (active.left > 0 && fires(active, method, url, body)) {
        active.left--;
        return active.rule.fault;
      }
    }
    return null;
  }
}

function fires(active: ActiveRule, method: string, url: string, body: string): boolean {
  const match = active.rule.match ?? {};
  if (match.method !== undefined && match.method.toUpperCase() !== method) return false;
  if (active.path && !active.path.test(decoded(url))) return false;
  if (match.body !== undefined && !body.includes(match.body)) return false;
  active.seen++;
  if (match.nth !== undefined && active.seen !== match.nth) return false;
  if (match.every !== undefined && active.seen % match.every !== 0) return false;
  return match.probability === undefined || active.random() < match.probability;
}

function decoded(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    // A stray percent sign in a client's URL is no reason to fail here: match it as it came.
    return url;
  }
}

/** A status fault as it goes over the wire. */
export function statusAnswer(fault: StatusFault): Answer {
  const { status, retryAfter, message } = fault;
  const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  switch (fault.body ?? (message === undefined ? 'html' : 'json')) {
    case 'json': {
      const body = JSON.stringify({ message: message ?? 'The request is refused.' });
      return { status, type: JSON_TYPE, body, headers };
    }
    case 'text':
      return { status, type: 'text/plain; charset=UTF-8', body: message ?? `error ${status}`, headers };
    case 'html':
      return { ...proxyPage(status), headers };
  }
}

/** mulberry32: small, and the same chances in every run. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
