import { lstat, unlink } from 'node:fs/promises';
import { ctimeOf } from './bystanders.ts';
import { DoneFiles, doneFileMatcher } from './done-files.ts';
import { type Entry, entriesOf } from './entries.ts';
import { refusalCode, unlessGone } from './file-errors.ts';
import { isSameState, lookAt } from './file-state.ts';
import type { FoundDoneFile } from './looks.ts';
import { isTemporaryName } from './names.ts';

/**
 * Removes the done-file of a file that was taken: unless it speaks for others that are still there, or is another one by
 * now, made for the next file of that name.
 */
export async function removeDoneFile({ path, state, alsoFor }: FoundDoneFile): Promise<void> {
  for (const other of alsoFor) if ((await lookAt(other)) !== undefined) return;
  const now = await lookAt(path);
  if (now !== undefined && isSameState(now, state)) await removeIfAllowed(path);
}

/**
 * The same for a file of that name whose claim was cut off just before: its done-file may lie there still, beside the next
 * file of that name, or beside none.
 * @throws what the file system says of the folder
 */
export async function removeSpentDoneFile(folder: string, pattern: string, name: string): Promise<void> {
  const isDone = doneFileMatcher(pattern);
  const entries = await entriesOf(folder);
  const taken: Entry = { name, path: '' };
  const others = entries.filter((entry) => !isTemporaryName(entry.name) && !isDone(entry.name));
  const doneFiles = new DoneFiles(
    pattern,
    [taken, ...others],
    entries.filter((entry) => isDone(entry.name)),
  );
  const done = doneFiles.of(taken);
  const doneAtMs = done && (await ctimeAt(done.path));
  if (done === undefined || doneAtMs === undefined) return;
  for (const other of doneFiles.spokenForBy(done)) {
    if (other === taken) continue;
    const atMs = await ctimeAt(other.path);
    if (atMs !== undefined && atMs <= doneAtMs) return;
  }
  await removeIfAllowed(done.path);
}

async function ctimeAt(path: string | Buffer): Promise<number | undefined> {
  const stats = await lstat(path, { bigint: true }).catch(unlessGone);
  return stats && ctimeOf(stats);
}

/** One that stays does no harm: it is older than the next file of that name, and is named after an hour. */
async function removeIfAllowed(path: string | Buffer): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    refusalCode(error);
  }
}
