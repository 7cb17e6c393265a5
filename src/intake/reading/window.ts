import { StoppedError } from '../../domain/failure.ts';
import { type OpenedFile, openRegular, PARSED_BYTES } from './open-file.ts';
import { decodeText, type TextFormat } from './text.ts';

/** A piece of a drop's text that moves over the file from its start to its end; only the piece is in memory. */
export class TextWindow implements AsyncDisposable {
  /** The decoded text from `startByte` on, as far as it was read; what it is good for ends with the next `extend`. */
  text: Buffer = Buffer.alloc(0);
  startByte = 0;
  /** True when `text` reaches to the end of the file. */
  isEnd = false;
  readonly #file: OpenedFile;
  readonly #chunks: AsyncGenerator<Buffer>;
  readonly #signal: AbortSignal;
  /** What `text` is part of: one buffer for the whole file, since a new one for each piece outruns the collector. */
  #store: Buffer = Buffer.alloc(0);

  private constructor(file: OpenedFile, format: TextFormat, signal: AbortSignal) {
    this.#file = file;
    this.#chunks = decodeText(file.chunks, format);
    this.#signal = signal;
  }

  static async open(path: string, format: TextFormat, signal: AbortSignal): Promise<TextWindow> {
    return new TextWindow(await openRegular(path, PARSED_BYTES), format, signal);
  }

  /** Reads one more piece. @throws StoppedError when the signal has fired. */
  async extend(): Promise<void> {
    if (this.#signal.aborted) throw new StoppedError();
    const next = await this.#chunks.next();
    if (next.done) this.isEnd = true;
    else this.#append(next.value);
  }

  /** Moves the start. */
  skip(bytes: number): void {
    this.text = this.text.subarray(bytes);
    this.startByte += bytes;
  }

  /** Moves the start to an offset further on; stops at the end of the file. */
  async skipTo(byte: number): Promise<void> {
    while (this.startByte < byte) {
      this.skip(Math.min(byte - this.startByte, this.text.length));
      if (this.startByte === byte || this.isEnd) return;
      await this.extend();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#chunks.return(undefined);
    await this.#file.close();
  }

  #append(piece: Buffer): void {
    const kept = this.text.length;
    const store =
      this.#store.length < kept + piece.length ? Buffer.allocUnsafe(2 * (kept + piece.length)) : this.#store;
    // Where both are the same buffer, copy moves the bytes as if through a third.
    this.text.copy(store);
    piece.copy(store, kept);
    this.#store = store;
    this.text = store.subarray(0, kept + piece.length);
  }
}
