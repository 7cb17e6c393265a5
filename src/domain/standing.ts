import { shippedWords, trackedWords } from './done-words.ts';
import type { OrderCase } from './order-case.ts';
import type { RowOutcome } from './outcome.ts';
import { alreadyTracked, idsOf, itemsMissingAt, type Place } from './place.ts';
import { refundedInWords } from './refunded.ts';
import { trackingKey } from './row.ts';
import { mayHaveLanded, mayLandForMs, type Verdict } from './situation.ts';
import type { Standing } from './standing-places.ts';
import { type TakeBack, whenToTakeBack } from './take-back.ts';
import { judgeUnrecorded } from './unrecorded.ts';
import { endWish, type Wish } from './wish.ts';
import { type Action, mark, type Write } from './write.ts';

/** The number stands. After a repeat both attempts may have landed, or the first may still be on its way. */
export function judgeStanding(subject: OrderCase, standing: Standing): Verdict {
  const { order, situation } = subject;
  const { wish, places } = standing;
  const landed = subject.writesOf(wish).filter(mayHaveLanded);
  const last = landed.at(-1);
  if (!last) return judgeUnrecorded(subject, standing) ?? { kind: 'plan' };

  if (landed.length > 1) {
    const untilMs = last.atMs + verifiedAfterMs(subject, standing, landed);
    if (situation.look.atMs < untilMs) return { kind: 'wait', untilMs };
    const twice = judgeTwice(subject, standing, landed);
    if (twice) return twice;
  }
  // It stood there already when this drop came: the one that wrote it has told so.
  if (!landed.some(({ isOwn }) => isOwn)) {
    return { kind: 'end', outcomes: alreadyTracked(order, wish, places) };
  }
  const misfit = itemsMissingAt(order, wish, places) ?? itemsLackingAt(subject, standing);
  return { kind: 'end', outcomes: misfit ?? endDone(subject, standing, last) };
}

/** The end of a wish that was shipped with others of the drop, by a shipment that does not hold what all of them name; else undefined. */
function itemsLackingAt(subject: OrderCase, { wish, places }: Standing): RowOutcome[] | undefined {
  const words = subject.shippedTogether.whyLacking(wish, places);
  return words === undefined
    ? undefined
    : endWish(wish, 'item-mismatch', words, idsOf(subject.order, places[0]));
}

/**
 * When a number that was sent again is looked at once more, ms after the last of these writes: later than others where the
 * answer of that one was lost, too, and it is still out, since it may land as a second shipment.
 */
function verifiedAfterMs(subject: OrderCase, { wish, places }: Standing, landed: readonly Write[]): number {
  const { patience } = subject.situation;
  const last = landed.at(-1);
  const isOut = landed.length > places.length + takenBackOf(subject, wish).length;
  if (!last || last.state === 'done' || !isOut) return patience.verifyAfterMs;
  return Math.max(patience.verifyAfterMs, mayLandForMs(last, patience));
}

/** Deletions of the number. */
function takenBackOf({ writes }: OrderCase, { key }: Wish): readonly Write[] {
  return writes.filter(
    ({ kind, trackingNumbers }) => kind === 'untrack' && trackingNumbers.map(trackingKey).includes(key),
  );
}

/** The end of a wish whose number the drop has put where it stands, by its last write of it. */
function endDone(
  { order, choice, stillOpen }: OrderCase,
  { wish, places }: Standing,
  last: Write,
): RowOutcome[] {
  const [place] = places;
  const refunded = refundedInWords(order, place.shipment.items, { isShown: true });
  const words = { ...choice.wordsOn(wish, place.shipment), refunded, stillOpen };
  const remarks = [
    ...(last.state === 'done' ? [] : ["the store's answer was lost, the number was found there"]),
    ...(trackingKey(place.trackNumber) === wish.key ? [] : [`the shop keeps it as ${place.trackNumber}`]),
  ];
  const ids = idsOf(order, place);
  return last.kind === 'ship'
    ? endWish(wish, 'shipped', shippedWords(words, remarks), ids)
    : endWish(wish, 'tracked', trackedWords(words, remarks), ids);
}

/** What is due where more than one write of the number may have landed: a track too many, or a shipment; else undefined. */
function judgeTwice(subject: OrderCase, standing: Standing, landed: readonly Write[]): Verdict | undefined {
  const { wish, places } = standing;
  const [place, ...surplus] = places;
  const ours = surplus.findLast((candidate) => isOurs(candidate, landed));
  const tooMany = ours ?? (surplus.length > 0 && isOurs(place, landed) ? place : undefined);
  if (tooMany) return takeBack(subject, standing, tooMany);
  const second = secondShipment(subject, standing, landed);
  if (second === undefined) return undefined;
  const message = `the order was shipped twice, as ${place.shipment.incrementId} and ${second}: the store lost the first answer and shipped late; the number stands once, the second shipment cannot be taken back`;
  return { kind: 'end', outcomes: endWish(wish, 'gave-up', message, idsOf(subject.order, place)) };
}

/** By the mark in the description, by the id in the answer, or, for a ship (which carries no mark), by number. */
function isOurs(place: Place, landed: readonly Write[]): boolean {
  return landed.some(
    (write) =>
      place.description === mark(write.id) ||
      (write.trackId !== null && write.trackId === place.trackId) ||
      (write.kind === 'ship' && !place.description),
  );
}

/** Takes a track of ours back. */
function takeBack(
  { order, situation, writes }: OrderCase,
  { wish, places }: Standing,
  place: Place,
): Verdict {
  const when = whenToTakeBack(place.trackId, writes, situation);
  if (when.kind === 'wait') return when;
  if (when.kind === 'given-up') {
    const message = notTakenBack(place, places, when);
    return { kind: 'end', outcomes: endWish(wish, 'gave-up', message, idsOf(order, place)) };
  }
  const action: Action = {
    kind: 'untrack',
    orderId: order.entityId,
    shipmentId: place.shipment.entityId,
    trackId: place.trackId,
    trackingNumber: wish.rows[0].trackingNumber,
  };
  return { kind: 'correct', action: { action, wishes: [], isRepeat: false, isReplacing: false } };
}

function notTakenBack(
  place: Place,
  places: readonly Place[],
  { tries, answer }: Extract<TakeBack, { kind: 'given-up' }>,
): string {
  const where = places
    .map(({ trackId, shipment }) => `track ${trackId} on shipment ${shipment.incrementId}`)
    .join(' and ');
  return `the number stands more than once, as ${where}; track ${place.trackId} was to be taken back ${tries} times: ${answer}`;
}

/** The number of a shipment that a repeated ship of ours made besides the one that holds the number. */
function secondShipment(
  subject: OrderCase,
  { wish, places: [place] }: Standing,
  landed: readonly Write[],
): string | undefined {
  if (landed.filter((write) => write.kind === 'ship').length < 2) return undefined;
  const emptied = takenBackOf(subject, wish).map((write) => write.shipmentId);
  const second = subject.order.shipments.find(
    ({ entityId }) => entityId !== place.shipment.entityId && emptied.includes(entityId),
  );
  return second?.incrementId;
}
