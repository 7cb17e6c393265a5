import type { Drop } from '../domain/drop.ts';
import { type FileState, isSameState, lookAt } from '../intake/file-state.ts';
import type { DropLayout } from '../intake/reading/layout.ts';
import type { TextFormat } from '../intake/reading/text.ts';

/** How a drop was read, as the ledger keeps it for the report and the retry file. */
export interface Reading {
  /** Null where the file could not be read, or holds nothing but blanks. */
  readonly layout: DropLayout | null;
  readonly format: TextFormat;
  /** The file when it was read; JSON has no bigint. Null where it was gone. */
  readonly file: (Omit<FileState, 'inode'> & { readonly inode: string }) | null;
  /** Set by OUTDATED in ledger/schema, and gone once the file is read again. */
  readonly isOutdated?: true;
}

/** Of a drop that was not read so far. */
const NOT_READ: Reading = { layout: null, format: { encoding: 'utf-8', hasMark: false }, file: null };

/** Of a file that cannot be read as a whole, as it was when that was tried. */
export function failedReading(file: FileState | undefined): Reading {
  return { ...NOT_READ, file: file ? { ...file, inode: String(file.inode) } : null };
}

/** How a drop was read, as the ledger has it. */
export function readingOf({ layout }: Pick<Drop, 'layout'>): Reading {
  return layout === null ? NOT_READ : JSON.parse(layout);
}

/** True where the program that read the drop knew fewer columns: its rows lack what those say. */
export function isOutdated(drop: Drop): boolean {
  return readingOf(drop).isOutdated === true;
}

/**
 * True where the file at `path` is another than the one that was read, or somebody wrote to it since: an upload
 * that paused has rows that nobody pushed. A file that is gone has not changed.
 */
export async function isOtherThanRead(drop: Drop, path: string): Promise<boolean> {
  const { file } = readingOf(drop);
  const now = await lookAt(path);
  return file !== null && now !== undefined && !isSameState({ ...file, inode: BigInt(file.inode) }, now);
}
