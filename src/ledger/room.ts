import { existsSync } from 'node:fs';
import { StoppedError, TrackdropError } from '../domain/failure.ts';
import type { UnwritableCause } from '../domain/unwritable-cause.ts';
import type { Clock } from '../runtime/clock.ts';
import { isBusy, ledgerUnusable } from './database.ts';
import { hasRoom } from './has-room.ts';
import { LedgerAwayError } from './lease.ts';
import { tryToWrite } from './write-trial.ts';

/** What waiting for the ledger takes, and who is told of it. */
interface RoomParts {
  readonly clock: Clock;
  /** Ends every wait, with StoppedError. */
  readonly signal: AbortSignal;
  /** Nobody stays to see room come back: after a few tries the ledger is unusable. */
  readonly once: boolean;
  /** The ledger cannot be written; said once, until `onWritable`. */
  readonly onUnwritable: (cause: UnwritableCause, message: string) => void;
  readonly onWritable: () => void;
}

const TRY_AGAIN_EVERY_MS = 2_000;
const ONCE_TRIES = 3;
/**
 * SQLITE_BUSY, SQLITE_IOERR and SQLITE_FULL, https://sqlite.org/rescode.html. The first is of another program that has the
 * ledger locked; a quota says the second, a disk without room the third.
 */
const PASSING = new Set([5, 10, 13]);
/** Of the first: SQLITE_IOERR_DATA and SQLITE_IOERR_CORRUPTFS, a file that was damaged. */
const DAMAGED = new Set([10 | (32 << 8), 10 | (33 << 8)]);

/**
 * An error by which nothing was kept, and which ends by itself or by somebody else: the disk is full, over its quota or out of
 * reach, or another program is writing. The transaction was taken back as a whole, so that the same may be done again.
 */
export function mayPass(error: unknown): boolean {
  if (error instanceof LedgerAwayError) return true;
  // The ledger, or the lock beside it, could not even be opened.
  if (error instanceof TrackdropError && error.code === 'ledger-unusable') return mayPass(error.cause);
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return false;
  // The lower byte is the kind.
  return PASSING.has(error.errcode & 0xff) && !DAMAGED.has(error.errcode);
}

/** A page of rows takes less, also where the log is folded back. */
const ENOUGH_BYTES = 2 ** 20;

/** Whether the ledger can be written, and what waits for it. */
export class Room {
  readonly #file: string;
  readonly #parts: RoomParts;
  #waiting = 0;
  #isFull = false;
  /** It was said that there is room by a trial, and nothing that waited was kept since. */
  #isUnproven = false;
  /** There was room, and not for what waited: only what is kept counts from then on. */
  #isTrialWrong = false;
  /** One at a time: two would take the room from each other. */
  #trial: Promise<boolean> | undefined;

  constructor(file: string, parts: RoomParts) {
    this.#file = file;
    this.#parts = parts;
  }

  /**
   * Does `work` again, every 2 s, for as long as the ledger has no room for it. That there is room is said before work is
   * done again, which may take hours; and once nobody waits.
   * @throws StoppedError when the signal fires meanwhile; whatever else `work` throws.
   */
  async until<T>(work: () => T | Promise<T>): Promise<T> {
    const { clock, signal, once } = this.#parts;
    let isWaiting = false;
    let isGivenUp = false;
    try {
      for (let tries = 1; ; tries += 1) {
        let full: unknown;
        try {
          const result = await work();
          if (isWaiting) this.#isUnproven = this.#isTrialWrong = false;
          return result;
        } catch (error) {
          if (!mayPass(error)) throw error;
          full = error;
        }
        isGivenUp = signal.aborted || (once && tries >= ONCE_TRIES);
        if (signal.aborted) throw new StoppedError();
        if (isGivenUp) throw ledgerUnusable(this.#file, full);
        if (!isWaiting) this.#waiting += 1;
        isWaiting = true;
        this.#sayUnwritable(full as Error);
        // To try the work itself has the process stand still for as long as SQLite waits for a lock.
        do await clock.sleep(TRY_AGAIN_EVERY_MS, signal);
        while (!once && this.#isLocked(full));
        if (this.#isFull && (await this.#isThere(full))) {
          this.#isUnproven = true;
          this.#sayWritable();
        }
      }
    } finally {
      if (isWaiting) this.#waiting -= 1;
      if (this.#waiting === 0 && !isGivenUp && !signal.aborted) this.#sayWritable();
    }
  }

  async #isThere(full: unknown): Promise<boolean> {
    if (causeOf(full) === 'locked') return !this.#isLocked(full);
    if (this.#isTrialWrong) return false;
    // Beside it there may be room all the same, also below a mount that is gone.
    if (causeOf(full) === 'away' && !existsSync(this.#file)) return false;
    this.#trial ??= hasRoom(this.#file, ENOUGH_BYTES).finally(() => {
      this.#trial = undefined;
    });
    return await this.#trial;
  }

  /** Whether another program has it still, where that was what `full` says. */
  #isLocked(full: unknown): boolean {
    try {
      return causeOf(full) === 'locked' && tryToWrite(this.#file) === 'busy';
    } catch (error) {
      if (!(error instanceof TrackdropError)) throw error;
      // Something else is wrong by now, which the work itself comes upon.
      return false;
    }
  }

  #sayUnwritable(error: Error): void {
    if (this.#isFull) return;
    this.#isFull = true;
    this.#isTrialWrong ||= this.#isUnproven;
    this.#isUnproven = false;
    this.#parts.onUnwritable(causeOf(error), error.message);
  }

  #sayWritable(): void {
    if (!this.#isFull) return;
    this.#isFull = false;
    this.#parts.onWritable();
  }
}

/** Of an error that `mayPass`. */
function causeOf(error: unknown): UnwritableCause {
  if (error instanceof LedgerAwayError) return 'away';
  if (error instanceof TrackdropError) return causeOf(error.cause);
  return isBusy(error) ? 'locked' : 'disk';
}
