import { setImmediate } from 'node:timers/promises';
import type { Drop } from '../domain/drop.ts';
import { StoppedError } from '../domain/failure.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Steps } from '../pipeline.ts';
import { Bell } from '../runtime/bell.ts';
import type { Clock } from '../runtime/clock.ts';
import { Turns } from '../runtime/turns.ts';

/** Orders in one look-up; more make Magento's answer slow without making it cheaper. */
export const WINDOW_ORDERS = 100;
/** The next window is looked up when so few orders of the present one are left that workers could run dry. */
const LOW_WATER_ORDERS = 50;
/** Orders that rest until their next look cost memory only, but not without end. */
const MOST_ORDERS_UNDER_WAY = 2_000;

export interface WindowParts {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

type WindowSteps = Pick<Steps<never, never>, 'admit' | 'close' | 'windows' | 'rest' | 'done'>;

/** Which orders are worked on: windows of them, from the drops in turn, as fast as they are done. */
export function windowSteps({ ledger, clock, signal }: WindowParts): WindowSteps & {
  readonly activeDrops: number;
} {
  const turns = new Turns({
    ...ledger.rows,
    heirOf: (store, orderKey) => ledger.rows.heirOf(store, orderKey),
  });
  const changed = new Bell();
  let underWay = 0;
  let resting = 0;
  let isClosed = false;

  const hasRoom = () => underWay - resting <= LOW_WATER_ORDERS && underWay < MOST_ORDERS_UNDER_WAY;

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
        const window = hasRoom() ? turns.take(WINDOW_ORDERS) : [];
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
      changed.ring();
      return wasLast;
    },
  };
}
