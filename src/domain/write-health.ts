/** So many orders one after the other are not each to blame for themselves. */
const SUSPICIOUS_ORDERS = 5;

/**
 * After so long attempts count all the same: a handful of orders that cannot be written, left over at the end of a
 * drop, would keep it open for ever. And failures that lie so far apart are two occasions.
 */
const SUSPICION_ENDS_AFTER_MS = 60 * 60_000;

/**
 * Whether writes to one store come through at all. Each failure alone looks as if its order were to blame, since the
 * store is up and answers its questions; where every write fails (a full disk, a broken module) that would give up
 * whole files. Transitions:
 *
 *     working ---writes to five orders failed, and none was done in between---> suspicious
 *     suspicious ---a write is done---> working
 *     suspicious ---the next failure is more than an hour later---> working
 *
 * It begins as working. Times are ms of any one clock.
 */
export class WriteHealth {
  /** Orders that failed since a write was done, and which source their shipment was to leave from. */
  readonly #failed = new Map<number, string | null>();
  #suspiciousSinceMs: number | undefined;
  #lastFailedAtMs = Number.NEGATIVE_INFINITY;

  /**
   * A write to the order failed while the store was well: a shipment from that source, or (null) another write. True when
   * writes became suspicious by it.
   */
  failed(orderId: number, source: string | null, atMs: number): boolean {
    if (atMs - this.#lastFailedAtMs > SUSPICION_ENDS_AFTER_MS) this.worked();
    this.#lastFailedAtMs = atMs;
    this.#failed.set(orderId, source);
    if (this.#suspiciousSinceMs !== undefined || this.#failed.size < SUSPICIOUS_ORDERS) return false;
    this.#suspiciousSinceMs = atMs;
    return true;
  }

  /** A write was done. True when they were suspicious before. */
  worked(): boolean {
    const wasSuspicious = this.#suspiciousSinceMs !== undefined;
    this.#failed.clear();
    this.#suspiciousSinceMs = undefined;
    return wasSuspicious;
  }

  /** From which all failed shipments were to leave, where that was one and nothing else failed; else null. */
  get failedSource(): string | null {
    const [first = null, ...others] = new Set(this.#failed.values());
    return others.length === 0 ? first : null;
  }

  /** Whether a failure counts against its order: while writes come through, and once they have not for an hour. */
  isOrderToBlame(atMs: number): boolean {
    const sinceMs = this.#suspiciousSinceMs;
    return sinceMs === undefined || atMs - sinceMs > SUSPICION_ENDS_AFTER_MS;
  }
}
