import type { Drop } from '../domain/drop.ts';
import type { Writers } from '../domain/others.ts';
import type { Policy } from '../domain/policy.ts';
import type { Row } from '../domain/row.ts';
import type { Patience, Situation } from '../domain/situation.ts';
import { mark, type Write } from '../domain/write.ts';
import { nameAsDropped } from '../intake/names.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { TimedLook } from '../magento/store.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Task } from '../runtime/turns.ts';
import { earlierReadings } from './earlier-readings.ts';

const NO_MARKS: ReadonlySet<string> = new Set();

/** What situations are made from. */
interface SituationParts {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly patience: Patience;
}

/** Lays out what is known of the order of a task; see Situation. Made at the start of the process, whose time counts. */
export function orderSituations({ ledger, clock, patience }: SituationParts) {
  const startedAtMs = clock.nowMs();

  /**
   * What an earlier process wrote is waited for from the start of this one: the machine's clock may have been
   * set in between, and a second shipment would go out too early, or nothing for hours.
   */
  function onThisClock(write: Write): Write {
    const isOfEarlier = write.atMs < startedAtMs || write.atMs > clock.nowMs();
    const isSaidNo = write.state === 'refused' || write.state === 'unsent';
    if (!isOfEarlier || (isSaidNo && write.atMs < startedAtMs)) return write;
    return { ...write, atMs: startedAtMs, answeredAtMs: startedAtMs };
  }

  /** By the order's entity id. */
  function writersTo({ drop, orderKey }: Task, { orders }: TimedLook): ReadonlyMap<number, Writers> {
    const nowMs = clock.wallMs();
    return new Map(
      orders.map(({ entityId: orderId }) => [
        orderId,
        ledger.orderWriters.of(drop, { orderId, orderKey }, nowMs),
      ]),
    );
  }

  function othersMarks(drop: Drop, { orders }: TimedLook): ReadonlySet<string> {
    return new Set(orders.flatMap(({ entityId }) => ledger.writes.othersTo(drop, entityId).map(mark)));
  }

  /** `rows`: those of the task that have no outcome. */
  return (task: Task, look: TimedLook, rows: readonly Row[], policy: Policy): Situation => {
    const { drop, orderKey } = task;
    const mayLandSinceMs = clock.nowMs() - patience.repeatShipAfterMs;
    const writes = look.orders
      .flatMap((order) => ledger.writes.toOrder(drop, order.entityId, mayLandSinceMs))
      .map(onThisClock);
    return {
      look,
      rows,
      endedRows: ledger.rows.endedWithItemOf(drop, orderKey),
      badRows: ledger.rows.badOf(drop, orderKey),
      writes,
      unrecordedUntilMs: drop.isDoubtful ? startedAtMs : null,
      othersMarks: drop.isDoubtful ? othersMarks(drop, look) : NO_MARKS,
      earlier: earlierReadings(ledger, task, { look, rows, writes, onThisClock }),
      // Where others stay as they are, nobody has to know whose they are.
      writers: policy.onExisting === 'add' ? null : writersTo(task, look),
      policy,
      patience,
      dropName: drop.waitingSinceMs === null ? drop.name : nameAsDropped(drop.name),
    };
  };
}
