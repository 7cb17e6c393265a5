import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { refusalCode } from './file-errors.ts';
import { namesIn } from './folder-contents.ts';
import { settledNames } from './names.ts';

/** Where files are put away. */
interface SettledFolders {
  /** Holds a folder for each day. */
  readonly processed: string;
  readonly failed: string;
}

/** A drop whose files were put away. */
export interface FoundSettled {
  readonly folder: string;
  /** The name of the file itself. */
  readonly file: string;
  readonly report: string;
  /** In `failed/`: a row of it failed. */
  readonly isFailed: boolean;
}

/** So many files of one name in one folder are looked at. */
const MOST_COPIES = 100;
/** A report's first row, whose last cell has the drop's id, ends long before in all but the strangest files. */
const LOOKED_AT_BYTES = 256 * 1024;
const DAY_MS = 24 * 60 * 60_000;
const DAY_FOLDER = /^\d{4}-\d\d-\d\d$/;

/**
 * Looks for a drop that the ledger does not know to be put away, by its report, which bears the drop's id: a ledger that was
 * put back from a copy is older than the folders. `sinceMs` is when it was claimed. Undefined where there is none; a
 * folder or a report that cannot be read is none, since nobody is to wait for what is only told.
 */
export async function findSettled(
  { processed, failed }: SettledFolders,
  { id, name }: { readonly id: string; readonly name: string },
  sinceMs: number,
): Promise<FoundSettled | undefined> {
  // Whatever the time zone of the folders' names.
  const first = new Date(sinceMs - DAY_MS).toISOString().slice(0, 10);
  const days = (await listed(processed)).filter((day) => DAY_FOLDER.test(day) && day >= first).sort();
  const folders = [failed, ...days.map((day) => join(processed, day))];
  for (const folder of folders) {
    const names = new Set(await listed(folder));
    for (let copy = 1; copy <= MOST_COPIES; copy += 1) {
      const { drop: file, report } = settledNames(name, copy);
      if (!names.has(file) || !names.has(report) || !(await bears(join(folder, report), id))) continue;
      return { folder, file, report, isFailed: folder === failed };
    }
  }
  return undefined;
}

async function listed(folder: string): Promise<readonly string[]> {
  return await namesIn(folder).catch((error: unknown) => {
    refusalCode(error);
    return [];
  });
}

/** Ids are random: one that stands anywhere in there is no chance. */
async function bears(report: string, id: string): Promise<boolean> {
  try {
    await using file = await open(report);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LOOKED_AT_BYTES), 0, LOOKED_AT_BYTES, 0);
    return buffer.subarray(0, bytesRead).includes(id);
  } catch (error) {
    refusalCode(error);
    return false;
  }
}
