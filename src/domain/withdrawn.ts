import type { Plan } from './plan.ts';
import { placeKey } from './row.ts';
import { endWish, type Wish } from './wish.ts';

/**
 * What becomes of a plan where somebody took away the file of its rows: nothing is written, and those that need a write go
 * on as rows that wait; what it means that their file is gone is found out when the drop ends. `fresh`: those that the plan
 * is for.
 */
export function withoutWrites({ outcomes }: Plan, fresh: readonly Wish[]): Plan {
  const ended = new Set(outcomes.map(placeKey));
  const left = fresh.filter(({ rows: [row] }) => !ended.has(placeKey(row)));
  const message = 'its file is no longer in the folder waiting';
  return {
    outcomes: [...outcomes, ...left.flatMap((wish) => endWish(wish, 'waiting', message))],
    actions: [],
  };
}
