import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { starterFile } from '../config/example.ts';
import { UsageError } from '../domain/failure.ts';
import { EXIT } from './exit-codes.ts';
import type { Shell } from './shell.ts';

/**
 * Writes trackdrop.yaml and makes the folders that it speaks of; touches nothing that is there.
 *
 * @throws UsageError where the file is there already, or the folder cannot be written.
 */
export async function initCommand(
  options: { folder: string },
  shell: Pick<Shell, 'cwd' | 'stdout'>,
): Promise<number> {
  const folder = resolve(shell.cwd, options.folder);
  const file = join(folder, 'trackdrop.yaml');
  const data = join(folder, 'data');
  try {
    await mkdir(folder, { recursive: true });
    // Exclusive, and before the folders: a second init in the same place changes nothing. The file will hold
    // secrets, so nobody else may read it.
    await writeFile(file, starterFile(), { flag: 'wx', mode: 0o600 });
    for (const name of ['inbox', 'working', 'processed', 'failed']) {
      await mkdir(join(data, name), { recursive: true });
    }
  } catch (cause) {
    if (!(cause instanceof Error) || !('code' in cause)) throw cause;
    if (cause.code === 'EEXIST') {
      throw new UsageError('init-exists', `${file} is there already; nothing was changed`, {
        hint: 'Edit it, or name another folder: trackdrop init FOLDER',
        cause,
      });
    }
    throw new UsageError('init-failed', `${folder} cannot be written (${String(cause.code)})`, { cause });
  }
  const inFolder = folder === shell.cwd ? '' : `cd ${folder} && `;
  shell.stdout.write(
    [
      `Written: ${file}`,
      `Made:    ${join(data, 'inbox')} and, beside it, working, processed, failed`,
      '',
      'Next:',
      `  1. Fill in url and auth in ${file}`,
      '     (Magento: System > Integrations; the rights are, under Sales > Operations:',
      '     Orders > Actions > View, Orders > Actions > Ship, Shipments)',
      `  2. Let the SFTP user land in ${join(data, 'inbox')}`,
      `  3. See whether all is in place: ${inFolder}trackdrop check`,
      `  4. Start it: ${inFolder}trackdrop run`,
      '',
    ].join('\n'),
  );
  return EXIT.done;
}
