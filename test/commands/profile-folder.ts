import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../../src/commands/cli.ts';
import { fakeShell } from './fake-shell.ts';

/** A folder of its own, in which `trackdrop profile` is run. */
export async function profileFolder() {
  const folder = await mkdtemp(join(tmpdir(), 'trackdrop-profile-'));
  return {
    folder,
    async put(name: string, content: string | Uint8Array): Promise<void> {
      await writeFile(join(folder, name), content);
    },
    read: (name: string) => readFile(join(folder, name), 'utf8'),
    async profile(...argv: string[]) {
      const { shell, printed } = fakeShell({ argv: ['profile', ...argv], cwd: folder });
      return { exitCode: await runCli(shell), ...printed };
    },
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true });
    },
  };
}
