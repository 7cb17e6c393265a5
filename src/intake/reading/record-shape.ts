import { delimiterName } from '../profile/delimiter-name.ts';
import { unwrapped } from '../protect.ts';
import { columnName } from './cell-problem.ts';
import { openJoinedRows } from './joined-rows.ts';
import type { DropLayout } from './layout.ts';
import { looksLikeANumber } from './several-numbers.ts';

/** UTF-8 needs at most three bytes for one UTF-16 unit. */
const BYTES_PER_UNIT = 3;

/** What speaks against a record's cells as such, in words; undefined where nothing does. */
interface RecordShape {
  /** One that is too long, or that has swallowed other rows. */
  cellProblem(cells: readonly string[], line: number): string | undefined;
  /** More of them than the header has: all after the stray delimiter stand one column too far. */
  countProblem(cells: readonly string[]): string | undefined;
}

/** Prepares looking at the cells of a file's records. */
export function openRecordShape(layout: DropLayout, fieldBytes: number): RecordShape {
  const { fields, columns } = layout;
  const { delimiter } = layout.dialect;
  const areJoined = openJoinedRows(layout);
  const lineEnds = layout.dialect.lineEnd === 'cr' ? /\r\n?/g : /\n/g;
  // A writer that ends each line with a delimiter gives the header a last column without a name.
  const named = fields.findLastIndex((name) => name !== '') + 1;
  const cellsOfRow = Math.max(columns.order, columns.tracking) + 1;

  function sizeProblem(cell: string, index: number): string | undefined {
    if (cell.length * BYTES_PER_UNIT > fieldBytes && Buffer.byteLength(cell) > fieldBytes)
      return `${columnName({ fields }, index)} holds more than ${fieldBytes} bytes, the most that is taken (limits.fieldBytes)`;
    return undefined;
  }

  function hasSwallowed(cell: string): boolean {
    const [, ...continued] = cell.split(/\r\n|\r|\n/);
    return continued.some((text) => text.split(delimiter).length >= cellsOfRow);
  }

  function brokenProblem(cells: readonly string[], line: number): string | undefined {
    const [first, last] = [cells.findIndex(hasBreak), cells.findLastIndex(hasBreak)];
    const swallowing = cells.findIndex((cell) => hasBreak(cell) && hasSwallowed(cell));
    if (swallowing < 0 && !areJoined(cells, first, last)) return undefined;
    const end = line + cells.reduce((sum, cell) => sum + (cell.match(lineEnds)?.length ?? 0), 0);
    return `a quote opens in ${columnName({ fields }, swallowing < 0 ? first : swallowing)} and closes on line ${end}, with what looks like another row; nothing of lines ${line} to ${end} is taken; remove the stray quote`;
  }

  /**
   * Empty cells too many are a habit of the writer, or what stood there was pushed to the right: then another number
   * stands behind the columns of order and tracking number, and an order's number where the tracking number should.
   */
  function isShifted(cells: readonly string[]): boolean {
    const more = Math.max(0, cells.length - fields.length);
    return cells.slice(cellsOfRow, cellsOfRow + more).some((cell) => looksLikeANumber(unwrapped(cell)));
  }

  return {
    cellProblem(cells, line) {
      let hasBroken = false;
      for (let index = 0; index < cells.length; index += 1) {
        const cell = cells[index] ?? '';
        const problem = sizeProblem(cell, index);
        if (problem !== undefined) return problem;
        hasBroken ||= hasBreak(cell);
      }
      return hasBroken ? brokenProblem(cells, line) : undefined;
    },
    countProblem(cells) {
      if (cells.length <= named) return undefined;
      const filled = cells.findLastIndex((cell) => cell.trim() !== '') + 1;
      if (filled <= named && !isShifted(cells)) return undefined;
      return `${filled > named ? filled : cells.length} cells where the header has ${named}; perhaps a ${delimiterName(delimiter)} inside a cell without quotes`;
    },
  };
}

function hasBreak(cell: string): boolean {
  return cell.includes('\n') || cell.includes('\r');
}
