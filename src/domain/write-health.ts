import { type WriteKind, type Writes, writesKey } from './write-kind.ts';

/** So many orders one after the other are not each to blame for themselves. */
const SUSPICIOUS_ORDERS = 5;

/** How many of them must be of other kinds of writes than most are, where every kind is suspected. */
const ORDERS_OF_OTHER_KINDS = 2;

/**
 * After so long attempts count all the same: a handful of orders that cannot be written, left over at the end of a
 * drop, would keep it open for ever. And failures that lie so far apart are two occasions.
 */
const SUSPICION_ENDS_AFTER_MS = 60 * 60_000;

/**
 * Whether writes to one store come through at all. Each failure alone looks as if its order were to blame, since the
 * store is up and answers its questions; where every write fails (a full disk, a broken module) that would give up
 * whole files. A source that the store does not have, or a module that is broken where shipments are made, lets these
 * fail and nothing else: so that each kind of writes is judged for itself, and all of them together. Transitions of a kind:
 *
 *     working ---writes to five orders failed, and none of the kind was done in between---> suspicious
 *     suspicious ---one of the kind is done---> working
 *     suspicious ---the next failure is more than an hour later---> working
 *
 * Those of all kinds together are the same, but for that they are suspicious only where the failures are of several
 * kinds, and work again when one of any kind is done. All begin as working. Times are ms of any one clock: when the
 * answer came.
 */
export class WriteHealth {
  readonly #any = new Streak(isOfSeveralKinds);
  /** By `writesKey`; only those that have failed since one of them was done. */
  readonly #kinds = new Map<string, { readonly kind: WriteKind; readonly streak: Streak }>();

  /** A write of that kind to the order failed while the store was well. */
  failed(orderId: number, kind: WriteKind, atMs: number): void {
    const key = writesKey(kind);
    const { streak } = this.#kinds.get(key) ?? { streak: new Streak() };
    if (!this.#kinds.has(key)) this.#kinds.set(key, { kind, streak });
    streak.failed(orderId, key, atMs);
    this.#any.failed(orderId, key, atMs);
  }

  /** A write of that kind was done then. What failed after it is not undone by that, though it may be found late. */
  worked(kind: WriteKind, atMs: number): void {
    const key = writesKey(kind);
    const own = this.#kinds.get(key)?.streak;
    own?.worked(atMs);
    if (own?.isOver) this.#kinds.delete(key);
    this.#any.worked(atMs);
  }

  /** Whether a failure counts against its order: while such writes come through, and once they have not for an hour. */
  isOrderToBlame(kind: WriteKind, atMs: number): boolean {
    const sinceMs = this.#kinds.get(writesKey(kind))?.streak.suspiciousSinceMs ?? this.#any.suspiciousSinceMs;
    return sinceMs === undefined || atMs - sinceMs > SUSPICION_ENDS_AFTER_MS;
  }

  /** Which do not come through: all of them together, and each kind that failed often enough for itself. */
  get suspicious(): readonly Writes[] {
    const every: readonly Writes[] = this.#any.suspiciousSinceMs === undefined ? [] : [{ writes: 'all' }];
    const own = [...this.#kinds.values()].filter(({ streak }) => streak.suspiciousSinceMs !== undefined);
    return [...every, ...own.map(({ kind }) => kind)];
  }
}

/** Orders that failed one after the other. */
class Streak {
  /** By the order: the write of it that failed last. */
  readonly #failed = new Map<number, { readonly kind: string; readonly atMs: number }>();
  readonly #isSuspect: (kinds: Iterable<string>) => boolean;
  #suspiciousSinceMs: number | undefined;
  #lastFailedAtMs = Number.NEGATIVE_INFINITY;

  constructor(isSuspect: (kinds: Iterable<string>) => boolean = () => true) {
    this.#isSuspect = isSuspect;
  }

  get suspiciousSinceMs(): number | undefined {
    return this.#suspiciousSinceMs;
  }

  get isOver(): boolean {
    return this.#failed.size === 0;
  }

  failed(orderId: number, kind: string, atMs: number): void {
    if (atMs - this.#lastFailedAtMs > SUSPICION_ENDS_AFTER_MS) this.worked(atMs);
    this.#lastFailedAtMs = atMs;
    this.#failed.set(orderId, { kind, atMs });
    if (this.#isLong()) this.#suspiciousSinceMs ??= atMs;
  }

  worked(atMs: number): void {
    for (const [orderId, failure] of this.#failed) if (failure.atMs <= atMs) this.#failed.delete(orderId);
    if (!this.#isLong()) this.#suspiciousSinceMs = undefined;
  }

  #isLong(): boolean {
    if (this.#failed.size < SUSPICIOUS_ORDERS) return false;
    return this.#isSuspect(Array.from(this.#failed.values(), ({ kind }) => kind));
  }
}

/** One order of another kind may be ill by itself while a source of the others is mistyped. */
function isOfSeveralKinds(kinds: Iterable<string>): boolean {
  const sizes = Array.from(Map.groupBy(kinds, (kind) => kind).values(), ({ length }) => length);
  const all = sizes.reduce((sum, size) => sum + size, 0);
  return all - Math.max(...sizes) >= ORDERS_OF_OTHER_KINDS;
}
