import { setImmediate } from 'node:timers/promises';
import type { Drop } from '../domain/drop.ts';
import { StoppedError } from '../domain/failure.ts';
import { roomAt } from '../domain/room.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Steps } from '../pipeline.ts';
import { Bell } from '../runtime/bell.ts';
import type { Clock } from '../runtime/clock.ts';
import { Turns } from '../runtime/turns.ts';

/** What the windows of one store are made by. */
interface WindowParts {
  readonly ledger: Ledger;
  readonly clock: Clock;
  /** Of the store; null: no limit. */
  readonly maxRequestsPerSecond: number | null;
  readonly signal: AbortSignal;
}

type WindowSteps = Pick<Steps<never, never>, 'admit' | 'close' | 'windows' | 'rest' | 'done'>;

/** Which orders are worked on: windows of them, from the drops in turn, as fast as they are done. */
export function windowSteps(parts: WindowParts): WindowSteps & {
  readonly activeDrops: number;
} {
  const { ledger, clock, signal } = parts;
  const { windowOrders, lowWaterOrders, mostOrders } = roomAt(parts.maxRequestsPerSecond);
  const turns = new Turns({
    ...ledger.rows,
    heirOf: (store, orderKey) => ledger.rows.heirOf(store, orderKey),
  });
  const changed = new Bell();
  let underWay = 0;
  let resting = 0;
  let isClosed = false;

  const hasRoom = () => underWay - resting <= lowWaterOrders && underWay < mostOrders;

  return {
    get activeDrops() {
      return turns.drops;
    },

    admit(drop: Drop) {
      const hasWork = turns.admit(drop);
      changed.ring();
      return hasWork;
    },

    close() {
      isClosed = true;
      changed.ring();
    },

    async *windows() {
      while (!isClosed || turns.drops > 0) {
        const window = hasRoom() ? turns.take(windowOrders) : [];
        underWay += window.length;
        if (window.length > 0) yield window;
        else if (hasRoom() && turns.hasMore) {
          // Many orders were passed over that an earlier drop has; answers and signals get their turn meanwhile.
          await setImmediate();
          if (signal.aborted) throw new StoppedError();
        } else await changed.wait(signal);
      }
    },

    async rest(_task, untilMs) {
      resting += 1;
      changed.ring();
      try {
        await clock.sleep(Math.max(0, untilMs - clock.nowMs()), signal);
      } finally {
        resting -= 1;
      }
    },

    done(task) {
      underWay -= 1;
      const wasLast = turns.done(task);
      // Not for each order: the next window has to wait for most of them anyway.
      if (wasLast || hasRoom()) changed.ring();
      return wasLast;
    },
  };
}
