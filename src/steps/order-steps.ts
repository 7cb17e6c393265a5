import type { Drop } from '../domain/drop.ts';
import { LeaseLostError } from '../domain/lease.ts';
import { nextStep } from '../domain/next-step.ts';
import type { Writers } from '../domain/others.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Policy } from '../domain/policy.ts';
import { WINDOW_ORDERS } from '../domain/room.ts';
import type { Row } from '../domain/row.ts';
import type { Patience, Step } from '../domain/situation.ts';
import { orWaiting, type Times, type WaitLimits } from '../domain/waiting.ts';
import { endWish, wishesOf } from '../domain/wish.ts';
import { mark, type Write } from '../domain/write.ts';
import type { Events } from '../events.ts';
import { nameAsDropped } from '../intake/names.ts';
import { isLedgerTrouble, isOurFault } from '../ledger/database.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { LookResult, Store, TimedLook } from '../magento/store.ts';
import type { Steps } from '../pipeline.ts';
import { batched } from '../runtime/batch.ts';
import type { Clock } from '../runtime/clock.ts';
import { passed } from '../runtime/step.ts';
import type { Task } from '../runtime/turns.ts';
import { earlierReadings } from './earlier-readings.ts';
import { OrderRows } from './order-rows.ts';
import { PlannedLooks } from './planned-looks.ts';
import { pushStep } from './push-step.ts';
import { WritesWatch } from './writes-watch.ts';

const NO_MARKS: ReadonlySet<string> = new Set();

/** Orders that need another look within this time share its requests. */
const GATHER_LOOKS_MS = 20;

/** What bringing the orders of one store to their end takes. */
interface OrderParts {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly events: Events;
  readonly clock: Clock;
  readonly patience: Patience;
  /** By the inbox's name. */
  readonly policies: ReadonlyMap<string, Policy & { readonly waitFor: WaitLimits }>;
  readonly times: Times;
  /** Whether somebody took away the file of a drop that waits. */
  isTakenAway(drop: Drop): Promise<boolean>;
  readonly signal: AbortSignal;
}

/** After these a write of ours has come through. */
const WRITTEN: ReadonlySet<Outcome> = new Set<Outcome>(['tracked', 'shipped', 'replaced']);

type OrderSteps = Pick<Steps<never, LookResult>, 'lookUp' | 'plan' | 'push' | 'lookAgain' | 'isOpen' | 'bug'>;

/** The steps that bring one order to its end: what stands in the store, what is missing, write it. */
export function orderSteps(parts: OrderParts): OrderSteps {
  const { store, ledger, events, clock, signal } = parts;
  const looksAgain = batched((keys) => store.lookUp(keys, signal), {
    most: WINDOW_ORDERS,
    gatherMs: GATHER_LOOKS_MS,
    clock,
  });
  const startedAtMs = clock.nowMs();
  const orderRows = new OrderRows(parts);
  const looks = new PlannedLooks(store, clock);
  const writesWatch = new WritesWatch(store.name, parts);

  /** Ends every row of the task that is still open, alike. */
  async function giveUp(task: Task, message: string): Promise<void> {
    const rows = orderRows.openOf(task);
    const outcomes = wishesOf(rows).flatMap((wish) => endWish(wish, 'gave-up', message));
    await ledger.together(() => ledger.rows.end(task.drop, outcomes));
    orderRows.settled(task, rows, outcomes);
  }

  /**
   * What an earlier process wrote is waited for from the start of this one: the machine's clock may have been
   * set in between, and a second shipment would go out too early, or nothing for hours.
   */
  function onThisClock(write: Write): Write {
    const isOfEarlier = write.atMs < startedAtMs || write.atMs > clock.nowMs();
    const isSaidNo = write.state === 'refused' || write.state === 'unsent';
    if (!isOfEarlier || (isSaidNo && write.atMs < startedAtMs)) return write;
    return { ...write, atMs: startedAtMs, answeredAtMs: startedAtMs };
  }

  /** By the order's entity id; null where no number of others is in the way. */
  function writersTo({ drop, orderKey }: Task, { orders }: TimedLook): ReadonlyMap<number, Writers> | null {
    if (policyOf(drop).onExisting === 'add') return null;
    const nowMs = clock.wallMs();
    return new Map(
      orders.map(({ entityId: orderId }) => [
        orderId,
        ledger.orderWriters.of(drop, { orderId, orderKey }, nowMs),
      ]),
    );
  }

  /** The customer is to hear of numbers that stand, whoever took the file away since. */
  function othersMarks(drop: Drop, { orders }: TimedLook): ReadonlySet<string> {
    return new Set(orders.flatMap(({ entityId }) => ledger.writes.othersTo(drop, entityId).map(mark)));
  }

  async function isUnwanted(drop: Drop, { actions }: Step): Promise<boolean> {
    return actions.some(({ action }) => action.kind !== 'mail') && (await parts.isTakenAway(drop));
  }

  function policyOf(drop: Drop): Policy & { readonly waitFor: WaitLimits } {
    const policy = parts.policies.get(drop.inbox);
    if (!policy) throw new Error(`no inbox ${drop.inbox} is configured`);
    return policy;
  }

  return {
    async lookUp(window) {
      const keys = window.map(({ orderKey }) => orderKey);
      const looked = await store.lookUp(keys, signal);
      orderRows.readWindow(window);
      return looked;
    },

    async plan(task, look): Promise<Step | undefined> {
      if ('failed' in look) {
        await giveUp(task, look.failed);
        return undefined;
      }
      if (!looks.isFresh(look)) return undefined;
      looks.planFrom(task, look);
      const { drop } = task;
      const rows = orderRows.openOf(task);
      const mayLandSinceMs = clock.nowMs() - parts.patience.repeatShipAfterMs;
      const writes = look.orders
        .flatMap((order) => ledger.writes.toOrder(drop, order.entityId, mayLandSinceMs))
        .map(onThisClock);
      const endedRows = ledger.rows.endedWithItemOf(drop, task.orderKey);
      const badRows = ledger.rows.badOf(drop, task.orderKey);
      const { waitFor, ...policy } = policyOf(drop);
      const planned = nextStep({
        look,
        rows,
        endedRows,
        badRows,
        writes,
        unrecordedUntilMs: drop.isDoubtful ? startedAtMs : null,
        othersMarks: drop.isDoubtful ? othersMarks(drop, look) : NO_MARKS,
        earlier: earlierReadings(ledger, task, { look, rows, writes, onThisClock }),
        writers: writersTo(task, look),
        policy,
        patience: parts.patience,
        dropName: drop.waitingSinceMs === null ? drop.name : nameAsDropped(drop.name),
      });
      const wait = {
        limits: waitFor,
        sinceMs: drop.waitingSinceMs ?? drop.claimedAtMs,
        nowMs: clock.wallMs(),
        times: parts.times,
      };
      const step = (await isUnwanted(drop, planned))
        ? leftWaiting(rows)
        : { ...planned, outcomes: planned.outcomes.map((outcome) => orWaiting(outcome, wait)) };
      if (step.outcomes.length > 0) {
        await ledger.together(() => ledger.rows.end(drop, step.outcomes));
        passed('look.outcomes-kept');
        orderRows.settled(task, rows, step.outcomes);
        // A write whose answer was lost came through all the same.
        if (step.outcomes.some(({ outcome }) => WRITTEN.has(outcome))) writesWatch.worked();
      }
      return step;
    },

    push: pushStep({ ...parts, orderRows, looks, writes: writesWatch }),

    lookAgain: ({ orderKey }) => looksAgain(orderKey),

    isOpen: (task) => orderRows.anyOpen(task),

    async bug(task, error) {
      // Nothing that is written now is on record: the row's fate is for the next start to find out.
      const isOut = isLedgerTrouble(error) && !isOurFault(error);
      if (isOut || error instanceof LeaseLostError) throw error;
      events.emit('bug', { where: `order ${task.orderKey} of drop ${task.drop.id}`, error });
      await giveUp(task, 'Trackdrop itself failed on this row; the log has the details, please report them');
    },
  };
}

/** Nothing is written for rows whose file is gone; what it means that it is gone is found out when the drop settles. */
function leftWaiting(rows: readonly Row[]): Step {
  const outcomes = wishesOf(rows).flatMap((wish) =>
    endWish(wish, 'waiting', 'its file is no longer in the folder waiting'),
  );
  return { outcomes, actions: [], lookAgainAtMs: null };
}
