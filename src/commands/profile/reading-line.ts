import type { Clock } from '../../runtime/clock.ts';
import { ERASE_LINE } from '../erase-line.ts';
import type { Output } from '../shell.ts';

/** Nobody wants to be told of what is over at once. */
const SILENT_FOR_MS = 1_000;
const SHOWN_EVERY_MS = 200;

/** One line that lives while a large file is read; silent where nobody watches. */
export class ReadingLine {
  readonly #out: Output;
  readonly #clock: Clock;
  #nextAtMs: number;
  #isShown = false;

  constructor(out: Output, clock: Clock) {
    this.#out = out;
    this.#clock = clock;
    this.#nextAtMs = clock.nowMs() + SILENT_FOR_MS;
  }

  /** So many records are read. */
  show(records: number): void {
    if (!this.#out.isTTY) return;
    const nowMs = this.#clock.nowMs();
    if (nowMs < this.#nextAtMs) return;
    this.#nextAtMs = nowMs + SHOWN_EVERY_MS;
    this.#isShown = true;
    this.#out.write(`${ERASE_LINE}reading: ${records} records`);
  }

  clear(): void {
    if (this.#isShown) this.#out.write(ERASE_LINE);
  }
}
