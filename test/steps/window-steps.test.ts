import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { Drop } from '../../src/domain/drop.ts';
import { roomAt } from '../../src/domain/room.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import type { OpenOrders, Task } from '../../src/runtime/turns.ts';
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
      for (const _ of await next()) waiting.push(steps.aside(() => untilOpen.promise));
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

  it('leave room for a drop that has none such, however many drops they are of', async () => {
    const maxRequestsPerSecond = 1;
    const { mostOrders, mostAside, windowOrders, lowWaterOrders, triedOrders } = roomAt(maxRequestsPerSecond);
    const stop = new AbortController();
    const steps = windowSteps({
      ledger: ledgerOf(4 * windowOrders),
      clock: systemClock,
      maxRequestsPerSecond,
      signal: stop.signal,
    });
    const windows = steps.windows()[Symbol.asyncIterator]();
    let coming = windows.next();
    /** The next window; none where there is nothing to do until something happens. */
    const next = async (): Promise<readonly Task[]> => {
      const idle = setImmediate().then(() => setImmediate());
      const window = await Promise.race([coming, idle]);
      if (!window) return [];
      coming = windows.next();
      return window.value;
    };
    const ofFailing: Task[] = [];
    // More than would fill all room, were each of their few to take it.
    const drops = Math.ceil(mostAside / windowOrders + (mostOrders - mostAside) / triedOrders) + 10;
    for (let seq = 1; seq <= drops; seq += 1) {
      steps.admit(drop(seq));
      for (let window = await next(); window.length > 0; window = await next()) {
        ofFailing.push(...window);
        for (const _ of window) steps.aside(() => new Promise<void>(() => {})).catch(() => {});
      }
    }
    const most = mostAside + windowOrders + lowWaterOrders + drops * triedOrders;
    assert.ok(ofFailing.length >= mostAside && ofFailing.length <= most, `${ofFailing.length} aside`);

    steps.admit(drop(99));
    const seen: string[] = [];
    const widths: number[] = [];
    const underWay: Task[] = [];
    do {
      const window = await next();
      if (window.length > 0) widths.push(window.length);
      underWay.push(...window);
      const first = underWay.shift();
      if (first) steps.done(first);
      if (first) seen.push(first.orderKey);
    } while (underWay.length > 0);
    assert.deepEqual(
      seen,
      Array.from({ length: 4 * windowOrders }, (_, n) => `99-${n}`),
    );
    assert.ok(Math.min(...widths.slice(0, -1)) > 1, 'an order was looked up by itself');
    stop.abort();
  });
});
