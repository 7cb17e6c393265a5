import type { Columns } from '../profile/columns.ts';
import { CR, LF, QUOTE } from './ascii.ts';
import { afterLineEnd, countLineEnds, cutRecords, type Dialect, type RawRecord } from './cells.ts';
import { firstDoubtful, readDoubtful } from './doubtful-line.ts';
import {
  hasStrayLineEnd,
  holdsAnotherRow,
  isBlank,
  lineHasStrayEnd,
  rowsAtAnyLineEnd,
} from './stray-line-ends.ts';
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
interface CutRules {
  readonly dialect: Dialect;
  readonly columns: Pick<Columns, 'order' | 'tracking'>;
  /** The names of the columns. */
  readonly fields: readonly string[];
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
 *   bad row in a number and where another row seems to stand behind it: cut there, half a number could be pushed.
 */
export class Cutter {
  readonly #window: TextWindow;
  readonly #rules: CutRules;
  /** Of the text at the window's start. */
  #line: number;
  /** Where a line began that is too long to be kept; its end is being looked for. */
  #longSince: number | null = null;
  /** How much is cut at a time: of lines of two bytes, a window of records would be far larger than itself. */
  #sliceBytes = SLICE_BYTES;
  /** How much of the window, whose first quote nothing closes so far, need not be looked at again. */
  #openBytes = 0;

  constructor(window: TextWindow, rules: CutRules, line: number) {
    this.#window = window;
    this.#rules = rules;
    this.#line = line;
  }

  /** Takes every record that is whole out of the window, many at a time; the rest stays until more is read. */
  *cut(): Generator<readonly CutRecord[]> {
    if (this.#isStillOpen()) return;
    let found: CutRecord[] = [];
    let sinceByte = this.#window.startByte;
    while (this.#cutSome(found)) {
      if (this.#window.startByte - sinceByte < SLICE_BYTES) continue;
      yield found;
      found = [];
      sinceByte = this.#window.startByte;
    }
    if (found.length > 0) yield found;
  }

  /**
   * One slice of lines, one line that is too long, or one whose quotes do not fit; false where more must be read first.
   */
  #cutSome(found: CutRecord[]): boolean {
    const whole = this.#wholeLinesBytes(Number.POSITIVE_INFINITY);
    if (this.#longSince !== null || whole === 0) return this.#cutLong(found);
    const { dialect } = this.#rules;
    const lines = this.#window.text.subarray(0, this.#wholeLinesBytes(this.#sliceBytes) || whole);
    const doubtfulAt = firstDoubtful(lines, dialect);
    const slice = doubtfulAt < 0 ? lines : lines.subarray(0, doubtfulAt);
    const { records, trouble } = cutRecords(slice, dialect);
    const taken = this.#takeAll(records, found);
    this.#window.skip(trouble === null ? slice.length : taken);
    if (trouble === 'open-quote') return this.#cutOpen(lines.length < whole, found);
    this.#sliceBytes = SLICE_BYTES;
    if (trouble !== null || doubtfulAt >= 0) this.#takeLine('stray-quote', found);
    return true;
  }

  /** What closes the quote may stand in a longer slice, in what is not read yet, or nowhere. */
  #cutOpen(isSlice: boolean, found: CutRecord[]): boolean {
    if (isSlice) {
      this.#sliceBytes *= 2;
      return true;
    }
    this.#sliceBytes = SLICE_BYTES;
    if (this.#mayStillClose()) {
      this.#openBytes = this.#window.text.length;
      return false;
    }
    this.#takeLine('open-quote', found);
    return true;
  }

  /** The records of the window's text from its start on; how many bytes they are. */
  #takeAll(records: readonly RawRecord[], found: CutRecord[]): number {
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
    return taken;
  }

  /** Up to the last line end that was read, within `atMost`; to the end at the end of the file. */
  #wholeLinesBytes(atMost: number): number {
    const { text, isEnd } = this.#window;
    if (isEnd && text.length <= atMost) return text.length;
    const piece = text.length <= atMost ? text : text.subarray(0, atMost);
    if (this.#rules.dialect.lineEnd === 'lf') return piece.lastIndexOf(LF) + 1;
    // A CR at the end of what was read may be half of a CR LF.
    const at = piece.subarray(0, -1).lastIndexOf(CR);
    return piece[at + 1] === LF && at >= 0 ? at + 2 : at + 1;
  }

  /** A line that is too long to be kept; false where more must be read first. */
  #cutLong(found: CutRecord[]): boolean {
    const { text, isEnd, startByte } = this.#window;
    const { dialect, recordBytes } = this.#rules;
    if (this.#longSince === null) {
      if (text.length <= recordBytes) return false;
      this.#longSince = startByte;
    }
    const lineEnd = afterLineEnd(text, 0, dialect);
    const isSplit = lineEnd === text.length && dialect.lineEnd === 'cr' && !isEnd;
    if (!isEnd && (lineEnd < 0 || isSplit)) {
      this.#window.skip(text.length - (isSplit ? 1 : 0));
      return false;
    }
    this.#window.skip(lineEnd < 0 ? text.length : lineEnd);
    found.push(this.#record(this.#longSince, this.#window.startByte, null, this.#tooLong()));
    this.#longSince = null;
    this.#line += 1;
    return true;
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
    const { dialect } = this.#rules;
    const bytes = this.#window.text.subarray(start, end);
    const isStray = hasStrayLineEnd(cells, dialect);
    if (isStray && this.#takeRows(bytes, start, found)) return;
    const problem = isStray ? this.#joined(bytes) : null;
    if (!isBlank(cells)) found.push(this.#cutRecord(cells, start, end, problem));
    this.#line += Math.max(1, countLineEnds(bytes, dialect));
  }

  /** Takes the rows that stand between line ends of several kinds; false where there are none. */
  #takeRows(bytes: Uint8Array, start: number, found: CutRecord[]): boolean {
    const { dialect, fields } = this.#rules;
    const rows = rowsAtAnyLineEnd(bytes, dialect, fields.length);
    let taken = 0;
    for (const { cells, endByte } of rows ?? []) {
      if (!isBlank(cells)) found.push(this.#cutRecord(cells, start + taken, start + endByte));
      this.#line += Math.max(1, countLineEnds(bytes.subarray(taken, endByte), dialect));
      taken = endByte;
    }
    return rows !== undefined;
  }

  /** Of the window's text from `start` to `end`. */
  #cutRecord(cells: readonly string[], start: number, end: number, problem: string | null = null): CutRecord {
    const { startByte } = this.#window;
    const isLong = end - start > this.#rules.recordBytes;
    const [kept, why] = isLong ? [null, this.#tooLong()] : [cells, problem];
    return this.#record(startByte + start, startByte + end, kept, why);
  }

  /** The first physical line of the window, whose quotes do not fit. */
  #takeLine(trouble: 'open-quote' | 'stray-quote', found: CutRecord[]): void {
    const { startByte, text } = this.#window;
    const { dialect, fields, recordBytes } = this.#rules;
    const lineEnd = afterLineEnd(text, 0, dialect);
    const bytes = text.subarray(0, lineEnd < 0 ? text.length : lineEnd);
    const isLong = bytes.length > recordBytes;
    const isStray = !isLong && lineHasStrayEnd(bytes, dialect);
    if (!isStray || !this.#takeRows(bytes, 0, found)) {
      const { cells, problem } = isLong
        ? { cells: null, problem: this.#tooLong() }
        : readDoubtful(bytes, dialect, trouble, { line: this.#line, fields });
      const why = problem ?? (isStray ? this.#joined(bytes) : null);
      found.push(this.#record(startByte, startByte + bytes.length, cells, why));
      this.#line += 1;
    }
    this.#window.skip(bytes.length);
  }

  #record(
    startByte: number,
    endByte: number,
    cells: readonly string[] | null,
    problem: string | null,
  ): CutRecord {
    return { line: this.#line, startByte, endByte, cells, problem };
  }

  /** Why a record that a line end of another kind does not divide is not taken; null where it may be. */
  #joined(bytes: Uint8Array): string | null {
    const { dialect, columns } = this.#rules;
    return holdsAnotherRow(bytes, dialect, columns)
      ? `Line ${this.#line}: a line end of another kind stands within the row, and behind it what looks like another one; nothing of the line is taken; end each row as the other rows of the file end.`
      : null;
  }

  #tooLong(): string {
    return `Line ${this.#line}: the row is longer than ${this.#rules.recordBytes} bytes, the most that is taken (limits.recordBytes).`;
  }
}

const SLICE_BYTES = 32 * 1024;
