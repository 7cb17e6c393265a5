import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { TrackdropError } from '../domain/failure.ts';
import {
  BEAT_EVERY_MS,
  type Holder,
  type LastBeat,
  LEASE_MS,
  LeaseLostError,
  mayHaveLostCommits,
} from '../domain/lease.ts';
import type { Clock } from '../runtime/clock.ts';
import { type SignOfLife, writeHeartbeat } from './heartbeat.ts';
import { guardTransactions, inTransaction } from './transaction.ts';

/** Until so long after a sign of life no other process takes the lease from one that lives, with a beat to spare. */
const NOBODY_FOLLOWS_MS = LEASE_MS - BEAT_EVERY_MS;

/**
 * This process's right to write the ledger, against daemons on other machines, which the kernel's lock does not tell:
 * the heartbeat's row is its own. A process that stood still for longer than the lease may find another one there, and
 * then has lost it for good. From `take` on each transaction of the connection asks; before, nothing is guarded: tools that
 * look at a ledger need no lease.
 */
export class Lease {
  readonly #db: DatabaseSync;
  readonly #file: string;
  readonly #read;
  #taken: Held | undefined;
  readonly #inode: string;
  #renewedAtMs = 0;
  #renewedAtWallMs = 0;

  /** @throws LedgerAwayError */
  constructor(db: DatabaseSync, file: string) {
    this.#db = db;
    this.#file = file;
    this.#inode = inodeOf(file);
    this.#read = db.prepare('SELECT instance, pid, host FROM heartbeat');
  }

  /**
   * Makes the ledger this process's own where the last beat is still the one that was `seen`; false where somebody beat
   * since. In the same transaction drops that are not settled become doubtful where commits may be missing, and files that
   * are found in the inboxes (see doubt.ts): a process that ends in between must not take the reason with it.
   */
  take(own: Holder, seen: LastBeat | undefined, clock: Clock): boolean {
    const isTaken = inTransaction(this.#db, () => {
      const now = this.#db.prepare('SELECT instance, at_ms AS atMs FROM heartbeat').get();
      if (now?.instance !== seen?.instance || now?.atMs !== seen?.atMs) return false;
      const isDoubtful = seen !== undefined && mayHaveLostCommits(seen, own);
      if (isDoubtful) {
        this.#db.exec(`UPDATE drops SET is_doubtful = 1 WHERE state <> 'settled'`);
        this.#db.prepare('UPDATE ledger_facts SET doubted_at_ms = ?').run(clock.wallMs());
      }
      writeHeartbeat(this.#db, { ...own, atMs: clock.wallMs(), activeDrops: 0, stores: [] });
      return true;
    });
    if (!isTaken) return false;
    // Not before it is kept: where there was no room for it, it is taken again.
    this.#taken = { own, clock };
    this.#renewed(clock);
    guardTransactions(this.#db, () => this.#hold());
    return true;
  }

  /**
   * For what is no transaction: a request, the move of a file. Between it and what follows another process may take the
   * lease all the same; what is kept in the ledger is asked for in its own transaction. A sign of life that is young says
   * enough: to read the ledger before each request would cost as much as to write a row's end.
   * @throws LeaseLostError
   */
  check(): void {
    if (!this.#taken || this.#silentMs(this.#taken.clock) >= NOBODY_FOLLOWS_MS) this.#held();
  }

  /**
   * Gives a sign of life, in a transaction of the caller.
   * @throws LeaseLostError
   */
  beat(sign: SignOfLife): void {
    const held = this.#held();
    if (!held) throw new Error('a ledger that nobody took has no heartbeat');
    writeHeartbeat(this.#db, { ...held.own, ...sign, atMs: held.clock.wallMs() });
    this.#renewed(held.clock);
  }

  /** Nobody is to take this process for active any more; the row of another one stays. */
  end(): void {
    if (this.#taken)
      this.#db.prepare('DELETE FROM heartbeat WHERE instance = ?').run(this.#taken.own.instance);
  }

  #held(): Held | undefined {
    if (!this.#taken) return undefined;
    const row = this.#read.get();
    if (row?.instance === this.#taken.own.instance) return this.#taken;
    throw new LeaseLostError(
      this.#file,
      row ? `is written by process ${row.pid} on ${row.host} now` : 'was written and left by another daemon',
    );
  }

  /**
   * In each transaction of the writer: what a process does that was followed by another one must not be kept. A sign of
   * life that is too old is renewed first.
   * @throws LeaseLostError; LedgerAwayError
   */
  #hold(): void {
    const held = this.#held();
    if (!held) return;
    this.#requireSameFile();
    const { clock } = held;
    if (this.#silentMs(clock) < LEASE_MS) return;
    this.#db.prepare('UPDATE heartbeat SET at_ms = ?').run(clock.wallMs());
    this.#renewed(clock);
  }

  /**
   * SQLite goes on with a file that was removed: what it keeps there is lost, and another daemon would begin a new one in
   * its place.
   */
  #requireSameFile(): void {
    if (inodeOf(this.#file) !== this.#inode)
      throw new LeaseLostError(this.#file, 'was replaced by another file');
  }

  /** By both clocks: a suspended machine's steady clock stands still, and a wall clock can be set back. */
  #silentMs(clock: Clock): number {
    const wallMs = Math.abs(clock.wallMs() - this.#renewedAtWallMs);
    return Math.max(clock.nowMs() - this.#renewedAtMs, wallMs);
  }

  #renewed(clock: Clock): void {
    this.#renewedAtMs = clock.nowMs();
    this.#renewedAtWallMs = clock.wallMs();
  }
}

interface Held {
  readonly own: Holder;
  readonly clock: Clock;
}

/** The ledger's file is not where it was: its mount or a folder above it is gone, for a while or for good. */
export class LedgerAwayError extends TrackdropError {}

function inodeOf(file: string): string {
  try {
    const { dev, ino } = statSync(file, { bigint: true });
    return `${dev}:${ino}`;
  } catch (error) {
    throw new LedgerAwayError('ledger-away', `its file is out of reach: ${(error as Error).message}`, {
      facts: { file },
      hint: 'Put the file back, with its -wal and -shm, or start the daemon again: it then begins a new one.',
      cause: error,
    });
  }
}
