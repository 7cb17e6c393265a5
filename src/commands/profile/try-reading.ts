import { basename } from 'node:path';
import { UnreadableDropError } from '../../domain/failure.ts';
import type { Profile } from '../../domain/profile.ts';
import type { DamagedColumns } from '../../intake/reading/excel-damage.ts';
import { readHead } from '../../intake/reading/head.ts';
import type { DropLayout } from '../../intake/reading/layout.ts';
import { type ReadOptions, readDrop } from '../../intake/reading/read.ts';
import { isAsSurveyed } from '../../intake/reading/survey.ts';
import type { TextFormat } from '../../intake/reading/text.ts';
import { RecordSpotter, type Sighting } from './sighting.ts';

/** A file as the daemon would read it. */
export type Tried =
  | {
      readonly kind: 'read';
      readonly format: TextFormat;
      /** Of the first line that is not blank; null where no line ends. */
      readonly lineEnd: LineEnd | null;
      /** Null for a file of nothing but blanks. */
      readonly layout: DropLayout | null;
      readonly profile: Profile;
      readonly sighting: Sighting;
      /** All its long numbers end in zeros, so that none of them was taken. */
      readonly isDamaged: boolean;
    }
  | { readonly kind: 'failed'; readonly error: UnreadableDropError };

/** How a file ends its lines. */
export type LineEnd = 'lf' | 'crlf' | 'cr';

/** What is looked at of a file, and who hears how far it is. */
interface TryOptions extends Omit<ReadOptions, 'name' | 'damaged'> {
  /** So many rows are kept to be shown. */
  readonly mostRows: number;
  /** Called now and then with how many records were read. */
  readonly onRead: (records: number) => void;
}

/** Reads all of a file and writes nothing; whatever fails it as a whole is what was found. */
export async function tryReading(path: string, options: TryOptions, signal: AbortSignal): Promise<Tried> {
  try {
    return await readOnce(path, options, null, signal);
  } catch (error) {
    if (!(error instanceof UnreadableDropError)) throw error;
    return { kind: 'failed', error };
  }
}

async function readOnce(
  path: string,
  options: TryOptions,
  damaged: DamagedColumns | null,
  signal: AbortSignal,
): Promise<Tried> {
  const { mostRows, onRead, ...rest } = options;
  const reading = await readDrop(path, { ...rest, name: basename(path), damaged }, signal);
  const { survey, layout, profile, records } = reading;
  const spotter = new RecordSpotter(mostRows);
  let count = 0;
  for await (const batch of records) {
    for (const record of batch) spotter.look(record);
    count += batch.length;
    onRead(count);
  }
  if (!(await isAsSurveyed(path, survey))) throw changed();
  const found = reading.damagedColumns();
  if (damaged === null && found.length > 0) return readOnce(path, options, found, signal);
  return {
    kind: 'read',
    format: survey.format,
    lineEnd: await firstLineEnd(path, survey.format, signal),
    layout,
    profile,
    sighting: spotter.seen(),
    isDamaged: damaged !== null,
  };
}

async function firstLineEnd(path: string, format: TextFormat, signal: AbortSignal): Promise<LineEnd | null> {
  const head = await readHead(path, format, signal);
  const [first] = head?.lines ?? [];
  if (head === null || first === undefined) return null;
  const end = head.text.subarray(0, first.end).toString('latin1');
  if (end.endsWith('\r\n')) return 'crlf';
  return end.endsWith('\n') ? 'lf' : end.endsWith('\r') ? 'cr' : null;
}

function changed(): UnreadableDropError {
  return new UnreadableDropError('changed', 'The file was written to while it was read.', 1, 'Try it again.');
}
