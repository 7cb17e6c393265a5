import { readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { cutName } from './names.ts';

/** Something that lies in a folder. */
export interface Entry {
  /** As people and Trackdrop call it. Two entries may be called alike; their paths differ. */
  readonly name: string;
  /** Bytes where the name is no UTF-8: the text that such a name is read as leads to no file. */
  readonly path: string | Buffer;
}

const REPLACEMENT = '\ufffd';

/**
 * Lists a folder. On Linux a name is bytes, and servers and clients of old write Latin letters as one byte each: such
 * a name is read as Windows-1252, cut where that is longer than a name may be.
 * @throws what the file system says
 */
export async function entriesOf(folder: string): Promise<readonly Entry[]> {
  const names = await readdir(folder);
  if (!names.some((name) => name.includes(REPLACEMENT))) {
    return names.map((name) => ({ name, path: join(folder, name) }));
  }
  // Listed anew as bytes: nothing but those tells a name with the replacement character from one that has it in a letter's stead.
  const written = await readdir(folder, { encoding: 'buffer' });
  return written.map((bytes) => entryOf(folder, bytes));
}

/** Tells entries apart, also those that are called alike. */
export function entryKey({ path }: Pick<Entry, 'path'>): string {
  // No path in text holds this character.
  return typeof path === 'string' ? path : `\0${path.toString('latin1')}`;
}

function entryOf(folder: string, bytes: Buffer): Entry {
  const name = bytes.toString();
  if (bytes.equals(Buffer.from(name))) return { name, path: join(folder, name) };
  const path = Buffer.concat([Buffer.from(folder + sep), bytes]);
  return { name: cutName(new TextDecoder('windows-1252').decode(bytes)), path };
}
