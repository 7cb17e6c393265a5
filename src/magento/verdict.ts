/** The calls that are made; each needs one of the integration's rights. */
export type Call = 'orders' | 'shipments' | 'track' | 'ship' | 'untrack' | 'mail';

/** The right that each call needs (webapi.xml of Magento_Sales). */
export const RIGHT_OF = {
  orders: 'Magento_Sales::actions_view',
  shipments: 'Magento_Sales::shipment',
  track: 'Magento_Sales::shipment',
  untrack: 'Magento_Sales::shipment',
  mail: 'Magento_Sales::shipment',
  ship: 'Magento_Sales::ship',
} as const satisfies Record<Call, string>;

/** A right, by the name that Magento's ACL has for it. */
export type Right = (typeof RIGHT_OF)[Call];

/**
 * Whom a failure points at:
 * - `call`: the store answered in its own words; nothing is wrong with it.
 * - `store`: it may be down; its probe has to be asked.
 * - `address`: the store is not where the configuration says; treated as one that is down until somebody acts.
 * - `right`: the integration may not do this; asking again cannot help until somebody changes that.
 * - `sign-in`: the credentials are refused; no call can be made until the configuration is changed.
 * - `token`: it ended on the way, and there is a new one; nothing is wrong, the call is to be made again.
 * - `rate`: too many requests; all of them rest for a while.
 */
export type Blame = 'call' | 'store' | 'address' | 'right' | 'sign-in' | 'token' | 'rate';

/** What a reply means. */
export type Verdict = { readonly kind: 'done'; readonly value: unknown } | Failure;

/** Why a call failed, and what that proves. */
export interface Failure {
  /**
   * What is known of a write, as in `WriteAnswer` in domain/write.ts. Only what *proves* that it did nothing, and will
   * do nothing later, makes it `unsent` or `refused`; everything else is `uncertain`, whoever is to blame. Proofs are:
   * - no connection stood, or signing in failed: nothing went out;
   * - words that Magento says before it calls the service: that a right is missing, that it does not know who asks
   *   (`isSaidAtTheDoor`), that it does not know the store code or the route;
   * - 429: limits are counted before a request is let in;
   * - words with which Magento refuses this one call for a reason (`isReasoned`).
   *
   * A redirect, a page, a 401 or 5xx in nobody's words prove nothing: a proxy says them as well that passed the write
   * on and then waited no longer (`error_page 504` of nginx is a 302), or that sent it twice (`non_idempotent`).
   */
  readonly kind: 'refused' | 'uncertain' | 'unsent';
  readonly blame: Blame;
  /** Sentences for a person; placeholders are filled in, and nothing of our request is in it. */
  readonly message: string;
  /** What a person can do besides, in sentences; empty where the message tells, or nobody knows. */
  readonly remedy: string;
  readonly retryAfterMs: number | undefined;
  /** The question itself was too much: a smaller one may be answered. */
  readonly tooMuch: boolean;
}
