import { basename } from 'node:path';
import { readReadingConfig } from '../../config/reading-config.ts';
import type { Clock } from '../../runtime/clock.ts';
import { printableJson } from '../../runtime/printable.ts';
import { EXIT } from '../exit-codes.ts';
import type { Shell } from '../shell.ts';
import { terminalOf } from '../terminal.ts';
import { isProfileFile, profileFileName } from './profile-file.ts';
import { readAs } from './read-as.ts';
import { ReadingLine } from './reading-line.ts';
import { sampleFile } from './sample-file.ts';
import { triedForPrograms } from './tried-for-programs.ts';
import { triedInLines } from './tried-in-lines.ts';
import { type Tried, tryReading } from './try-reading.ts';

/** What the command line asks for; `file` is read, and nothing is sent. */
interface TryCommandOptions {
  readonly file: string;
  readonly config: string | undefined;
  /** Its name, or the path of a file that holds one. */
  readonly profile: string | undefined;
  readonly inbox: string | undefined;
  /** So many rows are shown. */
  readonly rows: number;
  readonly json: boolean;
}

/**
 * Says what the daemon would read in a file, and writes nothing anywhere. Exit code 0 where every row can be read, 1
 * where one is bad or the file cannot be read as a whole.
 *
 * @throws ConfigError where a profile or an inbox of the configuration cannot be used; UsageError where there is no such
 * file, profile or inbox.
 */
export async function tryCommand(
  { file, config, profile, inbox, rows, json }: TryCommandOptions,
  { env, cwd, stdout, stderr }: Pick<Shell, 'env' | 'cwd' | 'stdout' | 'stderr'>,
  clock: Clock,
): Promise<number> {
  const profileFile = profile !== undefined && isProfileFile(profile) ? profile : undefined;
  const name = profileFile === undefined ? profile : profileFileName(profileFile);
  const reading = await readReadingConfig({ file: config, env, cwd }, profileFile);
  const as = readAs(reading, { profile: name, inbox });
  const path = await sampleFile(file, cwd);
  const progress = new ReadingLine(stderr, clock);
  const tried = await tryReading(
    path,
    {
      ...as,
      limits: reading.limits,
      mostRows: rows,
      onRead: (count) => progress.show(count),
    },
    new AbortController().signal,
  );
  progress.clear();
  const about = {
    file: basename(path),
    path: file,
    source: reading.source,
    inbox: as.inbox,
    why: name === undefined || name === 'auto' ? undefined : 'named by --profile',
  };
  const text = json
    ? printableJson(triedForPrograms(tried, about))
    : triedInLines(tried, about, terminalOf({ stdout, env })).join('\n');
  stdout.write(`${text}\n`);
  return isWell(tried) ? EXIT.done : EXIT.someRowsFailed;
}

function isWell(tried: Tried): boolean {
  return tried.kind === 'read' && tried.sighting.counts.bad === 0;
}
