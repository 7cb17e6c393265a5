import { StoppedError } from '../../domain/failure.ts';
import { type OpenedFile, openRegular } from './survey.ts';
import { decodeText, type TextFormat } from './text.ts';

/** A piece of a drop's text that moves over the file from its start to its end; only the piece is in memory. */
export class TextWindow implements AsyncDisposable {
  /** The decoded text from `startByte` on, as far as it was read. */
  text: Buffer = Buffer.alloc(0);
  startByte = 0;
  /** True when `text` reaches to the end of the file. */
  isEnd = false;
  readonly #file: OpenedFile;
  readonly #chunks: AsyncGenerator<Buffer>;
  readonly #signal: AbortSignal;

  private constructor(file: OpenedFile, format: TextFormat, signal: AbortSignal) {
    this.#file = file;
    this.#chunks = decodeText(file.stream, format);
    this.#signal = signal;
  }

  static async open(path: string, format: TextFormat, signal: AbortSignal): Promise<TextWindow> {
    return new TextWindow(await openRegular(path), format, signal);
  }

  /** Reads one more piece. @throws StoppedError when the signal has fired. */
  async extend(): Promise<void> {
    if (this.#signal.aborted) throw new StoppedError();
    const next = await this.#chunks.next();
    if (next.done) this.isEnd = true;
    else this.text = this.text.length === 0 ? next.value : Buffer.concat([this.text, next.value]);
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
    // A generator that was never asked for anything has not closed what it would have read.
    await this.#file.close();
  }
}
