import { access, constants, realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UsageError } from '../../domain/failure.ts';
import { refusalCode } from '../../intake/file-errors.ts';

/**
 * The file that a person names, with its links followed: the daemon takes none, a person may well have one.
 * @throws UsageError `no-such-file`.
 */
export async function sampleFile(file: string, cwd: string): Promise<string> {
  const path = resolve(cwd, file);
  try {
    const target = await realpath(path);
    await access(target, constants.R_OK);
    return target;
  } catch (error) {
    const code = refusalCode(error);
    const words = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`;
    throw new UsageError('no-such-file', `${path}: ${words}`);
  }
}
