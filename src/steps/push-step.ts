import { fulfilled } from '../domain/next-step.ts';
import type { Action, WriteAnswer } from '../domain/write.ts';
import type { LookResult } from '../magento/store.ts';
import type { Steps } from '../pipeline.ts';
import type { Task } from '../runtime/turns.ts';
import type { OrderRows } from './order-rows.ts';
import { Sending, type SendingParts } from './sending.ts';

/** What pushing a write takes; rows, looks and watch are those of the steps that planned it. */
interface PushParts extends SendingParts {
  readonly orderRows: OrderRows;
  /** Waits, without keeping other orders from being worked on. */
  readonly aside: <T>(wait: () => Promise<T>) => Promise<T>;
}

/** Sends a planned write when it is its turn, and ends the rows that are done by it. */
export function pushStep(parts: PushParts): Steps<never, LookResult>['push'] {
  const { store, signal, orderRows, writes } = parts;
  return async (task, planned) => {
    const { action } = planned;
    const rows = planned.wishes.flatMap((wish) => wish.rows);
    const sending = new Sending(parts, { task, action, rows });
    const answer = await sentInTurn(parts, task, action, sending);
    if (!answer) return false;

    const outcomes = answer.kind === 'done' ? fulfilled(planned, answer) : [];
    const atMs = await sending.keep(answer, outcomes);
    orderRows.settled(task, rows, outcomes);
    if (answer.kind === 'done') writes.worked(action, atMs);
    else if (mayBeTriedAgain(action, answer) && (await store.wasWell(answer, signal))) {
      if (writes.failed(action, answer.message, atMs)) await sending.count();
    }
    return answer.kind === 'done';
  };
}

/** Undefined: the plan was too old, and nothing was sent. */
async function sentInTurn(
  { writes, aside }: PushParts,
  task: Task,
  action: Action,
  sending: Sending,
): Promise<WriteAnswer | undefined> {
  let isItsTurn = writes.takeTurn(task, action);
  for (;;) {
    if (!isItsTurn && writes.mustWait(action)) isItsTurn = await aside(() => writes.turn(action));
    const answer = await sending.send(isItsTurn);
    if (answer === 'stale') {
      if (isItsTurn) writes.keepTurn(task, action);
      return undefined;
    }
    if (answer !== 'out-of-turn') return answer;
  }
}

/** A mail of unknown fate is not, and says nothing of whether numbers come through. */
function mayBeTriedAgain({ kind }: Action, answer: WriteAnswer): boolean {
  return answer.kind === 'unsent' || (answer.kind === 'uncertain' && kind !== 'mail');
}
