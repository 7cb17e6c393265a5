import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { UnreadableDropError } from '../../domain/failure.ts';
import { type FileState, stateOf } from '../file-state.ts';

/** A file that is open for reading. */
export interface OpenedFile {
  /** From the start to the end. Each chunk is good until the next is asked for: all are read into one buffer. */
  readonly chunks: AsyncIterable<Buffer>;
  readonly state: FileState;
  close(): Promise<void>;
}

/** Also what is parsed in one go between two turns of the event loop, and how many rows are in memory at a time. */
export const PARSED_BYTES = 32 * 1024;

/**
 * Opens a file for reading, unless it is a link, a FIFO or anything else that is no regular file.
 * @throws UnreadableDropError `not-a-file`.
 */
export async function openRegular(path: string, chunkBytes: number): Promise<OpenedFile> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const stats = await handle.stat({ bigint: true });
  if (!stats.isFile()) {
    await handle.close();
    throw new UnreadableDropError('not-a-file', 'This is not a file but a folder, a pipe or a device.', 1);
  }
  return { chunks: chunksOf(handle, chunkBytes), state: stateOf(stats), close: () => handle.close() };
}

async function* chunksOf(handle: FileHandle, chunkBytes: number): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafe(chunkBytes);
  for (;;) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}
