import type { Profile } from '../../domain/profile.ts';
import type { RecordVerdict } from '../../domain/row.ts';
import { simplified } from '../profile/column-name.ts';
import type { CarrierDefaults } from './carriers.ts';
import { earlierOutcome } from './earlier-outcome.ts';
import { openExcelDamage } from './excel-damage.ts';
import type { DropLayout } from './layout.ts';
import { openRecordShape } from './record-shape.ts';
import { openRowRules } from './row-rules.ts';
import { openRowValues } from './row-values.ts';
import { looksLikeANumber } from './several-numbers.ts';
import { summaryRow } from './summary-row.ts';

/** What holds for a file besides its profile. */
export interface Given {
  /** The inbox's. */
  readonly carriers: CarrierDefaults;
  /** A cell of more bytes makes its record a bad row. */
  readonly fieldBytes: number;
  /** `refuse`: a first reading has shown that a spreadsheet has damaged the file's long numbers. */
  readonly damage: 'judge' | 'refuse';
}

/** Decides, record after record of one file, what each is. */
export interface Judge {
  /** A row (or several), a skipped row or a bad row; a bad row's message names line, column and value as in the file. */
  judge(cells: readonly string[], line: number): RecordVerdict;
  /** After the last record: the file's long numbers look damaged as a whole, and must be judged again with `refuse`. */
  looksDamaged(): boolean;
}

/**
 * Prepares all that judging the records of a file needs, so that a record costs little.
 * @throws UnreadableDropError `no-such-column` where a rule's column is not there.
 */
export function openJudge(layout: DropLayout, profile: Profile, given: Given): Judge {
  const { columns } = layout;
  const shape = openRecordShape(layout, given.fieldBytes);
  const damage = openExcelDamage(profile.excelDamage, given.damage);
  const valuesOf = openRowValues(layout, profile, given.carriers, damage);
  const isHeaderAgain = openHeaderAgain(layout);
  const rules = openRowRules(layout, profile.rows);
  return {
    judge(cells, line) {
      if (cells.every((cell) => cell === '' || cell.trim() === '')) return skipped('every cell is empty');
      const misshapen = shape.cellProblem(cells);
      if (misshapen !== undefined) return bad(line, misshapen);
      const earlier = columns.outcome === null ? undefined : earlierOutcome(cells[columns.outcome] ?? '');
      if (earlier !== undefined) return earlier.isBad ? bad(line, earlier.words) : skipped(earlier.words);
      const otherKind = rules.byFirstCell(cells);
      if (otherKind !== undefined) return skipped(otherKind);
      const tooMany = shape.countProblem(cells);
      if (tooMany !== undefined) return bad(line, tooMany);
      if (isHeaderAgain(cells)) return skipped('the header line again');
      const uncounted = rules.byOthers(cells);
      if (uncounted !== undefined) return skipped(uncounted);
      const values = valuesOf(cells, line);
      const verdict: RecordVerdict =
        'problem' in values ? bad(line, values.problem) : { kind: 'row', rows: values };
      const summary = isSure(verdict) ? undefined : summaryRow(cells, columns.order, columns.tracking);
      return summary === undefined ? verdict : skipped(summary);
    },
    looksDamaged: () => damage.looksDamaged(),
  };
}

/** Files that were joined carry the header line again in their middle. */
function openHeaderAgain({ fields, columns, header }: DropLayout): (cells: readonly string[]) => boolean {
  const names = [columns.order, columns.tracking].map((index) => ({
    index,
    name: simplified(fields[index] ?? ''),
  }));
  if (header === null || names.some(({ name }) => name === '')) return () => false;
  const first = fields[columns.tracking] ?? '';
  // Nearly every name is without a digit, and nearly every number has one.
  const mayBeNumbered = /\d/.test(first);
  return (cells) =>
    (mayBeNumbered || !/\d/.test(cells[columns.tracking] ?? '')) &&
    names.every(({ index, name }) => simplified(cells[index] ?? '') === name);
}

/** True for a row that nobody could take for a sum or a count. */
function isSure(verdict: RecordVerdict): boolean {
  return verdict.kind === 'row' && looksLikeANumber(verdict.rows[0].trackingNumber);
}

function bad(line: number, what: string): RecordVerdict {
  return { kind: 'bad', message: `Line ${line}: ${what}.` };
}

function skipped(reason: string): RecordVerdict {
  return { kind: 'skipped', reason };
}
