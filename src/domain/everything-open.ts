import { type Bundle, type BundleForms, formOnShipments } from './bundle.ts';
import { openQuantity } from './open-items.ts';
import type { Order, OrderItem } from './order.ts';
import type { ShipItem } from './write.ts';

/**
 * What a shipment of everything open has to name; nothing where Magento may choose, since it then knows how each bundle ships.
 * Of a bundle that ships together and of which nothing can go (it is locked, refunded or canceled, and a part of it is not) it
 * would leave the line off and count the parts as shipped all the same, with nothing to show for it
 * (Magento\Sales\Model\Order\ShipmentFactory::canShipItem asks of a part whether its bundle was asked for, not whether it goes).
 */
export function everythingOpen(order: Order, forms: BundleForms): readonly ShipItem[] {
  const isTrap = (bundle: Bundle) =>
    openQuantity(bundle.line) === 0 &&
    formOnShipments(bundle, order.shipments) !== 'separately' &&
    bundle.parts.some((part) => openQuantity(part) > 0);
  if (!forms.bundles.some(isTrap)) return [];
  const bundles = new Map(forms.bundles.map((bundle) => [bundle.line, bundle]));
  const shippedBy = (line: OrderItem): readonly OrderItem[] => {
    const bundle = bundles.get(line);
    return bundle && forms.of(bundle) === 'separately' ? bundle.parts : [line];
  };
  return order.items
    .filter(({ parentItemId }) => parentItemId === null)
    .flatMap(shippedBy)
    .map((line) => ({ orderItemId: line.itemId, qty: openQuantity(line) }))
    .filter(({ qty }) => qty > 0);
}
