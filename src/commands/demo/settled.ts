import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { EventMap } from '../../events.ts';
import { settledNames } from '../../intake/names.ts';
import { simplified } from '../../intake/profile/column-name.ts';
import { unwrapped } from '../../intake/protect.ts';

/** A settled drop, as a person finds it in the folders. */
export interface SettledFile {
  readonly inbox: string;
  /** Its name now, in `folder`. */
  readonly file: string;
  readonly folder: string;
  readonly rows: readonly SettledLine[];
}

/** A line of a report; each value as it stands there, without the protection from Excel. */
interface SettledLine {
  readonly line: string;
  readonly order: string;
  readonly number: string;
  readonly outcome: string;
  readonly message: string;
}

/** Reads the report of a drop from the disk: what a person is told is what counts. */
export async function readSettled({ inbox, file, folder }: EventMap['drop.settled']): Promise<SettledFile> {
  const text = await readFile(join(folder, settledNames(file, 1).report), 'utf8');
  // The report has the drop's own delimiter, or a comma where its columns are the only ones.
  const delimiter = /(.)trackdrop_line/.exec(text.replace('\ufeff', ''))?.[1] ?? ',';
  const lines: Record<string, string>[] = parse(text, {
    bom: true,
    delimiter,
    columns: (names: string[]) => names.map(simplified),
  });
  const rows = lines.map((cells) => ({
    line: cells.trackdropline ?? '',
    order: unwrapped(cells.ordernumber ?? ''),
    number: unwrapped(cells.trackingnumber ?? ''),
    outcome: cells.trackdropoutcome ?? '',
    message: unwrapped(cells.trackdropmessage ?? '', 'text'),
  }));
  return { inbox, file, folder, rows };
}
