import type { NotSignedIn } from './reply.ts';

/** Signs the requests to one store. */
export interface Signer {
  /**
   * Undefined where a request can be signed at once. Otherwise settles when it can be, or with why not; rejects
   * with StoppedError.
   */
  ready(): Promise<NotSignedIn | undefined> | undefined;
  /** The Authorization header of one attempt. Each attempt needs its own, since Magento remembers nonces. */
  header(method: string, url: string): string;
  /**
   * The store refused a request with this header (401), for want of `right` where it named one, else ''. Undefined
   * where another header would be refused as well; otherwise settles as `ready` does, and then the request is worth
   * sending once more.
   */
  refused(header: string, right: string): Promise<NotSignedIn | undefined> | undefined;
  /** That one more time was refused, too, or was not. */
  sentAgain(right: string, isRefused: boolean): void;
}
