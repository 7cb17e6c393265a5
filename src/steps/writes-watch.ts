import { WriteHealth } from '../domain/write-health.ts';
import type { Events } from '../events.ts';
import type { Clock } from '../runtime/clock.ts';

/** Tells when no write to a store comes through any more, and when one does again; see WriteHealth. */
export class WritesWatch {
  readonly #store: string;
  readonly #events: Events;
  readonly #clock: Clock;
  readonly #health = new WriteHealth();

  constructor(store: string, { events, clock }: { readonly events: Events; readonly clock: Clock }) {
    this.#store = store;
    this.#events = events;
    this.#clock = clock;
  }

  /** A write was done. */
  worked(): void {
    if (this.#health.worked()) this.#events.emit('store.writes-working', { store: this.#store });
  }

  /** A write to the order failed while the store was well; true where that counts against the order. */
  failed(orderId: number, message: string): boolean {
    const nowMs = this.#clock.nowMs();
    if (this.#health.failed(orderId, nowMs))
      this.#events.emit('store.writes-failing', { store: this.#store, message });
    return this.#health.isOrderToBlame(nowMs);
  }
}
