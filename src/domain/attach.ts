import type { Order, Shipment, Track } from './order.ts';
import type { Others } from './others.ts';
import type { Policy } from './policy.ts';

/** Where a number without items goes, or why it goes nowhere. */
export type Attachment =
  /** `replaces`: others stand there, which a look after the number stands decides about. */
  | { readonly kind: 'add'; readonly shipment: Shipment; readonly replaces: boolean }
  | {
      readonly kind: 'skip';
      readonly shipment: Shipment;
      readonly trackId: number;
      readonly message: string;
    };

/**
 * Which shipment takes the drop's numbers, as the inbox has it for one that carries others already. Undefined where
 * the order has no shipment.
 */
export function attachment(order: Order, policy: Policy, others: Others): Attachment | undefined {
  const inTurn = policy.attach === 'first' ? order.shipments : order.shipments.toReversed();
  const [shipment] = inTurn;
  if (shipment === undefined) return undefined;
  const [other] = others.on(shipment);
  if (policy.onExisting === 'add' || other === undefined) return { kind: 'add', shipment, replaces: false };
  switch (policy.onExisting) {
    case 'skip':
      return skip(shipment, other, 'onExisting: skip leaves it as it is');
    case 'fill': {
      const free = inTurn.find((each) => others.on(each).length === 0);
      if (free) return { kind: 'add', shipment: free, replaces: false };
      return skip(shipment, other, 'onExisting: fill writes to shipments without a number only');
    }
    case 'replace': {
      const later = others.on(shipment).find((track) => others.provenanceOf(track) === 'later');
      if (later) return skip(shipment, later, 'a file that came later has brought it');
      return { kind: 'add', shipment, replaces: true };
    }
    default:
      return policy.onExisting satisfies never;
  }
}

function skip(shipment: Shipment, { entityId, trackNumber }: Track, why: string): Attachment {
  const message = `shipment ${shipment.incrementId} has the number ${trackNumber} already (track ${entityId}); ${why}`;
  return { kind: 'skip', shipment, trackId: entityId, message };
}
