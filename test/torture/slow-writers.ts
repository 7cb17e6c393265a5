import { type FileHandle, open } from 'node:fs/promises';
import type { CargoFile } from './cargo-file.ts';

/** Writers that have written the first part of their file, in its place, and hold it open. */
export class SlowWriters {
  readonly #open: { readonly handle: FileHandle; readonly rest: Buffer }[] = [];

  /** Writes the first part. @throws EEXIST where a file of that name lies there */
  async begin(path: string, { bytes, part }: CargoFile): Promise<void> {
    if (!part) throw new Error('a file that is written in one go has no first part');
    const handle = await open(path, 'wx');
    await handle.writeFile(part.bytes);
    this.#open.push({ handle, rest: bytes.subarray(part.bytes.length) });
  }

  /** Writes the rest of so many files, wherever they lie by now, the oldest first. */
  async goOn(count = this.#open.length): Promise<void> {
    for (const { handle, rest } of this.#open.splice(0, count)) {
      await handle.writeFile(rest);
      await handle.close();
    }
  }
}
