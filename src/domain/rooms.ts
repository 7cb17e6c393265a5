import { type Articles, articlesOf } from './articles.ts';
import { contentsKey, holdAll, without } from './item-sums.ts';
import type { Order, Shipment } from './order.ts';
import type { Place } from './place.ts';
import type { Item } from './row.ts';
import type { Wish } from './wish.ts';

/** The numbers for an order of which the drop says what they hold. */
export interface Siblings {
  /** All of them, done ones too. */
  readonly siblings: readonly Wish[];
  /** Where one stands, in whatever form the shop keeps it. */
  readonly placesOf: (wish: Wish) => readonly Place[];
}

/**
 * What the shipments of an order hold that no number of the drop accounts for yet. What a number of the drop accounts for
 * is no room for others, whether it stands already or is about to: so a plan is the same when the process ends between
 * two of its writes.
 */
export class Rooms {
  readonly #articles: Articles;
  readonly #left: Map<Shipment, readonly Item[]>;
  readonly #strangers = new Set<Shipment>();
  readonly #begun = new Set<Shipment>();

  constructor(order: Order, { siblings, placesOf }: Siblings) {
    const articles = articlesOf(order);
    this.#articles = articles;
    this.#left = new Map(order.shipments.map((each) => [each, articles.on(each)]));
    const wishOf = new Map(siblings.flatMap((wish) => placesOf(wish).map(({ trackId }) => [trackId, wish])));
    for (const shipment of order.shipments) {
      for (const wish of new Set(shipment.tracks.map(({ entityId }) => wishOf.get(entityId)))) {
        if (wish === undefined || wish.items.length === 0) this.#strangers.add(shipment);
        else this.take(shipment, wish.items);
      }
    }
  }

  /** In single articles; see Articles. */
  left(shipment: Shipment): readonly Item[] {
    return this.#left.get(shipment) ?? [];
  }

  /** Whether it is taken by a number whose items the drop does not say. */
  isStrangers(shipment: Shipment): boolean {
    return this.#strangers.has(shipment);
  }

  /** Whether a number of the drop has taken some of it. */
  isBegun(shipment: Shipment): boolean {
    return this.#begun.has(shipment);
  }

  holds(shipment: Shipment, items: readonly Item[]): boolean {
    return this.#articles.hold(shipment, items) && holdAll(this.left(shipment), this.#articles.named(items));
  }

  /** Whether these are exactly what is left. */
  isFilledBy(shipment: Shipment, items: readonly Item[]): boolean {
    return contentsKey(this.left(shipment)) === contentsKey(this.#articles.named(items));
  }

  take(shipment: Shipment, items: readonly Item[]): void {
    if (items.length === 0) return;
    this.#begun.add(shipment);
    this.#left.set(shipment, without(this.left(shipment), this.#articles.named(items)));
  }
}
