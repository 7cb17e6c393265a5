import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Drop } from '../../src/domain/drop.ts';
import { roomAt } from '../../src/domain/room.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import type { OpenOrders } from '../../src/runtime/turns.ts';
import { windowSteps } from '../../src/steps/window-steps.ts';

/** A ledger in which each drop has so many orders, none of them in two. */
function ledgerOf(orders: number): Ledger {
  const rows: OpenOrders = {
    anyOpen: () => true,
    heirOf: () => undefined,
    openOrders: ({ seq }, after, limit) =>
      Array.from({ length: orders }, (_, n) => ({
        orderKey: `${seq}-${n}`,
        first: { line: n + 2, part: 0 },
        blocked: false,
      }))
        .filter(({ first }) => first.line > after.line)
        .slice(0, limit),
  };
  return { rows } as unknown as Ledger;
}

const drop = (seq: number) => ({ seq, store: 'main' }) as Drop;

describe('Orders that stand aside, since writes such as theirs do not come through', () => {
  it('take no more than half of the room, and leave the rest to drops that have none such', async () => {
    const maxRequestsPerSecond = 0.1;
    const { mostOrders, mostAside } = roomAt(maxRequestsPerSecond);
    const stop = new AbortController();
    const steps = windowSteps({
      ledger: ledgerOf(10 * mostOrders),
      clock: systemClock,
      maxRequestsPerSecond,
      signal: stop.signal,
    });
    const windows = steps.windows()[Symbol.asyncIterator]();
    const untilOpen = Promise.withResolvers<void>();
    const orders: string[] = [];
    const next = async () => {
      const tasks = (await windows.next()).value;
      orders.push(...tasks.map(({ orderKey }: { orderKey: string }) => orderKey));
      return tasks;
    };

    steps.admit(drop(1));
    const waiting: Promise<void>[] = [];
    while (orders.length < mostAside)
      for (const task of await next()) waiting.push(steps.aside(task, () => untilOpen.promise));
    steps.admit(drop(2));
    const other = await next();
    assert.deepEqual(orders.slice(mostAside), ['2-0']);

    for (const task of other) steps.done(task);
    untilOpen.resolve();
    await Promise.all(waiting);
    for (const n of orders.slice(0, mostAside).keys()) steps.done({ drop: drop(1), orderKey: `1-${n}` });
    for (const task of await next()) steps.done(task);
    await next();
    assert.ok(orders.slice(mostAside + 1).includes(`1-${mostAside}`), `${orders.slice(mostAside)}`);
    stop.abort();
  });
});
