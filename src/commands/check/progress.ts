import { ERASE_LINE } from '../erase-line.ts';
import type { Output } from '../shell.ts';
import { cutToWidth } from '../table.ts';

/** One line that lives while stores are asked; silent where nobody watches. */
export class AskedLine {
  readonly #out: Output;
  readonly #isShown: boolean;
  readonly #stores = new Map<string, string>();

  constructor(out: Output, isWanted: boolean) {
    this.#out = out;
    this.#isShown = out.isTTY && isWanted;
  }

  /** So many of a store's questions are answered. */
  show(store: string, asked: number, of: number): void {
    this.#stores.set(store, `${store} ${asked} of ${of}`);
    if (!this.#isShown) return;
    const line = `asking: ${[...this.#stores.values()].join(', ')}`;
    // A line that reaches the edge would wrap, and then it could not be erased.
    this.#out.write(ERASE_LINE + cutToWidth(line, (this.#out.columns ?? 80) - 1));
  }

  clear(): void {
    if (this.#isShown) this.#out.write(ERASE_LINE);
  }
}
