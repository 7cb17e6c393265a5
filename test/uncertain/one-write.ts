import type { EventMap } from '../../src/events.ts';
import { RunningDaemon } from '../running-daemon.ts';
import { Attempts } from './attempts.ts';
import { type FaultCase, TIMES } from './faults.ts';
import { type Kind, NUMBER } from './kinds.ts';

/** Without the lock a ship is decided on well before it is saved: two that come together meet for certain. */
const UNLOCKED_WRITE_MS = 600;
/** Pieces left to ship, where the case does not say. */
const OPEN = 4;

/** What is to be seen when the drop is settled: at the store, in the report and on the wire. */
export interface Seen {
  readonly outcome: string;
  readonly message: string;
  readonly report: string;
  /** How often the number stands. */
  readonly standing: number;
  /** Increment ids of the shipments that came to be, and the pieces on all of them. */
  readonly made: readonly string[];
  readonly pieces: number;
  /** Requests that carry the number. */
  readonly writes: number;
  readonly takenBack: number;
  /** Repeats before which nobody had looked whether the first attempt landed. */
  readonly blindRepeats: number;
}

/** Drops one file whose write meets the faults, on a daemon and a shop of its own, and sees it settled. */
export async function oneWrite(
  kind: Kind,
  { faults, effect, open = OPEN, times = TIMES }: FaultCase,
  orderLock: boolean,
): Promise<Seen> {
  await using daemon = await RunningDaemon.prepare({
    sandbox: { orderLock, writeMs: !orderLock && effect === 'with-repeat' ? UNLOCKED_WRITE_MS : 0 },
    inbox: { createShipments: true },
    store: times,
  });
  const { sandbox } = daemon;
  const order = sandbox.addOrder(kind.order(open));
  const before = new Set(order.shipmentIds);
  using attempts = new Attempts(sandbox, kind);
  for (const fault of faults) {
    sandbox.inject({ match: { method: 'POST', path: kind.path, body: NUMBER }, times: 1, fault });
  }
  releaseWhen(daemon, effect, Math.max(...times.uncertain.looksMs));
  await daemon.start();
  const ended = daemon.next('row.settled');
  const { text } = await daemon.settle('day.csv', kind.file(order.incrementId));
  const { outcome, message } = await ended;

  const made = sandbox.shipments().filter(({ entityId }) => !before.has(entityId));
  return {
    outcome,
    message,
    report: text,
    standing: daemon.standing(order.incrementId).filter((number) => number === NUMBER).length,
    made: made.map(({ entityId }) => String(entityId).padStart(9, '0')),
    pieces: made.flatMap(({ items }) => items).reduce((sum, { qty }) => sum + qty, 0),
    writes: attempts.count,
    takenBack: sandbox.counts().untrack,
    blindRepeats: blindRepeats(daemon),
  };
}

/** Has the shop carry out what it holds back, at the moment that the case names. */
function releaseWhen({ events, sandbox }: RunningDaemon, effect: FaultCase['effect'], looksMs: number): void {
  let sent = 0;
  let answered = 0;
  let sentAtMs = 0;
  const isAttempt = ({ action }: EventMap['write.sent']) => action.kind !== 'untrack';
  events.on('write.sent', (facts) => {
    if (!isAttempt(facts)) return;
    sent += 1;
    if (sent === 1) sentAtMs = performance.now();
    if (sent === 2 && effect === 'with-repeat') sandbox.release();
  });
  events.on('write.answered', (facts) => {
    if (!isAttempt(facts)) return;
    answered += 1;
    if (answered === 2 && effect === 'after-repeat') sandbox.release();
  });
  events.on('orders.looked-up', () => {
    const isLate = performance.now() - sentAtMs >= looksMs;
    if (effect === 'after-looks' && answered === 1 && isLate) sandbox.release();
  });
}

function blindRepeats({ seen }: RunningDaemon): number {
  let hasLooked = false;
  let blind = 0;
  for (const { name } of seen) {
    if (name === 'orders.looked-up') hasLooked = true;
    if (name !== 'write.sent') continue;
    if (!hasLooked) blind += 1;
    hasLooked = false;
  }
  return blind;
}
