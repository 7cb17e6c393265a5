import type { Action } from '../domain/write.ts';
import { WriteHealth } from '../domain/write-health.ts';
import type { Events } from '../events.ts';
import type { Clock } from '../runtime/clock.ts';

/** Tells when no write to a store comes through any more, and when one does again; see WriteHealth. */
export class WritesWatch {
  readonly #store: string;
  readonly #events: Events;
  readonly #clock: Clock;
  readonly #health = new WriteHealth();
  /** It was told that none comes through, and not yet that one does. */
  #isTold = false;

  constructor(store: string, { events, clock }: { readonly events: Events; readonly clock: Clock }) {
    this.#store = store;
    this.#events = events;
    this.#clock = clock;
  }

  /** A write was done. */
  worked(): void {
    this.#health.worked();
    if (!this.#isTold) return;
    this.#isTold = false;
    this.#events.emit('store.writes-working', { store: this.#store });
  }

  /** The write failed while the store was well; true where that counts against its order. */
  failed(action: Action, message: string): boolean {
    const nowMs = this.#clock.nowMs();
    const source = action.kind === 'ship' ? action.source : null;
    if (this.#health.failed(action.orderId, source, nowMs)) {
      this.#isTold = true;
      const facts = { store: this.#store, message, source: this.#health.failedSource };
      this.#events.emit('store.writes-failing', facts);
    }
    return this.#health.isOrderToBlame(nowMs);
  }
}
