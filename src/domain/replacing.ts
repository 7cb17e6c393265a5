import { policyFor } from './attach.ts';
import type { Order, Track } from './order.ts';
import type { OrderCase } from './order-case.ts';
import type { Others } from './others.ts';
import type { RowOutcome } from './outcome.ts';
import { idsOf } from './place.ts';
import type { PlannedAction } from './plan.ts';
import { mayHaveLanded, type Verdict } from './situation.ts';
import type { Standing } from './standing-places.ts';
import { whenToTakeBack } from './take-back.ts';
import { endWish } from './wish.ts';
import type { Write } from './write.ts';

/**
 * What is still to be done for a number that this drop added in an inbox that replaces: the others on its shipment that
 * came earlier are deleted, and only then its rows end, with `outcomes`. To be asked of a look that shows the number; whether
 * those of the drop's other rows stand too is for the caller to see to.
 */
export function judgeReplacing(
  subject: OrderCase,
  { wish, places: [place] }: Standing,
  outcomes: readonly RowOutcome[],
): Verdict {
  const { order, others, writes, situation } = subject;
  const isAdded = subject
    .writesOf(wish)
    .some((write) => write.isOwn && write.kind === 'track' && mayHaveLanded(write));
  const isAlone = policyFor(wish, situation.policy).onExisting === 'replace';
  if (!isAdded || !isAlone) return { kind: 'end', outcomes };
  const { shipment } = place;
  const deletions = new Map<number, PlannedAction>();
  const waits: number[] = [];
  const taken = takenFrom(shipment.entityId, writes, others);
  if (situation.isWithdrawn)
    return { kind: 'end', outcomes: told(outcomes, taken, staying(others.on(shipment), WITHDRAWN)) };
  for (const track of others.replaceableOn(shipment)) {
    const when = whenToTakeBack(track.entityId, writes, situation);
    if (when.kind === 'given-up') {
      const message = `the number stands; ${named(track)}, whose place it takes, was to be taken away ${when.tries} times: ${when.answer}`;
      return { kind: 'end', outcomes: endWish(wish, 'gave-up', message, idsOf(order, place)) };
    }
    if (when.kind === 'wait') waits.push(when.untilMs);
    else deletions.set(track.entityId, deletion(order, shipment.entityId, track));
  }
  if (waits.length > 0) return { kind: 'wait', untilMs: Math.min(...waits) };
  if (deletions.size > 0) return { kind: 'clear', deletions };
  return { kind: 'end', outcomes: told(outcomes, taken, staying(others.on(shipment), CAME_LATER)) };
}

function deletion(order: Order, shipmentId: number, { entityId, trackNumber }: Track): PlannedAction {
  return {
    action: {
      kind: 'untrack',
      orderId: order.entityId,
      shipmentId,
      trackId: entityId,
      trackingNumber: trackNumber,
    },
    wishes: [],
    isRepeat: false,
    isReplacing: false,
  };
}

/** What the drop has deleted on the shipment, and is not its own; each once. */
function takenFrom(shipmentId: number, writes: readonly Write[], others: Others): readonly string[] {
  const taken = writes.filter(
    (write) =>
      write.isOwn &&
      write.kind === 'untrack' &&
      write.shipmentId === shipmentId &&
      !write.trackingNumbers.some((number) => others.isWanted(number)),
  );
  const names = taken.map(
    ({ trackingNumbers, trackId }) => `${trackingNumbers.join(', ')} (track ${trackId})`,
  );
  return [...new Set(names)];
}

const CAME_LATER = "nothing shows that it came before this file, so it is not this file's to take away";
const WITHDRAWN = 'the file was taken out of the folder waiting before it was taken away';

/** What is said of numbers that stay; empty where there are none. */
function staying(left: readonly Track[], why: string): readonly string[] {
  return left.length === 0 ? [] : [`${left.map(named).join(' and ')} stays beside it: ${why}`];
}

function told(
  outcomes: readonly RowOutcome[],
  taken: readonly string[],
  stays: readonly string[],
): readonly RowOutcome[] {
  const words = [...(taken.length === 0 ? [] : [`it took the place of ${taken.join(' and ')}`]), ...stays];
  if (words.length === 0) return outcomes;
  return outcomes.map((end) => {
    if (end.outcome !== 'tracked') return end;
    const outcome = taken.length > 0 ? 'replaced' : end.outcome;
    return { ...end, outcome, message: [end.message, ...words].join('; ') };
  });
}

function named({ trackNumber, entityId }: Track): string {
  return `${trackNumber} (track ${entityId})`;
}
