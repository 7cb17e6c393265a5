import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../domain/failure.ts';
import { Checker } from './checker.ts';
import { treeOf } from './option.ts';
import { NAME } from './option-kinds.ts';
import { type CheckedProfile, profileAt } from './profile-check.ts';
import { PROFILE_OPTION_LIST } from './profile-options.ts';
import { parseYaml } from './yaml-file.ts';

const OPTIONS_OF_A_FILE = treeOf(PROFILE_OPTION_LIST);
/** Of a file that holds a profile. */
export const PROFILE_EXTENSION = /\.ya?ml$/i;

/** What the profile of a file in a folder of profiles is called; undefined for a file that holds none. */
export function profileOfFile(file: string): string | undefined {
  return PROFILE_EXTENSION.test(file) && !file.startsWith('.')
    ? file.replace(PROFILE_EXTENSION, '')
    : undefined;
}

/**
 * The profiles of a folder, one a file, called as the file is; other files are left alone. What is wrong is added to
 * `problems`, with file and line.
 *
 * @throws an error of the file system where the folder cannot be listed.
 */
export function readProfileFiles(folder: string, problems: string[]): CheckedProfile[] {
  const files = readdirSync(folder).filter((file) => profileOfFile(file) !== undefined);
  return files.sort().flatMap((file) => readProfileFile(join(folder, file), file, problems) ?? []);
}

/**
 * The profile of one file; undefined where it is none, which is added to `problems`. `file` is its name.
 */
export function readProfileFile(path: string, file: string, problems: string[]): CheckedProfile | undefined {
  const name = file.replace(PROFILE_EXTENSION, '');
  if (!NAME.test(name)) {
    problems.push(`${path}: the file's name is the profile's: expected letters, digits, '.', '_' and '-'`);
    return undefined;
  }
  try {
    const { tree, lineOf } = parseYaml(path, readFileSync(path, 'utf8'));
    const whereIs = (place: readonly (string | number)[]) => [path, lineOf(place)].filter(Boolean).join(', ');
    const checker = new Checker(OPTIONS_OF_A_FILE, whereIs, problems);
    checker.check(tree, 'keys such as columns: and rows:');
    return profileAt(checker, [], name);
  } catch (error) {
    if (error instanceof ConfigError) problems.push(...error.problems);
    else if (error instanceof Error && 'code' in error)
      problems.push(`${path}: it cannot be read (${String(error.code)})`);
    else throw error;
    return undefined;
  }
}
