import { setImmediate } from 'node:timers/promises';
import type { Drop } from '../domain/drop.ts';
import type { FileRecord } from '../domain/row.ts';
import type { DropLayout } from '../intake/reading/layout.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { comparedWithOriginals } from './compare-originals.ts';

/** What a reading of a file came to. */
interface Entered {
  readonly counts: { readonly rows: number; readonly bad: number; readonly skipped: number };
  /** Seqs of the drops whose records came back in it. */
  readonly origins: ReadonlySet<number>;
  /** Some row of a report or a retry file has no original that is known. */
  readonly isAnyUnknown: boolean;
}

/** Forgets an earlier reading of the drop, a page at a time: answers and signals get their turn meanwhile. */
export async function forgetRecords(
  { originals, rows }: Pick<Ledger, 'originals' | 'rows'>,
  drop: Drop,
): Promise<void> {
  for (const _ of originals.forgetInPages(drop.seq)) await setImmediate();
  for (const _ of rows.clearInPages(drop)) await setImmediate();
}

/** Enters the records of a file as they are read, each compared with what it was where it came back. */
export async function enterRecords(
  { originals, rows }: Pick<Ledger, 'originals' | 'rows'>,
  drop: Drop,
  layout: DropLayout | null,
  records: AsyncIterable<readonly FileRecord[]>,
): Promise<Entered> {
  const counts = { rows: 0, bad: 0, skipped: 0 };
  const origins = new Set<number>();
  let isAnyUnknown = false;
  for await (const compared of comparedWithOriginals(originals, drop, layout, records)) {
    const { records: batch } = compared;
    rows.add(drop, batch);
    originals.keep(drop.seq, compared.origins);
    for (const { original } of compared.origins) origins.add(original.dropSeq);
    isAnyUnknown ||= compared.isAnyUnknown;
    for (const { verdict } of batch) {
      if (verdict.kind === 'row') counts.rows += verdict.rows.length;
      else counts[verdict.kind] += 1;
    }
  }
  return { counts, origins, isAnyUnknown };
}
