import { readReadingConfig } from '../../config/reading-config.ts';
import type { Profile } from '../../domain/profile.ts';
import { EXIT } from '../exit-codes.ts';
import type { Shell } from '../shell.ts';
import { type Column, table } from '../table.ts';

const COLUMNS: readonly Column[] = [
  { head: 'NAME' },
  { head: 'FROM' },
  { head: 'AUTO GOES BY' },
  { head: 'WHAT IT READS' },
];

/**
 * Lists one's own profiles and the presets, a line each. Exit code 0.
 * @throws ConfigError where a profile of the configuration cannot be used.
 */
export async function listCommand(
  { config: file }: { readonly config: string | undefined },
  { env, cwd, stdout }: Pick<Shell, 'env' | 'cwd' | 'stdout'>,
): Promise<number> {
  const { profiles } = await readReadingConfig({ file, env, cwd });
  const rows = profiles.map((profile) => [
    profile.name,
    profile.origin === 'own' ? 'you' : 'preset',
    signOf(profile),
    profile.about,
  ]);
  const lines = table(COLUMNS, rows, { width: stdout.columns });
  stdout.write(`${lines.join('\n')}\n`);
  return EXIT.done;
}

/** What `profile: auto` knows a file of the profile by, in a word. */
function signOf({ files, headers, columns }: Profile): string {
  const hasNames = [columns.order, columns.tracking].every(
    (column) => typeof column === 'object' && column.kind === 'name',
  );
  if (files.length > 0) return headers.length > 0 || hasNames ? 'name, header' : 'name';
  return headers.length > 0 || hasNames ? 'header' : 'nothing';
}
