import type { Order } from './order.ts';
import { outcomeClass, type RowOutcome } from './outcome.ts';
import { idsOf, type Place, placesOn } from './place.ts';
import { placeKey, trackingKey } from './row.ts';
import { mayHaveLanded, nextLookAtMs, type Situation, type Verdict } from './situation.ts';
import { whenToTakeBack } from './take-back.ts';
import { endWish, type Wish } from './wish.ts';
import { bringsNumbers, mark, type Write } from './write.ts';
import { writesByNumber } from './writes-by-number.ts';

/** What is known of a file that was read before its writer had come to its end. */
export interface EarlierReadings {
  /** Writes to the order by the drops whose file this one is again; those of the drop itself are not among them. */
  readonly writes: readonly Write[];
  /**
   * Keys of the numbers that any row asks for on the order now: of this drop, done or not, and of every drop that is no
   * earlier reading of the same file.
   */
  readonly wanted: ReadonlySet<string>;
}

/** A number of ours that the end of an earlier reading may have cut off, and where it stands, if it does. */
interface CutOff {
  readonly write: Write;
  readonly places: readonly Place[];
}

/**
 * Numbers that were pushed from half a row: a reading that ended in `1Z99` has put that on the order, and the whole
 * file says `1Z999AA1`. Once the whole number stands the cut-off one is taken back, where
 * - a write of this file put it there, known by id or mark: nobody else's number is touched;
 * - it is a proper beginning of the whole one;
 * - no row asks for it on that order any more, of this drop or of another.
 */
export class CutOffs {
  readonly #order: Order;
  readonly #situation: Situation;
  /** Of the drop to the order, and of the drops whose file it is again. */
  readonly writes: readonly Write[];
  /** Writes by the keys of their numbers that nobody wants; empty for nearly every order. */
  readonly #unwanted: ReadonlyMap<string, readonly Write[]>;
  /** Tracks that a wish of this step takes back. */
  readonly #taken = new Set<number>();

  constructor(order: Order, toOrder: readonly Write[], situation: Situation) {
    this.#order = order;
    this.#situation = situation;
    const { earlier } = situation;
    const before = earlier?.writes.filter(({ orderId }) => orderId === order.entityId) ?? [];
    this.writes = [...before, ...toOrder.filter(({ isOwn }) => isOwn)];
    this.#unwanted = earlier === null ? new Map() : unwantedIn(this.writes, earlier.wanted);
  }

  /** True where a row of the wish must not end before a later look, since a cut-off number is to be taken back then. */
  concerns(wish: Wish): boolean {
    return this.#of(wish).some((each) => each.places.length > 0 || this.#mayLandUntilMs(each) !== undefined);
  }

  /** What comes before the end of a wish whose number stands; undefined where nothing does. */
  judge(wish: Wish, place: Place): Verdict | undefined {
    for (const cutOff of this.#of(wish)) {
      const [standing] = cutOff.places;
      if (standing !== undefined) return this.#takeBack(wish, place, standing);
      const untilMs = this.#mayLandUntilMs(cutOff);
      if (untilMs !== undefined) return { kind: 'wait', untilMs };
    }
    return undefined;
  }

  /** Says of rows that are done which cut-off numbers they took the place of. */
  told(wishes: readonly Wish[], outcomes: readonly RowOutcome[]): readonly RowOutcome[] {
    if (this.#unwanted.size === 0) return outcomes;
    const words = new Map(wishes.map((wish) => [placeKey(wish.rows[0]), this.#takenBackFor(wish)] as const));
    return outcomes.map((end) => {
      const taken = words.get(placeKey(end)) ?? [];
      if (taken.length === 0 || outcomeClass(end.outcome) !== 'done') return end;
      return { ...end, message: `${end.message}; took the place of the cut-off ${taken.join(' and ')}` };
    });
  }

  #of({ key }: Wish): readonly CutOff[] {
    if (this.#unwanted.size === 0) return [];
    const places = placesOn(this.#order).filter(({ trackId }) => !this.#taken.has(trackId));
    return beginningsOf(key).flatMap((cut) =>
      (this.#unwanted.get(cut) ?? [])
        .filter(mayHaveLanded)
        .map((write) => ({ write, places: places.filter((place) => isBy(write, cut, place)) })),
    );
  }

  #mayLandUntilMs({ write }: CutOff): number | undefined {
    return write.state === 'done' ? undefined : nextLookAtMs(write, this.#situation);
  }

  #takeBack(wish: Wish, place: Place, cutOff: Place): Verdict {
    const { trackId, trackNumber, shipment } = cutOff;
    const when = whenToTakeBack(trackId, this.writes, this.#situation);
    if (when.kind === 'wait') return when;
    if (when.kind === 'given-up') {
      const message = `the number stands; ${trackNumber} (track ${trackId}), which is it cut off, was to be taken back ${when.tries} times: ${when.answer}`;
      return { kind: 'end', outcomes: endWish(wish, 'gave-up', message, idsOf(this.#order, place)) };
    }
    this.#taken.add(trackId);
    const { entityId: orderId } = this.#order;
    const action = {
      kind: 'untrack',
      orderId,
      shipmentId: shipment.entityId,
      trackId,
      trackingNumber: trackNumber,
    } as const;
    return { kind: 'correct', action: { action, wishes: [], isRepeat: false, isReplacing: false } };
  }

  #takenBackFor({ key }: Wish): string[] {
    const { wanted } = this.#situation.earlier ?? { wanted: new Set() };
    const taken = this.writes
      .filter((write) => write.kind === 'untrack' && mayHaveLanded(write))
      .filter(({ trackingNumbers }) =>
        trackingNumbers.map(trackingKey).some((cut) => isBeginningOf(cut, key) && !wanted.has(cut)),
      );
    return [
      ...new Set(
        taken.map(({ trackingNumbers, trackId }) => `${trackingNumbers.join(', ')} (track ${trackId})`),
      ),
    ];
  }
}

/**
 * Whether any number that was written is a proper beginning of one that a row asks for: whether it is worth asking who
 * else wants it.
 */
export function anyCutOff(writes: readonly Write[], keys: readonly string[]): boolean {
  const written = new Set(
    writes.filter(bringsNumbers).flatMap(({ trackingNumbers }) => trackingNumbers.map(trackingKey)),
  );
  return written.size > 0 && keys.some((key) => beginningsOf(key).some((cut) => written.has(cut)));
}

function unwantedIn(
  writes: readonly Write[],
  wanted: ReadonlySet<string>,
): ReadonlyMap<string, readonly Write[]> {
  const byNumber = writesByNumber(writes.filter(bringsNumbers));
  return new Map([...byNumber].filter(([key]) => !wanted.has(key)));
}

/** A ship carries no mark, and its answer names no tracks. */
function isBy(write: Write, key: string, { description, trackId, trackNumber, shipment }: Place): boolean {
  if (write.kind === 'track') return description === mark(write.id) || trackId === write.trackId;
  const isThere = write.shipmentId === null || write.shipmentId === shipment.entityId;
  return isThere && !description && trackingKey(trackNumber) === key;
}

function isBeginningOf(cut: string, key: string): boolean {
  return cut !== '' && cut.length < key.length && key.startsWith(cut);
}

/** Proper ones, the longest first. */
function beginningsOf(key: string): string[] {
  return Array.from({ length: Math.max(0, key.length - 1) }, (_, at) => key.slice(0, key.length - 1 - at));
}
