import { type Choice, ShipmentChoice } from './choose-shipment.ts';
import type { DoneWords } from './done-words.ts';
import { openItemsAfter } from './open-items.ts';
import type { Order, Shipment } from './order.ts';
import type { Others } from './others.ts';
import type { RowOutcome } from './outcome.ts';
import { alreadyTracked } from './place.ts';
import type { Policy } from './policy.ts';
import type { Siblings } from './rooms.ts';
import type { PastShips } from './shipping.ts';
import { planShippingFrom } from './source.ts';
import { endUnpaid, unpaidOf } from './unpaid.ts';
import { endWish, type Wish } from './wish.ts';
import { type Action, parcelOf } from './write.ts';

/** What happened before that a look does not show. */
export interface Past extends PastShips, Siblings {
  readonly others: Others;
}

/** A write, and the wishes that it fulfils. */
export interface PlannedAction {
  readonly action: Action;
  readonly wishes: readonly Wish[];
  /** An earlier write of the same numbers may have landed, or land yet: success is verified by a later look. */
  readonly isRepeat: boolean;
  /** Its rows end once other numbers of the order are gone, which a later look shows. */
  readonly isReplacing: boolean;
  /** What their ends tell besides. */
  readonly words?: DoneWords;
  /** A later look ends its rows: what the shop made of a shipment shows there; absent: its answer may end them. */
  readonly isLookedAfter?: boolean;
  /** Its rows end once the customer was mailed about them, or will not be; absent: nobody waits for that. */
  readonly isMailedAfter?: boolean;
  /** Of a mail: the ends of all rows of the order once it is sent; absent: a later look decides. */
  readonly ends?: readonly RowOutcome[];
}

/** What is to be done for the rows of one order. */
export interface Plan {
  /** Rows that need no write, or can have none. */
  readonly outcomes: readonly RowOutcome[];
  /** Writes in the order in which they must happen; after one that fails a new look and a new plan are due. */
  readonly actions: readonly PlannedAction[];
}

/**
 * Decides what an order still needs so that every wished number stands on one of its shipments, and on one that
 * holds its items where the rows name them. Its law: apply the plan, look again, plan again, and there is nothing
 * left to do.
 */
export function plan(order: Order, wishes: readonly Wish[], policy: Policy, past: Past): Plan {
  const outcomes: RowOutcome[] = [];
  const missing: Wish[] = [];
  for (const wish of wishes) {
    const [place, ...more] = past.placesOf(wish);
    if (place) outcomes.push(...alreadyTracked(order, wish, [place, ...more]));
    else missing.push(wish);
  }
  if (missing.length === 0) return { outcomes, actions: [] };

  const choices = new ShipmentChoice(order, policy, past.others).of(missing, past);
  const tracks: PlannedAction[] = [];
  const laterTracks: PlannedAction[] = [];
  const toShip: Wish[] = [];
  for (const [wish, chosen] of choices) {
    if (chosen.kind === 'ship') toShip.push(wish);
    else if (chosen.kind === 'fits') tracks.push(addTrack(order, chosen, wish));
    else if (chosen.kind === 'add') laterTracks.push(addTrack(order, chosen, wish));
    else outcomes.push(...endWithout(order, chosen, wish));
  }
  // A number without items makes a shipment look taken to those with items: were it first, and the process ended
  // after it, they would find their shipment no more.
  const actions = [...tracks, ...laterTracks];
  if (toShip.length === 0) return { outcomes, actions: telling(order, actions) };
  const isAnyLost =
    past.isAnyLost ||
    choices.some(([{ items }, { kind }]) => items.length > 0 && (kind === 'misfit' || kind === 'undecided'));
  const known = { ...past, isAnyLost };
  const { outcomes: ends, ship, misfits } = planShippingFrom(order, toShip, policy, known);
  const shipAlone = (wish: Wish) => planShippingFrom(order, [wish], policy, known).ship?.action;
  const held = ship && policy.requirePaid ? unpaidOf(order, ship, shipAlone) : NOTHING_HELD;
  const heldEnds = Array.from(held, ([wish, unpaid]) => endUnpaid(order, wish, unpaid)).flat();
  const ended = misfits.size > 0 ? { of: misfits, ends } : { of: held, ends: heldEnds };
  if (ended.of.size > 0) {
    // Which shipment fits the others must not hang on rows that have ended when a later look plans for them.
    const others = plan(
      order,
      wishes.filter((wish) => !ended.of.has(wish)),
      policy,
      { ...past, isAnyLost: true },
    );
    return { ...others, outcomes: [...ended.ends, ...others.outcomes] };
  }
  return {
    outcomes: [...outcomes, ...ends],
    actions: telling(order, ship ? [...actions, { ...ship, isRepeat: false, isReplacing: false }] : actions),
  };
}

const NOTHING_HELD: ReturnType<typeof unpaidOf> = new Map();

/** Has the ends of the rows tell what of the order is open after all of the writes. */
function telling(order: Order, planned: readonly PlannedAction[]): readonly PlannedAction[] {
  const stillOpen = openItemsAfter(
    order,
    planned.map(({ action }) => action),
  );
  return planned.map((each) => ({ ...each, words: { ...each.words, stillOpen } }));
}

/** The end of a row whose number goes nowhere. */
function endWithout(
  { entityId: orderId }: Order,
  chosen: Extract<Choice, { kind: 'skip' | 'undecided' | 'misfit' }>,
  wish: Wish,
): RowOutcome[] {
  switch (chosen.kind) {
    case 'skip': {
      const { shipment, trackId, message } = chosen;
      return endWish(wish, 'skipped', message, { orderId, shipmentId: shipment.entityId, trackId });
    }
    case 'undecided':
      return endWish(wish, 'order-ambiguous', chosen.message, { orderId });
    case 'misfit':
      return endWish(wish, 'item-mismatch', chosen.message, { orderId });
  }
}

function addTrack(order: Order, chosen: Target, wish: Wish): PlannedAction {
  const { shipment, why, replaces = false } = chosen;
  const where = why === null ? {} : { words: { where: `shipment ${shipment.incrementId}, ${why}` } };
  return {
    action: {
      kind: 'track',
      orderId: order.entityId,
      shipmentId: shipment.entityId,
      ...parcelOf(wish.rows[0]),
    },
    wishes: [wish],
    isRepeat: false,
    isReplacing: replaces,
    ...where,
  };
}

/** A shipment that takes a number; see Choice. */
interface Target {
  readonly shipment: Shipment;
  readonly why: string | null;
  readonly replaces?: boolean;
}
