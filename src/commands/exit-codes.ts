import { ConfigError, StoreError, TrackdropError } from '../domain/failure.ts';
import { LeaseLostError } from '../domain/lease.ts';
import type { Shell } from './shell.ts';

/** What other programs read from the end of a command. */
export const EXIT = {
  done: 0,
  someRowsFailed: 1,
  wrongUsage: 2,
  storeUnreachable: 3,
  someRowsWait: 4,
  /** EX_SOFTWARE of sysexits(3). */
  bug: 70,
  /** EX_TEMPFAIL of sysexits(3): whoever supervises the daemon starts it again. */
  startAgain: 75,
} as const;

/** Says what went wrong, plainly where it is known and with its stack where it is a bug; returns the exit code. */
export function reportError(error: unknown, { stderr }: Pick<Shell, 'stderr'>): number {
  if (!(error instanceof TrackdropError)) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    stderr.write(`trackdrop: this is a bug in Trackdrop; please report it with these lines\n${stack}\n`);
    return EXIT.bug;
  }
  if (error instanceof ConfigError) {
    const { problems } = error;
    const head = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    stderr.write(`trackdrop: the configuration cannot be used: ${head}\n\n`);
    for (const problem of problems) stderr.write(`  ${problem}\n`);
    if (error.hint) stderr.write('\n');
  } else {
    stderr.write(`trackdrop: ${error.message}\n`);
  }
  if (error.hint) stderr.write(`${error.hint}\n`);
  if (error instanceof LeaseLostError) return EXIT.startAgain;
  return error instanceof StoreError ? EXIT.storeUnreachable : EXIT.wrongUsage;
}
