import { open, rm } from 'node:fs/promises';

/**
 * Whether there is room for so many bytes beside the ledger, for this user: they are written, and removed again. What the
 * file system says is free tells nothing of a quota.
 * @throws an error that is not the file system's
 */
export async function hasRoom(ledgerFile: string, bytes: number): Promise<boolean> {
  try {
    // One killed in between leaves it to the next.
    await writeAndRemove(`${ledgerFile}-room`, bytes);
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    return false;
  }
}

async function writeAndRemove(file: string, bytes: number): Promise<void> {
  try {
    await using handle = await open(file, 'w');
    await handle.writeFile(Buffer.alloc(bytes));
    // A network file system may refuse them no sooner.
    await handle.sync();
  } finally {
    await rm(file, { force: true });
  }
}
