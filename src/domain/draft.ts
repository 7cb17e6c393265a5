import { type Bundle, contentsOf } from './bundle.ts';
import { addedUp, exact } from './item-sums.ts';
import type { OrderItem } from './order.ts';
import { type Item, skuKey } from './row.ts';
import type { ShipItem } from './write.ts';

/** Lines by the key of their SKU. */
export type BySku = ReadonlyMap<string, readonly OrderItem[]>;

/** A try to give items out: what is taken for them, and what of them is still wanted. */
export class Draft {
  readonly #wanted: Map<string, number>;
  readonly #taken = new Map<number, number>();
  #left: ReadonlyMap<number, number> = new Map();

  constructor(items: readonly Item[]) {
    this.#wanted = new Map(items.map(({ sku, quantity }) => [skuKey(sku), quantity]));
  }

  /** What is taken from now on is taken of this, as far as it is not taken already. */
  from(left: ReadonlyMap<number, number>): this {
    this.#left = left;
    return this;
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
