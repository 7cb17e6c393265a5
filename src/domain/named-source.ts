import type { Shipment } from './order.ts';
import type { Policy } from './policy.ts';
import type { Wish } from './wish.ts';

/** Code of the inventory source that a new shipment of the wish leaves from; null: the shop's default. */
export function sourceOf({ rows }: Wish, policy: Policy): string | null {
  return rows.find(({ source }) => source !== null)?.source ?? policy.source;
}

/** The shop's own, which every Magento has (Magento\InventoryCatalog\Model\DefaultSourceProvider). */
const DEFAULT_SOURCE = 'default';

/**
 * The key under which two codes are one source: the database takes both cases for the same, and blanks at the end for
 * none.
 */
export function sourceKey(source: string | null): string {
  return (source ?? DEFAULT_SOURCE).trim().toLowerCase();
}

/** Those that the rows of a wish name, each once, as the file first has it. */
export function sourcesNamedBy({ rows }: Wish): readonly string[] {
  const names = new Map<string, string>();
  for (const { source } of rows)
    if (source !== null && !names.has(sourceKey(source))) names.set(sourceKey(source), source);
  return [...names.values()];
}

/** In words, where a row names another source than the shipment left from that takes its number: nothing moves it there. */
export function leftFromAnother(wish: Wish, { source: left }: Shipment): string | undefined {
  if (left === null) return undefined;
  const named = sourcesNamedBy(wish).filter((source) => sourceKey(source) !== sourceKey(left));
  if (named.length === 0) return undefined;
  return `it left from source ${left}, and not from ${named.join(' or ')}, which the ${wish.rows.length > 1 ? 'rows name' : 'row names'}`;
}
