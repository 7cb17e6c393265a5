import { createHash } from 'node:crypto';
import { isGone } from './file-errors.ts';
import { openRegular } from './reading/open-file.ts';
import { isLineEnd } from './stable.ts';

/** What one pass over all bytes of a file tells of them. */
export interface Content {
  readonly bytes: number;
  /** Of all bytes, in hex. */
  readonly sha256: string;
  /** False for a file that ends in the middle of a line, and for an empty one. */
  readonly endsLine: boolean;
  /** Sha256 in hex of the first bytes, by how many, of those that were asked for and are fewer than all. */
  readonly beginnings: ReadonlyMap<number, string>;
}

const CHUNK_BYTES = 256 * 1024;
/** Of which any encoding shows a line end. */
const LAST_BYTES = 2;

/**
 * Hashes bytes as they come, and beginnings of some lengths by the way: a large file is not read once more for each.
 */
export class ContentHash {
  readonly #hash = createHash('sha256');
  readonly #beginnings = new Map<number, string>();
  /** Lengths that were not reached, the least last. */
  readonly #ahead: number[];
  #bytes = 0;
  #last = Buffer.alloc(0);

  /** `beginningsAt`: lengths in bytes, each above 0, in any order. */
  constructor(beginningsAt: readonly number[] = []) {
    this.#ahead = [...new Set(beginningsAt)].sort((one, other) => other - one);
  }

  get bytes(): number {
    return this.#bytes;
  }

  update(chunk: Buffer): void {
    let rest = chunk;
    // Only what has a byte behind it is a beginning.
    for (let at = this.#ahead.at(-1); at !== undefined && at < this.#bytes + rest.length; ) {
      const before = rest.subarray(0, at - this.#bytes);
      this.#hash.update(before);
      this.#bytes = at;
      rest = rest.subarray(before.length);
      this.#beginnings.set(at, this.#hash.copy().digest('hex'));
      this.#ahead.pop();
      at = this.#ahead.at(-1);
    }
    this.#hash.update(rest);
    this.#bytes += rest.length;
    // Copied: whoever reads a file does so into one buffer.
    this.#last = Buffer.concat([this.#last, chunk.subarray(-LAST_BYTES)]).subarray(-LAST_BYTES);
  }

  /** To be called once, after the last byte. */
  end(): Content {
    return {
      bytes: this.#bytes,
      sha256: this.#hash.digest('hex'),
      endsLine: isLineEnd(this.#last),
      beginnings: this.#beginnings,
    };
  }
}

/**
 * Reads a file for its content alone; undefined where it is gone.
 * @throws UnreadableDropError where it is no regular file
 */
export async function contentOf(
  path: string,
  beginningsAt: readonly number[] = [],
): Promise<Content | undefined> {
  try {
    const { chunks, close } = await openRegular(path, CHUNK_BYTES);
    try {
      const hash = new ContentHash(beginningsAt);
      for await (const chunk of chunks) hash.update(chunk);
      return hash.end();
    } finally {
      await close();
    }
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}
