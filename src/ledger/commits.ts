import type { DatabaseSync } from 'node:sqlite';
import { inTransaction } from './database.ts';

/** One piece of work, and whoever waits for it. */
interface Gathered {
  /** Does the work; returns what tells of its success once the commit has kept it. */
  readonly run: () => () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Commits what one turn of the event loop brings, the answers that came and the intents of the requests that may
 * follow them, as one transaction at the turn's end: each commit writes whole pages, and of five answers that come
 * together most pages are the same.
 */
export class Commits implements Disposable {
  readonly #db: DatabaseSync;
  #gathered: Gathered[] = [];

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /**
   * Does `work`, which is nothing but statements, at the end of this turn, and resolves with what it returned once
   * it is kept. It may be done twice: where a piece of the turn fails, each is kept or rejected for itself.
   */
  add<T>(work: () => T): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    // Not in a microtask: Node runs those between any two answers, and each of them would be a turn of its own.
    if (this.#gathered.length === 0) setImmediate(() => this.#commit());
    const run = () => {
      const result = work();
      return () => resolve(result);
    };
    this.#gathered.push({ run, reject });
    return promise;
  }

  /** Keeps at once what is gathered: the turn may be the last one. */
  [Symbol.dispose](): void {
    this.#commit();
  }

  #commit(): void {
    const gathered = this.#gathered;
    if (gathered.length === 0) return;
    this.#gathered = [];
    try {
      this.#keep(gathered);
    } catch {
      // Taken back as a whole. Told to all of them, it would fail orders that have nothing to do with it.
      for (const piece of gathered) this.#keepAlone(piece);
    }
  }

  #keepAlone(piece: Gathered): void {
    try {
      this.#keep([piece]);
    } catch (error) {
      piece.reject(error);
    }
  }

  #keep(pieces: readonly Gathered[]): void {
    const kept = inTransaction(this.#db, () => pieces.map(({ run }) => run()));
    for (const tell of kept) tell();
  }
}
