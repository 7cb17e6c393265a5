import { styleText } from 'node:util';
import { OUTCOMES, type OutcomeCounts, outcomeClass } from '../../domain/outcome.ts';
import { numbersOf } from '../../domain/write.ts';
import type { Events } from '../../events.ts';
import type { Clock } from '../../runtime/clock.ts';
import { printable } from '../../runtime/printable.ts';
import { ERASE_LINE } from '../erase-line.ts';
import type { Output } from '../shell.ts';
import { cutToWidth, wrapWords } from '../table.ts';

/** Where progress is shown, and up to how many files. */
interface ProgressParts {
  readonly out: Output;
  readonly clock: Clock;
  readonly isColoured: boolean;
  /** Files that will be settled. */
  readonly files: number;
}

type Colour = 'green' | 'red' | 'yellow' | 'cyan' | 'dim' | 'bold';

/** Of the text, behind the seconds; and what its further lines have on top. */
const INDENT = 9;
const HANGING = 2;
const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const REDRAW_EVERY_MS = 120;
/** Where no line can be redrawn, a line is written after so long a silence. */
const SILENT_FOR_MS = 900;
const LOST_AT_FIRST = 'the answer was lost; Trackdrop looks before it sends again';

/** Tells what happens while it happens: lines that stay, and below them on a terminal one that lives. */
export class Progress {
  /** Of writes: each may have taken effect or not. */
  lostAnswers = 0;
  readonly #parts: ProgressParts;
  readonly #startMs: number;
  readonly #seen = { rows: 0, ended: 0, files: 0 };
  /** Numbers of writes whose answer was lost, until it is known what became of them. */
  readonly #lost = new Set<string>();
  #isAway = false;
  #isLive = false;
  #saidAtMs: number;
  #frame = 0;

  constructor(parts: ProgressParts) {
    this.#parts = parts;
    this.#startMs = parts.clock.nowMs();
    this.#saidAtMs = this.#startMs;
  }

  /** Writes a line that stays, with the seconds since the start before it. */
  say(text: string, colour?: Colour): void {
    this.#erase();
    const { out, clock } = this.#parts;
    const width = (out.columns ?? Number.POSITIVE_INFINITY) - INDENT - HANGING;
    for (const [at, line] of wrapWords(printable(text), width).entries()) {
      const margin = at === 0 ? `${this.#seconds()}  ` : ' '.repeat(INDENT + HANGING);
      out.write(`${margin}${this.colour(colour, line)}\n`);
    }
    this.#saidAtMs = clock.nowMs();
    this.#draw();
  }

  colour(colour: Colour | undefined, text: string): string {
    if (colour === undefined || !this.#parts.isColoured) return text;
    return styleText(colour, text, { validateStream: false });
  }

  /** Tells the events of a daemon, in the words of somebody who watches. */
  follow(events: Events): void {
    events.on('drop.read', ({ rows, bad, skipped }) => {
      this.#seen.rows += rows + bad + skipped;
      this.#seen.ended += bad + skipped;
    });
    events.on('row.settled', ({ trackingNumber }) => {
      this.#seen.ended += 1;
      this.#lost.delete(trackingNumber);
    });
    events.on('drop.settled', ({ inbox, name, counts }) => {
      this.#seen.files += 1;
      const failed = inWords(counts, (outcome) => outcomeClass(outcome) === 'failed');
      const done = inWords(counts, (outcome) => outcomeClass(outcome) !== 'failed');
      const told = [done, failed].filter((words) => words !== '').join('; ') || 'no rows';
      this.say(`${failed ? '✗' : '✓'} ${inbox}/${name}: ${told}`, failed ? 'yellow' : 'green');
    });
    events.on('write.sent', ({ action }) => {
      if (action.kind === 'untrack' || action.kind === 'mail') return;
      const again = numbersOf(action).filter((number) => this.#lost.has(number));
      if (again.length > 0) this.say(`? ${again.join(', ')}: not in the shop, so it is sent again`, 'cyan');
    });
    events.on('write.answered', ({ action, answer }) => {
      if (answer.kind !== 'uncertain') return;
      this.lostAnswers += 1;
      for (const number of numbersOf(action)) this.#lost.add(number);
      const words = this.lostAnswers === 1 ? LOST_AT_FIRST : 'lost as well';
      this.say(`? ${numbersOf(action).join(', ')}: ${words}`, 'cyan');
    });
    events.on('store.down', () => {
      this.#isAway = true;
      this.say('! The shop does not answer. The work waits; nothing fails because of it.', 'cyan');
    });
    events.on('store.up', ({ downForMs }) => {
      this.#isAway = false;
      this.say(`! The shop is back after ${(downForMs / 1000).toFixed(1)} s; the work goes on.`, 'cyan');
    });
    events.on('bug', ({ where, error }) => this.say(`bug in ${where}: ${String(error)}`, 'red'));
  }

  /** Shows that it lives until the work ends, and gives back what the work gives. */
  async during<T>(work: Promise<T>): Promise<T> {
    const over = new AbortController();
    const showing = this.#live(over.signal);
    try {
      return await work;
    } finally {
      over.abort();
      await showing;
    }
  }

  async #live(over: AbortSignal): Promise<void> {
    const { clock, out } = this.#parts;
    this.#isLive = true;
    for (; !over.aborted; this.#frame += 1) {
      this.#draw();
      if (!out.isTTY && clock.nowMs() - this.#saidAtMs >= SILENT_FOR_MS) this.say(`… ${this.#state()}`);
      await clock.sleep(REDRAW_EVERY_MS);
    }
    this.#erase();
    this.#isLive = false;
  }

  #state(): string {
    const { rows, ended, files } = this.#seen;
    const state = `${files} of ${this.#parts.files} files settled, ${ended} of ${rows} rows done`;
    if (this.#isAway) return `${state}; waiting for the shop`;
    return this.#lost.size > 0 ? `${state}; looking for ${[...this.#lost].join(', ')}` : state;
  }

  #seconds(): string {
    const seconds = (this.#parts.clock.nowMs() - this.#startMs) / 1000;
    return this.colour('dim', `${seconds.toFixed(1).padStart(5)} s`);
  }

  #draw(): void {
    const { out } = this.#parts;
    if (!out.isTTY || !this.#isLive) return;
    const line = `      ${FRAMES[this.#frame % FRAMES.length]}  ${this.#state()}`;
    // A line that reaches the edge would wrap, and then it could not be erased.
    out.write(`${ERASE_LINE}${this.colour('dim', cutToWidth(line, (out.columns ?? 80) - 1))}`);
  }

  #erase(): void {
    if (this.#parts.out.isTTY && this.#isLive) this.#parts.out.write(ERASE_LINE);
  }
}

/** `3 tracked, 1 already-tracked`. */
export function inWords(
  counts: OutcomeCounts,
  isWanted: (outcome: (typeof OUTCOMES)[number]) => boolean = () => true,
): string {
  return OUTCOMES.filter((outcome) => isWanted(outcome) && (counts[outcome] ?? 0) > 0)
    .map((outcome) => `${counts[outcome]} ${outcome}`)
    .join(', ');
}
