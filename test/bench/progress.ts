const LINES_APART_MS = 5_000;
const CLEAR_LINE = '\r\x1b[K';

/** Shows on stderr how far a measure is: one line that changes on a terminal, else a line every few seconds. */
export class Progress {
  #saidAtMs = Number.NEGATIVE_INFINITY;
  readonly #measure: string;

  constructor(measure: string) {
    this.#measure = measure;
  }

  say(text: string): void {
    const line = `${this.#measure}: ${text}`;
    if (process.stderr.isTTY) {
      process.stderr.write(CLEAR_LINE + line);
    } else if (performance.now() - this.#saidAtMs >= LINES_APART_MS) {
      process.stderr.write(`${line}\n`);
      this.#saidAtMs = performance.now();
    }
  }

  end(): void {
    if (process.stderr.isTTY) process.stderr.write(CLEAR_LINE);
  }
}
