import { StoppedError, TrackdropError } from '../domain/failure.ts';
import type { Clock } from '../runtime/clock.ts';
import { ledgerUnusable } from './database.ts';
import { LedgerAwayError } from './lease.ts';

export interface RoomParts {
  readonly clock: Clock;
  /** Ends every wait, with StoppedError. */
  readonly signal: AbortSignal;
  /** Nobody stays to see room come back: after a few tries the ledger is unusable. */
  readonly once: boolean;
  /** The ledger cannot be written; said once, until `onWritable`. */
  readonly onFull: (message: string) => void;
  readonly onWritable: () => void;
}

const TRY_AGAIN_EVERY_MS = 2_000;
const ONCE_TRIES = 3;
/** SQLITE_IOERR and SQLITE_FULL, https://sqlite.org/rescode.html. A quota says the one, a disk without room the other. */
const PASSING = new Set([10, 13]);
/** Of the first: SQLITE_IOERR_DATA and SQLITE_IOERR_CORRUPTFS, a file that was damaged. */
const DAMAGED = new Set([10 | (32 << 8), 10 | (33 << 8)]);

/**
 * An error by which nothing was kept, and which ends by itself or by somebody else: the disk is full, over its quota or out of
 * reach. The transaction was taken back as a whole, so that the same may be done again.
 */
export function mayPass(error: unknown): boolean {
  if (error instanceof LedgerAwayError) return true;
  // The ledger, or the lock beside it, could not even be opened.
  if (error instanceof TrackdropError && error.code === 'ledger-unusable') return mayPass(error.cause);
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return false;
  // The lower byte is the kind.
  return PASSING.has(error.errcode & 0xff) && !DAMAGED.has(error.errcode);
}

/** Whether the ledger can be written, and what waits for it. */
export class Room {
  readonly #file: string;
  readonly #parts: RoomParts;
  #waiting = 0;

  constructor(file: string, parts: RoomParts) {
    this.#file = file;
    this.#parts = parts;
  }

  /**
   * Does `work` again, every 2 s, for as long as the ledger has no room for it.
   * @throws StoppedError when the signal fires meanwhile; whatever else `work` throws.
   */
  async until<T>(work: () => T | Promise<T>): Promise<T> {
    const { clock, signal, once, onFull, onWritable } = this.#parts;
    let isWaiting = false;
    try {
      for (let tries = 1; ; tries += 1) {
        try {
          const result = await work();
          if (isWaiting && this.#waiting === 1) onWritable();
          return result;
        } catch (error) {
          if (!mayPass(error)) throw error;
          if (signal.aborted) throw new StoppedError();
          if (once && tries >= ONCE_TRIES) throw ledgerUnusable(this.#file, error);
          if (!isWaiting) this.#waiting += 1;
          if (!isWaiting && this.#waiting === 1) onFull((error as Error).message);
          isWaiting = true;
        }
        await clock.sleep(TRY_AGAIN_EVERY_MS, signal);
      }
    } finally {
      if (isWaiting) this.#waiting -= 1;
    }
  }
}
