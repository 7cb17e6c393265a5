import { fulfilled } from '../domain/next-step.ts';
import type { Action, WriteAnswer } from '../domain/write.ts';
import type { Events } from '../events.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { LookResult, Store } from '../magento/store.ts';
import type { Steps } from '../pipeline.ts';
import type { Clock } from '../runtime/clock.ts';
import { passed } from '../runtime/step.ts';
import type { Task } from '../runtime/turns.ts';
import { factsOf } from './facts.ts';
import type { OrderRows } from './order-rows.ts';
import type { PlannedLooks } from './planned-looks.ts';
import type { WritesWatch } from './writes-watch.ts';

/** What sending a write takes; rows, looks and watch are those of the steps that planned it. */
interface PushParts {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly events: Events;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly orderRows: OrderRows;
  readonly looks: PlannedLooks;
  readonly writes: WritesWatch;
  /** Waits, without keeping other orders from being worked on. */
  readonly aside: <T>(task: Task, wait: () => Promise<T>) => Promise<T>;
}

/** What a write is told when a worker takes it and its plan has become old; nothing was sent. */
class StalePlan extends Error {}

/** What it is told when writes such as this one have ceased to come through meanwhile; nothing was sent. */
class OutOfTurn extends Error {}

/**
 * Sends a planned write: its intent is in the ledger before the first byte goes out, and its answer after the last
 * came.
 */
export function pushStep(parts: PushParts): Steps<never, LookResult>['push'] {
  const { store, ledger, events, clock, signal, orderRows, looks, writes, aside } = parts;
  return async (task, planned) => {
    const { drop } = task;
    const { action } = planned;
    const work = action.kind === 'mail' ? 'mail' : 'write';
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
    const intend = async (isItsTurn: boolean) => {
      if (!isItsTurn && writes.mustWait(action)) throw new OutOfTurn();
      if (!looks.isPlanFresh(task)) throw new StalePlan();
      await record();
      passed(`${work}.intended`);
      ledger.lease.check();
      if (!looks.isPlanFresh(task)) {
        await recordUnsent();
        throw new StalePlan();
      }
      events.emit('write.sent', { ...facts, write: id });
      return id;
    };
    /** Undefined: the plan was too old. */
    const send = async (isItsTurn: boolean): Promise<WriteAnswer | undefined> => {
      try {
        return await store.write(action, () => intend(isItsTurn), signal);
      } catch (error) {
        if (error instanceof OutOfTurn) return await sendInTurn();
        if (!(error instanceof StalePlan)) throw error;
        if (isItsTurn) writes.keepTurn(task);
        return undefined;
      }
    };
    const sendInTurn = async () => {
      const isItsTurn = await aside(task, () => writes.turn(action));
      return await send(isItsTurn);
    };
    const isItsTurn = writes.takeTurn(task);
    const answer = await (isItsTurn || !writes.mustWait(action) ? send(isItsTurn) : sendInTurn());
    if (!answer) return false;
    // Refused before it was sent: on record all the same, since the next look finds there why it is not tried.
    if (id === '') await record();

    passed(`${work}.answered`);
    const outcomes = answer.kind === 'done' ? fulfilled(planned, answer) : [];
    const answeredAtMs = clock.nowMs();
    await ledger.together(() => {
      ledger.writes.answer(id, answer, answeredAtMs);
      ledger.rows.end(drop, outcomes);
    });
    passed(`${work}.recorded`);
    events.emit('write.answered', { ...facts, write: id, answer, tookMs: answeredAtMs - sentAtMs });
    orderRows.settled(task, rows, outcomes);
    if (answer.kind === 'done') writes.worked(action);
    else if (mayBeTriedAgain(action, answer) && (await store.wasWell(answer, signal))) {
      if (writes.failed(action, answer.message)) await ledger.together(() => ledger.writes.count(id));
    }
    return answer.kind === 'done';
  };
}

/** A mail of unknown fate is not, and says nothing of whether numbers come through. */
function mayBeTriedAgain({ kind }: Action, answer: WriteAnswer): boolean {
  return answer.kind === 'unsent' || (answer.kind === 'uncertain' && kind !== 'mail');
}
