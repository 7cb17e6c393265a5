import type { Order, Shipment, Track } from './order.ts';
import type { Others } from './others.ts';
import type { Policy } from './policy.ts';
import type { Wish } from './wish.ts';

/** Where a number goes, or why it goes nowhere. */
export type Attachment =
  /**
   * `replaces`: others stand there, which a look after the number stands decides about. `why`: what decided, where
   * there were several; null where there was one.
   */
  | {
      readonly kind: 'add';
      readonly shipment: Shipment;
      readonly replaces: boolean;
      readonly why: string | null;
    }
  | {
      readonly kind: 'skip';
      readonly shipment: Shipment;
      readonly trackId: number;
      readonly message: string;
    }
  /** Nothing decides which one, and the inbox may not guess. */
  | { readonly kind: 'undecided'; readonly message: string };

/**
 * Of which shipments of an order one is chosen: all of them, all but those that are for the drop's numbers with items, or those with the
 * number's items.
 */
export interface Among {
  readonly shipments: readonly Shipment[];
  readonly what: 'all' | 'there before' | 'holding its items' | 'holding exactly its items';
}

/**
 * What the inbox allows a parcel. One whose rows name its items takes no number away: a shipment holds several parcels as
 * well as one, and by its items each of the others belongs there, too.
 */
export function policyFor({ items }: Wish, policy: Policy): Policy {
  return policy.onExisting === 'replace' && items.length > 0 ? { ...policy, onExisting: 'add' } : policy;
}

/**
 * Which of some shipments of the order takes the drop's numbers: those without a number come first, then the inbox decides.
 * Undefined where there are none. A number of the drop's file that stood there before is a number, too, but for one that
 * names its items, since it goes by what is left of them, and where the inbox touches no shipment with numbers of others.
 *
 * A number of the drop's own leaves a shipment as free as it was, so that all of them go onto the same one, also when
 * the process ends between two.
 */
export function attachment(
  order: Order,
  among: Among,
  policy: Policy,
  others: Others,
): Attachment | undefined {
  const free = freeOf(among, policy, others);
  const eligible = free.length > 0 ? free : among.shipments;
  const shipment = policy.attach === 'first' ? eligible[0] : eligible.at(-1);
  if (shipment === undefined) return undefined;
  // Where none is free these leave every one as it is.
  const isLeft = free.length === 0 && (policy.onExisting === 'skip' || policy.onExisting === 'fill');
  if (policy.attach === 'refuse' && eligible.length > 1 && !isLeft)
    return { kind: 'undecided', message: nothingSays(eligible, among.what) };
  const areBare = free.every((each) => others.isBare(each));
  const why = order.shipments.length > 1 ? reason(among, { free, areBare }, policy) : null;
  return attachmentTo(shipment, why, policy, others);
}

/** Whether this shipment takes the drop's numbers, as the inbox has it for one that carries others already. */
export function attachmentTo(
  shipment: Shipment,
  why: string | null,
  policy: Policy,
  others: Others,
): Attachment {
  const [other] = others.on(shipment);
  if (other === undefined) return { kind: 'add', shipment, replaces: false, why };
  switch (policy.onExisting) {
    case 'add':
      return { kind: 'add', shipment, replaces: false, why };
    case 'skip':
      return skip(shipment, other, 'onExisting: skip leaves it as it is');
    case 'fill':
      return skip(shipment, other, 'onExisting: fill writes to shipments without a number only');
    case 'replace': {
      const later = others.on(shipment).find((track) => others.provenanceOf(track) === 'later');
      if (later) return skip(shipment, later, 'a file that came later has brought it');
      return { kind: 'add', shipment, replaces: true, why };
    }
    default:
      return policy.onExisting satisfies never;
  }
}

function freeOf({ shipments, what }: Among, policy: Policy, others: Others): readonly Shipment[] {
  const free = shipments.filter((each) => others.areNever(each));
  if (what === 'holding its items' || what === 'holding exactly its items') return free;
  const bare = free.filter((each) => others.isBare(each));
  return bare.length > 0 || policy.onExisting === 'add' ? bare : free;
}

/** What comes before the other shipments; `areBare`: none of them has any number. */
interface Free {
  readonly free: readonly Shipment[];
  readonly areBare: boolean;
}

/** As in `the latest of 2 without a number`. */
function reason({ shipments, what }: Among, { free, areBare }: Free, { attach }: Policy): string {
  const isFreed = free.length > 0 && free.length < shipments.length;
  const eligible = free.length > 0 ? free.length : shipments.length;
  const which = attach === 'first' ? 'first' : 'latest';
  const one = eligible > 1 ? `the ${which} of ${eligible}` : 'the only one';
  const without = areBare ? ' without a number' : ' without other numbers';
  if (what === 'all') return `${one}${isFreed || eligible === 1 ? without : ''}`;
  if (what === 'there before')
    return `${one}${isFreed ? without : ''} that ${eligible > 1 ? 'were' : 'was'} there before`;
  const its = what === 'holding exactly its items' ? 'exactly its items' : 'its items';
  if (eligible > 1) return `${one}${isFreed ? `${without} and` : ''} with ${its}`;
  return isFreed ? `${one}${without} that holds ${its}` : `which holds ${its}`;
}

function nothingSays(shipments: readonly Shipment[], what: Among['what']): string {
  const names = shipments.map(({ incrementId }) => incrementId);
  const isAny = what === 'all' || what === 'there before';
  const each = isAny ? '' : ', each with its items';
  const also = isAny ? ', so would the items of the parcel' : '';
  return `the order has the shipments ${names.slice(0, -1).join(', ')} and ${names.at(-1)}${each}, and nothing says which of them gets the number: a column with the number of the shipment would (columns.shipment of the profile)${also}, and shipments.attach: latest or first`;
}

function skip(shipment: Shipment, { entityId, trackNumber }: Track, why: string): Attachment {
  const message = `shipment ${shipment.incrementId} has the number ${trackNumber} already (track ${entityId}); ${why}`;
  return { kind: 'skip', shipment, trackId: entityId, message };
}
