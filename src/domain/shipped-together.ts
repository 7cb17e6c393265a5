import { type Articles, articlesOf } from './articles.ts';
import { addedUp, inWords } from './item-sums.ts';
import type { Order, Shipment } from './order.ts';
import type { Place } from './place.ts';
import { type Item, skuKey } from './row.ts';
import { mayHaveLanded } from './situation.ts';
import type { Wish } from './wish.ts';
import type { Write } from './write.ts';

/** What tells the parcels that one drop has shipped. */
interface Parcels {
  /** All for which the drop names items, done ones too. */
  readonly siblings: readonly Wish[];
  readonly writesOf: (wish: Wish) => readonly Write[];
  readonly placesOf: (wish: Wish) => readonly Place[];
}

/**
 * What the parcels that a drop has shipped with one shipment name together. Magento cuts a shipment down to what is open when
 * somebody has shipped part of it since our look (recording ship-qty-more-than-remaining): two parcels of one mug each may
 * stand on a shipment of one mug, which holds what each of them names.
 */
export class ShippedTogether {
  readonly #order: Order;
  readonly #parcels: Parcels;
  #known: { readonly articles: Articles; readonly named: ReadonlyMap<Shipment, readonly Item[]> } | undefined;

  constructor(order: Order, parcels: Parcels) {
    this.#order = order;
    this.#parcels = parcels;
  }

  /**
   * Why a wish that a ship of the drop has brought to these places lacks some of its items, in words: none of their shipments
   * holds them for all parcels that came with it. Undefined where one does, and where no ship has brought it.
   */
  whyLacking(wish: Wish, [place, ...more]: readonly [Place, ...Place[]]): string | undefined {
    if (wish.items.length === 0 || !this.#isShipped(wish)) return undefined;
    const { articles } = this.#knowledge;
    const isEnough = ({ shipment }: Place) => articles.hold(shipment, this.#wanted(wish, shipment));
    if ([place, ...more].some(isEnough)) return undefined;
    const { shipment } = place;
    const held = inWords(addedUp(articles.on(shipment)));
    return `shipment ${shipment.incrementId} holds ${held}, and the numbers that came with it name ${inWords(this.#wanted(wish, shipment))} together: some of it was shipped, refunded or canceled at the same moment`;
  }

  /** What all parcels of the shipment name of the articles that the wish names: of others it lacks nothing. */
  #wanted({ items }: Wish, shipment: Shipment): readonly Item[] {
    const { articles, named } = this.#knowledge;
    const keys = new Set(articles.named(items).map(({ sku }) => skuKey(sku)));
    const isOf = (item: Item) => articles.named([item]).some(({ sku }) => keys.has(skuKey(sku)));
    return (named.get(shipment) ?? []).filter(isOf);
  }

  #isShipped(wish: Wish): boolean {
    const writes = this.#parcels.writesOf(wish);
    return writes.some((write) => write.isOwn && write.kind === 'ship' && mayHaveLanded(write));
  }

  /** Worked out once for all of them, since a drop may have thousands for one order. */
  get #knowledge() {
    this.#known ??= { articles: articlesOf(this.#order), named: this.#namedOn() };
    return this.#known;
  }

  #namedOn(): ReadonlyMap<Shipment, readonly Item[]> {
    const { siblings, placesOf } = this.#parcels;
    const named = new Map<Shipment, Item[]>();
    for (const wish of siblings.filter((each) => this.#isShipped(each))) {
      for (const shipment of new Set(placesOf(wish).map((place) => place.shipment))) {
        const items = named.get(shipment) ?? [];
        items.push(...wish.items);
        named.set(shipment, items);
      }
    }
    return new Map(Array.from(named, ([shipment, items]) => [shipment, addedUp(items)]));
  }
}
