import { relative } from 'node:path';
import { OUTCOMES, type Outcome, type OutcomeCounts, outcomeClass } from '../../domain/outcome.ts';
import { type Column, table } from '../table.ts';
import { fileKey } from './compare.ts';
import { inWords, type Progress } from './progress.ts';
import type { SettledFile } from './settled.ts';

/** How tables are to look; without a `width` nothing is cut. */
export interface TableLook {
  readonly width: number | undefined;
  readonly colour: Progress['colour'];
}

const FILE_COLUMNS: readonly Column[] = [
  { head: 'FILE' },
  { head: 'LIES IN' },
  { head: 'ROWS', align: 'right' },
  { head: 'OUTCOMES' },
];

/** A line a file: where it lies, below `base`, and how its rows ended. */
export function filesTable(
  files: readonly SettledFile[],
  base: string,
  { width, colour }: TableLook,
): string[] {
  const rows = files.map((file) => [
    file.file,
    relative(base, file.folder),
    String(file.rows.length),
    inWords(countsOf(file)) || '-',
  ]);
  const style = (cell: string, column: number, row: number) =>
    column === 1 ? colour(hasFailed(files[row]) ? 'yellow' : 'green', cell) : cell;
  return table(FILE_COLUMNS, rows, { width, style });
}

const ROW_COLUMNS: readonly Column[] = [
  { head: 'LINE', align: 'right' },
  { head: 'ORDER' },
  { head: 'NUMBER' },
  { head: 'OUTCOME' },
  { head: 'MESSAGE' },
];

/** A line a row, below the name of its file. */
export function rowsTable(files: readonly SettledFile[], { width, colour }: TableLook): string[] {
  const rows = files
    .filter((file) => file.rows.length > 0)
    .flatMap((file) => [
      fileKey(file),
      ...file.rows.map(({ line, order, number, outcome, message }) => [
        line,
        order,
        number,
        outcome,
        // The line has a column of its own here.
        message.replace(`Line ${line}: `, ''),
      ]),
    ]);
  const style = (cell: string, column: number) => {
    if (column === -1) return colour('bold', cell);
    return column === 3 ? colour(isFailed(cell) ? 'yellow' : 'green', cell) : cell;
  };
  return table(ROW_COLUMNS, rows, { width, style });
}

function countsOf({ rows }: SettledFile): OutcomeCounts {
  const counts: OutcomeCounts = {};
  for (const { outcome } of rows) if (isOutcome(outcome)) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

function isOutcome(text: string): text is Outcome {
  return OUTCOMES.some((outcome) => outcome === text);
}

function isFailed(outcome: string): boolean {
  return isOutcome(outcome) && outcomeClass(outcome) === 'failed';
}

function hasFailed(file: SettledFile | undefined): boolean {
  return file?.rows.some(({ outcome }) => isFailed(outcome)) ?? false;
}
