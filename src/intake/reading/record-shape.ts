import { delimiterName } from '../profile/delimiter-name.ts';
import { columnName } from './cell-problem.ts';
import { openJoinedRows } from './joined-rows.ts';
import type { DropLayout } from './layout.ts';

/** UTF-8 needs at most three bytes for one UTF-16 unit. */
const BYTES_PER_UNIT = 3;

/** What speaks against a record's cells as such, in words; undefined where nothing does. */
export interface RecordShape {
  /** One that is too long, or that has swallowed other rows. */
  cellProblem(cells: readonly string[]): string | undefined;
  /** More of them than the header has: all after the stray delimiter stand one column too far. */
  countProblem(cells: readonly string[]): string | undefined;
}

/** Prepares looking at the cells of a file's records. */
export function openRecordShape(layout: DropLayout, fieldBytes: number): RecordShape {
  const { fields, columns } = layout;
  const { delimiter } = layout.dialect;
  const areJoined = openJoinedRows(layout);
  const cellsOfRow = Math.max(columns.order, columns.tracking) + 1;

  function sizeProblem(cell: string, index: number): string | undefined {
    if (cell.length * BYTES_PER_UNIT > fieldBytes && Buffer.byteLength(cell) > fieldBytes)
      return `${columnName({ fields }, index)} holds more than ${fieldBytes} bytes, the most that is taken (limits.fieldBytes)`;
    return undefined;
  }

  function swallowProblem(cell: string, index: number): string | undefined {
    const [, ...continued] = cell.split(/\r\n|\r|\n/);
    if (continued.every((text) => text.split(delimiter).length < cellsOfRow)) return undefined;
    const lines = continued.length === 1 ? 'one line' : `${continued.length} lines`;
    return `a quote opens in ${columnName({ fields }, index)} and closes ${lines} later, with what looks like other rows between; remove the stray quote`;
  }

  function joinedProblem(cells: readonly string[]): string | undefined {
    const broken = cells.findIndex(hasBreak);
    if (!areJoined(cells, broken, cells.findLastIndex(hasBreak))) return undefined;
    return `a quote opens in ${columnName({ fields }, broken)} and closes in a later line, which looks like a row of its own; remove the stray quotes`;
  }

  return {
    cellProblem(cells) {
      let hasBroken = false;
      for (let index = 0; index < cells.length; index += 1) {
        const cell = cells[index] ?? '';
        const isBroken = hasBreak(cell);
        const problem = sizeProblem(cell, index) ?? (isBroken ? swallowProblem(cell, index) : undefined);
        if (problem !== undefined) return problem;
        hasBroken ||= isBroken;
      }
      return hasBroken ? joinedProblem(cells) : undefined;
    },
    countProblem(cells) {
      if (cells.length <= fields.length) return undefined;
      const filled = cells.findLastIndex((cell) => cell.trim() !== '') + 1;
      if (filled <= fields.length) return undefined;
      return `${filled} cells where the header has ${fields.length}; perhaps a ${delimiterName(delimiter)} inside a cell without quotes`;
    },
  };
}

function hasBreak(cell: string): boolean {
  return cell.includes('\n') || cell.includes('\r');
}
