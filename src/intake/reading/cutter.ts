import { afterLineEnd, countLineEnds, cutPlainly, cutRecords, type Dialect } from './cells.ts';
import { isWrapped } from './protect.ts';
import type { TextWindow } from './window.ts';

/** One record as it stands in the file. */
export interface CutRecord {
  readonly line: number;
  readonly startByte: number;
  readonly endByte: number;
  /** As far as they can be told; null where the record is too long to be kept. */
  readonly cells: readonly string[] | null;
  /** Why its cells cannot be trusted, as a sentence; null where they can. */
  readonly problem: string | null;
}

/**
 * Cuts the text of a moving window into records. A quote that does not fit, or that nothing closes within
 * `recordBytes`, costs its own line and no other: were it believed, it would swallow the good rows after it.
 */
export class Cutter {
  readonly #window: TextWindow;
  readonly #dialect: Dialect;
  readonly #recordBytes: number;
  /** Of the text at the window's start. */
  #line: number;
  /** Where a line began that is too long to be kept; its end is being looked for. */
  #longSince: number | null = null;

  constructor(window: TextWindow, dialect: Dialect, recordBytes: number, line: number) {
    this.#window = window;
    this.#dialect = dialect;
    this.#recordBytes = recordBytes;
    this.#line = line;
  }

  /** Takes every record that is whole out of the window; the rest stays until more is read. */
  *cut(): Generator<CutRecord> {
    for (;;) {
      const whole = this.#wholeLinesBytes();
      if (this.#longSince !== null || whole === 0) {
        const long = this.#cutLong();
        if (long === 'not yet') return;
        if (long !== 'none') yield long;
        continue;
      }
      const { records, trouble } = cutRecords(this.#window.text.subarray(0, whole), this.#dialect);
      let taken = 0;
      for (const { cells, endByte } of records) {
        const record = this.#take(cells, endByte - taken);
        taken = endByte;
        if (!isBlank(record)) yield record;
      }
      if (trouble === null) {
        this.#window.skip(whole - taken);
      } else if (this.#mayStillClose(trouble)) {
        return;
      } else {
        yield this.#takeLine(trouble);
      }
    }
  }

  /** Up to the last line end that was read; to the end at the end of the file. */
  #wholeLinesBytes(): number {
    const { text, isEnd } = this.#window;
    if (isEnd) return text.length;
    if (this.#dialect.lineEnd === 'lf') return text.lastIndexOf(LF) + 1;
    // A CR at the end of what was read may be half of a CR LF.
    const at = text.subarray(0, -1).lastIndexOf(CR);
    return text[at + 1] === LF && at >= 0 ? at + 2 : at + 1;
  }

  /** 'not yet' where more must be read first, 'none' where there is nothing of that kind. */
  #cutLong(): CutRecord | 'not yet' | 'none' {
    const { text, isEnd, startByte } = this.#window;
    if (this.#longSince === null) {
      if (text.length <= this.#recordBytes) return 'not yet';
      this.#longSince = startByte;
    }
    const lineEnd = afterLineEnd(text, 0, this.#dialect);
    const isSplit = lineEnd === text.length && this.#dialect.lineEnd === 'cr' && !isEnd;
    if (!isEnd && (lineEnd < 0 || isSplit)) {
      this.#window.skip(text.length - (isSplit ? 1 : 0));
      return 'not yet';
    }
    this.#window.skip(lineEnd < 0 ? text.length : lineEnd);
    const record = this.#record(this.#longSince, null, this.#tooLong());
    this.#longSince = null;
    this.#line += 1;
    return record;
  }

  #mayStillClose(trouble: string): boolean {
    const { text, isEnd } = this.#window;
    return trouble === 'open-quote' && !isEnd && text.length <= this.#recordBytes;
  }

  #take(cells: readonly string[], bytes: number): CutRecord {
    const { startByte, text } = this.#window;
    this.#window.skip(bytes);
    const isLong = bytes > this.#recordBytes;
    const record = this.#record(startByte, isLong ? null : cells, isLong ? this.#tooLong() : null);
    const hasBreaks = cells.some((cell) => cell.includes('\n') || cell.includes('\r'));
    this.#line += hasBreaks ? Math.max(1, countLineEnds(text.subarray(0, bytes), this.#dialect)) : 1;
    return record;
  }

  #takeLine(trouble: 'open-quote' | 'stray-quote'): CutRecord {
    const { startByte, text } = this.#window;
    const lineEnd = afterLineEnd(text, 0, this.#dialect);
    const bytes = lineEnd < 0 ? text.length : lineEnd;
    const line = text.subarray(0, bytes);
    this.#window.skip(bytes);
    const plain = bytes > this.#recordBytes ? null : cutPlainly(line, this.#dialect);
    const sound = plain === null ? undefined : soundCells(plain);
    const problem =
      trouble === 'open-quote'
        ? `Line ${this.#line}: a quote opens in this line and is never closed; the lines after it were read as rows of their own.`
        : `Line ${this.#line}: a quote stands where none can be; a cell that holds quotes must be in quotes itself, and its own quotes doubled.`;
    const record = this.#record(startByte, sound ?? plain, sound ? null : problem);
    this.#line += 1;
    return record;
  }

  /** From `startByte` to where the window now starts. */
  #record(startByte: number, cells: readonly string[] | null, problem: string | null): CutRecord {
    return { line: this.#line, startByte, endByte: this.#window.startByte, cells, problem };
  }

  #tooLong(): string {
    return `Line ${this.#line}: the row is longer than ${this.#recordBytes} bytes, the most that is taken (limits.recordBytes).`;
  }
}

const LF = 0x0a;
const CR = 0x0d;

function isBlank({ cells }: CutRecord): boolean {
  return cells?.length === 1 && cells[0]?.trim() === '';
}

/**
 * The cells of a line in which some system wrote `="1Z..."` without quoting it, a habit that saves numbers from
 * Excel; undefined where any other quote stands in it.
 */
function soundCells(cells: readonly string[]): readonly string[] | undefined {
  const sound: string[] = [];
  for (const cell of cells) {
    if (!cell.includes('"') || isWrapped(cell)) sound.push(cell);
    else if (/^"[^"]*"$/.test(cell)) sound.push(cell.slice(1, -1));
    else return undefined;
  }
  return sound;
}
