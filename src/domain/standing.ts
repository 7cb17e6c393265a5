import type { ShipmentChoice } from './choose-shipment.ts';
import { type DoneWords, shippedWords, trackedWords } from './done-words.ts';
import type { Order } from './order.ts';
import { alreadyTracked, idsOf, itemsMissingAt, type Place, placesByNumber, placesOn } from './place.ts';
import { type Item, trackingKey } from './row.ts';
import { mayHaveLanded, type Situation, type Verdict } from './situation.ts';
import { type TakeBack, whenToTakeBack } from './take-back.ts';
import { judgeUnrecorded } from './unrecorded.ts';
import { endWish, type Wish } from './wish.ts';
import { type Action, mark, type Write } from './write.ts';

/**
 * Where a wish stands, oldest first: its number, and what a write of it has made. A shop may keep a number in
 * a form of its own (an extension that strips hyphens, say), and would be sent it again and again.
 */
export function standingOn(order: Order): (wish: Wish, own: readonly Write[]) => Place[] {
  const places = placesOn(order);
  const byNumber = placesByNumber(places);
  const byMark = Map.groupBy(places, ({ description }) => description);
  const byId = Map.groupBy(places, ({ trackId }) => trackId);
  const keptOtherwise = shippedOtherwise(places);
  return (wish, own) => {
    const found = new Set(byNumber.get(wish.key));
    for (const { kind, id, trackId } of own) {
      if (kind !== 'track') continue;
      for (const place of byMark.get(mark(id)) ?? []) found.add(place);
      for (const place of (trackId !== null && byId.get(trackId)) || []) found.add(place);
    }
    for (const write of found.size === 0 ? own : []) {
      const place = keptOtherwise(write).get(wish.key);
      if (place) found.add(place);
    }
    return [...found].sort((a, b) => a.trackId - b.trackId);
  };
}

/**
 * For a ship that the shop says was done: tracks on its shipment in which the shop keeps numbers in another form, by the
 * keys of these. Tracks of a ship bear no mark; they stand in the order in which they were sent.
 */
function shippedOtherwise(places: readonly Place[]): (write: Write) => ReadonlyMap<string, Place> {
  const known = new Map<Write, ReadonlyMap<string, Place>>();
  const find = ({ kind, state, shipmentId, trackingNumbers }: Write) => {
    if (kind !== 'ship' || state !== 'done') return new Map<string, Place>();
    const there = places.filter(({ shipment }) => shipment.entityId === shipmentId);
    const sent = new Set(trackingNumbers.map(trackingKey));
    const standing = new Set(there.map(({ trackNumber }) => trackingKey(trackNumber)));
    const missing = [...sent].filter((key) => !standing.has(key));
    const strange = there.filter(
      ({ trackNumber, description }) => !description && !sent.has(trackingKey(trackNumber)),
    );
    const pairs = missing.flatMap((key, at) => {
      const place = strange[at];
      return place ? [[key, place] as const] : [];
    });
    return new Map(missing.length === strange.length ? pairs : []);
  };
  return (write) => {
    const found = known.get(write) ?? find(write);
    known.set(write, found);
    return found;
  };
}

/**
 * The number stands. After a repeat both attempts may have landed, or the first may still be on its way. `stillOpen` is
 * what the look shows open on the order.
 */
export function judgeStanding(
  order: Order,
  wish: Wish,
  places: readonly Place[],
  own: readonly Write[],
  writes: readonly Write[],
  situation: Situation,
  choice: ShipmentChoice,
  stillOpen: readonly Item[],
): Verdict {
  const { look, patience } = situation;
  const landed = own.filter(mayHaveLanded);
  const last = landed.at(-1);
  const [place, ...surplus] = places;
  if (!place) return { kind: 'plan' };
  const wordsAt = ({ shipment }: Place): DoneWords => ({ ...choice.wordsOn(wish, shipment), stillOpen });
  if (!last) return judgeUnrecorded(order, wish, [place, ...surplus], situation, wordsAt) ?? { kind: 'plan' };

  if (landed.length > 1) {
    const verifyAtMs = last.atMs + patience.verifyAfterMs;
    if (look.atMs < verifyAtMs) return { kind: 'wait', untilMs: verifyAtMs };
    const ours = surplus.findLast((candidate) => isOurs(candidate, landed)) ?? null;
    const takenBack = ours ?? (surplus.length > 0 && isOurs(place, landed) ? place : null);
    if (takenBack) return takeBack(order, wish, takenBack, places, { look, writes, patience });
    const second = secondShipment(order, wish, place, landed, writes);
    if (second)
      return { kind: 'end', outcomes: endWish(wish, 'gave-up', twice(place, second), idsOf(order, place)) };
  }
  // It stood there already when this drop came: the one that wrote it has told so.
  if (!landed.some(({ isOwn }) => isOwn))
    return { kind: 'end', outcomes: alreadyTracked(order, wish, [place, ...surplus]) };
  // Magento cuts a shipment down to what is open when somebody else has shipped part of it since our look.
  const misfit = itemsMissingAt(order, wish, [place, ...surplus]);
  if (misfit) return { kind: 'end', outcomes: misfit };
  const remarks = [
    ...(last.state === 'done' ? [] : ["the store's answer was lost, the number was found there"]),
    ...(trackingKey(place.trackNumber) === wish.key ? [] : [`the shop keeps it as ${place.trackNumber}`]),
  ];
  const [outcome, message] =
    last.kind === 'ship'
      ? (['shipped', shippedWords(wordsAt(place), remarks)] as const)
      : (['tracked', trackedWords(wordsAt(place), remarks)] as const);
  return { kind: 'end', outcomes: endWish(wish, outcome, message, idsOf(order, place)) };
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
  order: Order,
  wish: Wish,
  place: Place,
  places: readonly Place[],
  { look, writes, patience }: Pick<Situation, 'look' | 'writes' | 'patience'>,
): Verdict {
  const when = whenToTakeBack(place.trackId, writes, { look, patience });
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

/** The id of a shipment that a repeated ship of ours made besides the one that holds the number. */
function secondShipment(
  order: Order,
  wish: Wish,
  place: Place,
  landed: readonly Write[],
  writes: readonly Write[],
): string | undefined {
  if (landed.filter((write) => write.kind === 'ship').length < 2) return undefined;
  const emptied = writes
    .filter(({ kind, trackingNumbers }) => kind === 'untrack' && trackingNumbers.some(isOf(wish)))
    .map((write) => write.shipmentId);
  const second = order.shipments.find(
    ({ entityId }) => entityId !== place.shipment.entityId && emptied.includes(entityId),
  );
  return second?.incrementId;
}

function isOf(wish: Wish): (trackingNumber: string) => boolean {
  return (trackingNumber) => trackingKey(trackingNumber) === wish.key;
}

function twice(place: Place, second: string): string {
  return `the order was shipped twice, as ${place.shipment.incrementId} and ${second}: the store lost the first answer and shipped late; the number stands once, the second shipment cannot be taken back`;
}
