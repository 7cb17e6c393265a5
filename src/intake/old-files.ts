import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isGone } from './file-errors.ts';
import { isThere } from './file-state.ts';
import { removeIfEmpty } from './folder-contents.ts';
import { secondRoundName, settledNames } from './names.ts';

/** A file of a drop, as the ledger has it. */
interface KnownFile {
  readonly name: string;
  /** Null where it must stay, however old its folder is. */
  readonly settledAtMs: number | null;
}

/** Which files are old, and which are ours. `beforeMs` is of the wall clock. */
interface OldFilesOptions {
  readonly beforeMs: number;
  /** The files of drops that the ledger has in a folder. */
  readonly knownIn: (folder: string) => readonly KnownFile[];
}

/** A day goes on somewhere on earth for so long after its first moment in UTC. */
const DAY_ENDS_AFTER_MS = 36 * 60 * 60_000;

/**
 * Removes what was put into `processed/` before a time: the files of drops, in the folders of days that were over then, and
 * folders that are empty afterwards. A file of ours is one that the ledger knows, or a report or a retry file by its name,
 * or has its report beside it; everything else is somebody's, and stays. A link is not followed.
 * Returns how many files were removed.
 * @throws the file system's own error; what was removed before it stays removed.
 */
export async function removeOldDays(processed: string, options: OldFilesOptions): Promise<number> {
  let removed = 0;
  for (const entry of await entriesOf(processed)) {
    if (!entry.isDirectory() || !(dayEndMs(entry.name) < options.beforeMs)) continue;
    const folder = join(processed, entry.name);
    removed += await removeOld(folder, options, isOurs);
    await removeIfEmpty(folder);
  }
  return removed;
}

/** The same of `failed/`, which has no days: only what the ledger knows. */
export function removeOldFailed(failed: string, options: OldFilesOptions): Promise<number> {
  return removeOld(failed, options, () => false);
}

async function removeOld(
  folder: string,
  { beforeMs, knownIn }: OldFilesOptions,
  isOursByName: (name: string, beside: ReadonlySet<string>) => boolean,
): Promise<number> {
  const known = new Map<string, boolean>();
  for (const { name, settledAtMs } of knownIn(folder)) {
    const isOld = settledAtMs !== null && settledAtMs < beforeMs;
    // A report that was dropped again bears the name that its first drop's report would have.
    for (const each of Object.values(settledNames(name, 1)))
      known.set(each, isOld && (known.get(each) ?? true));
  }
  const files = (await entriesOf(folder)).filter((entry) => entry.isFile()).map(({ name }) => name);
  const beside = new Set(files);
  let removed = 0;
  for (const name of files) {
    if (known.get(name) ?? isOursByName(name, beside)) removed += await removeFile(join(folder, name));
  }
  return removed;
}

function isOurs(name: string, beside: ReadonlySet<string>): boolean {
  return secondRoundName(name) !== undefined || beside.has(settledNames(name, 1).report);
}

/** NaN for a name that is no day. */
function dayEndMs(name: string): number {
  return /^\d{4}-\d{2}-\d{2}$/.test(name) ? Date.parse(`${name}T00:00:00Z`) + DAY_ENDS_AFTER_MS : Number.NaN;
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}

/** 1, or 0 where somebody took it away before. */
async function removeFile(path: string): Promise<number> {
  try {
    await unlink(path);
    return 1;
  } catch (error) {
    if (isGone(error)) return 0;
    throw error;
  }
}

/** Whether any file of a settled drop lies where it was put. */
export async function isAnyLeft(folder: string, file: string): Promise<boolean> {
  for (const name of Object.values(settledNames(file, 1))) {
    if (await isThere(join(folder, name))) return true;
  }
  return false;
}
