import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { UnreadableDropError } from '../../../src/domain/failure.ts';
import type { Row } from '../../../src/domain/row.ts';
import type { DamagedColumns } from '../../../src/intake/reading/excel-damage.ts';
import { readDrop } from '../../../src/intake/reading/read.ts';

const FOLDER = fileURLToPath(new URL('../../../fixtures/drops/', import.meta.url));
const OPTIONS = {
  limits: { fileBytes: 1e6, rows: 1000, recordBytes: 4096, fieldBytes: 1024 },
  carriers: { default: 'custom', defaultTitle: 'Parcel' },
  name: 'a.csv',
  profiles: { fixed: null, known: [] },
};

interface Expected {
  /** Line, order number, tracking number, carrier and title, by blanks, then the item. */
  readonly rows?: readonly string[];
  readonly bad?: readonly string[];
  readonly skipped?: readonly string[];
  /** Code of the error where the file fails as a whole. */
  readonly failure?: string;
}

async function outcomeOf(path: string, damaged: DamagedColumns | null = null): Promise<Expected> {
  const found = { rows: [] as string[], bad: [] as string[], skipped: [] as string[] };
  try {
    const options = { ...OPTIONS, damaged };
    const { records, damagedColumns } = await readDrop(path, options, new AbortController().signal);
    for await (const some of records) {
      for (const { verdict } of some) {
        if (verdict.kind === 'row') found.rows.push(...verdict.rows.map(shown));
        else if (verdict.kind === 'bad') found.bad.push(verdict.message);
        else found.skipped.push(verdict.reason);
      }
    }
    if (damaged === null && damagedColumns().length > 0) return await outcomeOf(path, damagedColumns());
  } catch (error) {
    if (!(error instanceof UnreadableDropError)) throw error;
    return { failure: error.code };
  }
  return found;
}

function shown({ item, part: _, note: __, ...plain }: Row): string {
  const said = Object.values(plain).filter((value) => value !== null);
  return [...said, ...(item === null ? [] : [item.quantity, 'x', item.sku])].join(' ');
}

const expected: Readonly<Record<string, Expected>> = JSON.parse(
  await readFile(`${FOLDER}expected.json`, 'utf8'),
);

test('every file in fixtures/drops is expected to be something', async () => {
  const files = (await readdir(FOLDER)).filter((name) => name !== 'expected.json');
  assert.deepEqual(files.sort(), Object.keys(expected).sort());
});

for (const [name, outcome] of Object.entries(expected)) {
  test(`${name} is read as expected.json says`, async () => {
    const wanted = outcome.failure ? outcome : { rows: [], bad: [], skipped: [], ...outcome };
    assert.deepEqual(await outcomeOf(FOLDER + name), wanted);
  });
}
