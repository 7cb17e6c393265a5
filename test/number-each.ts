import assert from 'node:assert/strict';
import { plainFile, type RunningDaemon } from './running-daemon.ts';

/** A file of one row an order: `N` and the order's number. */
export function numberEach(orders: readonly string[]): string {
  return plainFile(...orders.map((order) => [order, `N${order}`] as const));
}

/** Each of the orders has the number of `numberEach` once, and no other. */
export function assertNumberEach(daemon: RunningDaemon, orders: readonly string[]): void {
  assert.deepEqual(
    orders.flatMap((order) => daemon.standing(order)),
    orders.map((order) => `N${order}`),
  );
}
