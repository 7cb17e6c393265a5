import { articlesOf } from './articles.ts';
import { type Attachment, attachment, attachmentTo, policyFor } from './attach.ts';
import type { DoneWords } from './done-words.ts';
import { fittingShipments } from './fitting-shipment.ts';
import { contentsKey, inWords } from './item-sums.ts';
import { namedShipment } from './named-shipment.ts';
import { openItems } from './open-items.ts';
import type { Order, Shipment } from './order.ts';
import type { Others } from './others.ts';
import type { Policy } from './policy.ts';
import { Rooms, type Siblings } from './rooms.ts';
import { skuKey } from './row.ts';
import type { Wish } from './wish.ts';

/** What becomes of a number that stands nowhere. */
export type Choice =
  | Attachment
  /** The shipment has its items, besides those of the drop's other numbers, and no number of others. */
  | { readonly kind: 'fits'; readonly shipment: Shipment; readonly why: string | null }
  | { readonly kind: 'ship' }
  | { readonly kind: 'misfit'; readonly message: string };

const HOLDS = 'which holds its items';
const NAMED = 'which the row names';

/**
 * Which shipment of an order takes a number. The first that applies decides: the row names one; one holds exactly the
 * row's items and has no number of others; one holds them among more and has no number of others; something of the items
 * is open, and a new one is due; some hold the items among others; the row names no items, and then any of them may be meant, those without a number before others.
 */
export class ShipmentChoice {
  readonly #order: Order;
  readonly #policy: Policy;
  readonly #others: Others;
  #anyOf: { readonly attachment: Attachment | undefined } | undefined;

  constructor(order: Order, policy: Policy, others: Others) {
    this.#order = order;
    this.#policy = policy;
    this.#others = others;
  }

  /** Of wishes whose numbers stand nowhere, in their order. */
  of(wishes: readonly Wish[], siblings: Siblings): readonly (readonly [Wish, Choice])[] {
    const choices = new Map<Wish, Choice>();
    const rooms = new Rooms(this.#order, siblings);
    for (const wish of wishes) {
      const named = this.#named(wish);
      if (named === undefined) continue;
      choices.set(wish, named);
      if (named.kind === 'add') rooms.take(named.shipment, wish.items);
    }
    const naming = wishes.filter((wish) => wish.items.length > 0 && !choices.has(wish));
    const fitting = fittingShipments(this.#order, naming, rooms);
    for (const [wish, shipment] of fitting)
      choices.set(wish, { kind: 'fits', shipment, why: this.#amongSeveral(HOLDS) });
    return wishes.map((wish) => [wish, choices.get(wish) ?? this.#unfit(wish, rooms)]);
  }

  /**
   * Which shipment a number stands on, and why on that one; nothing where there is no other. What was chosen can be told
   * again from a later look, since numbers of the drop's own do not count.
   */
  wordsOn(wish: Wish, { entityId, incrementId }: Shipment): DoneWords {
    if (this.#order.shipments.length < 2) return {};
    const why = this.#whyOn(wish, entityId);
    return { where: why === null ? `shipment ${incrementId}` : `shipment ${incrementId}, ${why}` };
  }

  #whyOn(wish: Wish, entityId: number): string | null {
    if (namedShipment(this.#order, wish)) return NAMED;
    if (wish.items.length > 0) return this.#whyHolding(wish, entityId);
    const any = this.#any();
    return any?.kind === 'add' && any.shipment.entityId === entityId ? any.why : null;
  }

  #whyHolding({ items }: Wish, entityId: number): string {
    const { on, named, hold } = articlesOf(this.#order);
    const itself = this.#order.shipments.find((each) => each.entityId === entityId);
    const isFree = itself !== undefined && this.#others.areNever(itself);
    if (isFree && contentsKey(on(itself)) === contentsKey(named(items))) return HOLDS;
    const holding = this.#order.shipments.filter((each) => hold(each, items));
    const held = attachment(this.#order, holding, 'holding its items', this.#policy, this.#others);
    return held?.kind === 'add' && held.shipment.entityId === entityId ? (held.why ?? HOLDS) : HOLDS;
  }

  #named(wish: Wish): Choice | undefined {
    const named = namedShipment(this.#order, wish);
    if (named === undefined || named.kind === 'misfit') return named;
    const { shipment } = named;
    const articles = articlesOf(this.#order);
    if (!articles.hold(shipment, wish.items)) {
      const held = articles.on(shipment);
      const message = `shipment ${shipment.incrementId}, which the row names, holds ${inWords(held)}, and not ${inWords(wish.items)}`;
      return { kind: 'misfit', message };
    }
    const why = this.#amongSeveral(NAMED);
    return attachmentTo(shipment, why, policyFor(wish, this.#policy), this.#others);
  }

  #unfit(wish: Wish, rooms: Rooms): Choice {
    if (wish.items.length === 0) return this.#any() ?? { kind: 'ship' };
    const holding = this.#order.shipments.filter((each) => rooms.holds(each, wish.items));
    const free = this.#amongFree(wish, holding, rooms);
    if (free) return free;
    if (isAnyOpen(this.#order, wish)) return { kind: 'ship' };
    const policy = policyFor(wish, this.#policy);
    const held = attachment(this.#order, holding, 'holding its items', policy, this.#others);
    if (held?.kind === 'add') rooms.take(held.shipment, wish.items);
    return held ?? { kind: 'ship' };
  }

  /**
   * A shipment that somebody made without a number, and holds more than the wish: a new one beside it could not be taken
   * back. One that the drop has begun to fill comes first, as a later look has it when the process ends in between.
   */
  #amongFree(wish: Wish, holding: readonly Shipment[], rooms: Rooms): Choice | undefined {
    const isFree = (each: Shipment) => !rooms.isStrangers(each) && this.#others.areNever(each);
    const free = holding.filter(isFree);
    if (free.length === 0) return undefined;
    const begun = free.filter((each) => rooms.isBegun(each));
    const filled = begun.filter((each) => rooms.isFilledBy(each, wish.items));
    const among = [filled, begun, holding.filter((each) => isFree(each) || !this.#others.areNever(each))];
    const first = among.find((some) => some.length > 0) ?? free;
    // The first one, as of those that are fitted exactly: the same one then, should the rest fit it after an end in between.
    const attach = this.#policy.attach === 'refuse' ? 'refuse' : 'first';
    const policy = { ...this.#policy, attach } as const;
    const chosen = attachment(this.#order, first, 'holding its items', policy, this.#others);
    if (chosen?.kind !== 'add') return chosen;
    rooms.take(chosen.shipment, wish.items);
    return { kind: 'fits', shipment: chosen.shipment, why: chosen.why };
  }

  /**
   * For numbers without items: the same for all of them, and asked for once, since they may be thousands. Undefined
   * where a new shipment is due.
   */
  #any(): Attachment | undefined {
    const { shipments } = this.#order;
    this.#anyOf ??= {
      attachment: this.#shipsRest()
        ? undefined
        : attachment(this.#order, shipments, 'all', this.#policy, this.#others),
    };
    return this.#anyOf.attachment;
  }

  #shipsRest(): boolean {
    return this.#policy.onPartlyShipped === 'ship' && openItems(this.#order).length > 0;
  }

  #amongSeveral(why: string): string | null {
    return this.#order.shipments.length > 1 ? why : null;
  }
}

/** Whether any of the items can still be shipped, in whatever quantity. */
function isAnyOpen(order: Order, wish: Wish): boolean {
  const articles = articlesOf(order);
  const open = new Set(articles.named(openItems(order)).map(({ sku }) => skuKey(sku)));
  return articles.named(wish.items).some(({ sku }) => open.has(skuKey(sku)));
}
