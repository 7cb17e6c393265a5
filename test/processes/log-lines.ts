import type { EventName } from '../../src/events.ts';

/** One line of the daemon's log; further fields as the event has them. */
export interface LogLine {
  readonly time: string;
  readonly level: string;
  readonly event: EventName | 'banner';
  readonly msg: string;
  readonly [fact: string]: unknown;
}

/** Far beyond what anything takes in a test, whatever else the machine does: it strikes only where the line never comes. */
const LINE_WITHIN_MS = 120_000;

export type LineMatch = (line: LogLine) => boolean;

interface Wait {
  readonly isWanted: LineMatch;
  readonly count: number;
  readonly found: LogLine[];
  readonly resolve: (lines: readonly LogLine[]) => void;
  readonly reject: (error: Error) => void;
}

/** The log of a process as it comes, to be waited on. Waits look at what was written before them, too. */
export class LogLines {
  readonly all: LogLine[] = [];
  readonly #waits = new Set<Wait>();
  readonly #listeners = new Set<(line: LogLine) => void>();
  readonly #withinMs: number;
  #end: Error | undefined;
  #notJson: unknown;

  /** @param withinMs how long a line is waited for */
  constructor(withinMs = LINE_WITHIN_MS) {
    this.#withinMs = withinMs;
  }

  /**
   * Takes a line of text. Only the last one may be cut off, as by SIGKILL: the log promises one object a line.
   * @throws SyntaxError with the next line after one that is no JSON
   */
  add(text: string): void {
    if (this.#notJson !== undefined) throw this.#notJson;
    let line: LogLine;
    try {
      line = JSON.parse(text) as LogLine;
    } catch (error) {
      this.#notJson = error;
      return;
    }
    this.all.push(line);
    for (const listener of this.#listeners) listener(line);
    for (const wait of this.#waits) this.#offer(wait, line);
  }

  /** No line will come any more: whoever waits is told why. */
  end(reason: Error): void {
    this.#end = reason;
    for (const wait of this.#waits) wait.reject(reason);
    this.#waits.clear();
  }

  /** Calls for each line from now on; returns the function that ends that. */
  onLine(listener: (line: LogLine) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The first `count` lines of this event that match, since the start; rejects when the log ends before, or they do not come in time. */
  async waitForMany(event: LogLine['event'], count: number, matches: LineMatch = () => true) {
    const isWanted: LineMatch = (line) => line.event === event && matches(line);
    const { promise, resolve, reject } = Promise.withResolvers<readonly LogLine[]>();
    const wait: Wait = { isWanted, count, found: [], resolve, reject };
    this.#waits.add(wait);
    for (const line of this.all) this.#offer(wait, line);
    if (this.#end && this.#waits.delete(wait)) reject(this.#end);
    const late = setTimeout(() => {
      const last = this.all.slice(-5).map(({ msg }) => msg);
      reject(
        new Error(
          `${wait.found.length} of ${count} lines of ${event} came in time; at last: ${last.join('; ')}`,
        ),
      );
    }, this.#withinMs);
    try {
      return await promise;
    } finally {
      clearTimeout(late);
      this.#waits.delete(wait);
    }
  }

  async waitFor(event: LogLine['event'], matches?: LineMatch): Promise<LogLine> {
    const [line] = await this.waitForMany(event, 1, matches);
    return line as LogLine;
  }

  #offer(wait: Wait, line: LogLine): void {
    if (wait.found.length === wait.count || !wait.isWanted(line)) return;
    if (wait.found.push(line) < wait.count) return;
    this.#waits.delete(wait);
    wait.resolve(wait.found);
  }
}
