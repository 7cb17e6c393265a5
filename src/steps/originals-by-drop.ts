import type { Drop } from '../domain/drop.ts';
import { UnreadableDropError } from '../domain/failure.ts';
import type { Columns } from '../intake/profile/columns.ts';
import { earlierDrop } from '../intake/reading/telling-cells.ts';
import { quoted } from '../intake/wording.ts';
import type { OriginalRecord, Originals } from '../ledger/originals.ts';
import { type OriginalRecords, originalsOfReport, type ReturnedRecord } from './original-records.ts';
import { readingOf } from './reading.ts';

/** Reports that were joined into one file name several drops. */
const REMEMBERED_AT_MOST = 100;

/**
 * The originals of a report whose records name their drop themselves, whatever the file is called and wherever it was
 * dropped. What the ledger does not know by its drop is looked for `otherwise`.
 */
export class OriginalsByDrop implements OriginalRecords {
  readonly #originals: Originals;
  readonly #drop: Drop;
  readonly #columns: Columns;
  readonly #otherwise: () => OriginalRecords | undefined;
  readonly #known = new Map<string, OriginalRecords | undefined>();

  constructor(
    originals: Originals,
    drop: Drop,
    columns: Columns,
    otherwise: () => OriginalRecords | undefined,
  ) {
    this.#originals = originals;
    this.#drop = drop;
    this.#columns = columns;
    this.#otherwise = otherwise;
  }

  /** @throws UnreadableDropError `other-store` where the record's drop was one of another store. */
  of(returned: ReturnedRecord): OriginalRecord | undefined {
    const id = earlierDrop(returned.fields, this.#columns);
    const named = id === undefined ? undefined : this.#recordsOf(id, returned.line);
    return (named ?? this.#otherwise())?.of(returned);
  }

  #recordsOf(id: string, line: number): OriginalRecords | undefined {
    if (this.#known.has(id)) return this.#known.get(id);
    const earlier = this.#originals.dropCalled(id);
    if (earlier !== undefined && earlier.store !== this.#drop.store)
      throw otherStore(line, earlier, this.#drop);
    const columns = earlier && readingOf(earlier).layout?.columns;
    const records =
      columns &&
      originalsOfReport(this.#originals, earlier.seq, { own: columns, returned: this.#columns }, true);
    if (this.#known.size < REMEMBERED_AT_MOST) this.#known.set(id, records);
    return records;
  }
}

/** Two stores may have orders of the same number: the row would be pushed to a stranger's order. */
function otherStore(
  line: number,
  earlier: Pick<Drop, 'name' | 'store'>,
  { store }: Drop,
): UnreadableDropError {
  return new UnreadableDropError(
    'other-store',
    `Line ${line}: this row is from the report of ${quoted(earlier.name)}, which was dropped for the store ${earlier.store}, and this inbox is one of ${store}.`,
    line,
    `Drop the report into an inbox of ${earlier.store}, or, where its rows are meant for ${store}, without the column trackdrop_drop.`,
  );
}
