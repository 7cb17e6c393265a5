import type { RowOutcome } from '../domain/outcome.ts';
import { placeKey, type Row } from '../domain/row.ts';
import type { Events } from '../events.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Task } from '../runtime/turns.ts';
import { factsOf } from './facts.ts';

/** The rows of the orders under way, from the window in which they are read to the last one's outcome. */
export class OrderRows {
  readonly #ledger: Ledger;
  readonly #events: Events;
  /** Read with their window and not asked for yet. Nobody but the task itself ends them meanwhile. */
  readonly #ofWindow = new WeakMap<Task, readonly Row[]>();
  /** How many have no outcome; absent before they were first asked for. */
  readonly #open = new WeakMap<Task, number>();

  constructor({ ledger, events }: { readonly ledger: Ledger; readonly events: Events }) {
    this.#ledger = ledger;
    this.#events = events;
  }

  /** Reads the rows of a window at once: one order at a time they cost three times as much. */
  readWindow(window: readonly Task[]): void {
    for (const [drop, tasks] of Map.groupBy(window, (task) => task.drop)) {
      const keys = tasks.map(({ orderKey }) => orderKey);
      const rows = this.#ledger.rows.openRowsOf(drop, keys);
      for (const task of tasks) this.#ofWindow.set(task, rows.get(task.orderKey) ?? []);
    }
  }

  /** Those that have no outcome, in the order of the file. */
  openOf(task: Task): readonly Row[] {
    if (!this.#ofWindow.has(task)) this.readWindow([task]);
    const rows = this.#ofWindow.get(task) ?? [];
    this.#ofWindow.delete(task);
    this.#open.set(task, rows.length);
    return rows;
  }

  /** Tells of outcomes that are in the ledger; `rows` are those that `openOf` gave, or some of them. */
  settled(task: Task, rows: readonly Row[], outcomes: readonly RowOutcome[]): void {
    this.#open.set(task, (this.#open.get(task) ?? 0) - outcomes.length);
    const byPlace = new Map(rows.map((row) => [placeKey(row), row]));
    for (const outcome of outcomes) {
      const row = byPlace.get(placeKey(outcome));
      this.#events.emit('row.settled', {
        ...factsOf(task.drop),
        ...outcome,
        order: row?.orderNumber ?? task.orderKey,
        trackingNumber: row?.trackingNumber ?? '',
        note: row?.note ?? null,
      });
    }
  }

  /** True while one has no outcome. */
  anyOpen(task: Task): boolean {
    return this.#open.get(task) !== 0;
  }
}
