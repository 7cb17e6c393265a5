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
  /** Waits, without holding room in a window; each drop brings few orders while too many stand aside. */
  aside<T>(wait: () => Promise<T>): Promise<T>;
} {
  const { ledger, clock, signal } = parts;
  const { windowOrders, lowWaterOrders, mostOrders, mostAside, triedOrders } = roomAt(
    parts.maxRequestsPerSecond,
  );
  const openOrders = {
    ...ledger.rows,
    heirOf: (store: string, orderKey: string) => ledger.rows.heirOf(store, orderKey),
  };
  const turns = new Turns(openOrders, roomFor);
  const changed = new Bell();
  let underWay = 0;
  let resting = 0;
  let aside = 0;
  let isClosed = false;

  /** Not one for each that is done: every order would be looked up by itself. */
  function roomFor(ofDrop: number): number {
    if (aside < mostAside) return windowOrders;
    return ofDrop > triedOrders / 2 ? 0 : triedOrders - ofDrop;
  }

  async function withoutRoom<T>(wait: () => Promise<T>): Promise<T> {
    resting += 1;
    changed.ring();
    try {
      return await wait();
    } finally {
      resting -= 1;
    }
  }

  const hasRoom = () => {
    const asideBeyond = Math.max(0, aside - mostAside);
    return underWay - resting <= lowWaterOrders && underWay - asideBeyond < mostOrders;
  };

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

    rest: (_task, untilMs) => withoutRoom(() => clock.sleep(Math.max(0, untilMs - clock.nowMs()), signal)),

    async aside(wait) {
      aside += 1;
      try {
        return await withoutRoom(wait);
      } finally {
        aside -= 1;
        changed.ring();
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
