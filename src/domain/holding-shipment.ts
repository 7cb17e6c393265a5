import type { Articles } from './articles.ts';
import { type Attachment, attachment, policyFor } from './attach.ts';
import type { Order, Shipment } from './order.ts';
import type { Others } from './others.ts';
import type { Policy } from './policy.ts';
import type { Rooms } from './rooms.ts';
import type { Wish } from './wish.ts';

/**
 * The shipment has its items, besides those of the drop's other numbers, and no number of others; `why`: see
 * Attachment.
 */
export interface Fit {
  readonly kind: 'fits';
  readonly shipment: Shipment;
  readonly why: string | null;
}

/** Of shipments that hold what a wish names, and more or the same, the one that takes its number. */
export class HoldingShipments {
  readonly #order: Order;
  readonly #articles: Articles;
  readonly #policy: Policy;
  readonly #others: Others;

  constructor(order: Order, articles: Articles, policy: Policy, others: Others) {
    this.#order = order;
    this.#articles = articles;
    this.#policy = policy;
    this.#others = others;
  }

  /**
   * One that somebody made without a number: a new one beside it could not be taken back. One that the drop has begun to
   * fill comes first, as a later look has it when the process ends in between. Its room is taken; undefined where there is
   * none.
   */
  free(wish: Wish, holding: readonly Shipment[], rooms: Rooms): Fit | Attachment | undefined {
    const isFree = (each: Shipment) => !rooms.isStrangers(each) && this.#others.areNever(each);
    const free = holding.filter(isFree);
    if (free.length === 0) return undefined;
    const begun = free.filter((each) => rooms.isBegun(each));
    const filled = begun.filter((each) => rooms.isFilledBy(each, wish.items));
    const among = [filled, begun, holding.filter((each) => isFree(each) || !this.#others.areNever(each))];
    const first = among.find((some) => some.length > 0) ?? free;
    // The first one, as of those that are fitted exactly: the same then, should the rest fit it after an end in between.
    const attach = this.#policy.attach === 'refuse' ? 'refuse' : 'first';
    const policy = { ...this.#policy, attach } as const;
    const chosen = attachment(
      this.#order,
      { shipments: first, what: 'holding its items' },
      policy,
      this.#others,
    );
    if (chosen?.kind !== 'add') return chosen;
    rooms.take(chosen.shipment, wish.items);
    return { kind: 'fits', shipment: chosen.shipment, why: chosen.why };
  }

  /**
   * One that the wish is a further parcel of, also beside numbers of others: one that holds exactly its items before those
   * that hold more. Undefined where there are none.
   */
  taking(wish: Wish, holding: readonly Shipment[]): Attachment | undefined {
    const free = holding.filter((each) => this.#others.areNever(each));
    const eligible = free.length > 0 ? free : holding;
    const exact = eligible.filter((each) => this.#articles.areAllOn(each, wish.items));
    const isNarrowed = exact.length > 0 && exact.length < eligible.length;
    const among = isNarrowed
      ? ({ shipments: exact, what: 'holding exactly its items' } as const)
      : ({ shipments: holding, what: 'holding its items' } as const);
    return attachment(this.#order, among, policyFor(wish, this.#policy), this.#others);
  }
}
