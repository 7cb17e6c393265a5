import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { isLineEnd } from './stable.ts';

/** Whether a file of that size ends with a line end; null for an empty one. Throws what the file system says. */
export async function endsWithLineEnd(path: string | Buffer, bytes: number): Promise<boolean | null> {
  if (bytes === 0) return null;
  await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const last = Buffer.alloc(Math.min(bytes, 2));
  const { bytesRead } = await file.read(last, 0, last.length, bytes - last.length);
  return isLineEnd(last.subarray(0, bytesRead));
}
