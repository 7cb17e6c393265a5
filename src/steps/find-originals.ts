import type { Drop } from '../domain/drop.ts';
import { type SecondRoundName, secondRoundName, settledNames } from '../intake/names.ts';
import type { Columns } from '../intake/profile/columns.ts';
import type { DropLayout } from '../intake/reading/layout.ts';
import type { Originals, SettledDrop } from '../ledger/originals.ts';
import {
  type OriginalRecords,
  OriginalsOfRetry,
  originalsOfReport,
  type ReturnedRecord,
} from './original-records.ts';
import { OriginalsByDrop } from './originals-by-drop.ts';
import { readingOf } from './reading.ts';

/**
 * What a file that was dropped is: a report of ours, a retry file (one of waiting rows is alike), or, undefined,
 * neither.
 */
export type SecondRound = 'report' | 'retry' | undefined;

/** A report is known by its columns, whatever its name; a retry file has nothing but its name. */
export function secondRoundOf(name: string, layout: DropLayout | null): SecondRound {
  if (layout === null) return undefined;
  if (layout.columns.outcome !== null) return 'report';
  const kind = secondRoundName(name)?.kind;
  return kind === 'retry' || kind === 'waiting' ? 'retry' : undefined;
}

/** So many drops with the name, and as many of other names, are compared with the first records of a file. */
const COMPARED_AT_MOST = 50;

/**
 * The records of the drop whose report or retry file `drop` is. A report says itself which drop that was; of others it
 * is the one among those of the file's name that has most of the first records, the latest of several; for a report
 * that was renamed, among the latest drops of its inbox. Undefined where none has any of them, as when the ledger was
 * lost.
 */
export function findOriginals(
  originals: Originals,
  drop: Drop,
  { columns }: DropLayout,
  kind: NonNullable<SecondRound>,
  sample: readonly ReturnedRecord[],
): OriginalRecords | undefined {
  let found: { readonly records: OriginalRecords | undefined } | undefined;
  const compared = (): OriginalRecords | undefined => {
    found ??= { records: mostAlike(originals, drop, columns, kind, sample) };
    return found.records;
  };
  const namesDrops = kind === 'report' && columns.drop !== null;
  return namesDrops ? new OriginalsByDrop(originals, drop, columns, compared) : compared();
}

function mostAlike(
  originals: Originals,
  drop: Drop,
  columns: Columns,
  kind: NonNullable<SecondRound>,
  sample: readonly ReturnedRecord[],
): OriginalRecords | undefined {
  const open = (dropSeq: number, own: Columns): OriginalRecords =>
    kind === 'report'
      ? originalsOfReport(originals, dropSeq, { own, returned: columns }, false)
      : new OriginalsOfRetry(originals, dropSeq, own);
  const best = (candidates: readonly SettledDrop[]): OriginalRecords | undefined => {
    let found: { seq: number; columns: Columns; score: number } | undefined;
    for (const { seq, layout } of candidates) {
      const own = readingOf({ layout }).layout;
      if (own === null) continue;
      const records = open(seq, own.columns);
      const score = sample.filter((record) => records.of(record) !== undefined).length;
      if (score > (found?.score ?? 0)) found = { seq, columns: own.columns, score };
    }
    // Opened anew: of a retry file each record is given once.
    return found && open(found.seq, found.columns);
  };
  const named = secondRoundName(drop.name);
  const isNamesake = (settled: SettledDrop) => named !== undefined && bearsName(settled, named);
  const found = best(latestOf(originals, drop, isNamesake));
  if (found !== undefined || kind === 'retry') return found;
  return best(latestOf(originals, drop, () => true));
}

function bearsName({ settledAs, waitedAs }: SettledDrop, { stem }: SecondRoundName): boolean {
  const { report, retry } = settledNames(settledAs, 1);
  const names = waitedAs === null ? [report, retry] : [report, retry, waitedAs];
  return names.some((name) => secondRoundName(name)?.stem === stem);
}

function latestOf(
  originals: Originals,
  { inbox, seq }: Drop,
  isWanted: (settled: SettledDrop) => boolean,
): SettledDrop[] {
  const wanted: SettledDrop[] = [];
  for (const settled of originals.settledBefore(inbox, seq)) {
    if (isWanted(settled)) wanted.push(settled);
    if (wanted.length === COMPARED_AT_MOST) break;
  }
  return wanted;
}
