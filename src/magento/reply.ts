import type { SignedAs } from './remedies.ts';

/** A whole answer. */
export interface Answer {
  readonly kind: 'answer';
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** The Location header. */
  readonly location: string | undefined;
  readonly retryAfterMs: number | undefined;
  /** The store's time (the Date header, RFC 9110, 6.6.1: whole seconds), ms since 1970. */
  readonly dateMs: number | undefined;
  /** The shop's address as it is configured. */
  readonly url: string;
  /** How the request was signed, or would have been: what helps against a 401 depends on it. */
  readonly signedAs: SignedAs;
}

/** No whole answer came. */
export interface Broken {
  readonly kind: 'broken';
  /** Holds no secret. */
  readonly message: string;
  /** As in `Failure`. */
  readonly remedy: string;
  /** False only when the request certainly did not reach the store. */
  readonly sent: boolean;
  /**
   * - `connection`: not made, refused or cut.
   * - `certificate`: whoever answers at the address could not show that it is the shop.
   * - `timeout`: the answer did not begin or did not end in time.
   * - `too-large`: the answer was longer than the client reads.
   */
  readonly why: 'connection' | 'certificate' | 'timeout' | 'too-large';
}

/** Signing in failed: the request did not go out, or the store refused it before it did anything. */
export interface NotSignedIn {
  readonly kind: 'not-signed-in';
  /** Only `sign-in` is final: every later request gets the same reply without asking the store. */
  readonly blame: 'sign-in' | 'token' | 'store' | 'address' | 'rate';
  /** Holds no secret. */
  readonly message: string;
  /** As in `Failure`. */
  readonly remedy: string;
  readonly retryAfterMs: number | undefined;
}

/** What came back for one request, before it is judged. */
export type Reply = Answer | Broken | NotSignedIn;
