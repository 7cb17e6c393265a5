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
    const lastTexts = cells[lastBroken]?.split(LINE_BREAK).at(-1)?.split(delimiter) ?? [];
    const lastLength = lastTexts.length + cells.length - lastBroken - 1;
    if (lastLength < Math.max(cells.length, cellsOfRow)) return false;
    const firstTexts = cells[firstBroken]?.split(LINE_BREAK, 1)[0]?.split(delimiter) ?? [];
    /** Only what the quotes hold can be another row's. */
    const holdsOther = (text: string | undefined, index: number): boolean => {
      const number = text?.trim() ?? '';
      // Several numbers may stand below each other in a cell.
      const own = cells[index]?.split(LINE_BREAK) ?? [];
      return mayBeNumber(number) && !own.some((line) => line.trim() === number);
    };
    // A row whose last cells are empty may end before them.
    if (firstBroken + firstTexts.length < cellsOfRow) {
      return looksLikeANumber(lastTexts[order]?.trim() ?? '') && holdsOther(lastTexts[order], order);
    }
    return [order, tracking].some(
      (index) => holdsOther(firstTexts[index - firstBroken], index) || holdsOther(lastTexts[index], index),
    );
  };
}

/** Letters and digits without a blank, or so many digits that they are no `door 5`. */
function mayBeNumber(text: string): boolean {
  return /^\S*\d\S*$/.test(text) || /(?:\d\D*){6}/.test(text);
}
