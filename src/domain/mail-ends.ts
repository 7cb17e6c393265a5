import type { Order } from './order.ts';
import { type Outcome, PLACED, type RowOutcome } from './outcome.ts';
import { placeKey, trackingKey } from './row.ts';
import { mayHaveLanded, type Situation } from './situation.ts';
import type { Wish } from './wish.ts';
import { bringsNumbers, isMark, type Write } from './write.ts';
import { writesByNumber } from './writes-by-number.ts';

/** What is known of the mail about a shipment. */
export type MailVerdict =
  /** To be sent now. */
  { readonly kind: 'due' } | { readonly kind: 'wait'; readonly untilMs: number } | Over;

/** Nothing more is sent. */
interface Over {
  readonly kind: 'over';
  /** As in RowOutcome. */
  readonly mail?: 'mailed' | 'unknown';
  /** Why it was not mailed, or why nobody knows. */
  readonly why?: string;
  /** Of which shipments the mail told, where that is not plain. */
  readonly about?: string;
}

/** A mail may have been sent that is on no record. */
export const LOST_RECORD: MailVerdict & Over = {
  kind: 'over',
  mail: 'unknown',
  why: 'the record of what was sent before was lost',
};

/** The end of a wish, as its first row has it: what the rest has follows from that. */
export interface WishEnd {
  readonly wish: Wish;
  readonly outcome: RowOutcome;
}

/** By these rows end whose number stands where the drop did not put it, as far as is on record. */
const FOUND: ReadonlySet<Outcome> = new Set<Outcome>(['already-tracked', 'item-mismatch']);

/** Tells with the ends of an order's rows what its customer got. */
export class MailEnds {
  readonly #order: Order;
  readonly #wishes: readonly Wish[];
  readonly #situation: Situation;
  /** Those that may have mailed, oldest first. */
  readonly #sent: readonly Write[];
  /** The same by the keys of the numbers that they are about. */
  readonly #sentFor: ReadonlyMap<string, readonly Write[]>;

  /** `mailing`: the drop's writes to the order that ask the shop for a mail. */
  constructor(order: Order, wishes: readonly Wish[], mailing: readonly Write[], situation: Situation) {
    this.#order = order;
    this.#wishes = wishes;
    this.#situation = situation;
    this.#sent = mailing.filter(mayHaveLanded);
    this.#sentFor = writesByNumber(this.#sent);
  }

  /** Of the wishes whose rows end. */
  of(outcomes: readonly RowOutcome[]): WishEnd[] {
    const byPlace = new Map(outcomes.map((end) => [placeKey(end), end]));
    return this.#wishes.flatMap((wish) => {
      const outcome = byPlace.get(placeKey(wish.rows[0]));
      return outcome ? { wish, outcome } : [];
    });
  }

  /** The ends with what the customer got; a mail that is `due`, by its shipment's id, counts as sent. */
  told(outcomes: readonly RowOutcome[], verdicts: ReadonlyMap<number, MailVerdict>): readonly RowOutcome[] {
    const told = new Map<string, Over>();
    for (const end of this.of(outcomes)) {
      const over = this.#mailOf(end, verdicts.get(end.outcome.shipmentId ?? 0));
      for (const row of end.wish.rows) told.set(placeKey(row), over);
    }
    return outcomes.map((end) => withMail(end, told.get(placeKey(end)) ?? { kind: 'over' }));
  }

  #mailOf({ wish, outcome }: WishEnd, verdict: MailVerdict | undefined): Over {
    if (!PLACED.has(outcome.outcome)) return this.#mailOfUndone(wish, outcome);
    if (verdict?.kind === 'due') return { kind: 'over', mail: 'mailed' };
    const sent = (this.#sentFor.get(wish.key) ?? []).filter(
      ({ kind, shipmentId }) => kind === 'ship' || shipmentId === outcome.shipmentId,
    );
    const last = sent.at(-1);
    // A mail for the sake of others may have come before this one stood, or one that is on no record after it.
    const isLost =
      verdict?.kind === 'over' && verdict.why === undefined && this.#situation.unrecordedUntilMs !== null;
    if (!last) {
      const over = isLost ? LOST_RECORD : verdict?.kind === 'over' ? verdict : { kind: 'over' as const };
      return this.#mailForOthers(wish, outcome, over);
    }
    const shipment = this.#order.shipments.find(({ entityId }) => entityId === outcome.shipmentId);
    // A mail that came before leaves the same trace on a shipment that was there.
    const shows = shipment?.isMailed === true && sent.some(({ kind }) => kind === 'ship');
    // A ship is answered alike whether its mail was sent or not.
    const isSaid = sent.some(({ kind, state }) => kind === 'mail' && state === 'done');
    if (isSaid || shows) return { kind: 'over', mail: 'mailed' };
    return { kind: 'over', mail: 'unknown', why: whyUnknown(last) };
  }

  /**
   * Of a number that was not asked to be mailed about: it came to stand here where somebody deleted it elsewhere, or deleted
   * what stood here before. The mail about this shipment, for others' sake, told of all that stood here. `over`: what is said
   * where there was none.
   */
  #mailForOthers({ key }: Wish, { shipmentId }: RowOutcome, over: Over): Over {
    const mail = this.#sent.findLast((write) => write.kind === 'mail' && write.shipmentId === shipmentId);
    if (mail === undefined) return over;
    const stood = this.#broughtBy(key).some(
      (write) => write.state === 'done' && write.shipmentId === shipmentId && write.atMs <= mail.atMs,
    );
    if (mail.state === 'done' && stood) return { kind: 'over', mail: 'mailed' };
    if (over.mail !== undefined) return over;
    return { kind: 'over', mail: 'unknown', why: mail.state === 'done' ? FOR_OTHERS : whyUnknown(mail) };
  }

  /**
   * Of rows that fail: their number may stand all the same, as after a ship that came twice or was cut down, or nobody knows
   * what became of a ship that mailed.
   */
  #mailOfUndone(wish: Wish, outcome: RowOutcome): Over {
    const mail = this.#mailAlongWith(wish, outcome);
    if (mail?.state === 'done') return this.#mailedAbout([mail.shipmentId]);
    const last = mail ?? this.#sentFor.get(wish.key)?.findLast(({ kind }) => kind === 'ship');
    if (last === undefined) return this.#mayBeOurs(outcome) ? LOST_RECORD : { kind: 'over' };
    const emptied = this.#situation.writes
      .filter(
        ({ kind, trackingNumbers }) =>
          kind === 'untrack' && trackingNumbers.map(trackingKey).includes(wish.key),
      )
      .map((write) => write.shipmentId);
    const made = this.#order.shipments.filter(({ entityId }) =>
      [outcome.shipmentId, ...emptied].includes(entityId),
    );
    const mailed = made.filter(({ isMailed }) => isMailed).map(({ entityId }) => entityId);
    if (last.kind === 'ship' && mailed.length > 0) return this.#mailedAbout(mailed);
    const why = made.length === 0 && last.state === 'done' ? MADE_UNSEEN : whyUnknown(last);
    return { kind: 'over', mail: 'unknown', why };
  }

  /** The mail about a shipment, for other numbers' sake, that told of this one, too: the drop has put it there. */
  #mailAlongWith({ key }: Wish, { shipmentId }: RowOutcome): Write | undefined {
    if (shipmentId === null) return undefined;
    if (this.#broughtBy(key).length === 0) return undefined;
    return this.#sent.findLast((write) => write.kind === 'mail' && write.shipmentId === shipmentId);
  }

  /** The drop's writes that may have put the number somewhere. */
  #broughtBy(key: string): readonly Write[] {
    return this.#situation.writes.filter(
      (write) =>
        write.isOwn &&
        bringsNumbers(write) &&
        mayHaveLanded(write) &&
        write.trackingNumbers.some((number) => trackingKey(number) === key),
    );
  }

  #mailedAbout(shipmentIds: readonly (number | null)[]): Over {
    const about = this.#order.shipments
      .filter(({ entityId }) => shipmentIds.includes(entityId))
      .map(({ incrementId }) => incrementId);
    return { kind: 'over', mail: 'mailed', about: about.join(' and ') };
  }

  /** Whether a number that stood there may have come with a shipment that mailed, or before a mail, on no record. */
  #mayBeOurs({ outcome, shipmentId, trackId }: RowOutcome): boolean {
    const { policy, unrecordedUntilMs } = this.#situation;
    if (unrecordedUntilMs === null || trackId === null || !FOUND.has(outcome)) return false;
    if (policy.notify === 'always') return true;
    if (policy.notify === 'never' || !policy.createShipments) return false;
    const shipment = this.#order.shipments.find(({ entityId }) => entityId === shipmentId);
    const track = shipment?.tracks.find(({ entityId }) => entityId === trackId);
    // One that was added to a shipment bears a mark, and mailed nobody.
    return !isMark(track?.description ?? null);
  }
}

const MADE_UNSEEN = 'the shop said that it made the shipment';
const FOR_OTHERS =
  'the mail about the shipment was sent for other numbers, and whether this one stood there by then is not known';

function whyUnknown({ state, kind, message }: Write): string {
  if (state === 'open') return 'Trackdrop ended before the shop had answered';
  if (state !== 'done') return message;
  return kind === 'ship'
    ? 'the shipment shows no mail, which the shop may have left to its cron, or such mails are turned off'
    : 'the shop was asked again, since what it had done did not show';
}

function withMail(end: RowOutcome, { mail, why, about }: Over): RowOutcome {
  if (about !== undefined)
    return {
      ...end,
      message: `${end.message}; the customer was mailed about ${about}`,
      ...(mail && { mail }),
    };
  const what =
    mail === 'unknown' ? 'whether the customer was mailed is not known' : 'the customer was not mailed';
  const message = why === undefined ? end.message : `${end.message}; ${what}: ${why}`;
  return { ...end, message, ...(mail && { mail }) };
}
