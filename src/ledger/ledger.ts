import { type Clock, systemClock } from '../runtime/clock.ts';
import { type Beginnings, openBeginnings } from './beginnings.ts';
import { begunAtMs } from './begun.ts';
import { type CameBy, openCameBy } from './came-by.ts';
import { Commits } from './commits.ts';
import { isLedgerTrouble } from './database.ts';
import { type Doubt, openDoubt } from './doubt.ts';
import { openDrops } from './drops.ts';
import { type EarlierReadingsOf, openEarlierReadings } from './earlier-readings.ts';
import { Lease } from './lease.ts';
import type { Brought } from './migrate.ts';
import { type Notices, openNotices } from './notices.ts';
import { openDatabase } from './open-database.ts';
import { type OrderWriters, openOrderWriters } from './order-writers.ts';
import { type Originals, openOriginals } from './originals.ts';
import { openPruning, type Pruning } from './pruning.ts';
import { openRedone, type Redone } from './redone.ts';
import { openRefusals, type Refusals } from './refusals.ts';
import type { Room } from './room.ts';
import { openRowKeys, type RowKeys } from './row-keys.ts';
import { openRows } from './rows.ts';
import { openSameContent } from './same-content.ts';
import { openTakenAway, type TakenAway } from './taken-away.ts';
import { openWaitingDrops, type WaitingDrops } from './waiting-drops.ts';
import { openWaitingOrders, type WaitingOrders } from './waiting-orders.ts';
import { openWitnesses, type Witnesses } from './witnesses.ts';
import { openWrites } from './writes.ts';

/**
 * What Trackdrop remembers: drops, their rows, and the writes with intent and answer. Losing it loses history,
 * never correctness.
 */
export interface Ledger extends Disposable {
  readonly drops: ReturnType<typeof openDrops>;
  readonly rows: ReturnType<typeof openRows>;
  readonly writes: ReturnType<typeof openWrites>;
  readonly originals: Originals;
  readonly cameBy: CameBy;
  readonly orderWriters: OrderWriters;
  readonly redone: Redone;
  readonly refusals: Refusals;
  readonly notices: Notices;
  /** See begun.ts. */
  readonly begunAtMs: number;
  readonly doubt: Doubt;
  readonly waiting: WaitingDrops;
  readonly waitingOrders: WaitingOrders;
  readonly takenAway: TakenAway;
  readonly witnesses: Witnesses;
  readonly beginnings: Beginnings;
  readonly earlierReadings: EarlierReadingsOf;
  /** See `openSameContent`. */
  readonly sameContent: ReturnType<typeof openSameContent>;
  readonly rowKeys: RowKeys;
  readonly pruning: Pruning;
  readonly lease: Lease;
  /** What was found when it was opened. */
  readonly brought: Brought;
  /** Resolves once all of `work` is kept; nothing of it is where it rejects. See `Commits`. */
  together<T>(work: () => T): Promise<T>;
  /** Does work with statements of its own again until there is room for them; see `Room.until`. */
  whenWritable<T>(work: () => T | Promise<T>): Promise<T>;
  /** The daemon has ended in order: nobody is to take it for active, or to doubt what it did. */
  endBeat(): void;
}

/**
 * Without `room` nothing waits for a disk that is full.
 * @throws see openDatabase
 */
export function openLedger(file: string, room?: Room, clock: Clock = systemClock): Ledger {
  const { db, ...brought } = openDatabase(file, clock);
  const lease = new Lease(db, file);
  const commits = new Commits(db, room);
  const witnesses = openWitnesses(db);
  const cameBy = openCameBy(db);
  return {
    drops: openDrops(db),
    rows: openRows(db),
    writes: openWrites(db),
    originals: openOriginals(db),
    cameBy,
    orderWriters: openOrderWriters(db, cameBy),
    redone: openRedone(db, witnesses),
    refusals: openRefusals(db, (work) => commits.add(work)),
    rowKeys: openRowKeys(db),
    pruning: openPruning(db),
    notices: openNotices(db),
    begunAtMs: begunAtMs(db),
    doubt: openDoubt(db),
    waiting: openWaitingDrops(db),
    waitingOrders: openWaitingOrders(db),
    takenAway: openTakenAway(db),
    witnesses,
    beginnings: openBeginnings(db),
    earlierReadings: openEarlierReadings(db, witnesses),
    sameContent: openSameContent(db),
    lease,
    brought,
    together: (work) => commits.add(work),
    whenWritable: async (work) => (room ? room.until(work) : work()),
    endBeat() {
      try {
        lease.end();
      } catch (error) {
        // It grows old by itself, and what keeps the ledger from being written has been told by others.
        if (!isLedgerTrouble(error)) throw error;
      }
    },
    [Symbol.dispose]() {
      commits[Symbol.dispose]();
      db.close();
    },
  };
}
