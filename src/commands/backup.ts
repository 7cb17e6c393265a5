import { rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { readConfig } from '../config/read.ts';
import { TrackdropError, UsageError } from '../domain/failure.ts';
import { isThere } from '../intake/file-state.ts';
import { flushFolder, replaceReserved } from '../intake/place.ts';
import { type BackedUp, backUp } from '../ledger/back-up.ts';
import type { Clock } from '../runtime/clock.ts';
import { printable, printableJson } from '../runtime/printable.ts';
import { ERASE_LINE } from './erase-line.ts';
import { EXIT } from './exit-codes.ts';
import type { Shell } from './shell.ts';

/** What the command line asks for; `file` is where the copy goes. */
interface BackupOptions {
  readonly config: string | undefined;
  readonly file: string;
  readonly json: boolean;
}

/** What is quicker needs no progress. */
const SAYS_NOTHING_FOR_MS = 1_000;

/**
 * Copies the ledger to a file, while a daemon may be writing it, and checks the copy; the file has its name once it is
 * whole and on the disk. A file that is there is never overwritten.
 * @throws ConfigError as `readConfig` does; UsageError `backup-exists` where the file is there; what `backUp` throws;
 * TrackdropError `backup-failed` where the file cannot be written.
 */
export async function backupCommand(
  { config: configFile, file, json }: BackupOptions,
  shell: Pick<Shell, 'env' | 'cwd' | 'stdout' | 'stderr' | 'pid'>,
  clock: Clock,
): Promise<number> {
  const { config } = await readConfig({ file: configFile, env: shell.env, cwd: shell.cwd });
  const target = resolve(shell.cwd, file);
  if (await isThere(target)) throw exists(target);
  const startedAtMs = clock.nowMs();
  const copy = `${target}.part-${shell.pid}`;
  const progress = new BackupProgress(shell, clock);
  const found = await orFailed(target, async () => {
    const copied = await backUp(config.ledger, { target: copy, onProgress: progress.say });
    if ((await replaceReserved(copy, target)) !== 'placed') {
      await rm(copy);
      throw exists(target);
    }
    await flushFolder(dirname(target));
    return copied;
  }).finally(() => progress.end());
  const { size: bytes } = await stat(target);
  const tookMs = clock.nowMs() - startedAtMs;
  shell.stdout.write(
    json ? inJson({ ledger: config.ledger, file: target, ...found, bytes, tookMs }) : inWords(),
  );
  return EXIT.done;

  function inWords(): string {
    const { drops, rows, writes } = found;
    return `${printable(target)}: ${drops} files with ${rows} rows, ${writes} writes; ${bytes} bytes in ${(tookMs / 1000).toFixed(1)} s, checked\n`;
  }
}

function inJson(facts: BackedUp & Readonly<Record<string, string | number>>): string {
  return `${printableJson(facts)}\n`;
}

function exists(target: string): UsageError {
  return new UsageError('backup-exists', `${target} is there already, and nothing is overwritten`, {
    facts: { file: target },
    hint: 'Give another name, such as one with the date in it, or take that file away.',
  });
}

async function orFailed<T>(target: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new TrackdropError('backup-failed', `${target} cannot be written: ${error.message}`, {
      facts: { file: target },
      hint: 'The folder must be there, with room for a second ledger, and may be written.',
      cause: error,
    });
  }
}

/** How far it is, on one line of a terminal; nothing elsewhere, and nothing for the first second. */
class BackupProgress {
  readonly #stderr: Shell['stderr'];
  readonly #clock: Clock;
  readonly #startMs: number;
  #isSaid = false;

  constructor({ stderr }: Pick<Shell, 'stderr'>, clock: Clock) {
    this.#stderr = stderr;
    this.#clock = clock;
    this.#startMs = clock.nowMs();
  }

  readonly say = (done: number, all: number): void => {
    if (!this.#stderr.isTTY || this.#clock.nowMs() - this.#startMs < SAYS_NOTHING_FOR_MS) return;
    this.#isSaid = true;
    this.#stderr.write(`${ERASE_LINE}copying the ledger: ${Math.floor((done / all) * 100)} %`);
  };

  end(): void {
    if (this.#isSaid) this.#stderr.write(ERASE_LINE);
  }
}
