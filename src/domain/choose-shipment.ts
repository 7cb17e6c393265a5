import { type Articles, articlesOf } from './articles.ts';
import { type Among, type Attachment, attachment, attachmentTo, policyFor } from './attach.ts';
import type { DoneWords } from './done-words.ts';
import { fittingShipments } from './fitting-shipment.ts';
import { type Fit, HoldingShipments } from './holding-shipment.ts';
import { inWords } from './item-sums.ts';
import { namedShipment } from './named-shipment.ts';
import { leftFromAnother } from './named-source.ts';
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
  | Fit
  | { readonly kind: 'ship' }
  | { readonly kind: 'misfit'; readonly message: string };

const HOLDS = 'which holds its items';
const NAMED = 'which the row names';

/**
 * Which shipment of an order takes a number. The first that applies decides: the row names one; one holds exactly the
 * row's items and has no number of others; one holds them among more and has no number of others; something of
 * each item can still be shipped, and a new one is due; some hold them beside numbers of others, exactly these before more;
 * the row names no items, and then any of them may be meant, those without a number before others.
 */
export class ShipmentChoice {
  readonly #order: Order;
  readonly #policy: Policy;
  readonly #others: Others;
  readonly #articles: Articles;
  readonly #holding: HoldingShipments;
  #openKeys: ReadonlySet<string> | undefined;
  #anyOf: { readonly attachment: Attachment | undefined } | undefined;

  constructor(order: Order, policy: Policy, others: Others) {
    this.#order = order;
    this.#policy = policy;
    this.#others = others;
    this.#articles = articlesOf(order);
    this.#holding = new HoldingShipments(order, this.#articles, policy, others);
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

  /** What the end of a row tells of the shipment that takes its number; `why`: see Attachment. */
  words(wish: Wish, shipment: Shipment, why: string | null): DoneWords {
    const from = leftFromAnother(wish, shipment);
    const besides = this.#besides(wish, shipment);
    return {
      ...(why !== null && { where: `shipment ${shipment.incrementId}, ${why}` }),
      ...(from !== undefined && { from }),
      ...(besides !== undefined && { besides }),
    };
  }

  /**
   * The same of a shipment that its number stands on, and why on that one, where there are others. What was chosen can be
   * told again from a later look, since numbers of the drop's own do not count.
   */
  wordsOn(wish: Wish, shipment: Shipment): DoneWords {
    if (this.#order.shipments.length < 2) return this.words(wish, shipment, null);
    const why = this.#whyOn(wish, shipment);
    return { where: `shipment ${shipment.incrementId}`, ...this.words(wish, shipment, why) };
  }

  /** One item in two parcels may be right, as where a label was made anew, and is for a person to know. */
  #besides({ items }: Wish, shipment: Shipment): string | undefined {
    if (items.length === 0 || !this.#articles.areAllOn(shipment, items)) return undefined;
    const others = this.#others.on(shipment);
    if (others.length === 0) return undefined;
    const names = others.map(({ trackNumber, entityId }) => `${trackNumber} (track ${entityId})`);
    return `${names.join(' and ')} ${names.length > 1 ? 'stand' : 'stands'} there already for the same items`;
  }

  #whyOn(wish: Wish, shipment: Shipment): string | null {
    if (namedShipment(this.#order, wish)) return NAMED;
    const isTaken = (chosen: Attachment | undefined) =>
      chosen?.kind === 'add' && chosen.shipment.entityId === shipment.entityId;
    if (wish.items.length === 0) {
      const any = this.#any();
      return any?.kind === 'add' && isTaken(any) ? any.why : null;
    }
    if (this.#others.areNever(shipment) && this.#articles.areAllOn(shipment, wish.items)) return HOLDS;
    const holding = this.#order.shipments.filter((each) => this.#articles.hold(each, wish.items));
    const held = this.#holding.taking(wish, holding);
    return held?.kind === 'add' && isTaken(held) ? (held.why ?? HOLDS) : HOLDS;
  }

  #named(wish: Wish): Choice | undefined {
    const named = namedShipment(this.#order, wish);
    if (named === undefined || named.kind === 'misfit') return named;
    const { shipment } = named;
    if (!this.#articles.hold(shipment, wish.items)) {
      const held = this.#articles.on(shipment);
      const message = `shipment ${shipment.incrementId}, which the row names, holds ${inWords(held)}, and not ${inWords(wish.items)}`;
      return { kind: 'misfit', message };
    }
    const why = this.#amongSeveral(NAMED);
    return attachmentTo(shipment, why, policyFor(wish, this.#policy), this.#others);
  }

  #unfit(wish: Wish, rooms: Rooms): Choice {
    if (wish.items.length === 0) return this.#any() ?? { kind: 'ship' };
    const holding = this.#order.shipments.filter((each) => rooms.holds(each, wish.items));
    const free = this.#holding.free(wish, holding, rooms);
    if (free) return free;
    if (this.#isSomeOfEachOpen(wish)) return { kind: 'ship' };
    const held = this.#holding.taking(wish, holding);
    if (held?.kind === 'add') rooms.take(held.shipment, wish.items);
    return held ?? { kind: 'ship' };
  }

  /**
   * For numbers without items: the same for all of them, and asked for once, since they may be thousands. Undefined
   * where a new shipment is due.
   */
  #any(): Attachment | undefined {
    this.#anyOf ??= {
      attachment: this.#shipsRest()
        ? undefined
        : attachment(this.#order, this.#amongAll(), this.#policy, this.#others),
    };
    return this.#anyOf.attachment;
  }

  /** What is for the drop's numbers that name their items is not for those that have another shipment to go to. */
  #amongAll(): Among {
    const { shipments } = this.#order;
    const before = shipments.filter((each) => !this.#others.isForNamed(each));
    const isAll = before.length === 0 || before.length === shipments.length;
    return isAll ? { shipments, what: 'all' } : { shipments: before, what: 'there before' };
  }

  #shipsRest(): boolean {
    return this.#policy.onPartlyShipped === 'ship' && openItems(this.#order).length > 0;
  }

  /** Where nothing of an item can be shipped any more, its parcel can only be of a shipment that is there. */
  #isSomeOfEachOpen({ items }: Wish): boolean {
    this.#openKeys ??= new Set(this.#articles.named(openItems(this.#order)).map(({ sku }) => skuKey(sku)));
    return this.#articles.named(items).every(({ sku }) => this.#openKeys?.has(skuKey(sku)));
  }

  #amongSeveral(why: string): string | null {
    return this.#order.shipments.length > 1 ? why : null;
  }
}
