import { type Bundle, type BundleForms, contentsOf, formOnShipments } from './bundle.ts';
import { openQuantity } from './open-items.ts';
import type { Order, OrderItem } from './order.ts';
import type { ShipItem } from './write.ts';

/**
 * What a shipment of everything open has to name, undefined where nothing can be named; nothing where Magento may choose, since it then knows how each bundle ships.
 * Of a bundle that ships together it takes as many parts as are open, whatever goes of the bundle itself: where that is locked,
 * refunded or canceled and a part of it is not, it would count parts as shipped with nothing to show for them
 * (Magento\Sales\Model\Order\ShipmentFactory::canShipItem asks of a part whether its bundle was asked for, not whether it goes).
 */
export function everythingOpen(order: Order, forms: BundleForms): readonly ShipItem[] | undefined {
  const isTrap = (bundle: Bundle) => {
    if (formOnShipments(bundle, order.shipments) === 'separately') return false;
    const leaving = contentsOf(bundle, openQuantity(bundle.line));
    return bundle.parts.some((part, at) => openQuantity(part) > (leaving[at]?.quantity ?? 0));
  };
  if (!forms.bundles.some(isTrap)) return [];
  const bundles = new Map(forms.bundles.map((bundle) => [bundle.line, bundle]));
  const shippedBy = (line: OrderItem): readonly OrderItem[] => {
    const bundle = bundles.get(line);
    return bundle && forms.of(bundle) === 'separately' ? bundle.parts : [line];
  };
  const named = order.items
    .filter(({ parentItemId }) => parentItemId === null)
    .flatMap(shippedBy)
    .map((line) => ({ orderItemId: line.itemId, qty: openQuantity(line) }))
    .filter(({ qty }) => qty > 0);
  return named.length > 0 ? named : undefined;
}
