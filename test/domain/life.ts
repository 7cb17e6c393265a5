import { mock } from 'node:test';
import type { Action, WriteAnswer } from '../../src/domain/write.ts';
import { judgeSent, type Origin } from './judged-writes.ts';
import { LedgerWithoutDisk } from './ledger-without-disk.ts';
import { ORDER_NUMBER, type OrderPlan, putOrder } from './orders-of-every-kind.ts';
import { ShopWithoutWire, type Way } from './shop-without-wire.ts';

/**
 * What becomes of a write on its way; `late`: it is done a while after nobody waits for its answer any more; `too late`: when
 * it was repeated; `unsent`: it never left.
 */
export type LongWay = Way | 'late' | 'too late' | 'unsent';

/** What the shop has to do with mails. */
export type Mails = 'sent' | 'left to the cron' | 'turned off';

/** After these nobody waits for an answer any more, and it is not repeated yet, or was; see PATIENCE. */
const LATE_MS = {
  late: { ship: 100_000, track: 20_000, untrack: 20_000, mail: 20_000 },
  'too late': { ship: 130_000, track: 45_000, untrack: 45_000, mail: 45_000 },
} as const;

const MORNING = Date.UTC(2026, 10, 22, 6);

/**
 * A shop that has orders of one number, one for each store view, the ledger of a Trackdrop that works on them, the clock of both,
 * and writes that are still on their way.
 */
export class Life {
  readonly shop = new ShopWithoutWire();
  readonly ledger = new LedgerWithoutDisk();
  #nowMs = MORNING;
  #late: { readonly atMs: number; readonly land: () => unknown }[] = [];

  constructor(plans: readonly OrderPlan[], mails: Mails = 'sent') {
    this.moveTo(MORNING);
    const { store } = this.shop;
    store.sources = ['default', 'east'];
    store.mailbox.isEnabled = mails !== 'turned off';
    store.mailbox.byCron = mails === 'left to the cron';
    for (const [at, plan] of plans.entries()) putOrder(store, at + 1, plan);
  }

  /** All that a merchant could look at, so that two looks can be compared. */
  shown() {
    const { store } = this.shop;
    return store.ordersByIncrementId(ORDER_NUMBER).map(({ state, items, shipments }) => ({
      state,
      items: items.map(({ sku, qtyShipped }) => `${sku} ${qtyShipped}`),
      shipments: shipments.map((shipment) => ({
        entityId: shipment.entityId,
        items: shipment.items.map(({ item, qty }) => [item.itemId, qty]),
        numbers: shipment.tracks.map(({ trackNumber }) => trackNumber),
        mails: shipment.mails,
      })),
    }));
  }

  /** Sends a write, which is judged when it is done. */
  send(action: Action, id: string, way: LongWay, about: Origin): WriteAnswer {
    if (way === 'unsent') return { kind: 'unsent', message: 'nobody there' };
    const send = (how: Way) => judgeSent(this.shop, action, () => this.shop.write(action, id, how), about);
    if (way !== 'late' && way !== 'too late') return send(way);
    const land = () =>
      judgeSent(this.shop, action, () => this.shop.write(action, id, 'unheard'), {
        ...about,
        isDisturbed: true,
      });
    this.#late.push({ atMs: this.#nowMs + LATE_MS[way][action.kind], land });
    return send('lost');
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** The shop goes by the same clock; what is on its way by then comes in. */
  moveTo(nowMs: number): void {
    this.#nowMs = nowMs;
    mock.timers.setTime(nowMs);
    const landing = this.#late.filter(({ atMs }) => atMs <= nowMs);
    this.#late = this.#late.filter((each) => !landing.includes(each));
    for (const { land } of landing) land();
  }
}
