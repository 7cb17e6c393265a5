import type { FileRecord, RecordVerdict } from '../../domain/row.ts';
import { plainCells } from './cells.ts';
import type { Head } from './head.ts';
import type { Judge } from './judge.ts';
import type { DropLayout } from './layout.ts';
import { isBlank } from './stray-line-ends.ts';

/**
 * The lines above the header. Prose is skipped; what looks like a row there, as where two files were joined and only
 * the second has a header that is known, is a bad row: skipped, it would be a parcel that nobody hears of.
 */
export function recordsAbove(head: Head, layout: DropLayout, judge: Judge): readonly FileRecord[] {
  const { header, dialect } = layout;
  if (header === null) return [];
  return head.lines
    .filter(({ line }) => line < header.line)
    .map(({ line, start, end }) => ({
      line,
      start,
      end,
      cells: plainCells(head.text.subarray(start, end), dialect),
    }))
    .filter(({ cells }) => !isBlank(cells))
    .map(({ line, start, end, cells }) => ({
      line,
      startByte: head.startByte + start,
      endByte: head.startByte + end,
      fields: cells,
      verdict: verdictAbove(judge.judge(cells, line), line, header.line),
    }));
}

function verdictAbove(verdict: RecordVerdict, line: number, headerLine: number): RecordVerdict {
  const isRow =
    verdict.kind === 'row' &&
    verdict.rows.some(
      ({ orderNumber, trackingNumber }) => /\d/.test(orderNumber) && /\d/.test(trackingNumber),
    );
  if (!isRow) return { kind: 'skipped', reason: 'above the header line' };
  const message = `Line ${line}: this looks like a row, and stands above the header line, which is line ${headerLine}; put it below.`;
  return { kind: 'bad', message };
}
