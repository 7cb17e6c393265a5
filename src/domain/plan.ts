import { type Choice, ShipmentChoice } from './choose-shipment.ts';
import type { DoneWords } from './done-words.ts';
import { openItemsAfter } from './open-items.ts';
import type { Order } from './order.ts';
import type { Others } from './others.ts';
import type { RowOutcome } from './outcome.ts';
import { alreadyTracked } from './place.ts';
import type { Policy } from './policy.ts';
import { refundedInWords } from './refunded.ts';
import type { Siblings } from './rooms.ts';
import type { PastShips, Shipping } from './shipping.ts';
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

  const choice = new ShipmentChoice(order, policy, past.others);
  const choices = choice.of(missing, past);
  const toShip = choices.flatMap(([wish, { kind }]) => (kind === 'ship' ? [wish] : []));
  const known = { ...past, isAnyLost: past.isAnyLost || choices.some(isLost) };
  const shipping = toShip.length > 0 ? planShippingFrom(order, toShip, policy, known) : NO_SHIPPING;
  const ended = unshipped(order, shipping, policy, known);
  if (ended.wishes.size > 0) {
    // Which shipment fits the others must not hang on rows that have ended when a later look plans for them.
    const left = wishes.filter((wish) => !ended.wishes.has(wish));
    const others = plan(order, left, policy, { ...past, isAnyLost: true });
    return { ...others, outcomes: [...ended.outcomes, ...others.outcomes] };
  }
  const added = (kind: 'fits' | 'add') =>
    choices.flatMap(([wish, chosen]) =>
      chosen.kind === kind ? [addTrack(order, chosen, wish, choice)] : [],
    );
  // A number without items makes a shipment look taken to those with items: were it first, and the process ended
  // after it, they would find their shipment no more.
  const actions = [...added('fits'), ...added('add')];
  if (shipping.ship) {
    const refunded = refundedInWords(order, shipping.ship.action.items, { isShown: false });
    actions.push({ ...shipping.ship, isRepeat: false, isReplacing: false, words: { refunded } });
  }
  const nowhere = choices.flatMap(([wish, chosen]) => endNowhere(order, chosen, wish));
  return { outcomes: [...outcomes, ...nowhere, ...shipping.outcomes], actions: telling(order, actions) };
}

const NO_SHIPPING: Shipping = { outcomes: [], ship: null, misfits: new Map() };

/** Whether it names items that go nowhere. */
function isLost([{ items }, { kind }]: readonly [Wish, Choice]): boolean {
  return items.length > 0 && (kind === 'misfit' || kind === 'undecided');
}

/** Those of a planned shipment that are to be left out of it, and their ends: what does not fit, else what is not paid. */
function unshipped(
  order: Order,
  { ship, misfits, outcomes }: Shipping,
  policy: Policy,
  known: PastShips,
): { readonly wishes: ReadonlySet<Wish>; readonly outcomes: readonly RowOutcome[] } {
  if (misfits.size > 0) return { wishes: new Set(misfits.keys()), outcomes };
  if (!ship || !policy.requirePaid) return { wishes: new Set(), outcomes: [] };
  const shipOf = (wishes: readonly Wish[]) => planShippingFrom(order, wishes, policy, known).ship?.action;
  const unpaid = unpaidOf(order, ship, policy, known.forms, shipOf);
  const ends = Array.from(unpaid, ([wish, items]) => endUnpaid(order, wish, items));
  return { wishes: new Set(unpaid.keys()), outcomes: ends.flat() };
}

/** Has the ends of the rows tell what of the order is open after all of the writes. */
function telling(order: Order, planned: readonly PlannedAction[]): readonly PlannedAction[] {
  const stillOpen = openItemsAfter(
    order,
    planned.map(({ action }) => action),
  );
  return planned.map((each) => ({ ...each, words: { ...each.words, stillOpen } }));
}

/** The end of a row whose number goes nowhere; none of others. */
function endNowhere({ entityId: orderId }: Order, chosen: Choice, wish: Wish): readonly RowOutcome[] {
  switch (chosen.kind) {
    case 'skip': {
      const { shipment, trackId, message } = chosen;
      return endWish(wish, 'skipped', message, { orderId, shipmentId: shipment.entityId, trackId });
    }
    case 'undecided':
      return endWish(wish, 'order-ambiguous', chosen.message, { orderId });
    case 'misfit':
      return endWish(wish, 'item-mismatch', chosen.message, { orderId });
    case 'add':
    case 'fits':
    case 'ship':
      return [];
  }
}

function addTrack(
  order: Order,
  chosen: Extract<Choice, { kind: 'add' | 'fits' }>,
  wish: Wish,
  choice: ShipmentChoice,
): PlannedAction {
  const { shipment, why } = chosen;
  return {
    action: {
      kind: 'track',
      orderId: order.entityId,
      shipmentId: shipment.entityId,
      ...parcelOf(wish.rows[0]),
    },
    wishes: [wish],
    isRepeat: false,
    isReplacing: chosen.kind === 'add' && chosen.replaces,
    words: choice.words(wish, shipment, why),
  };
}
