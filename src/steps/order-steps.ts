import type { Drop } from '../domain/drop.ts';
import { endUnseen } from '../domain/given-up.ts';
import { landedWrites } from '../domain/landed-writes.ts';
import { LeaseLostError } from '../domain/lease.ts';
import { nextStep } from '../domain/next-step.ts';
import type { Policy } from '../domain/policy.ts';
import { WINDOW_ORDERS } from '../domain/room.ts';
import type { Backoff } from '../domain/schedule.ts';
import type { Patience, Step } from '../domain/situation.ts';
import { orWaiting, type Times, type WaitLimits } from '../domain/waiting.ts';
import type { Events } from '../events.ts';
import { isLedgerTrouble, isOurFault } from '../ledger/database.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { LookResult, Store } from '../magento/store.ts';
import type { Steps } from '../pipeline.ts';
import { batched } from '../runtime/batch.ts';
import type { Clock } from '../runtime/clock.ts';
import { passed } from '../runtime/step.ts';
import type { Task } from '../runtime/turns.ts';
import { OrderRows } from './order-rows.ts';
import { orderSituations } from './order-situation.ts';
import { PlannedLooks } from './planned-looks.ts';
import { pushStep } from './push-step.ts';
import { WritesWatch } from './writes-watch.ts';

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
  /** Between writes that are likely to fail. */
  readonly pauses: Backoff;
  readonly aside: <T>(wait: () => Promise<T>) => Promise<T>;
  /** Whether somebody took away the file of a drop that waits. */
  isTakenAway(drop: Drop): Promise<boolean>;
  readonly signal: AbortSignal;
}

type OrderSteps = Pick<Steps<never, LookResult>, 'lookUp' | 'plan' | 'push' | 'lookAgain' | 'isOpen' | 'bug'>;

/** The steps that bring one order to its end: what stands in the store, what is missing, write it. */
export function orderSteps(parts: OrderParts): OrderSteps {
  const { store, ledger, events, clock, signal } = parts;
  const looksAgain = batched((keys) => store.lookUp(keys, signal), {
    most: WINDOW_ORDERS,
    gatherMs: GATHER_LOOKS_MS,
    clock,
  });
  /** Of the wall clock, as claims are. */
  const startedAtMs = clock.wallMs();
  const situationOf = orderSituations(parts);
  const orderRows = new OrderRows(parts);
  const looks = new PlannedLooks(store, clock);
  const writesWatch = new WritesWatch(store.name, parts);

  /** Ends every row of the task that is still open, alike. */
  async function giveUp(task: Task, message: string): Promise<void> {
    const { drop } = task;
    const rows = orderRows.openOf(task);
    const mayHaveSent = looks.wasPlanned(task) || drop.claimedAtMs < startedAtMs;
    const outcomes = endUnseen(rows, message, mayHaveSent && policyOf(drop).notify !== 'never');
    await ledger.together(() => ledger.rows.end(drop, outcomes));
    orderRows.settled(task, rows, outcomes);
  }

  /** The customer is to hear of numbers that stand, whoever took the file away since. */
  async function areWithdrawn(drop: Drop, { actions }: Step): Promise<boolean> {
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
      const { waitFor, ...policy } = policyOf(drop);
      const situation = situationOf(task, look, rows, policy);
      const whole = nextStep(situation);
      const isWithdrawn = await areWithdrawn(drop, whole);
      const planned = isWithdrawn ? nextStep({ ...situation, isWithdrawn }) : whole;
      const wait = {
        limits: waitFor,
        sinceMs: drop.waitingSinceMs ?? drop.claimedAtMs,
        nowMs: clock.wallMs(),
        times: parts.times,
      };
      const step = { ...planned, outcomes: planned.outcomes.map((outcome) => orWaiting(outcome, wait)) };
      if (step.outcomes.length > 0) {
        await ledger.together(() => ledger.rows.end(drop, step.outcomes));
        passed('look.outcomes-kept');
        orderRows.settled(task, rows, step.outcomes);
        for (const { kind, atMs } of landedWrites(situation, step.outcomes))
          writesWatch.cameThrough(kind, atMs);
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
