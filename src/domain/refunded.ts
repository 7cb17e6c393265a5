import { exact } from './item-sums.ts';
import { openQuantity } from './open-items.ts';
import type { Order } from './order.ts';
import type { ShipItem } from './write.ts';

/**
 * In words, of which lines of a shipment so much has left that pieces that were refunded may be among them: Magento counts
 * only the larger of what was shipped and what was refunded (Magento\Sales\Model\Order\Item::getSimpleQtyToShip), so that
 * it ships what was refunded once something else of the line has left. Undefined where there are none. `shipped` is what the
 * shipment takes, everything open where it names nothing; `isShown`: the order counts it already.
 */
export function refundedInWords(
  order: Order,
  shipped: readonly ShipItem[],
  { isShown }: { readonly isShown: boolean },
): string | undefined {
  const linesById = new Map(order.items.map((line) => [line.itemId, line]));
  const items = shipped.length > 0 ? shipped : everythingOpen(order);
  const words = items.flatMap(({ orderItemId, qty }) => {
    const line = linesById.get(orderItemId);
    if (line === undefined || line.qtyRefunded <= 0) return [];
    const { sku, qtyOrdered, qtyRefunded, qtyShipped, qtyCanceled, parentItemId } = line;
    // The child of a configurable product tells of the same pieces once more.
    if (parentItemId !== null && linesById.get(parentItemId)?.productType !== 'bundle') return [];
    const left = qtyShipped + (isShown ? 0 : qty);
    if (exact(left + qtyRefunded + qtyCanceled - qtyOrdered) <= 0) return [];
    return [`${qtyRefunded} of ${qtyOrdered} x ${sku} ${qtyRefunded === 1 ? 'was' : 'were'} refunded`];
  });
  return words.length > 0 ? [...new Set(words)].join(' and ') : undefined;
}

function everythingOpen({ items }: Order): readonly ShipItem[] {
  const open = items.map((line) => ({ orderItemId: line.itemId, qty: openQuantity(line) }));
  return open.filter(({ qty }) => qty > 0);
}
