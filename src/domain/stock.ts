import { type Bundle, type BundleForms, contentsOf } from './bundle.ts';
import { addedUp, exact } from './item-sums.ts';
import { openQuantity } from './open-items.ts';
import type { Order, OrderItem } from './order.ts';
import { type Item, skuKey } from './row.ts';
import { namesOnLines } from './variant.ts';
import type { ShipItem } from './write.ts';

/** Lines by the key of their SKU. */
type BySku = ReadonlyMap<string, readonly OrderItem[]>;

/**
 * What is open on an order's lines, or stands on a shipment, as far as it is not given out. By themselves Magento ships
 * the lines without a parent (that of a configurable product carries the SKU of the variant that was bought: recording
 * ship-configurable-by-parent-item) and the parts of bundles that ship separately; parts of other bundles only all
 * together, as so many of the bundle.
 */
export class Stock {
  readonly #nameOf: (sku: string) => string;
  readonly #left: Map<number, number>;
  readonly #plain: BySku;
  readonly #parts: BySku;
  readonly #wholesByName: BySku;
  readonly #whole: readonly Bundle[];
  readonly #separate: readonly Bundle[];

  /** `left` is what there is of each line, by its id: what is open on it, where nothing else is said. */
  constructor(order: Order, forms: Pick<BundleForms, 'bundles' | 'of'>, left = openOn(order)) {
    this.#nameOf = namesOnLines(order);
    this.#left = new Map(left);
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
    const draft = new Draft([], this.#left);
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
   * that ships as a whole, the bundle comes first.
   */
  take(items: readonly Item[]): readonly ShipItem[] | undefined {
    const wanted = addedUp(items.map((item) => ({ ...item, sku: this.#nameOf(item.sku) })));
    // The parts of a small bundle may be among those of a larger one.
    const largestFirst = this.#whole.toSorted((one, other) => other.parts.length - one.parts.length);
    const ways = [this.#whole, largestFirst].flatMap((bundles): readonly ((draft: Draft) => Draft)[] => [
      (draft) => draft.lines(this.#plain).wholes(bundles),
      (draft) => draft.wholes(bundles).lines(this.#plain),
    ]);
    for (const way of ways) {
      const draft = new Draft(wanted, this.#left);
      draft.lines(this.#wholesByName).setsByName(this.#separate);
      way(draft).lines(this.#parts);
      if (!draft.isComplete) continue;
      for (const { orderItemId, qty } of draft.taken) {
        this.#left.set(orderItemId, exact((this.#left.get(orderItemId) ?? 0) - qty));
      }
      return draft.taken;
    }
    return undefined;
  }
}

/** By the lines' ids. */
function openOn({ items }: Order): ReadonlyMap<number, number> {
  return new Map(items.map((line) => [line.itemId, openQuantity(line)]));
}

/** A try to give items out: what is taken for them, and what of them is still wanted. */
class Draft {
  readonly #wanted: Map<string, number>;
  readonly #left: ReadonlyMap<number, number>;
  readonly #taken = new Map<number, number>();

  constructor(items: readonly Item[], left: ReadonlyMap<number, number>) {
    this.#wanted = new Map(items.map(({ sku, quantity }) => [skuKey(sku), quantity]));
    this.#left = left;
  }

  get isComplete(): boolean {
    return this.#wanted.size === 0;
  }

  get taken(): readonly ShipItem[] {
    return Array.from(this.#taken, ([orderItemId, qty]) => ({ orderItemId, qty }));
  }

  left({ itemId }: OrderItem): number {
    return exact((this.#left.get(itemId) ?? 0) - (this.#taken.get(itemId) ?? 0));
  }

  /** How many whole ones the parts of a bundle that ships separately still make up. */
  setsOf(bundle: Bundle): number {
    const each = contentsOf(bundle, 1);
    const counts = bundle.parts.map((part, at) => this.left(part) / (each[at]?.quantity ?? 0));
    return whole(Math.min(...counts));
  }

  /** By the lines' own SKUs. */
  lines(lines: BySku): this {
    for (const key of [...this.#wanted.keys()]) {
      for (const line of lines.get(key) ?? []) {
        const most = Math.min(this.#wantedOf(key), this.left(line));
        const qty = isByMeasure(line) ? most : whole(most);
        if (qty > 0) this.#take(line, qty, [{ sku: key, quantity: qty }]);
      }
    }
    return this;
  }

  /** The parts of bundles that are named by the bundle's SKU. */
  setsByName(bundles: readonly Bundle[]): this {
    for (const bundle of bundles) {
      const { sku } = bundle.line;
      const sets = Math.min(whole(this.#wantedOf(sku)), this.setsOf(bundle));
      if (sets <= 0) continue;
      const quantities = contentsOf(bundle, sets);
      for (const [at, part] of bundle.parts.entries()) this.#take(part, quantities[at]?.quantity ?? 0, []);
      this.#fulfil([{ sku, quantity: sets }]);
    }
    return this;
  }

  /** Bundles that ship as a whole, of which every part is named. */
  wholes(bundles: readonly Bundle[]): this {
    for (const bundle of bundles) {
      const each = addedUp(contentsOf(bundle, 1));
      const counts = each.map(({ sku, quantity }) => this.#wantedOf(sku) / quantity);
      const sets = Math.min(whole(Math.min(...counts)), whole(this.left(bundle.line)));
      if (sets > 0) this.#take(bundle.line, sets, contentsOf(bundle, sets));
    }
    return this;
  }

  #wantedOf(sku: string): number {
    return this.#wanted.get(skuKey(sku)) ?? 0;
  }

  #take({ itemId }: OrderItem, qty: number, items: readonly Item[]): void {
    this.#taken.set(itemId, exact((this.#taken.get(itemId) ?? 0) + qty));
    this.#fulfil(items);
  }

  #fulfil(items: readonly Item[]): void {
    for (const { sku, quantity } of items) {
      const left = exact(this.#wantedOf(sku) - quantity);
      if (left > 0) this.#wanted.set(skuKey(sku), left);
      else this.#wanted.delete(skuKey(sku));
    }
  }
}

/** Magento cuts fractions off other lines, of whatever quantity (Magento\Sales\Model\Order\ShipmentFactory::castQty). */
export function isByMeasure({ isQtyDecimal }: OrderItem): boolean {
  return isQtyDecimal;
}

/** Thirds of a bundle come back from binary fractions as 0.9999999. */
function whole(count: number): number {
  return Math.floor(exact(count));
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
