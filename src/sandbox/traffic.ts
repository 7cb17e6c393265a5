import { REQUEST_KINDS, type RequestKind } from './routes.ts';

/** How often the shop was asked, since the start or the last reset. */
export type Counts = Readonly<Record<RequestKind, number>> & {
  /** All requests to the shop. */
  readonly total: number;
  /** Mails to customers. */
  readonly mails: number;
  /** The most requests that were open at the same time, from their first byte to the end of the answer. */
  readonly mostConcurrent: number;
};

/** Counts requests as they arrive, whatever becomes of them. */
export class Counters {
  #kinds = zeroes();
  #open = 0;
  #mostOpen = 0;
  #mailsBefore = 0;

  opened(): void {
    this.#open++;
    this.#mostOpen = Math.max(this.#mostOpen, this.#open);
  }

  closed(): void {
    this.#open--;
  }

  count(kind: RequestKind): void {
    this.#kinds[kind]++;
  }

  read(mails: number): Counts {
    const total = REQUEST_KINDS.reduce((sum, kind) => sum + this.#kinds[kind], 0);
    return { ...this.#kinds, total, mails: mails - this.#mailsBefore, mostConcurrent: this.#mostOpen };
  }

  reset(mails: number): void {
    this.#kinds = zeroes();
    this.#mostOpen = this.#open;
    this.#mailsBefore = mails;
  }
}

function zeroes(): Record<RequestKind, number> {
  return { orders: 0, shipments: 0, track: 0, ship: 0, untrack: 0, emails: 0, signIn: 0, probe: 0, other: 0 };
}

/** The shop's PHP workers: so many requests at once, further ones wait in the order of their arrival. */
export class Workers {
  limit = Number.POSITIVE_INFINITY;
  #busy = 0;
  readonly #waiting: (() => void)[] = [];

  /** Runs `start` as soon as a worker is free; it must call `release` once when it is done. */
  admit(start: () => void): void {
    if (this.#busy < this.limit) {
      this.#busy++;
      start();
    } else {
      this.#waiting.push(start);
    }
  }

  release(): void {
    this.#busy--;
    while (this.#busy < this.limit) {
      const start = this.#waiting.shift();
      if (!start) return;
      this.#busy++;
      start();
    }
  }
}

/** One holder for each order at a time, as `order/:id/ship` has it from Magento 2.4.5. */
export class OrderLocks {
  readonly #waiting = new Map<string, (() => void)[]>();

  /** Runs `start` under the lock; it must call `unlock` with the same key when it is done. */
  lock(key: string, start: () => void): void {
    const waiting = this.#waiting.get(key);
    if (waiting) {
      waiting.push(start);
    } else {
      this.#waiting.set(key, []);
      start();
    }
  }

  unlock(key: string): void {
    const next = this.#waiting.get(key)?.shift();
    if (next) next();
    else this.#waiting.delete(key);
  }
}
