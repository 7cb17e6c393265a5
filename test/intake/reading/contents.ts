import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UnreadableDropError } from '../../../src/domain/failure.ts';
import { type ColumnChoice, type ColumnRole, PLAIN, type Profile } from '../../../src/domain/profile.ts';
import type { FileRecord } from '../../../src/domain/row.ts';
import { type ReadOptions, readDrop } from '../../../src/intake/reading/read.ts';

export const OPTIONS: ReadOptions = {
  limits: { fileBytes: 10_000_000, rows: 100_000, recordBytes: 4096, fieldBytes: 1024 },
  carriers: { default: 'custom', defaultTitle: 'Parcel' },
  name: 'a.csv',
  profiles: { fixed: null, known: [] },
};

export type More = Omit<Partial<ReadOptions>, 'limits'> & {
  readonly limits?: Partial<ReadOptions['limits']>;
};

/** For all files that this process reads: a folder for each would cost more than the reading. */
const folder = mkdtempSync(join(tmpdir(), 'trackdrop-reading-'));
process.once('exit', () => rmSync(folder, { recursive: true }));
let filesRead = 0;

/** What a file of this content is read as. */
export async function read(content: string | Uint8Array, more: More = {}) {
  filesRead += 1;
  const path = join(folder, `${filesRead}.csv`);
  await writeFile(path, content);
  const options = { ...OPTIONS, ...more, limits: { ...OPTIONS.limits, ...more.limits } };
  const { records, ...reading } = await readDrop(path, options, new AbortController().signal);
  const all: FileRecord[] = [];
  for await (const some of records) all.push(...some);
  return { ...reading, records: all };
}

/** The error of a file that cannot be read as a whole. */
export async function unreadable(content: string | Uint8Array, more?: More): Promise<UnreadableDropError> {
  const error: unknown = await read(content, more).then(
    () => assert.fail('it was read'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof UnreadableDropError, String(error));
  return error;
}

/** One line a record: its number, then the row's values or the reason. */
export function shown(records: readonly FileRecord[]): readonly string[] {
  return records.map(({ line, verdict }) => {
    if (verdict.kind !== 'row')
      return verdict.kind === 'bad' ? verdict.message : `${line} skipped: ${verdict.reason}`;
    const { orderNumber, trackingNumber, carrierCode, title, item } = verdict.rows[0];
    const words = [line, orderNumber, trackingNumber, carrierCode, title];
    return [...words, ...(item === null ? [] : [`${item.quantity} x ${item.sku}`])].join(' ');
  });
}

type Written = Omit<Partial<Profile>, 'columns'> & {
  /** Columns at these positions; the others as where nothing is said. */
  readonly at?: Partial<Record<ColumnRole, number>>;
  readonly columns?: Partial<Record<ColumnRole, ColumnChoice>>;
};

/** A merchant's own profile. */
export function acme({ at = {}, columns = {}, ...more }: Written): Profile {
  const positions = Object.entries(at).map(([role, position]) => [role, { kind: 'position', position }]);
  const all = { ...PLAIN.columns, ...Object.fromEntries(positions), ...columns };
  return { ...PLAIN, name: 'acme', origin: 'own', ...more, columns: all };
}

/** Read by this profile, whatever the file is. */
export function by(profile: Written): Pick<ReadOptions, 'profiles'> {
  return { profiles: { fixed: acme(profile), known: [] } };
}
