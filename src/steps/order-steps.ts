import type { Drop } from '../domain/drop.ts';
import { LeaseLostError } from '../domain/lease.ts';
import { fulfilled, nextStep, type Step } from '../domain/next-step.ts';
import type { Writers } from '../domain/others.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Policy } from '../domain/policy.ts';
import { LOOK_AGES_AFTER_MS, WINDOW_ORDERS } from '../domain/room.ts';
import type { Row } from '../domain/row.ts';
import type { Patience } from '../domain/situation.ts';
import { orWaiting, type Times, type WaitLimits } from '../domain/waiting.ts';
import { endWish, wishesOf } from '../domain/wish.ts';
import type { Write } from '../domain/write.ts';
import { WriteHealth } from '../domain/write-health.ts';
import type { Events } from '../events.ts';
import { isLedgerTrouble, isOurFault } from '../ledger/database.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { LookResult, Store, TimedLook } from '../magento/store.ts';
import type { Steps } from '../pipeline.ts';
import { batched } from '../runtime/batch.ts';
import type { Clock } from '../runtime/clock.ts';
import { passed } from '../runtime/step.ts';
import type { Task } from '../runtime/turns.ts';
import { earlierReadings } from './earlier-readings.ts';
import { factsOf } from './facts.ts';
import { OrderRows } from './order-rows.ts';

/** Orders that need another look within this time share its requests. */
const GATHER_LOOKS_MS = 20;

export interface OrderParts {
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

/** What a write is told when its turn comes and its plan has become old; nothing was sent. */
class StalePlan extends Error {}

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
  const health = new WriteHealth();
  const plannedFrom = new WeakMap<Task, TimedLook>();
  const orderRows = new OrderRows(parts);

  function writesWork(): void {
    if (health.worked()) events.emit('store.writes-working', { store: store.name });
  }

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

  /** Its age counts from its end: a shop that takes longer for a look than looks may age is slow, and served. */
  function isFresh({ atMs, endedAtMs }: TimedLook): boolean {
    return atMs > store.resumedAtMs && clock.nowMs() - endedAtMs < LOOK_AGES_AFTER_MS;
  }

  /** Of the one order that is meant; where several share the number no number is touched. */
  function writersTo({ drop, orderKey }: Task, { orders }: TimedLook): Writers | null {
    const { storeView } = policyOf(drop);
    const order = orders.find(({ storeId }) => storeView === null || storeId === storeView);
    return order ? ledger.orderWriters.of(drop, order.entityId, orderKey) : null;
  }

  async function isUnwanted(drop: Drop, { actions }: Step): Promise<boolean> {
    return actions.length > 0 && (await parts.isTakenAway(drop));
  }

  function policyOf(drop: Drop): Policy & { readonly waitFor: WaitLimits } {
    const policy = parts.policies.get(drop.inbox);
    if (!policy) throw new Error(`no inbox ${drop.inbox} is configured`);
    return policy;
  }

  return {
    async lookUp(window) {
      const keys = window.map(({ orderKey }) => orderKey);
      const looks = await store.lookUp(keys, signal);
      orderRows.readWindow(window);
      return looks;
    },

    async plan(task, look): Promise<Step | undefined> {
      if ('failed' in look) {
        await giveUp(task, look.failed);
        return undefined;
      }
      if (!isFresh(look)) return undefined;
      plannedFrom.set(task, look);
      const { drop } = task;
      const rows = orderRows.openOf(task);
      const mayLandSinceMs = clock.nowMs() - parts.patience.repeatShipAfterMs;
      const writes = look.orders
        .flatMap((order) => ledger.writes.toOrder(drop, order.entityId, mayLandSinceMs))
        .map(onThisClock);
      const endedRows = rows.some(({ item }) => item !== null)
        ? ledger.rows.endedWithItemOf(drop, task.orderKey)
        : [];
      const { waitFor, ...policy } = policyOf(drop);
      const planned = nextStep({
        look,
        rows,
        endedRows,
        writes,
        unrecordedUntilMs: drop.isDoubtful ? startedAtMs : null,
        earlier: earlierReadings(ledger, task, { look, rows, writes, onThisClock }),
        writers: policy.onExisting === 'replace' ? writersTo(task, look) : null,
        policy,
        patience: parts.patience,
      });
      const wait = {
        limits: waitFor,
        sinceMs: drop.waitingSinceMs ?? drop.claimedAtMs,
        nowMs: clock.wallMs(),
        times: parts.times,
      };
      const step = (await isUnwanted(drop, planned))
        ? leftWaiting(rows)
        : { ...planned, outcomes: planned.outcomes.map((outcome) => orWaiting(outcome, look, wait)) };
      if (step.outcomes.length > 0) {
        await ledger.together(() => ledger.rows.end(drop, step.outcomes));
        passed('look.outcomes-kept');
        orderRows.settled(task, rows, step.outcomes);
        // A write whose answer was lost came through all the same.
        if (step.outcomes.some(({ outcome }) => WRITTEN.has(outcome))) writesWork();
      }
      return step;
    },

    async push(task, planned) {
      const { drop } = task;
      const { action } = planned;
      const rows = planned.wishes.flatMap((wish) => wish.rows);
      const facts = {
        ...factsOf(drop),
        store: store.name,
        action,
        order: rows[0]?.orderNumber ?? task.orderKey,
        lines: [...new Set(rows.map(({ line }) => line))],
      };
      let id = '';
      let sentAtMs = 0;
      const record = async () => {
        id = await ledger.together(() => {
          // Not before: for as long as the disk is full, it is not sent.
          sentAtMs = clock.nowMs();
          return ledger.writes.intend(drop, action, sentAtMs);
        });
      };
      const recordUnsent = async () => {
        const message = 'not sent: before its intent could be kept, what it was planned from had become old';
        await ledger.together(() => ledger.writes.answer(id, { kind: 'unsent', message }, clock.nowMs()));
      };
      // The write may have waited for a worker through an outage, or longer than its look can be trusted.
      const intend = async () => {
        const look = plannedFrom.get(task);
        if (!look || !isFresh(look)) throw new StalePlan();
        await record();
        passed('write.intended');
        ledger.lease.check();
        if (!isFresh(look)) {
          await recordUnsent();
          throw new StalePlan();
        }
        events.emit('write.sent', { ...facts, write: id });
        return id;
      };
      const answer = await store.write(action, intend, signal).catch(unlessStale);
      if (!answer) return false;
      // Refused before it was sent: on record all the same, since the next look finds there why it is not tried.
      if (id === '') await record();

      passed('write.answered');
      const outcomes = answer.kind === 'done' ? fulfilled(planned, answer) : [];
      const answeredAtMs = clock.nowMs();
      await ledger.together(() => {
        ledger.writes.answer(id, answer, answeredAtMs);
        ledger.rows.end(drop, outcomes);
      });
      passed('write.recorded');
      events.emit('write.answered', { ...facts, write: id, answer, tookMs: answeredAtMs - sentAtMs });
      orderRows.settled(task, rows, outcomes);
      if (answer.kind === 'done') writesWork();
      else if (answer.kind !== 'refused' && (await store.wasWell(answer, signal))) {
        const nowMs = clock.nowMs();
        if (health.failed(action.orderId, nowMs)) {
          events.emit('store.writes-failing', { store: store.name, message: answer.message });
        }
        if (health.isOrderToBlame(nowMs)) await ledger.together(() => ledger.writes.count(id));
      }
      return answer.kind === 'done';
    },

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

function unlessStale(error: unknown): undefined {
  if (!(error instanceof StalePlan)) throw error;
}
