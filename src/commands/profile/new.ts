import { isAscii } from 'node:buffer';
import { writeFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { NAME } from '../../config/option-kinds.ts';
import { PROFILE_WORDS } from '../../config/profiles.ts';
import { type ReadingConfig, readReadingConfig } from '../../config/reading-config.ts';
import { UnreadableDropError, UsageError } from '../../domain/failure.ts';
import { refusalCode } from '../../intake/file-errors.ts';
import { profileByHeader, profileByName } from '../../intake/profile/choose.ts';
import { filePattern, profileName } from '../../intake/profile/file-pattern.ts';
import { guessShape, type Shape } from '../../intake/reading/guess-shape.ts';
import { readSample, type Sample } from '../../intake/reading/sample.ts';
import { printable } from '../../runtime/printable.ts';
import { EXIT } from '../exit-codes.ts';
import type { Shell } from '../shell.ts';
import { profileFileName } from './profile-file.ts';
import { sampleFile } from './sample-file.ts';
import { shellWord } from './shell-word.ts';
import { startingProfile } from './starting-profile.ts';
import { startingYaml } from './starting-yaml.ts';

/** What the command line asks for; `file` is the sample that the profile is made from. */
interface NewCommandOptions {
  readonly file: string;
  /** Undefined: made of the file's. */
  readonly name: string | undefined;
  /** Where it is written; undefined: to stdout. */
  readonly write: string | undefined;
  readonly config: string | undefined;
}

/**
 * Writes a profile to start from, by what the first rows of a file show: below `profiles:` on stdout, as it stands in
 * `trackdrop.yaml`, or into a file of its own, as it stands in `profilesFolder`. Exit code 0.
 *
 * @throws UsageError where there is no such file, the name is none, or what would be written is there already;
 * UnreadableDropError where the file is no text, or empty; ConfigError where a profile of the configuration cannot be used.
 */
export async function newCommand(
  { file, name, write, config: configFile }: NewCommandOptions,
  { env, cwd, stdout }: Pick<Shell, 'env' | 'cwd' | 'stdout'>,
): Promise<number> {
  const config = await readReadingConfig({ file: configFile, env, cwd });
  const path = await sampleFile(file, cwd);
  const sample = await readSample(path, { maxBytes: config.limits.fileBytes }, new AbortController().signal);
  const shape = sample.head && guessShape(sample.head, sample.text);
  if (!shape) throw nothingToSee(sample);
  const target = write === undefined ? undefined : resolve(cwd, write);
  const called = nameFor(basename(path), name, target, config);
  const lines = yamlOf(basename(path), sample, shape, config);
  const next = `trackdrop profile try ${shellWord(file)} --profile ${shellWord(write ?? called)}`;
  const head = [
    `# A profile to start from, made of a file by: trackdrop profile new`,
    '# Look at what is marked CHECK and at what stands behind a #, then see what it reads:',
    `#   ${next}`,
  ];
  if (target === undefined) {
    const inner = lines.map((line) => `    ${line}`);
    stdout.write(`${[...head, 'profiles:', `  ${called}:`, ...inner].join('\n')}\n`);
  } else {
    await writeNew(target, `${[...head, ...lines].join('\n')}\n`);
    stdout.write(`Written: ${printable(target)}\nSee what it reads: ${next}\n`);
  }
  return EXIT.done;
}

function yamlOf(file: string, { survey, text }: Sample, shape: Shape, { profiles }: ReadingConfig): string[] {
  const choice = { fixed: null, known: profiles.filter(({ origin }) => origin === 'preset') };
  const chosen = profileByName(file, choice) ?? profileByHeader(shape.header?.fields ?? [], choice);
  const { profile, why = '' } = chosen ?? {};
  const preset = profile ? { name: profile.name, why } : null;
  return startingYaml(startingProfile(shape, profile), {
    file,
    pattern: filePattern(file),
    format: survey.format,
    isAscii: isAscii(text),
    preset,
  });
}

function nameFor(
  file: string,
  asked: string | undefined,
  target: string | undefined,
  { profiles }: ReadingConfig,
): string {
  const ofTarget = target === undefined ? undefined : profileFileName(target);
  if (asked !== undefined && ofTarget !== undefined && asked !== ofTarget) {
    throw new UsageError('bad-name', `a profile is called as its file is: ${ofTarget}, not ${asked}`);
  }
  const wanted = asked ?? ofTarget;
  const taken = [...PROFILE_WORDS, ...profiles.map(({ name }) => name)];
  if (wanted === undefined) {
    const made = profileName(file);
    return taken.includes(made) ? `my-${made}` : made;
  }
  if (!NAME.test(wanted) || taken.includes(wanted)) {
    const words = taken.includes(wanted) ? 'has a meaning already' : 'is no name for a profile';
    const hint = "Take letters, digits, '.', '_' and '-', such as acme.";
    throw new UsageError('bad-name', `${JSON.stringify(wanted)} ${words}`, { hint });
  }
  return wanted;
}

async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx' });
  } catch (error) {
    const code = refusalCode(error);
    const words =
      code === 'EEXIST' ? 'it is there already, and is not overwritten' : `it cannot be written (${code})`;
    throw new UsageError('not-written', `${path}: ${words}`);
  }
}

function nothingToSee({ head }: Sample): UnreadableDropError {
  return head === null
    ? new UnreadableDropError(
        'empty',
        'The file is empty: it shows nothing of how such files are written.',
        1,
      )
    : new UnreadableDropError(
        'no-delimiter',
        'None of comma, semicolon, tab and pipe cuts the first rows into several cells.',
        1,
        'Take a file with several rows, each with an order number and a tracking number.',
      );
}
