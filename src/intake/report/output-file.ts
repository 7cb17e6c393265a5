import { type FileHandle, open } from 'node:fs/promises';

const BUFFERED_BYTES = 64 * 1024;

/** A file that is written from start to end in small pieces; whole on the disk once `finish` has returned. */
export class OutputFile implements AsyncDisposable {
  readonly #handle: FileHandle;
  #pieces: Uint8Array[] = [];
  #bytes = 0;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** Replaces a file of that name: for names of ours only. */
  static async create(path: string): Promise<OutputFile> {
    return new OutputFile(await open(path, 'w'));
  }

  async write(piece: string | Uint8Array): Promise<void> {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
    this.#pieces.push(bytes);
    this.#bytes += bytes.length;
    if (this.#bytes >= BUFFERED_BYTES) await this.#flush();
  }

  async finish(): Promise<void> {
    await this.#flush();
    await this.#handle.sync();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#bytes = 0;
    await this.#handle.writeFile(bytes);
  }
}
