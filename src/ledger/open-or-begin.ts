import type { Clock } from '../runtime/clock.ts';
import { isDamage, isStrayLog, setAside } from './damage.ts';
import { type Ledger, openLedger } from './ledger.ts';
import type { Migrated } from './migrate.ts';
import type { Room } from './room.ts';

/** What opening takes, and who is told what was found. */
interface OpeningParts {
  readonly clock: Clock;
  readonly room: Room;
  readonly told: OpeningTold;
}

/** What is worth telling of an opening; each at once, since the next step may fail. */
export interface OpeningTold {
  /** It was damaged, and lies at `aside` now. */
  onSetAside(aside: string, why: string): void;
  /** There was none, or it was set aside. */
  onBegun(): void;
  onMigrated(migrated: Migrated): void;
}

/**
 * Opens the ledger; in the place of one that is damaged, or is not there, it begins a new one. Only for the process that
 * has the writer's lock.
 * @throws as `openLedger`, of whatever is not the file's own fault: rights, room, a newer program
 */
export function openOrBegin(file: string, { clock, room, told }: OpeningParts): Ledger {
  if (isStrayLog(file)) {
    told.onSetAside(setAside(file, clock.wallMs()), 'its write-ahead log is there without the ledger itself');
  }
  const ledger = openedOrAside(file, { clock, room, told }) ?? openLedger(file, room, clock);
  const { isNew, migrated } = ledger.brought;
  if (isNew) told.onBegun();
  if (migrated !== null) told.onMigrated(migrated);
  return ledger;
}

/**
 * For the time in which the ledger is open: where what ended it proves that the file is damaged, the file is set aside on
 * disposal, when it must be closed already. The next start would come upon the same page again.
 */
export function asideIfDamaged(
  file: string,
  { clock, told }: Pick<OpeningParts, 'clock' | 'told'>,
): Disposable & { failed(error: unknown): void } {
  let damage: Error | undefined;
  return {
    failed(error) {
      if (isDamage(error)) damage = error as Error;
    },
    [Symbol.dispose]() {
      if (damage) told.onSetAside(setAside(file, clock.wallMs()), damage.message);
    },
  };
}

function openedOrAside(file: string, { clock, room, told }: OpeningParts): Ledger | undefined {
  try {
    return openLedger(file, room, clock);
  } catch (error) {
    if (!isDamage(error)) throw error;
    told.onSetAside(setAside(file, clock.wallMs()), (error as Error).message);
    return undefined;
  }
}
