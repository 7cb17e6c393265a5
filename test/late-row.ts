import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { plainFile, type RunningDaemon } from './running-daemon.ts';

/** The rows of `slow.csv` as `dropWithLateRow` writes it. */
export interface SlowFile {
  readonly early: readonly (readonly [order: string, number: string])[];
  readonly late: readonly [order: string, number: string];
}

/** Writes `slow.csv` into the inbox, its last row only when the others were read; resolves when the file is settled. */
export async function dropWithLateRow(daemon: RunningDaemon, { early, late }: SlowFile) {
  const settled = daemon.next('drop.settled');
  const read = daemon.next('drop.read');
  await using file = await open(join(daemon.data, 'inbox', 'slow.csv'), 'w');
  await file.write(plainFile(...early));
  await read;
  await file.write(`${late.join()},ups,UPS\n`);
  return daemon.report(await settled);
}
