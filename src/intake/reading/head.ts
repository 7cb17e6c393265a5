import { BLANK, CR, LF, TAB } from './ascii.ts';
import type { TextFormat } from './text.ts';
import { TextWindow } from './window.ts';

/** The first lines of a file, from the first that is not blank on; offsets count as in FileRecord. */
export interface Head {
  readonly text: Buffer;
  /** Of the first line. */
  readonly startByte: number;
  readonly lines: readonly HeadLine[];
}

/** One physical line; `start` and `end`, which is after its line end, count in the head's text. */
export interface HeadLine {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  /** `cr` where CR alone ends it. */
  readonly lineEnd: 'lf' | 'cr';
}

/** What a header and the prose above it may be long. */
export const HEAD_BYTES = 64 * 1024;
const HEAD_LINES = 50;

/** Null for a file of nothing but blanks. A line that is longer than the whole head is not among its lines. */
export async function readHead(path: string, format: TextFormat, signal: AbortSignal): Promise<Head | null> {
  await using window = await TextWindow.open(path, format, signal);
  let line = 1;
  do {
    await window.extend();
    const blank = blankLinesBytes(window.text, window.isEnd);
    line += Array.from(linesOf(window.text.subarray(0, blank), line, true)).length;
    window.skip(blank);
  } while (!window.isEnd && window.text.length < HEAD_BYTES);
  if (window.isEnd && window.text.toString().trim() === '') return null;
  const text = Buffer.from(window.text.subarray(0, HEAD_BYTES));
  const lines = Array.from(linesOf(text, line, window.isEnd && window.text.length === text.length));
  return { text, startByte: window.startByte, lines: lines.slice(0, HEAD_LINES) };
}

/** Up to the start of the first line that is not blank; a CR at the end of what was read may be half of a CR LF. */
function blankLinesBytes(text: Buffer, isEnd: boolean): number {
  const filled = text.findIndex((byte) => byte !== CR && byte !== LF && byte !== BLANK && byte !== TAB);
  const until = filled < 0 ? text.length - (text.at(-1) === CR && !isEnd ? 2 : 1) : filled;
  return until < 0 ? 0 : Math.max(text.lastIndexOf(LF, until), text.lastIndexOf(CR, until)) + 1;
}

/** LF, CR LF and CR alone all end a line; the last one counts without its line end only where the text `isWhole`. */
function* linesOf(text: Buffer, firstLine: number, isWhole: boolean): Generator<HeadLine> {
  let line = firstLine;
  for (let start = 0; start < text.length; line += 1) {
    const at = text.subarray(start).findIndex((byte) => byte === CR || byte === LF);
    const isSplit = at >= 0 && text[start + at] === CR && start + at + 1 === text.length;
    if (!isWhole && (at < 0 || isSplit)) return;
    const isCrLf = text[start + at] === CR && text[start + at + 1] === LF;
    const end = at < 0 ? text.length : start + at + (isCrLf ? 2 : 1);
    const lineEnd = at >= 0 && !isCrLf && text[start + at] === CR ? 'cr' : 'lf';
    yield { line, start, end, lineEnd };
    start = end;
  }
}
