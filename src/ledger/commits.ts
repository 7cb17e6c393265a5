import type { DatabaseSync } from 'node:sqlite';
import { StoppedError } from '../domain/failure.ts';
import { mayPass, type Room } from './room.ts';
import { inTransaction } from './transaction.ts';

/** One piece of work, and whoever waits for it. */
interface Gathered {
  /** Does the work; returns what tells of its success once the commit has kept it. */
  readonly run: () => () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Commits what one turn of the event loop brings, the answers that came and the intents of the requests that may
 * follow them, as one transaction at the turn's end: each commit writes whole pages, and of five answers that come
 * together most pages are the same. While there is no room for them they are held, and with them whoever waits.
 */
export class Commits implements Disposable {
  readonly #db: DatabaseSync;
  readonly #room: Room | undefined;
  #gathered: Gathered[] = [];

  /** Without `room` a full disk rejects at once. */
  constructor(db: DatabaseSync, room?: Room) {
    this.#db = db;
    this.#room = room;
  }

  /**
   * Does `work`, which is nothing but statements, at the end of this turn, and resolves with what it returned once
   * it is kept. It may be done more than once: where a piece of the turn fails, each is kept or rejected for itself, and
   * where there is no room, all are done again later. Rejects with LeaseLostError where another process writes, with
   * StoppedError where the signal fired before there was room.
   */
  add<T>(work: () => T): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    // Not in a microtask: Node runs those between any two answers, and each of them would be a turn of its own.
    if (this.#gathered.length === 0) setImmediate(() => this.#commitOrWait());
    const run = () => {
      const result = work();
      return () => resolve(result);
    };
    this.#gathered.push({ run, reject });
    return promise;
  }

  /** Keeps at once what is gathered: the turn may be the last one. What there is no room for is rejected. */
  [Symbol.dispose](): void {
    try {
      this.#commit();
    } catch {
      this.#reject(new StoppedError());
    }
  }

  #commitOrWait(): void {
    try {
      this.#commit();
    } catch (error) {
      // What comes meanwhile is gathered behind it: nothing else commits before.
      if (this.#room) this.#room.until(() => this.#commit()).catch((end: unknown) => this.#reject(end));
      else this.#reject(error);
    }
  }

  /** @throws what `mayPass`; then what was not kept is still gathered, in its order. */
  #commit(): void {
    if (this.#gathered.length === 0) return;
    try {
      this.#keep(this.#gathered);
      this.#gathered = [];
    } catch (error) {
      if (mayPass(error)) throw error;
      // Taken back as a whole. Told to all of them, it would fail orders that have nothing to do with it.
      this.#commitEach();
    }
  }

  #commitEach(): void {
    for (let piece = this.#gathered[0]; piece; piece = this.#gathered[0]) {
      try {
        this.#keep([piece]);
      } catch (error) {
        if (mayPass(error)) throw error;
        piece.reject(error);
      }
      this.#gathered.shift();
    }
  }

  #reject(error: unknown): void {
    const gathered = this.#gathered;
    this.#gathered = [];
    for (const { reject } of gathered) reject(error);
  }

  #keep(pieces: readonly Gathered[]): void {
    const kept = inTransaction(this.#db, () => pieces.map(({ run }) => run()));
    for (const tell of kept) tell();
  }
}
