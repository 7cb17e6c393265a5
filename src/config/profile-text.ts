import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { profileOfFile } from './profile-files.ts';
import { PRESETS_FOLDER } from './profiles.ts';
import { readWrittenIfAny, type Surroundings } from './written.ts';
import { isTree } from './yaml-file.ts';

/**
 * A profile as YAML, as it stands in a file of its own: under `profiles` of the configuration, else in its
 * `profilesFolder`, else among the presets. For profiles that were checked, so that no secret that stands in a wrong
 * place is shown.
 *
 * @throws ConfigError when the configuration cannot be read or is no YAML; an error of the file system for folders.
 */
export async function profileText(around: Surroundings, name: string): Promise<string | undefined> {
  const written = await readWrittenIfAny(around);
  const { profiles, profilesFolder } = isTree(written?.tree) ? written.tree : {};
  if (written !== undefined && isTree(profiles) && Object.hasOwn(profiles, name)) {
    return `# profiles.${name} of ${written.source}\n${stringify(profiles[name] ?? {})}`;
  }
  const own = typeof profilesFolder === 'string' ? [resolve(written?.folder ?? '', profilesFolder)] : [];
  for (const folder of [...own, PRESETS_FOLDER]) {
    const file = (await readdir(folder)).find((each) => profileOfFile(each) === name);
    if (file !== undefined) return readFile(join(folder, file), 'utf8');
  }
  return undefined;
}
