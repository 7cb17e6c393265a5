import { commentOn } from './comment.ts';
import { endingNow } from './last-words.ts';
import { LOST_RECORD, MailEnds, type MailVerdict, type WishEnd } from './mail-ends.ts';
import type { Order } from './order.ts';
import { outcomeClass, PLACED, type RowOutcome } from './outcome.ts';
import type { PlannedAction } from './plan.ts';
import { trackingKey } from './row.ts';
import { mayHaveLanded, pauseAfter, type Situation, type Step } from './situation.ts';
import type { Wish } from './wish.ts';
import { bringsNumbers, type Mail, type Ship, type Write } from './write.ts';

/**
 * The mails of one drop about one order. Magento mails again each time it is asked, so that an intent counts as sent
 * whatever became of it: a mail that is missed is better than one that comes twice.
 */
export class Mailing {
  readonly #order: Order;
  readonly #wishes: readonly Wish[];
  readonly #situation: Situation;
  /** Of the drop, those that ask the shop for a mail; oldest first. */
  readonly #mailing: readonly Write[];
  /** Of the drop to the order, and those of others that may still land. */
  readonly #writes: readonly Write[];
  readonly #ends: MailEnds;

  constructor(order: Order, wishes: readonly Wish[], toOrder: readonly Write[], situation: Situation) {
    this.#order = order;
    this.#wishes = wishes;
    this.#situation = situation;
    this.#writes = toOrder;
    this.#mailing = toOrder.filter(({ mails, isOwn }) => mails && isOwn);
    this.#ends = new MailEnds(order, wishes, this.#mailing, situation);
  }

  /** A write of the plan with what the customer is to hear of it. */
  asSent(planned: PlannedAction): PlannedAction {
    const { policy, dropName } = this.#situation;
    const sent = policy.notify === 'always' ? { ...planned, isMailedAfter: true } : planned;
    const { action, wishes } = sent;
    if (action.kind !== 'ship') return sent;
    const comment = policy.comment === null ? null : commentOn(wishes, policy.comment, dropName);
    const mails = policy.notify === 'shipment' && !this.#mayBeMailed(action);
    return { ...sent, action: { ...action, comment, mails } };
  }

  /** Whether an attempt to ship any of these numbers may have mailed the customer, or may do so yet. */
  #mayBeMailed({ parcels }: Ship): boolean {
    const keys = new Set(parcels.map(({ trackingNumber }) => trackingKey(trackingNumber)));
    return this.#writes.some(
      (write) =>
        write.mails &&
        mayHaveLanded(write) &&
        write.trackingNumbers.some((number) => keys.has(trackingKey(number))),
    );
  }

  /**
   * The step with its mails, and its ends with what the customer got. With `notify: always` no row of the order ends
   * before every number stands and the mails about them were sent, or will not be; then all end together.
   */
  decide(step: Step): Step {
    const { policy } = this.#situation;
    if (policy.notify === 'never' && this.#mailing.length === 0) return step;
    if (policy.notify !== 'always') return { ...step, outcomes: this.#ends.told(step.outcomes, new Map()) };
    if (step.actions.length > 0 || step.lookAgainAtMs !== null)
      return { ...step, outcomes: endingNow(step.outcomes) };

    const put = this.#ends.of(step.outcomes).filter(({ outcome }) => PLACED.has(outcome.outcome));
    const byShipment = Map.groupBy(put, ({ outcome }) => outcome.shipmentId ?? 0);
    const verdicts = new Map<number, MailVerdict>();
    for (const [id, ends] of byShipment) verdicts.set(id, this.#judge(id, ends, step.outcomes));
    const due = [...byShipment].filter(([id]) => verdicts.get(id)?.kind === 'due');
    const waits = [...verdicts.values()].flatMap((each) => (each.kind === 'wait' ? each.untilMs : []));
    if (due.length > 0) {
      const areAllDone = step.outcomes.every(({ outcome }) => outcomeClass(outcome) === 'done');
      const ends = waits.length === 0 && areAllDone ? this.#ends.told(step.outcomes, verdicts) : undefined;
      return { outcomes: [], actions: this.#mails(due, ends), lookAgainAtMs: null };
    }
    if (waits.length > 0) return { outcomes: [], actions: [], lookAgainAtMs: Math.min(...waits) };
    return { ...step, outcomes: this.#ends.told(step.outcomes, verdicts) };
  }

  /** The last one ends all rows of the order: it is sent when those before it are done. */
  #mails(
    due: readonly (readonly [number, readonly WishEnd[]])[],
    ends: readonly RowOutcome[] | undefined,
  ): PlannedAction[] {
    return due.map(([shipmentId, put], at) => {
      const isLast = at === due.length - 1;
      const action: Mail = {
        kind: 'mail',
        orderId: this.#order.entityId,
        shipmentId,
        trackingNumbers: put.map(({ wish }) => wish.rows[0].trackingNumber),
      };
      const wishes = isLast && ends ? this.#wishes : put.map(({ wish }) => wish);
      return {
        action,
        wishes,
        isRepeat: false,
        isReplacing: false,
        ...(isLast && ends ? { ends } : {}),
      };
    });
  }

  /** One mail a drop and shipment. */
  #judge(shipmentId: number, put: readonly WishEnd[], outcomes: readonly RowOutcome[]): MailVerdict {
    const { look, patience } = this.#situation;
    const keys = new Set(put.map(({ wish }) => wish.key));
    const tries = this.#mailing.filter((write) =>
      write.kind === 'mail'
        ? write.shipmentId === shipmentId
        : mayHaveLanded(write) && write.trackingNumbers.some((number) => keys.has(trackingKey(number))),
    );
    const last = tries.at(-1);
    if (tries.some(mayHaveLanded)) return { kind: 'over' };
    if (last?.state === 'refused') return { kind: 'over', why: last.message };
    if (this.#isInDoubt(shipmentId, outcomes)) return LOST_RECORD;
    if (!last) return { kind: 'due' };
    const counted = tries.filter(({ counts }) => counts).length;
    if (counted >= patience.attempts) {
      return { kind: 'over', why: `tried ${counted} times; last of all: ${last.message}` };
    }
    const nextTryAtMs = last.atMs + pauseAfter(tries.length, patience);
    return look.atMs < nextTryAtMs ? { kind: 'wait', untilMs: nextTryAtMs } : { kind: 'due' };
  }

  /**
   * Where records were lost, a mail may have been sent that is on none. It comes after every number of the drop stands:
   * only where all of them were written since, none can have gone before.
   */
  #isInDoubt(shipmentId: number, outcomes: readonly RowOutcome[]): boolean {
    const sinceMs = this.#situation.unrecordedUntilMs;
    if (sinceMs === null) return false;
    const since = this.#writes.filter((write) => write.isOwn && bringsNumbers(write) && write.atMs > sinceMs);
    const written = new Set(since.flatMap(({ trackingNumbers }) => trackingNumbers.map(trackingKey)));
    return this.#ends
      .of(outcomes)
      .filter(({ outcome }) => outcome.shipmentId === shipmentId && outcomeClass(outcome.outcome) === 'done')
      .some(({ wish }) => !written.has(wish.key));
  }
}
