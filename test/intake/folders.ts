import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { ctimeOf } from '../../src/intake/bystanders.ts';
import { stateOf } from '../../src/intake/file-state.ts';
import type { FoundFile } from '../../src/intake/listing.ts';

/** A data folder of its own for one test. */
export async function dataFolder(root = tmpdir()) {
  const base = await mkdtemp(join(root, 'trackdrop-intake-'));
  const folders = {
    base,
    inbox: join(base, 'inbox'),
    working: join(base, 'working'),
    waiting: join(base, 'waiting'),
    processed: join(base, 'processed'),
    failed: join(base, 'failed'),
  };
  await mkdir(folders.inbox);
  return {
    ...folders,
    async drop(name: string, content: string | Uint8Array): Promise<string> {
      const path = join(folders.inbox, name);
      await writeFile(path, content);
      return path;
    },
    /** Every file below the base, with its text. */
    async files(): Promise<Record<string, string>> {
      const entries = await readdir(base, { recursive: true, withFileTypes: true });
      const files = entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name));
      const texts = files
        .sort()
        .map(async (path) => [relative(base, path), await readFile(path, 'utf8')] as const);
      return Object.fromEntries(await Promise.all(texts));
    },
    async [Symbol.asyncDispose]() {
      await rm(base, { recursive: true, force: true });
    },
  };
}

/** The file as the watcher would yield it now. */
export async function found(inbox: string, name: string): Promise<FoundFile> {
  const path = join(inbox, name);
  const stats = await stat(path, { bigint: true });
  const ctimeMs = ctimeOf(stats);
  return { inbox: 'main', folder: inbox, name, path, ctimeMs, doneFile: null, ...stateOf(stats) };
}
