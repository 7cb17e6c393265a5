import { CR, LF } from '../reading/ascii.ts';
import type { Dialect } from '../reading/cells.ts';
import { encodeText, markOf, type TextFormat } from '../reading/text.ts';
import { TextWindow } from '../reading/window.ts';

/** Where a record stands; bytes as in FileRecord. */
export interface Span {
  readonly startByte: number;
  readonly endByte: number;
}

/**
 * Copies chosen records out of a drop: its byte order mark and, where it has one, its header line, then the records,
 * all byte for byte as they came, but for line ends of another kind than the file's. The drop is streamed once beside the
 * caller's rows, so records must be asked for in their order.
 */
export class RetryCopy implements AsyncDisposable {
  readonly #window: TextWindow;
  readonly #format: TextFormat;
  readonly #openHeader: () => Promise<RetryCopy>;

  private constructor(window: TextWindow, format: TextFormat, openHeader: () => Promise<RetryCopy>) {
    this.#window = window;
    this.#format = format;
    this.#openHeader = openHeader;
  }

  static async open(path: string, format: TextFormat, signal: AbortSignal): Promise<RetryCopy> {
    const openHeader = () => RetryCopy.open(path, format, signal);
    return new RetryCopy(await TextWindow.open(path, format, signal), format, openHeader);
  }

  /** What comes before the first record; `header` is null in a file that has none. */
  async *start(header: Span | null): AsyncGenerator<Buffer> {
    yield markOf(this.#format);
    if (header === null) return;
    // Read apart: a bad row may stand above it.
    await using copy = await this.#openHeader();
    for await (const piece of copy.text(header)) yield this.#encoded(piece);
  }

  /**
   * The record in pieces, for it may be as long as the file. A line end of another kind than the file's becomes one of
   * its kind: that it ends a record may show only by those around it, which are not copied, and at the first line of a
   * copy without a header it would make the kind of all.
   */
  async *record(span: Span, lineEnd: Dialect['lineEnd']): AsyncGenerator<Buffer> {
    let held: Buffer = Buffer.alloc(0);
    for await (const piece of this.text(span)) {
      const text = Buffer.concat([held, piece]);
      const endsAt = text.length - lineEndBytes(text);
      if (endsAt > 0) yield this.#encoded(text.subarray(0, endsAt));
      held = text.subarray(endsAt);
    }
    if (held.length > 0) yield this.#encoded(ofKind(held, lineEnd));
  }

  /** The same as text, which `encodeText` makes the bytes of; each piece is good until the next is asked for. */
  async *text({ startByte, endByte }: Span): AsyncGenerator<Buffer> {
    const window = this.#window;
    await window.skipTo(startByte);
    while (window.startByte < endByte) {
      const piece = window.text.subarray(0, endByte - window.startByte);
      if (piece.length > 0) yield piece;
      window.skip(piece.length);
      if (window.isEnd) return;
      if (window.startByte < endByte) await window.extend();
    }
  }

  /** A copy: the window reads on into the same bytes. */
  #encoded(text: Uint8Array): Buffer {
    return Buffer.from(encodeText(text, this.#format.encoding));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#window[Symbol.asyncDispose]();
  }
}

/** How many bytes at the end are a line end, of whatever kind. */
function lineEndBytes(text: Buffer): number {
  const last = text.at(-1);
  if (last === LF) return text.at(-2) === CR ? 2 : 1;
  return last === CR ? 1 : 0;
}

function ofKind(lineEnd: Buffer, kind: Dialect['lineEnd']): Buffer {
  if (kind === 'cr') return Buffer.of(CR);
  return lineEnd.at(-1) === LF ? lineEnd : Buffer.of(CR, LF);
}
