import { type Answer, JSON_TYPE, nginxPage, proxyPage } from './answer.ts';

/** What goes wrong with a request; `status` bodies default to a proxy's HTML. */
export type Fault = RequestFault | AnswerFault;

/** Faults that decide whether a request has its effect at all, or when. */
type RequestFault =
  /** Answered at once, without effect. */
  | ({ readonly kind: 'status' } & StatusFault)
  /** Sent elsewhere, without effect. A client that follows would take its rights and its writes there. */
  | { readonly kind: 'redirect'; readonly status: RedirectStatus; readonly location: string }
  /** The connection is cut before the effect. */
  | { readonly kind: 'resetBefore' }
  /** No effect and no answer, ever; the connection stays open. */
  | { readonly kind: 'silence' }
  /**
   * The effect comes `afterMs` later, when the client may have given up. The answer is silence, or a
   * status at once, like that of a proxy that waits no longer.
   */
  | { readonly kind: 'lateEffect'; readonly afterMs: number; readonly answer: 'silence' | number }
  /**
   * The effect comes when `release` is called, however late; the answer as with `lateEffect`. For tests in which a
   * late effect must come before or after something else, whatever the machine is busy with.
   */
  | { readonly kind: 'heldEffect'; readonly answer: 'silence' | number }
  /** Everything as usual, but later. */
  | { readonly kind: 'delay'; readonly delayMs: number };

/** Faults that come over the answer: the effect is there, whatever the client makes of what it gets. */
export type AnswerFault =
  /** This status instead of the answer. */
  | ({ readonly kind: 'statusAfter' } & StatusFault)
  /** The connection is cut instead of an answer. */
  | { readonly kind: 'resetAfter' }
  /** The head and half of the body, then the connection is cut: fewer bytes than `content-length` says. */
  | { readonly kind: 'cut' }
  /**
   * The head at once, the body a byte every `everyMs`: a client that only minds silence would wait to the end, which
   * comes after so many bytes, or when the client goes away.
   */
  | { readonly kind: 'drip'; readonly everyMs: number }
  /**
   * 200 with a JSON text of so many bytes, at most `MAX_HUGE_BYTES`, and no `content-length`: only a client that counts
   * as it reads is safe. It ends early when the client goes away.
   */
  | { readonly kind: 'huge'; readonly bytes: number }
  /**
   * `html` (the default): 200 with a page. `json`: the first half of the body, called JSON and with the right length;
   * a bare number is then a shorter number, anything else cannot be parsed.
   */
  | { readonly kind: 'garbled'; readonly as?: 'html' | 'json' };

/** The largest answer of the fault `huge`. */
export const MAX_HUGE_BYTES = 1024 ** 3;

const KINDS: ReadonlySet<string> = new Set<Fault['kind']>([
  'status',
  'redirect',
  'resetBefore',
  'silence',
  'lateEffect',
  'heldEffect',
  'delay',
  'statusAfter',
  'resetAfter',
  'cut',
  'drip',
  'huge',
  'garbled',
]);

const REDIRECTS = {
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
} as const;
/** The statuses by which a request is sent elsewhere. */
type RedirectStatus = keyof typeof REDIRECTS;

/** A status, and whose words come with it. */
interface StatusFault {
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

/** Which requests meet a fault; without `match` every one, without `times` for ever. */
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

  /** @throws RangeError for a kind of fault that does not exist, and for one without bounds. */
  inject(rule: FaultRule): void {
    checkFault(rule.fault);
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

/** Rules come over HTTP, too, where no type guards them: without these numbers an answer would never end. */
function checkFault(fault: Fault): void {
  if (!KINDS.has(fault.kind)) throw new RangeError(`The sandbox knows no fault ${fault.kind}`);
  if (fault.kind === 'huge' && !(fault.bytes >= 2 && fault.bytes <= MAX_HUGE_BYTES)) {
    throw new RangeError(`A huge answer has 2 to ${MAX_HUGE_BYTES} bytes, not ${fault.bytes}`);
  }
  if (fault.kind === 'drip' && !(fault.everyMs > 0)) {
    throw new RangeError(`An answer drips every so many milliseconds, not every ${fault.everyMs}`);
  }
  if (fault.kind === 'redirect' && !(fault.status in REDIRECTS && fault.location)) {
    throw new RangeError(`A redirect has a location and one of the statuses ${Object.keys(REDIRECTS)}`);
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

/** A redirect as nginx makes it. */
export function redirectAnswer(status: RedirectStatus, location: string): Answer {
  return { ...nginxPage(status, REDIRECTS[status]), headers: { location } };
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
