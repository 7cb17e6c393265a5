import type { Drop } from '../domain/drop.ts';
import { type DamagedCell, damagedCells } from '../domain/returned-record.ts';
import type { FileRecord } from '../domain/row.ts';
import { wordsFor } from '../domain/spreadsheet-damage.ts';
import { delimiterName } from '../intake/profile/delimiter-name.ts';
import type { DropLayout } from '../intake/reading/layout.ts';
import { tellingCells } from '../intake/reading/telling-cells.ts';
import { quoted } from '../intake/wording.ts';
import type { Origin, OriginalRecord, Originals } from '../ledger/originals.ts';
import { findOriginals, type SecondRound, secondRoundOf } from './find-originals.ts';
import type { OriginalRecords, ReturnedRecord } from './original-records.ts';
import { readingOf } from './reading.ts';

/** A record that was compared, and the original that it was compared with, where there is one to be kept. */
interface ComparedRecords {
  readonly records: readonly FileRecord[];
  readonly origins: readonly Origin[];
  /** Some row of a report or a retry file has no original that is known. */
  readonly isAnyUnknown: boolean;
}

/** Records by which the earlier drop is known. */
const SAMPLE_SIZE = 20;
/** Reports of reports, and so on; nobody corrects a row more often. */
const ROUNDS_AT_MOST = 20;
const NOT_COMPARED =
  'the record that it was before is not known, so nothing says whether a spreadsheet changed it';

/**
 * Compares the records of a report or a retry file that was dropped again with what they were before: what a
 * spreadsheet made of a number is refused, with the original beside it; a correction is taken. Records of other
 * files pass as they are. Where the ledger knows no original a row is taken as it is, with a note that says so.
 */
export async function* comparedWithOriginals(
  originals: Originals,
  drop: Drop,
  layout: DropLayout | null,
  records: AsyncIterable<readonly FileRecord[]>,
): AsyncGenerator<ComparedRecords> {
  const kind = secondRoundOf(drop.name, layout);
  let comparison: Comparison | undefined;
  for await (const batch of records) {
    if (kind === undefined || layout === null) {
      yield { records: batch, origins: [], isAnyUnknown: false };
      continue;
    }
    comparison ??= beginComparison(originals, drop, layout, kind, batch);
    yield comparison.of(batch);
  }
}

function beginComparison(
  originals: Originals,
  drop: Drop,
  layout: DropLayout,
  kind: NonNullable<SecondRound>,
  batch: readonly FileRecord[],
): Comparison {
  const sample = batch.flatMap((record) => returnedRecord(record, layout) ?? []).slice(0, SAMPLE_SIZE);
  const found = findOriginals(originals, drop, layout, kind, sample);
  return new Comparison({ originals, drop, layout, kind, found });
}

function returnedRecord({ line, fields }: FileRecord, { columns }: DropLayout): ReturnedRecord | undefined {
  return fields === null ? undefined : { line, fields, cells: tellingCells(fields, columns) };
}

interface ComparisonParts {
  readonly originals: Originals;
  readonly drop: Drop;
  readonly layout: DropLayout;
  readonly kind: NonNullable<SecondRound>;
  readonly found: OriginalRecords | undefined;
}

class Comparison {
  readonly #originals: Originals;
  readonly #drop: Drop;
  readonly #layout: DropLayout;
  readonly #kind: NonNullable<SecondRound>;
  readonly #found: OriginalRecords | undefined;
  readonly #layouts = new Map<number, DropLayout | null>();

  constructor({ originals, drop, layout, kind, found }: ComparisonParts) {
    this.#originals = originals;
    this.#drop = drop;
    this.#layout = layout;
    this.#kind = kind;
    this.#found = found;
  }

  of(batch: readonly FileRecord[]): ComparedRecords {
    const origins: Origin[] = [];
    let isAnyUnknown = false;
    const records = batch.map((record) => {
      if (record.verdict.kind === 'skipped') return record;
      const returned = returnedRecord(record, this.#layout);
      const original = returned && this.#found?.of(returned);
      if (returned === undefined || original === undefined) {
        isAnyUnknown ||= record.verdict.kind === 'row';
        return withNote(record);
      }
      origins.push({ line: record.line, original });
      const damaged = this.#damagedSince(original, returned);
      return damaged.length === 0 ? this.#unlessWider(record, original) : this.#refused(record, damaged);
    });
    return { records, origins, isAnyUnknown };
  }

  /**
   * A damage that was refused before, and came back, is one still, and so is one of a correction that came back
   * before: the row is compared with every earlier round. Of several originals of a cell the oldest is given: a later
   * one may be damaged itself.
   */
  #damagedSince(original: OriginalRecord, { cells }: ReturnedRecord): DamagedCell[] {
    const damaged = new Map<string, DamagedCell>();
    for (const { dropSeq, fields } of this.#roundsOf(original)) {
      const columns = this.#layoutOf(dropSeq)?.columns;
      const found = columns ? damagedCells(tellingCells(fields, columns), cells) : [];
      for (const cell of found) damaged.set(`${cell.role} ${cell.nth}`, cell);
    }
    return [...damaged.values()];
  }

  /** What the record was whenever it was dropped, the latest first. */
  *#roundsOf(original: OriginalRecord): Generator<OriginalRecord> {
    yield* this.#originals.returnsOf(original, this.#drop.seq);
    let earlier: OriginalRecord | undefined = original;
    for (let round = 0; earlier !== undefined && round < ROUNDS_AT_MOST; round += 1) {
      yield earlier;
      earlier = this.#originals.originOf(earlier.dropSeq, earlier.line);
    }
  }

  /**
   * A file without a header is as wide as its rows, and in a retry file that may be those which a stray delimiter has made
   * wider: what was refused for it would be taken as it stands, with another cell in the place of the number.
   */
  #unlessWider(record: FileRecord, original: OriginalRecord): FileRecord {
    const { line, fields, verdict } = record;
    if (this.#layout.header !== null || fields === null || verdict.kind !== 'row') return record;
    const first = [...this.#roundsOf(original)].at(-1);
    const layout = first === undefined ? null : this.#layoutOf(first.dropSeq);
    const cells = fields.findLastIndex((cell) => cell.trim() !== '') + 1;
    if (layout === null || layout.header !== null || cells <= layout.fields.length) return record;
    const message = `Line ${line}: ${cells} cells where the file that it is from has ${layout.fields.length}; perhaps a ${delimiterName(layout.dialect.delimiter)} inside a cell without quotes.`;
    return { ...record, verdict: { kind: 'bad', message, ...parcelsBefore(record, []) } };
  }

  #layoutOf(dropSeq: number): DropLayout | null {
    const known = this.#layouts.get(dropSeq);
    if (known !== undefined) return known;
    const { layout } = readingOf({ layout: this.#originals.layoutOf(dropSeq) });
    this.#layouts.set(dropSeq, layout);
    return layout;
  }

  #refused(record: FileRecord, damaged: readonly DamagedCell[]): FileRecord {
    const { columns, fields } = this.#layout;
    const said = damaged.map(({ role, nth, original, returned, damage }) => {
      const at = nth === 0 ? columns[role] : columns.moreTracking[nth - 1];
      const name = quoted(fields[at ?? -1] ?? role);
      return `the column ${name} holds ${quoted(returned)}: ${wordsFor(damage)}, the original is ${quoted(original)}`;
    });
    const [that, theNew] =
      damaged.length === 1 ? ['that', 'the new value is'] : ['those', 'the new values are'];
    const message = `Line ${record.line}: ${said.join('; ')}; put ${that} back, or, where ${theNew} meant, drop the row in a file ${NOT_OURS[this.#kind]}.`;
    return { ...record, verdict: { kind: 'bad', message, ...parcelsBefore(record, damaged) } };
  }
}

/** Of a number that was damaged the one that it was: other rows of the parcel may have it whole. */
function parcelsBefore({ verdict }: FileRecord, damaged: readonly DamagedCell[]) {
  const known = verdict.kind === 'row' ? verdict.rows : verdict.kind === 'bad' ? verdict.parcels : undefined;
  if (known === undefined) return {};
  const originalOf = (role: DamagedCell['role']) =>
    known.length > 1 ? undefined : damaged.find((cell) => cell.role === role && cell.nth === 0)?.original;
  const [order, tracking] = [originalOf('order'), originalOf('tracking')];
  const parcels = known.map(({ orderNumber, trackingNumber, storeView }) => ({
    orderNumber: order ?? orderNumber,
    trackingNumber: tracking ?? trackingNumber,
    storeView,
  }));
  return { parcels };
}

/** What a file must not be for its rows to be taken as they are; see `secondRoundOf`. */
const NOT_OURS = {
  report: "without the report's columns",
  retry: 'under another name, without .retry or .waiting in it',
} as const;

function withNote(record: FileRecord): FileRecord {
  if (record.verdict.kind !== 'row') return record;
  const [first, ...others] = record.verdict.rows;
  const noted = <T extends { readonly note: string | null }>(row: T): T => ({
    ...row,
    note: row.note === null ? NOT_COMPARED : `${row.note}; ${NOT_COMPARED}`,
  });
  return { ...record, verdict: { kind: 'row', rows: [noted(first), ...others.map(noted)] } };
}
