import type { FileRecord, Row } from '../../domain/row.ts';
import type { RowSample } from './second-looks.ts';

/** What was seen of a file's records, in bounded memory: the counts are of all, the rest is what came first. */
export interface Sighting {
  readonly counts: {
    readonly rows: number;
    /** Of the rows, those that look odd. */
    readonly doubtful: number;
    readonly skipped: number;
    readonly bad: number;
  };
  readonly rows: readonly Row[];
  /** For a second look at what can be read. */
  readonly sample: RowSample;
  /** By how many there are, most first. */
  readonly skipped: readonly SkippedGroup[];
  readonly bad: readonly { readonly line: number; readonly message: string }[];
}

/** Records that were skipped for one reason. */
export interface SkippedGroup {
  readonly reason: string;
  readonly count: number;
  /** The first of them. */
  readonly lines: readonly number[];
}

const MOST_BAD = 20;
const MOST_SAMPLED = 2_000;
const MOST_LINES = 5;
/** A reason that quotes the cell may be another one in each row. */
const MOST_REASONS = 50;
const OTHER_REASONS = 'other reasons';

/** Looks at records as they are read. */
export class RecordSpotter {
  readonly #mostRows: number;
  readonly #rows: Row[] = [];
  readonly #sample = { records: [] as (readonly string[])[], orderNumbers: [] as string[] };
  readonly #bad: { line: number; message: string }[] = [];
  readonly #skipped = new Map<string, { count: number; lines: number[] }>();
  readonly #counts = { rows: 0, doubtful: 0, skipped: 0, bad: 0 };

  /** `mostRows` is how many rows are kept to be shown. */
  constructor(mostRows: number) {
    this.#mostRows = mostRows;
  }

  look({ line, fields, verdict }: FileRecord): void {
    switch (verdict.kind) {
      case 'row':
        for (const row of verdict.rows) this.#row(row);
        if (fields !== null && this.#sample.records.length < MOST_SAMPLED) this.#sample.records.push(fields);
        return;
      case 'skipped':
        this.#skip(verdict.reason, line);
        return;
      case 'bad':
        this.#counts.bad += 1;
        if (this.#bad.length < MOST_BAD) this.#bad.push({ line, message: verdict.message });
        return;
      default:
        verdict satisfies never;
    }
  }

  /** Of the records so far. */
  seen(): Sighting {
    const skipped = Array.from(this.#skipped, ([reason, group]) => ({ reason, ...group }));
    skipped.sort((a, b) => b.count - a.count);
    return { counts: { ...this.#counts }, rows: this.#rows, sample: this.#sample, skipped, bad: this.#bad };
  }

  #row(row: Row): void {
    this.#counts.rows += 1;
    if (row.note !== null) this.#counts.doubtful += 1;
    if (this.#rows.length < this.#mostRows) this.#rows.push(row);
    const { orderNumbers } = this.#sample;
    if (orderNumbers.length < MOST_SAMPLED) orderNumbers.push(row.orderNumber);
  }

  #skip(reason: string, line: number): void {
    this.#counts.skipped += 1;
    const isKept = this.#skipped.has(reason) || this.#skipped.size < MOST_REASONS;
    const key = isKept ? reason : OTHER_REASONS;
    const group = this.#skipped.get(key) ?? { count: 0, lines: [] };
    group.count += 1;
    if (group.lines.length < MOST_LINES) group.lines.push(line);
    this.#skipped.set(key, group);
  }
}
