import type { DropLayout } from './layout.ts';
import { looksLikeANumber } from './several-numbers.ts';

const LINE_BREAK = /\r\n|\r|\n/;

/**
 * Prepares telling two rows that a stray quote in each has joined, both in one column, from one row whose cell holds a
 * line break. Joined they have the header's width, and the order number of one with the tracking number of the other;
 * but the lines on which they start and end, cut as if quotes meant nothing, are as wide, and one of them holds a number
 * where a row has one that is not the record's. Asked of a record with the first and the last of its cells that hold a break.
 */
export function openJoinedRows({
  columns: { order, tracking },
  dialect: { delimiter },
}: DropLayout): (cells: readonly string[], firstBroken: number, lastBroken: number) => boolean {
  const cellsOfRow = Math.max(order, tracking) + 1;

  return (cells, firstBroken, lastBroken) => {
    const lastText = cells[lastBroken]?.split(LINE_BREAK).at(-1) ?? '';
    const last = [...lastText.split(delimiter), ...cells.slice(lastBroken + 1)];
    if (last.length < Math.max(cells.length, cellsOfRow)) return false;
    const firstText = cells[firstBroken]?.split(LINE_BREAK, 1)[0] ?? '';
    const first = [...cells.slice(0, firstBroken), ...firstText.split(delimiter)];
    const holdsOther = (line: readonly string[], index: number): boolean => {
      const number = line[index]?.trim() ?? '';
      // Several numbers may stand below each other in a cell.
      const own = cells[index]?.split(LINE_BREAK) ?? [];
      return /\d/.test(number) && !own.some((text) => text.trim() === number);
    };
    // A row whose last cells are empty may end before them.
    if (first.length < cellsOfRow)
      return looksLikeANumber(last[order]?.trim() ?? '') && holdsOther(last, order);
    return [first, last].some((line) => holdsOther(line, order) || holdsOther(line, tracking));
  };
}
