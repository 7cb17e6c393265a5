import { exact } from './item-sums.ts';
import type { Order, OrderItem, Shipment } from './order.ts';
import { type Item, skuKey } from './row.ts';

/** A line of the order that is several products sold as one: Magento's product type `bundle`. */
export interface Bundle {
  readonly line: OrderItem;
  /** What is in it and can be shipped: virtual parts are left out. */
  readonly parts: readonly OrderItem[];
}

/**
 * What Magento takes of a bundle: `together` the bundle by its own item id and nothing else, `separately` its parts by
 * theirs (recordings ship-bundle-tog-by-child, ship-bundle-sep-by-one-child). No answer says which of the two a bundle is.
 */
export type BundleForm = 'together' | 'separately';

/** Those of the order, in its order. */
export function bundlesOf(order: Order): readonly Bundle[] {
  const partsOf = Map.groupBy(order.items, ({ parentItemId }) => parentItemId);
  return order.items.flatMap((line) => {
    if (line.productType !== 'bundle' || line.qtyOrdered <= 0) return [];
    const parts =
      partsOf.get(line.itemId)?.filter(({ isVirtual, qtyOrdered }) => !isVirtual && qtyOrdered > 0) ?? [];
    return parts.length > 0 ? [{ line, parts }] : [];
  });
}

/** So much of each part is in so many of the bundle. */
export function contentsOf({ line, parts }: Bundle, bundles: number): readonly Item[] {
  return parts.map(({ sku, qtyOrdered }) => ({
    sku,
    quantity: exact((bundles * qtyOrdered) / line.qtyOrdered),
  }));
}

/**
 * How the bundle ships, as its earlier shipments show: those of a separate one hold its parts, and the bundle itself once
 * besides (recording ship-bundle-separately-no-items). Undefined where there is none.
 */
export function formOnShipments(
  { line, parts }: Bundle,
  shipments: readonly Pick<Shipment, 'items'>[],
): BundleForm | undefined {
  const held = new Set(shipments.flatMap(({ items }) => items.map(({ orderItemId }) => orderItemId)));
  if (parts.some(({ itemId }) => held.has(itemId))) return 'separately';
  return held.has(line.itemId) ? 'together' : undefined;
}

/** Refunds and cancels of single parts may add up on the bundle's own line, of which the other parts are still to leave. */
function isTakenBack({ qtyOrdered, qtyRefunded, qtyCanceled, isLocked }: OrderItem): boolean {
  return !isLocked && exact(qtyOrdered - qtyRefunded - qtyCanceled) <= 0;
}

/** What is known of how a bundle ships. */
interface Knowledge {
  /** What is sent next as far as refusals tell; the likelier form before the first. */
  tried: BundleForm;
  /** The form that a refusal named. */
  told: BundleForm | undefined;
  readonly shown: BundleForm | undefined;
  readonly refused: Set<BundleForm>;
}

/** What is known of how an order's bundles ship, and what is to be tried where nothing is. */
export class BundleForms {
  readonly bundles: readonly Bundle[];
  readonly #known = new Map<Bundle, Knowledge>();

  /**
   * `named` is all that the drop's rows name of the order: where they name parts of a bundle these are tried first, as they are
   * where nothing of the bundle itself can go.
   * `refusals` are the store's words for ships of the drop, oldest first. Each proves that nothing was shipped, and the
   * words name the bundles that were asked for in the wrong form, so that the other one is tried, once.
   */
  constructor(order: Order, named: readonly Item[], refusals: readonly string[]) {
    this.bundles = bundlesOf(order);
    const skus = new Set(named.map(({ sku }) => skuKey(sku)));
    for (const bundle of this.bundles) {
      const areNamed = bundle.parts.some(({ sku }) => skus.has(skuKey(sku)));
      this.#known.set(bundle, {
        tried: areNamed || isTakenBack(bundle.line) ? 'separately' : 'together',
        told: undefined,
        shown: formOnShipments(bundle, order.shipments),
        refused: new Set(),
      });
    }
    for (const words of refusals) this.#learn(words);
  }

  of(bundle: Bundle): BundleForm {
    const { told, shown, tried } = this.#knownOf(bundle);
    return told ?? shown ?? tried;
  }

  /** Whether a refusal was about the form of bundles alone that have another one now. */
  isOvercome(words: string): boolean {
    const named = this.bundles.filter((bundle) => saysOf(words, bundle) !== undefined);
    return named.length > 0 && named.every((bundle) => !this.#knownOf(bundle).refused.has(this.of(bundle)));
  }

  #learn(words: string): void {
    for (const bundle of this.bundles) {
      const said = saysOf(words, bundle);
      if (said === undefined) continue;
      const known = this.#knownOf(bundle);
      if (said !== 'other') known.told = said;
      const right = said === 'other' ? otherThan(known.tried) : said;
      known.refused.add(otherThan(right));
      known.tried = right;
    }
  }

  #knownOf(bundle: Bundle): Knowledge {
    const known = this.#known.get(bundle);
    if (known === undefined) throw new Error(`bundle ${bundle.line.itemId} is of another order`);
    return known;
  }
}

/**
 * What a refusal says of a bundle: its form, or, in a translation, that it is not the one that was sent; undefined where
 * it does not name the bundle. As Magento\Bundle\Model\Sales\Order\Shipment\BundleShipmentTypeValidator words it.
 */
function saysOf(words: string, { line }: Bundle): BundleForm | 'other' | undefined {
  const about = words.split('\n').find((sentence) => quotes(sentence, line.sku));
  if (about === undefined) return undefined;
  if (about.includes('"Together"')) return 'together';
  return about.includes('"Separately"') ? 'separately' : 'other';
}

/** Whether the sentence has the SKU in quotation marks, those of any language. */
function quotes(sentence: string, sku: string): boolean {
  const [text, key] = [sentence.toLowerCase(), skuKey(sku).toLowerCase()];
  for (let at = text.indexOf(key); at !== -1 && key !== ''; at = text.indexOf(key, at + 1)) {
    const before = text.slice(0, at).trimEnd().at(-1) ?? '';
    const after =
      text
        .slice(at + key.length)
        .trimStart()
        .at(0) ?? '';
    if (QUOTATION_MARKS.has(before) && QUOTATION_MARKS.has(after)) return true;
  }
  return false;
}

const QUOTATION_MARKS: ReadonlySet<string> = new Set(`"'«»„“”‘’‚‹›`);

function otherThan(form: BundleForm): BundleForm {
  return form === 'together' ? 'separately' : 'together';
}
