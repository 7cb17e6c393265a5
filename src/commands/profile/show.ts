import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PRESETS_FOLDER, readPresets } from '../../config/profiles.ts';
import { ConfigError } from '../../domain/failure.ts';
import { EXIT } from '../exit-codes.ts';
import type { Shell } from '../shell.ts';
import { noSuchProfile } from './read-as.ts';

/**
 * Prints the file of a preset. Exit code 0.
 * @throws UsageError `no-such-profile`.
 */
export async function showCommand(
  { name }: { readonly name: string },
  { stdout }: Pick<Shell, 'stdout'>,
): Promise<number> {
  const problems: string[] = [];
  const names = readPresets(problems).map((preset) => preset.name);
  if (problems.length > 0) throw new ConfigError(problems);
  if (!names.includes(name)) throw noSuchProfile(name, names);
  stdout.write(await readFile(join(PRESETS_FOLDER, `${name}.yaml`), 'utf8'));
  return EXIT.done;
}
