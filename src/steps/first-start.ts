import { readdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Config } from '../config/config.ts';
import { isGone, refusalCode } from '../intake/file-errors.ts';

/**
 * True where nothing tells of an earlier run: the folders of drops hold nothing, and no ledger was set aside. What cannot be
 * listed may hold something.
 */
export async function isFirstStart({
  ledger,
  inboxes,
}: Pick<Config, 'ledger' | 'inboxes'>): Promise<boolean> {
  const folders = inboxes.flatMap(({ working, waiting, processed, failed }) => [
    working,
    waiting,
    processed,
    failed,
  ]);
  for (const folder of new Set(folders)) {
    const names = await namesIn(folder);
    if (names === undefined || names.length > 0) return false;
  }
  const beside = await namesIn(dirname(ledger));
  return beside?.some((name) => name.startsWith(`${basename(ledger)}.damaged-`)) === false;
}

/** Undefined where the folder cannot be listed; none where it is not there. */
async function namesIn(folder: string): Promise<readonly string[] | undefined> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isGone(error)) return [];
    refusalCode(error);
    return undefined;
  }
}
