import { areOfOneOrder, likeness, type TellingCells } from '../domain/returned-record.ts';
import { trackingKey } from '../domain/row.ts';
import type { Columns } from '../intake/profile/columns.ts';
import { earlierLine, tellingCells } from '../intake/reading/telling-cells.ts';
import type { OriginalRecord, Originals } from '../ledger/originals.ts';

/** A record of a file that came back. */
export interface ReturnedRecord {
  /** On which it starts in the file that came back. */
  readonly line: number;
  readonly fields: readonly string[];
  readonly cells: TellingCells;
}

/** The records of one earlier drop, for those of its report or retry file. */
export interface OriginalRecords {
  /**
   * The one that this was; undefined where none is like it. Records are asked for in the order of their file.
   * @throws UnreadableDropError where the file as a whole must not be taken.
   */
  of(returned: ReturnedRecord): OriginalRecord | undefined;
}

/**
 * A report says on which line each record stood; one that was joined to another report says it of another file. Where it
 * does not say of which drop it is, `isDropSure` is false, and a record of another order is none of it: two files may have one
 * tracking number on the same line, for two orders.
 */
export function originalsOfReport(
  originals: Originals,
  dropSeq: number,
  { own, returned }: { readonly own: Columns; readonly returned: Columns },
  isDropSure: boolean,
): OriginalRecords {
  return {
    of({ fields, cells }) {
      const line = earlierLine(fields, returned);
      const original = line === undefined ? undefined : originals.record(dropSeq, line);
      if (original === undefined) return undefined;
      const before = tellingCells(original.fields, own);
      const isIt = isDropSure ? likeness(before, cells) > 0 : areOfOneOrder(before, cells);
      return isIt ? original : undefined;
    },
  };
}

/** So many failed records of the earlier drop are at hand: a retry file may have been sorted, or rows taken away. */
const POOL_SIZE = 10_000;
const READ_AT_A_TIME = 250;
/** Of records with the same order number, or tracking number, so many are looked at. */
const ALIKE_AT_MOST = 50;

/** Of likeness: one number is the same, the other too or damaged. */
const SURELY_ALIKE = 3;

interface Candidate {
  /** Position among the failed records, from 0. */
  readonly position: number;
  readonly original: OriginalRecord;
  readonly cells: TellingCells;
  isTaken: boolean;
}

/**
 * A retry file says nothing of lines: its records are the failed ones of the drop in the same order, unless somebody
 * sorted them or took some away. Each original is given once.
 */
export class OriginalsOfRetry implements OriginalRecords {
  readonly #originals: Originals;
  readonly #dropSeq: number;
  readonly #columns: Columns;
  /** In the order of the file; those before `#at` were passed. */
  #ahead: Candidate[] = [];
  #at = 0;
  /** Of every candidate that is not taken; only where the file is not in the order of its drop. */
  #byNumber: Map<string, Set<Candidate>> | undefined;
  #read = 0;
  #taken = 0;
  #lastLine = 0;
  #isAllRead = false;

  constructor(originals: Originals, dropSeq: number, columns: Columns) {
    this.#originals = originals;
    this.#dropSeq = dropSeq;
    this.#columns = columns;
  }

  of({ cells }: ReturnedRecord): OriginalRecord | undefined {
    const next = this.#next();
    const isNext = next !== undefined && likeness(next.cells, cells) >= SURELY_ALIKE;
    const found = isNext ? next : this.#mostAlike(cells, next);
    if (found !== undefined) this.#take(found);
    return found?.original;
  }

  #next(): Candidate | undefined {
    while (this.#ahead[this.#at]?.isTaken) this.#at += 1;
    if (this.#at === this.#ahead.length) this.#readPage();
    return this.#ahead[this.#at];
  }

  /** Of records that are equally alike the next of the file. */
  #mostAlike(cells: TellingCells, next: Candidate | undefined): Candidate | undefined {
    while (!this.#isAllRead && this.#read - this.#taken < POOL_SIZE) this.#readPage();
    const byNumber = this.#indexed();
    const alike = keysOf(cells).flatMap((key) => firstOf(byNumber.get(key) ?? []));
    let best: Candidate | undefined;
    let most = 0;
    for (const candidate of next === undefined ? alike : [next, ...alike]) {
      const score = likeness(candidate.cells, cells);
      if (score > most) [best, most] = [candidate, score];
    }
    return best;
  }

  #readPage(): void {
    if (this.#isAllRead) return;
    if (this.#at === this.#ahead.length) {
      this.#ahead = [];
      this.#at = 0;
    }
    const page = this.#originals.notDoneAfter(this.#dropSeq, this.#lastLine, READ_AT_A_TIME);
    this.#isAllRead = page.length < READ_AT_A_TIME;
    this.#lastLine = page.at(-1)?.line ?? this.#lastLine;
    for (const original of page) {
      const cells = tellingCells(original.fields, this.#columns);
      const candidate: Candidate = { position: this.#read, original, cells, isTaken: false };
      this.#read += 1;
      this.#ahead.push(candidate);
      if (this.#byNumber) enter(this.#byNumber, candidate);
    }
  }

  #indexed(): Map<string, Set<Candidate>> {
    if (this.#byNumber) return this.#byNumber;
    this.#byNumber = new Map();
    for (const candidate of this.#ahead.slice(this.#at)) enter(this.#byNumber, candidate);
    return this.#byNumber;
  }

  #take(candidate: Candidate): void {
    candidate.isTaken = true;
    this.#taken += 1;
    const first = this.#ahead[0]?.position ?? this.#read;
    if (candidate.position >= first) this.#at = candidate.position - first + 1;
    if (this.#byNumber === undefined) return;
    for (const key of keysOf(candidate.cells)) {
      const alike = this.#byNumber.get(key);
      alike?.delete(candidate);
      if (alike?.size === 0) this.#byNumber.delete(key);
    }
  }
}

function enter(byNumber: Map<string, Set<Candidate>>, candidate: Candidate): void {
  for (const key of keysOf(candidate.cells)) {
    const alike = byNumber.get(key);
    if (alike) alike.add(candidate);
    else byNumber.set(key, new Set([candidate]));
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
