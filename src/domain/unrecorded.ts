import { trackedWords } from './done-words.ts';
import type { OrderCase } from './order-case.ts';
import { idsOf, itemsMissingAt } from './place.ts';
import type { PlannedAction } from './plan.ts';
import { mayBeUnrecorded, nextLookAtMs, type Situation, type Verdict } from './situation.ts';
import type { Standing } from './standing-places.ts';
import { endWish } from './wish.ts';

/** Which of the planned writes may go now, and when to look again for the others; null where none is held back. */
export interface Held {
  readonly actions: readonly PlannedAction[];
  readonly lookAgainAtMs: number | null;
}

/**
 * Holds writes back while one that is not on record may still land: of which kind it was nobody knows, so that each kind
 * waits as it would for an uncertain write of its own that was sent just before this process started. Where the inbox may ship,
 * a number that is to be added now may have been shipped: what its shipment took of the order shows only when that has landed.
 */
export function heldForUnrecorded(actions: readonly PlannedAction[], situation: Situation): Held {
  const atMs = situation.unrecordedUntilMs;
  if (atMs === null) return { actions, lookAgainAtMs: null };
  const nextLookOf = ({ action: { kind } }: PlannedAction) => {
    if (kind === 'untrack') return undefined;
    const mayBeShipped = kind === 'track' && situation.policy.createShipments;
    return nextLookAtMs({ kind: mayBeShipped ? 'ship' : kind, atMs }, situation);
  };
  const looks = actions.map(nextLookOf).filter((lookAtMs) => lookAtMs !== undefined);
  return {
    actions: actions.filter((action) => nextLookOf(action) === undefined),
    lookAgainAtMs: looks.length === 0 ? null : Math.min(...looks),
  };
}

/**
 * A number that stands, and no write of it is on record. Where writes may be missing there and the track has a mark of
 * Trackdrop's that is on record as nobody else's, it was one of those; undefined where nothing says so.
 */
export function judgeUnrecorded(subject: OrderCase, { wish, places }: Standing): Verdict | undefined {
  const { order, choice, situation, stillOpen } = subject;
  const place = places.find(({ description }) => mayBeUnrecorded(description, situation));
  if (!place || itemsMissingAt(order, wish, places)) return undefined;
  const words = { ...choice.wordsOn(wish, place.shipment), stillOpen };
  const message = trackedWords(words, ['the record of it was lost, the number was found there']);
  return { kind: 'end', outcomes: endWish(wish, 'tracked', message, idsOf(order, place)) };
}
