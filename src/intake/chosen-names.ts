import { join } from 'node:path';
import { settledNames } from './names.ts';
import type { Settled } from './settle.ts';

/**
 * The names that drops on their way to `processed/` or `failed/` have chosen. A settling that was cut off takes
 * what it finds under its names for its own: had two drops chosen the same ones, the second would remove a file of
 * the first that has the same bytes.
 */
export class ChosenNames {
  /** Drop id by path. */
  readonly #holders = new Map<string, string>();
  readonly #paths = new Map<string, readonly string[]>();

  /**
   * Gives a drop these names instead of those it had; false, and nothing changed, where another one has any of them.
   */
  take(dropId: string, { folder, file }: Settled): boolean {
    const paths = Object.values(settledNames(file, 1)).map((name) => join(folder, name));
    if (paths.some((path) => (this.#holders.get(path) ?? dropId) !== dropId)) return false;
    this.release(dropId);
    this.#paths.set(dropId, paths);
    for (const path of paths) this.#holders.set(path, dropId);
    return true;
  }

  /** The drop's files have their names, or need none any more. */
  release(dropId: string): void {
    for (const path of this.#paths.get(dropId) ?? []) this.#holders.delete(path);
    this.#paths.delete(dropId);
  }
}
