import { encodeText, markOf, type TextFormat } from '../reading/text.ts';
import { TextWindow } from '../reading/window.ts';

/** Where a record stands; bytes as in FileRecord. */
export interface Span {
  readonly startByte: number;
  readonly endByte: number;
}

/**
 * Copies chosen records out of a drop: its byte order mark and, where it has one, its header line, then the records,
 * all byte for byte as they came. The drop is streamed once beside the caller's rows, so records must be asked for in
 * their order.
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
    yield* copy.record(header);
  }

  /** The record in pieces, for it may be as long as the file. */
  async *record(span: Span): AsyncGenerator<Buffer> {
    for await (const piece of this.text(span)) yield Buffer.from(encodeText(piece, this.#format.encoding));
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

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#window[Symbol.asyncDispose]();
  }
}
