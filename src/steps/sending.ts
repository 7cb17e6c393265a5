import type { RowOutcome } from '../domain/outcome.ts';
import type { Row } from '../domain/row.ts';
import type { Action, WriteAnswer } from '../domain/write.ts';
import type { Events } from '../events.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Store } from '../magento/store.ts';
import type { Clock } from '../runtime/clock.ts';
import { passed } from '../runtime/step.ts';
import type { Task } from '../runtime/turns.ts';
import { factsOf } from './facts.ts';
import type { PlannedLooks } from './planned-looks.ts';
import type { WritesWatch } from './writes-watch.ts';

/** What sending a write takes; looks and watch are those of the steps that planned it. */
export interface SendingParts {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly events: Events;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly looks: PlannedLooks;
  readonly writes: WritesWatch;
}

/** What is to be written: `rows` are those that it is for. */
interface ToSend {
  readonly task: Task;
  readonly action: Action;
  readonly rows: readonly Row[];
}

/** What a write is told when a worker takes it and its plan has become old; nothing was sent. */
class StalePlan extends Error {}

/** What it is told when writes such as this one have ceased to come through meanwhile; nothing was sent. */
class OutOfTurn extends Error {}

/** One write on its way: its intent is in the ledger before the first byte goes out, and its answer after the last came. */
export class Sending {
  readonly #parts: SendingParts;
  readonly #toSend: ToSend;
  readonly #work: 'mail' | 'write';
  /** Empty while it is on no record. */
  #id = '';
  #sentAtMs = 0;

  constructor(parts: SendingParts, toSend: ToSend) {
    this.#parts = parts;
    this.#toSend = toSend;
    this.#work = toSend.action.kind === 'mail' ? 'mail' : 'write';
  }

  /**
   * The store's answer, or why nothing was sent: the plan was too old when a worker took it, or the write has to wait
   * again for its turn, unless it has it.
   */
  async send(isItsTurn: boolean): Promise<WriteAnswer | 'stale' | 'out-of-turn'> {
    const { store, signal } = this.#parts;
    try {
      return await store.write(this.#toSend.action, () => this.#intend(isItsTurn), signal);
    } catch (error) {
      if (error instanceof StalePlan) return 'stale';
      if (error instanceof OutOfTurn) return 'out-of-turn';
      throw error;
    }
  }

  /** Keeps the answer, and with it the ends of the rows; ms of the clock at which it was there. */
  async keep(answer: WriteAnswer, outcomes: readonly RowOutcome[]): Promise<number> {
    const { ledger, events, clock } = this.#parts;
    const { drop } = this.#toSend.task;
    // Refused before it was sent: on record all the same, since the next look finds there why it is not tried.
    if (this.#id === '') await this.#record();
    passed(`${this.#work}.answered`);
    const answeredAtMs = clock.nowMs();
    await ledger.together(() => {
      ledger.writes.answer(this.#id, answer, answeredAtMs);
      ledger.rows.end(drop, outcomes);
    });
    passed(`${this.#work}.recorded`);
    const tookMs = answeredAtMs - this.#sentAtMs;
    events.emit('write.answered', { ...this.#facts(), write: this.#id, answer, tookMs });
    return answeredAtMs;
  }

  /** The attempt counts against its rows. */
  async count(): Promise<void> {
    const { ledger } = this.#parts;
    await ledger.together(() => ledger.writes.count(this.#id));
  }

  /** It may have waited for a worker through an outage, or longer than its look can be trusted. */
  async #intend(isItsTurn: boolean): Promise<string> {
    const { ledger, events, looks, writes } = this.#parts;
    const { task, action } = this.#toSend;
    if (!isItsTurn && writes.mustWait(action)) throw new OutOfTurn();
    if (!looks.isPlanFresh(task)) throw new StalePlan();
    await this.#record();
    passed(`${this.#work}.intended`);
    ledger.lease.check();
    if (!looks.isPlanFresh(task)) {
      await this.#recordUnsent();
      throw new StalePlan();
    }
    events.emit('write.sent', { ...this.#facts(), write: this.#id });
    return this.#id;
  }

  async #record(): Promise<void> {
    const { ledger, clock } = this.#parts;
    const { task, action } = this.#toSend;
    this.#id = await ledger.together(() => {
      // Not before: for as long as the disk is full, it is not sent.
      this.#sentAtMs = clock.nowMs();
      return ledger.writes.intend(task.drop, action, this.#sentAtMs);
    });
  }

  async #recordUnsent(): Promise<void> {
    const { ledger, clock } = this.#parts;
    const message = 'not sent: before its intent could be kept, what it was planned from had become old';
    await ledger.together(() => ledger.writes.answer(this.#id, { kind: 'unsent', message }, clock.nowMs()));
  }

  #facts() {
    const { task, action, rows } = this.#toSend;
    return {
      ...factsOf(task.drop),
      store: this.#parts.store.name,
      action,
      order: rows[0]?.orderNumber ?? task.orderKey,
      lines: [...new Set(rows.map(({ line }) => line))],
    };
  }
}
