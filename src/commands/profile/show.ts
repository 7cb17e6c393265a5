import { profileText } from '../../config/profile-text.ts';
import { readReadingConfig } from '../../config/reading-config.ts';
import { EXIT } from '../exit-codes.ts';
import type { Shell } from '../shell.ts';
import { noSuchProfile } from './read-as.ts';

/**
 * Prints the YAML of a profile of one's own or of a preset. Exit code 0.
 * @throws UsageError `no-such-profile`; ConfigError where a profile of the configuration cannot be used.
 */
export async function showCommand(
  { name, config: file }: { readonly name: string; readonly config: string | undefined },
  { env, cwd, stdout }: Pick<Shell, 'env' | 'cwd' | 'stdout'>,
): Promise<number> {
  const around = { file, env, cwd };
  const names = (await readReadingConfig(around)).profiles.map((profile) => profile.name);
  const text = names.includes(name) ? await profileText(around, name) : undefined;
  if (text === undefined) throw noSuchProfile(name, names);
  stdout.write(text);
  return EXIT.done;
}
