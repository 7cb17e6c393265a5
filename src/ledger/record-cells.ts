import type { Drop } from '../domain/drop.ts';

/** How the columns begin that a report adds to those of its file; see intake/report. */
const REPORT_COLUMN = 'trackdrop_';

/**
 * Prepares telling the records of a drop apart by their cells, for rows as the ledger keeps them (`fields`, JSON). Two
 * that say the same have the same text: case, blanks around a cell, and empty cells at the end aside. What a report says
 * of a line is left out: it gives each line another number.
 */
export function recordCells({ layout }: Pick<Drop, 'layout'>): (fields: string) => string {
  let header: readonly string[] | undefined;
  return (fields) => {
    header ??= headerIn(layout);
    const cells = (JSON.parse(fields) as readonly string[])
      .filter((_, at) => !header?.[at]?.startsWith(REPORT_COLUMN))
      .map((cell) => cell.trim().toLowerCase());
    return JSON.stringify(cells.slice(0, cells.findLastIndex((cell) => cell !== '') + 1));
  };
}

function headerIn(layout: string | null): readonly string[] {
  return layout === null ? [] : (JSON.parse(layout).layout?.fields ?? []);
}
