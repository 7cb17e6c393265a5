import { StoppedError } from '../domain/failure.ts';

/**
 * Work that runs side by side and ends together. One that was stopped ends quietly; anything else that rejects
 * rejects `ended` at once, since it is a bug that nobody else would hear of.
 */
export class TaskGroup {
  readonly #end = Promise.withResolvers<void>();
  #running = 0;

  add(work: Promise<void>): void {
    this.#running += 1;
    work
      .catch((error: unknown) => {
        if (!(error instanceof StoppedError)) this.#end.reject(error);
      })
      .finally(() => {
        this.#running -= 1;
        if (this.#running === 0) this.#end.resolve();
      });
  }

  /** Resolves when nothing runs any more; to be asked once something was added. */
  ended(): Promise<void> {
    return this.#end.promise;
  }
}
