import { columnName } from './cell-problem.ts';
import type { DropLayout } from './layout.ts';

/** UTF-8 needs at most three bytes for one UTF-16 unit. */
const BYTES_PER_UNIT = 3;

/**
 * Prepares looking at a record's cells as such: what speaks against them (too many, one too long, one that has
 * swallowed other rows), in words; undefined where nothing does.
 */
export function openRecordShape(
  { fields, columns, dialect }: DropLayout,
  fieldBytes: number,
): (cells: readonly string[]) => string | undefined {
  const { delimiter } = dialect;
  const cellsOfRow = Math.max(columns.order, columns.tracking) + 1;

  function cellProblem(cell: string, index: number): string | undefined {
    if (cell.length * BYTES_PER_UNIT > fieldBytes && Buffer.byteLength(cell) > fieldBytes)
      return `${columnName({ fields }, index)} holds more than ${fieldBytes} bytes, the most that is taken (limits.fieldBytes)`;
    if (!cell.includes('\n') && !cell.includes('\r')) return undefined;
    const [, ...continued] = cell.split(/\r\n|\r|\n/);
    if (continued.every((text) => text.split(delimiter).length < cellsOfRow)) return undefined;
    const lines = continued.length === 1 ? 'one line' : `${continued.length} lines`;
    return `a quote opens in ${columnName({ fields }, index)} and closes ${lines} later, with what looks like other rows between; remove the stray quote`;
  }

  return (cells) => {
    if (cells.length > fields.length) {
      const filled = cells.findLastIndex((cell) => cell.trim() !== '') + 1;
      if (filled > fields.length)
        return `${filled} cells where the header has ${fields.length}; perhaps a ${nameOf(delimiter)} inside a cell without quotes`;
    }
    for (let index = 0; index < cells.length; index += 1) {
      const problem = cellProblem(cells[index] ?? '', index);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };
}

function nameOf(delimiter: string): string {
  return { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' }[delimiter] ?? 'delimiter';
}
