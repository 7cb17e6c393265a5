import type { FileRecord, RecordVerdict } from '../../domain/row.ts';
import type { Columns } from '../profile/columns.ts';
import { unwrapped } from '../protect.ts';
import { DELIMITERS_TRIED, firstCells } from './cells.ts';
import type { Head } from './head.ts';
import type { Judge } from './judge.ts';
import type { DropLayout } from './layout.ts';
import { looksLikeANumber } from './several-numbers.ts';
import { isBlank } from './stray-line-ends.ts';

/**
 * The lines above the header. Prose is skipped; what looks like a row there, as where two files were joined and only
 * the second has a header that is known, is a bad row: skipped, it would be a parcel that nobody hears of. The first
 * may have another delimiter, or quotes, and its row may be one that could not be read below the header either.
 */
export function recordsAbove(head: Head, layout: DropLayout, judge: Judge): readonly FileRecord[] {
  const { header, dialect, columns } = layout;
  if (header === null) return [];
  return head.lines
    .filter(({ line }) => line < header.line)
    .map(({ line, start, end }) => {
      const bytes = head.text.subarray(start, end);
      return { line, start, end, bytes, cells: firstCells(bytes, bytes, dialect) };
    })
    .filter(({ cells }) => !isBlank(cells))
    .map(({ line, start, end, bytes, cells }) => {
      const isRow =
        isGoodRow(judge.judge(cells, line)) ||
        DELIMITERS_TRIED.some((delimiter) =>
          looksLikeARow(
            firstCells(bytes, bytes, { ...dialect, delimiter, quotes: true, restColumn: null }),
            columns,
          ),
        );
      return {
        line,
        startByte: head.startByte + start,
        endByte: head.startByte + end,
        fields: cells,
        verdict: isRow ? misplaced(line, header.line) : prose(),
      };
    });
}

function isGoodRow(verdict: RecordVerdict): boolean {
  return (
    verdict.kind === 'row' &&
    verdict.rows.some(
      ({ orderNumber, trackingNumber }) => /\d/.test(orderNumber) && /\d/.test(trackingNumber),
    )
  );
}

/**
 * Two numbers, wherever they stand, or one where a row has its order or tracking number. That one may be prose as well,
 * such as `Account;10023456`: a name stands before it, and nothing with a digit where the other number should.
 */
function looksLikeARow(cells: readonly string[], { order, tracking }: Columns): boolean {
  const values = cells.map((cell) => unwrapped(cell));
  const numbers = values.flatMap((value, index) => (isNumber(value) ? [index] : []));
  const [at = -1, ...others] = numbers;
  if (others.length > 0) return true;
  if (values.length < 2 || (at !== order && at !== tracking)) return false;
  const other = values[at === order ? tracking : order] ?? '';
  if (/\d/.test(other) && !DAY.test(other)) return true;
  return !/\p{L}/u.test(values[at - 1] ?? '') && MOSTLY_DIGITS.test(values[at] ?? '');
}

function isNumber(value: string): boolean {
  // Several in a cell are numbers by themselves.
  return looksLikeANumber(value.split(/[,;|]/, 1)[0]?.trim() ?? '') && !DAY.test(value);
}

/** `22.11.2026`, `2026-11-22`, `20261122`; a file's time of writing often stands above its rows. */
const DAY = /^(?:\d{1,4}[-./]\d{1,2}[-./]\d{1,4}|20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))$/;
/** What is mostly letters, such as `shipments_2026.csv`, is rather a name. */
const MOSTLY_DIGITS = /^#?[A-Za-z]{0,4}[-_]?\d[\dA-Za-z]*(?:[-_/.]\d+)*$/;

function misplaced(line: number, headerLine: number): RecordVerdict {
  const message = `Line ${line}: this looks like a row, and stands above the header line, which is line ${headerLine}; put it below.`;
  return { kind: 'bad', message };
}

function prose(): RecordVerdict {
  return { kind: 'skipped', reason: 'above the header line' };
}
