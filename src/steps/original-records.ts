import { likeness, type TellingCells } from '../domain/returned-record.ts';
import { trackingKey } from '../domain/row.ts';
import type { Columns } from '../intake/reading/layout.ts';
import { earlierLine, tellingCells } from '../intake/reading/telling-cells.ts';
import type { OriginalRecord, Originals } from '../ledger/originals.ts';

/** A record of a file that came back. */
export interface ReturnedRecord {
  readonly fields: readonly string[];
  readonly cells: TellingCells;
}

/** The records of one earlier drop, for those of its report or retry file. */
export interface OriginalRecords {
  /** The one that this was; undefined where none is like it. Records are asked for in the order of their file. */
  of(returned: ReturnedRecord): OriginalRecord | undefined;
}

/** A report says on which line each record stood; one that was joined to another report says it of another file. */
export function originalsOfReport(
  originals: Originals,
  dropSeq: number,
  columns: Columns,
  returnedColumns: Columns,
): OriginalRecords {
  return {
    of({ fields, cells }) {
      const line = earlierLine(fields, returnedColumns);
      const original = line === undefined ? undefined : originals.record(dropSeq, line);
      if (original === undefined) return undefined;
      return likeness(tellingCells(original.fields, columns), cells) > 0 ? original : undefined;
    },
  };
}

/** So many failed records of the earlier drop are at hand: a retry file may have been sorted, or rows taken away. */
const POOL_SIZE = 20_000;
const READ_AT_A_TIME = 1_000;
/** Of records with the same order number, or tracking number, so many are looked at. */
const ALIKE_AT_MOST = 50;

interface Candidate {
  /** Position among the failed records, from 0. */
  readonly position: number;
  readonly original: OriginalRecord;
  readonly cells: TellingCells;
}

/**
 * A retry file says nothing of lines: its records are the failed ones of the drop in the same order, unless somebody
 * sorted them or took some away. Each original is given once.
 */
export class OriginalsOfRetry implements OriginalRecords {
  readonly #originals: Originals;
  readonly #dropSeq: number;
  readonly #columns: Columns;
  /** By position, in the order of the file. */
  readonly #pool = new Map<number, Candidate>();
  readonly #byNumber = new Map<string, Set<Candidate>>();
  #count = 0;
  #lastLine = 0;
  #isRead = false;
  #nextPosition = 0;

  constructor(originals: Originals, dropSeq: number, columns: Columns) {
    this.#originals = originals;
    this.#dropSeq = dropSeq;
    this.#columns = columns;
  }

  of({ cells }: ReturnedRecord): OriginalRecord | undefined {
    this.#fill();
    const best = this.#candidates(cells)
      .map((candidate) => ({ candidate, score: likeness(candidate.cells, cells) }))
      .filter(({ score }) => score > 0)
      .sort((one, other) => other.score - one.score)[0]?.candidate;
    if (best === undefined) return undefined;
    this.#take(best);
    return best.original;
  }

  /** The next of the file first: of records that are equally alike it is the one. */
  #candidates(cells: TellingCells): readonly Candidate[] {
    const next = this.#pool.get(this.#nextPosition) ?? this.#pool.values().next().value;
    const alike = keysOf(cells).flatMap((key) => firstOf(this.#byNumber.get(key) ?? []));
    return [...new Set(next === undefined ? alike : [next, ...alike])];
  }

  #fill(): void {
    while (!this.#isRead && this.#pool.size < POOL_SIZE) {
      const page = this.#originals.failedAfter(this.#dropSeq, this.#lastLine, READ_AT_A_TIME);
      this.#isRead = page.length < READ_AT_A_TIME;
      for (const original of page) this.#add(original);
      this.#lastLine = page.at(-1)?.line ?? this.#lastLine;
    }
  }

  #add(original: OriginalRecord): void {
    const candidate = {
      position: this.#count,
      original,
      cells: tellingCells(original.fields, this.#columns),
    };
    this.#count += 1;
    this.#pool.set(candidate.position, candidate);
    for (const key of keysOf(candidate.cells)) {
      const alike = this.#byNumber.get(key);
      if (alike) alike.add(candidate);
      else this.#byNumber.set(key, new Set([candidate]));
    }
  }

  #take(candidate: Candidate): void {
    this.#nextPosition = candidate.position + 1;
    this.#pool.delete(candidate.position);
    for (const key of keysOf(candidate.cells)) {
      const alike = this.#byNumber.get(key);
      alike?.delete(candidate);
      if (alike?.size === 0) this.#byNumber.delete(key);
    }
  }
}

function firstOf(alike: Iterable<Candidate>): Candidate[] {
  const first: Candidate[] = [];
  for (const candidate of alike) {
    if (first.length === ALIKE_AT_MOST) break;
    first.push(candidate);
  }
  return first;
}

/** What most damage leaves as it is: numbers without their zeros. */
function keysOf({ order, tracking }: TellingCells): string[] {
  return [`o${withoutZeros(order)}`, `t${withoutZeros(tracking)}`].filter((key) => key.length > 1);
}

function withoutZeros(number: string): string {
  return trackingKey(number).replace(/^0+/, '');
}
