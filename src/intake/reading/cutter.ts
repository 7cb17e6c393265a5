import {
  afterLineEnd,
  countLineEnds,
  cutAtAnyLineEnd,
  cutPlainly,
  cutRecords,
  type Dialect,
} from './cells.ts';
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

/** What a cutter must know of the file. */
export interface CutRules {
  readonly dialect: Dialect;
  /** How many cells the header has. */
  readonly width: number;
  /** A longer record is not kept. */
  readonly recordBytes: number;
}

/**
 * Cuts the text of a moving window into records.
 *
 * - A quote that does not fit, or that nothing closes within `recordBytes`, costs its own line and no other: were it
 *   believed, it would swallow the good rows after it.
 * - A line end of the other kind (a lone CR in a file of LF lines, a lone LF in one of CR lines) outside quotes ends
 *   a record where all the pieces then have the header's width. Elsewhere it stays a stray character, which makes a
 *   bad row: cut there, half a number could be pushed.
 */
export class Cutter {
  readonly #window: TextWindow;
  readonly #rules: CutRules;
  /** Of the text at the window's start. */
  #line: number;
  /** Where a line began that is too long to be kept; its end is being looked for. */
  #longSince: number | null = null;
  /** How much of the window, whose first quote nothing closes so far, need not be looked at again. */
  #openBytes = 0;

  constructor(window: TextWindow, rules: CutRules, line: number) {
    this.#window = window;
    this.#rules = rules;
    this.#line = line;
  }

  /** Takes every record that is whole out of the window; the rest stays until more is read. */
  cut(): readonly CutRecord[] {
    const found: CutRecord[] = [];
    if (this.#isStillOpen()) return found;
    for (;;) {
      const whole = this.#wholeLinesBytes();
      if (this.#longSince !== null || whole === 0) {
        const long = this.#cutLong();
        if (long === 'not yet') return found;
        if (long !== 'none') found.push(long);
        continue;
      }
      const { text } = this.#window;
      const { records, trouble } = cutRecords(text.subarray(0, whole), this.#rules.dialect);
      let taken = 0;
      for (const { cells, endByte, hasBreak } of records) {
        if (hasBreak) {
          this.#takeWithBreaks(cells, taken, endByte, found);
        } else {
          if (!isBlank(cells)) found.push(this.#cutRecord(cells, taken, endByte));
          this.#line += 1;
        }
        taken = endByte;
      }
      this.#window.skip(trouble === null ? whole : taken);
      if (trouble === null) continue;
      if (trouble === 'open-quote' && this.#mayStillClose()) {
        this.#openBytes = this.#window.text.length;
        return found;
      }
      this.#takeLine(trouble, found);
    }
  }

  /** Up to the last line end that was read; to the end at the end of the file. */
  #wholeLinesBytes(): number {
    const { text, isEnd } = this.#window;
    if (isEnd) return text.length;
    if (this.#rules.dialect.lineEnd === 'lf') return text.lastIndexOf(LF) + 1;
    // A CR at the end of what was read may be half of a CR LF.
    const at = text.subarray(0, -1).lastIndexOf(CR);
    return text[at + 1] === LF && at >= 0 ? at + 2 : at + 1;
  }

  /** 'not yet' where more must be read first, 'none' where there is nothing of that kind. */
  #cutLong(): CutRecord | 'not yet' | 'none' {
    const { text, isEnd, startByte } = this.#window;
    const { dialect, recordBytes } = this.#rules;
    if (this.#longSince === null) {
      if (text.length <= recordBytes) return 'not yet';
      this.#longSince = startByte;
    }
    const lineEnd = afterLineEnd(text, 0, dialect);
    const isSplit = lineEnd === text.length && dialect.lineEnd === 'cr' && !isEnd;
    if (!isEnd && (lineEnd < 0 || isSplit)) {
      this.#window.skip(text.length - (isSplit ? 1 : 0));
      return 'not yet';
    }
    this.#window.skip(lineEnd < 0 ? text.length : lineEnd);
    const record = this.#record(this.#longSince, this.#window.startByte, null, this.#tooLong());
    this.#longSince = null;
    this.#line += 1;
    return record;
  }

  /** Cut again with each piece that is read, a record of many pieces would take their square. */
  #isStillOpen(): boolean {
    const { text } = this.#window;
    const isOpen = this.#openBytes > 0 && this.#mayStillClose() && !text.includes(QUOTE, this.#openBytes);
    this.#openBytes = isOpen ? text.length : 0;
    return isOpen;
  }

  #mayStillClose(): boolean {
    const { text, isEnd } = this.#window;
    return !isEnd && text.length <= this.#rules.recordBytes;
  }

  /** A record of the window's text whose cells hold line breaks. */
  #takeWithBreaks(cells: readonly string[], start: number, end: number, found: CutRecord[]): void {
    const bytes = this.#window.text.subarray(start, end);
    if (hasStrayLineEnd(cells, this.#rules.dialect) && this.#takePieces(bytes, start, found)) return;
    if (!isBlank(cells)) found.push(this.#cutRecord(cells, start, end));
    this.#line += Math.max(1, countLineEnds(bytes, this.#rules.dialect));
  }

  /** Takes what the lines of a file with several kinds of line ends hold; false where they are no rows of their own. */
  #takePieces(bytes: Uint8Array, start: number, found: CutRecord[]): boolean {
    const { dialect, width } = this.#rules;
    const pieces = cutAtAnyLineEnd(bytes, dialect) ?? [];
    const filled = pieces.filter(({ cells }) => !isBlank(cells));
    if (filled.length < 2 || filled.some(({ cells }) => cells.length !== width)) return false;
    let taken = 0;
    for (const { cells, endByte } of pieces) {
      if (!isBlank(cells)) found.push(this.#cutRecord(cells, start + taken, start + endByte));
      this.#line += Math.max(1, countLineEnds(bytes.subarray(taken, endByte), dialect));
      taken = endByte;
    }
    return true;
  }

  /** Of the window's text from `start` to `end`. */
  #cutRecord(cells: readonly string[], start: number, end: number): CutRecord {
    const { startByte } = this.#window;
    const isLong = end - start > this.#rules.recordBytes;
    const problem = isLong ? this.#tooLong() : null;
    return this.#record(startByte + start, startByte + end, isLong ? null : cells, problem);
  }

  /** The first physical line of the window, whose quotes do not fit. */
  #takeLine(trouble: 'open-quote' | 'stray-quote', found: CutRecord[]): void {
    const { startByte, text } = this.#window;
    const { dialect, recordBytes } = this.#rules;
    const lineEnd = afterLineEnd(text, 0, dialect);
    const bytes = lineEnd < 0 ? text.length : lineEnd;
    const line = text.subarray(0, bytes);
    const isLong = bytes > recordBytes;
    if (isLong || !this.#takePieces(line, 0, found)) {
      const plain = isLong ? null : cutPlainly(line, dialect);
      const sound = plain === null ? undefined : soundCells(plain);
      const problem =
        trouble === 'open-quote'
          ? `Line ${this.#line}: a quote opens in this line and is never closed; the lines after it were read as rows of their own.`
          : `Line ${this.#line}: a quote stands where none can be; a cell that holds quotes must be in quotes itself, and its own quotes doubled.`;
      found.push(this.#record(startByte, startByte + bytes, sound ?? plain, sound ? null : problem));
      this.#line += 1;
    }
    this.#window.skip(bytes);
  }

  #record(
    startByte: number,
    endByte: number,
    cells: readonly string[] | null,
    problem: string | null,
  ): CutRecord {
    return { line: this.#line, startByte, endByte, cells, problem };
  }

  #tooLong(): string {
    return `Line ${this.#line}: the row is longer than ${this.#rules.recordBytes} bytes, the most that is taken (limits.recordBytes).`;
  }
}

const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;

function isBlank(cells: readonly string[]): boolean {
  return cells.length === 1 && cells[0]?.trim() === '';
}

/** A break in a cell that is no line end of this file: it may be one all the same, or stand in quotes. */
function hasStrayLineEnd(cells: readonly string[], { lineEnd }: Dialect): boolean {
  const stray = lineEnd === 'cr' ? /\n/ : /\r(?!\n)/;
  return cells.some((cell) => stray.test(cell));
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
