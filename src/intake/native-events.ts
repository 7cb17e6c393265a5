import { realpath, stat } from 'node:fs/promises';
import { type FSWatcher, watch } from 'chokidar';

/**
 * Native events of one folder, as a hint that something happened there; they may come late, twice or never.
 *
 * Only the folder itself is watched, by chokidar's raw events: a watch on each file would cost memory and start-up
 * time in a folder of ten thousand, and all that is needed is a reason to list.
 */
export class NativeEvents {
  readonly #folder: string;
  readonly #onEvent: () => void;
  #watcher: FSWatcher | undefined;
  #watched = '';

  constructor(folder: string, onEvent: () => void) {
    this.#folder = folder;
    this.#onEvent = onEvent;
  }

  /**
   * Watches the folder that is at the path now: after a remount the old watch goes on without a sound, on a
   * folder that nobody sees any more. Throws where the folder is not there.
   */
  async renew(): Promise<void> {
    const { dev, ino } = await stat(this.#folder, { bigint: true });
    const identity = `${dev}:${ino}`;
    if (this.#watcher !== undefined && identity === this.#watched) return;
    await this.close();
    const folder = await realpath(this.#folder);
    this.#watched = identity;
    this.#watcher = watch(folder, {
      ignoreInitial: true,
      depth: 0,
      followSymlinks: false,
      ignored: (path) => path !== folder,
    })
      .on('raw', this.#onEvent)
      // Out of watches, or a file system that has none: listing alone does the work.
      .on('error', this.#onEvent);
  }

  async close(): Promise<void> {
    await this.#watcher?.close();
    this.#watcher = undefined;
  }
}
