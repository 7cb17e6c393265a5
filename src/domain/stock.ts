import { type Bundle, type BundleForms, contentsOf } from './bundle.ts';
import { type BySku, Draft } from './draft.ts';
import { addedUp, exact } from './item-sums.ts';
import { openQuantity } from './open-items.ts';
import type { Order, OrderItem } from './order.ts';
import { type Item, skuKey } from './row.ts';
import { namesOnLines } from './variant.ts';
import type { ShipItem } from './write.ts';

/** Of lines, by their ids. */
type Quantities = ReadonlyMap<number, number>;

/**
 * What is open on an order's lines, or stands on a shipment, as far as it is not given out. By themselves Magento ships
 * the lines without a parent (that of a configurable product carries the SKU of the variant that was bought: recording
 * ship-configurable-by-parent-item) and the parts of bundles that ship separately; parts of other bundles only all
 * together, as so many of the bundle.
 */
export class Stock {
  readonly #nameOf: (sku: string) => string;
  readonly #left: Map<number, number>;
  readonly #first: Map<number, number> | undefined;
  readonly #plain: BySku;
  readonly #parts: BySku;
  readonly #wholesByName: BySku;
  readonly #whole: readonly Bundle[];
  readonly #separate: readonly Bundle[];

  /**
   * `left` is what there is of each line, by its id: what is open on it, where nothing else is said. `first` is what of that is
   * to be used up before the rest; absent: all alike.
   */
  constructor(
    order: Order,
    forms: Pick<BundleForms, 'bundles' | 'of'>,
    {
      left = openOn(order),
      first,
    }: { readonly left?: Quantities | undefined; readonly first?: Quantities | undefined } = {},
  ) {
    this.#nameOf = namesOnLines(order);
    this.#left = new Map(left);
    this.#first = first && new Map(first);
    this.#whole = forms.bundles.filter((bundle) => forms.of(bundle) === 'together');
    this.#separate = forms.bundles.filter((bundle) => forms.of(bundle) === 'separately');
    const bundles = new Set(forms.bundles.map(({ line }) => line));
    this.#plain = bySku(
      order.items.filter((line) => line.parentItemId === null && !line.isVirtual && !bundles.has(line)),
    );
    this.#parts = bySku(this.#separate.flatMap(({ parts }) => parts));
    this.#wholesByName = bySku(this.#whole.map(({ line }) => line));
  }

  /** What a row may name, apart from the parts of bundles that ship as a whole. */
  get skus(): readonly string[] {
    const separate = bySku(this.#separate.map(({ line }) => line));
    const firsts = [this.#plain, this.#wholesByName, separate, this.#parts].flatMap((lines) =>
      Array.from(lines.values(), ([line]) => line?.sku ?? ''),
    );
    return addedUp(firsts.map((sku) => ({ sku, quantity: 1 }))).map(({ sku }) => sku);
  }

  /** Whether a row may name it, as `skus` has them or by the variant's own SKU. */
  has(sku: string): boolean {
    const key = skuKey(this.#nameOf(sku));
    return this.skus.some((each) => skuKey(each) === key);
  }

  /** The bundles that ship as a whole and have that in them. */
  wholesOf(sku: string): readonly Bundle[] {
    return this.#whole.filter(({ parts }) => parts.some(isOf(sku)));
  }

  /** How much of it is left, as a part of bundles too. */
  leftOf(named: string): number {
    const sku = this.#nameOf(named);
    const lines = [this.#plain, this.#parts, this.#wholesByName].flatMap(
      (each) => each.get(skuKey(sku)) ?? [],
    );
    const draft = new Draft([]).from(this.#left);
    const wholes = this.wholesOf(sku).flatMap((bundle) => contentsOf(bundle, draft.left(bundle.line)));
    return exact(
      sum(lines.map((line) => draft.left(line))) +
        sum(wholes.filter(isOf(sku)).map(({ quantity }) => quantity)) +
        sum(this.#separate.filter(({ line }) => isOf(sku)(line)).map((bundle) => draft.setsOf(bundle))),
    );
  }

  /**
   * Gives out all of the items, each SKU once, or nothing (undefined). Of a SKU that stands on several lines the first
   * ones are used up first, and lines of their own before parts of bundles; but where that would break up a bundle
   * that ships as a whole, the bundle comes first, and so does of two bundles of one SKU that ship separately the one that
   * has least of what is named besides.
   */
  take(items: readonly Item[]): readonly ShipItem[] | undefined {
    const wanted = addedUp(items.map((item) => ({ ...item, sku: this.#nameOf(item.sku) })));
    // The parts of a small bundle may be among those of a larger one.
    const largestFirst = this.#whole.toSorted((one, other) => other.parts.length - one.parts.length);
    const ways = [this.#whole, largestFirst].flatMap((bundles): readonly ((draft: Draft) => Draft)[] => [
      (draft) => draft.lines(this.#plain).wholes(bundles),
      (draft) => draft.wholes(bundles).lines(this.#plain),
    ]);
    const sources = this.#first ? [[this.#first], [this.#first, this.#left], [this.#left]] : [[this.#left]];
    const keys = new Set(wanted.map(({ sku }) => skuKey(sku)));
    const wantedIn = (bundle: Bundle) =>
      sum(contentsOf(bundle, 1).flatMap(({ sku, quantity }) => (keys.has(skuKey(sku)) ? [quantity] : [])));
    const sparing = this.#separate.toSorted((one, other) => wantedIn(one) - wantedIn(other));
    const tries = sources.flatMap((stocks) =>
      [this.#separate, sparing].flatMap((sets) => ways.map((way) => ({ stocks, sets, way }))),
    );
    for (const { stocks, sets, way } of tries) {
      const draft = new Draft(wanted);
      for (const stock of stocks) {
        draft.from(stock).lines(this.#wholesByName).setsByName(sets);
        way(draft).lines(this.#parts);
      }
      if (!draft.isComplete) continue;
      for (const line of draft.taken) for (const stock of [this.#left, this.#first]) use(stock, line);
      return draft.taken;
    }
    return undefined;
  }
}

function use(stock: Map<number, number> | undefined, { orderItemId, qty }: ShipItem): void {
  stock?.set(orderItemId, Math.max(0, exact((stock.get(orderItemId) ?? 0) - qty)));
}

/** By the lines' ids. */
function openOn({ items }: Order): Quantities {
  return new Map(items.map((line) => [line.itemId, openQuantity(line)]));
}

function bySku(lines: readonly OrderItem[]): BySku {
  return Map.groupBy(lines, ({ sku }) => skuKey(sku));
}

function isOf(sku: string): (one: { readonly sku: string }) => boolean {
  const key = skuKey(sku);
  return (one) => skuKey(one.sku) === key;
}

function sum(quantities: readonly number[]): number {
  return quantities.reduce((one, other) => one + other, 0);
}
