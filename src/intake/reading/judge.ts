import type { Profile } from '../../domain/profile.ts';
import type { Parcel, RecordVerdict } from '../../domain/row.ts';
import type { CarrierDefaults } from './carriers.ts';
import { earlierOutcome } from './earlier-outcome.ts';
import { type DamagedColumns, openExcelDamage } from './excel-damage.ts';
import { openHeaderAgain } from './header-again.ts';
import type { DropLayout } from './layout.ts';
import { openRecordShape } from './record-shape.ts';
import { openRowRules } from './row-rules.ts';
import { openRowValues, type RowProblem } from './row-values.ts';
import { looksLikeANumber } from './several-numbers.ts';
import { summaryRow } from './summary-row.ts';
import { textLine } from './text-line.ts';

/** What holds for a file besides its profile. */
export interface Given {
  /** The inbox's. */
  readonly carriers: CarrierDefaults;
  /** A cell of more bytes makes its record a bad row. */
  readonly fieldBytes: number;
  /** What a first reading has found, whose zeros are refused now; null in a first reading. */
  readonly damaged: DamagedColumns | null;
}

/** Decides, record after record of one file, what each is. */
export interface Judge {
  /**
   * A row (or several), a skipped row or a bad row; a bad row's message names line, column and value as in the file.
   */
  judge(cells: readonly string[], line: number): RecordVerdict;
  /** After the last record: where there is any, the records must be judged again with them as `damaged`. */
  damagedColumns(): DamagedColumns;
}

/**
 * Prepares all that judging the records of a file needs, so that a record costs little.
 * @throws UnreadableDropError `no-such-column` where a rule's column is not there.
 */
export function openJudge(layout: DropLayout, profile: Profile, given: Given): Judge {
  const { columns } = layout;
  const shape = openRecordShape(layout, given.fieldBytes);
  const damageOf = (role: 'order' | 'tracking') =>
    openExcelDamage(profile.excelDamage, given.damaged?.includes(role) ? 'refuse' : 'judge');
  const damage = { order: damageOf('order'), tracking: damageOf('tracking') };
  const values = openRowValues(layout, profile, given.carriers, damage);
  const headerAgain = openHeaderAgain(layout);
  const rules = openRowRules(layout, profile.rows);
  const firstLine = layout.header?.line ?? 0;
  /** Where a header line stands by which the columns are others than the file's, from there on. */
  let otherHeaderLine: number | undefined;
  return {
    judge(cells, line) {
      if (cells.every((cell) => cell === '' || cell.trim() === '')) return skipped('every cell is empty');
      const misshapen = shape.cellProblem(cells, line);
      if (misshapen !== undefined) return { ...bad(line, misshapen), ...known(values.parcelsOf(cells)) };
      const header = line <= firstLine ? undefined : headerAgain(cells);
      if (header === 'same' && layout.header !== null) {
        otherHeaderLine = undefined;
        return skipped('the header line again');
      }
      if (header === 'other') otherHeaderLine = line;
      if (otherHeaderLine !== undefined) return bad(line, otherHeaderProblem(otherHeaderLine, line));
      const earlier = columns.outcome === null ? undefined : earlierOutcome(cells[columns.outcome] ?? '');
      if (earlier !== undefined) return earlier.isBad ? bad(line, earlier.words) : skipped(earlier.words);
      const otherKind = rules.byFirstCell(cells);
      if (otherKind !== undefined) return skipped(otherKind);
      const tooMany = shape.countProblem(cells);
      if (tooMany !== undefined) return { ...bad(line, tooMany), ...known(values.parcelsOf(cells)) };
      const uncounted = rules.byOthers(cells);
      if (uncounted !== undefined) return skipped(uncounted);
      const missing = rules.missing(cells);
      const read =
        missing === undefined ? values.of(cells, line) : ({ problem: missing } satisfies RowProblem);
      const verdict: RecordVerdict =
        'problem' in read
          ? { ...bad(line, read.problem), ...known(read.parcels) }
          : { kind: 'row', rows: read };
      const summary = isSure(verdict) ? undefined : summaryRow(cells, columns.order, columns.tracking);
      if (summary !== undefined) return skipped(summary);
      const text = verdict.kind === 'bad' ? textLine(cells, layout.fields.length) : undefined;
      return text === undefined ? verdict : skipped(text);
    },
    damagedColumns: () => (['order', 'tracking'] as const).filter((role) => damage[role].looksDamaged()),
  };
}

/** True for a row that nobody could take for a sum or a count. */
function isSure(verdict: RecordVerdict): boolean {
  return verdict.kind === 'row' && looksLikeANumber(verdict.rows[0].trackingNumber);
}

function otherHeaderProblem(headerLine: number, line: number): string {
  const what = 'a header line whose columns are not those of the file, or stand in another order';
  return line === headerLine
    ? `this is ${what}; put it and the rows below it into a file of their own`
    : `this stands below line ${headerLine}, ${what}; put those rows into a file of their own`;
}

function known(parcels: readonly Parcel[] = []): Pick<RowProblem, 'parcels'> {
  return parcels.length === 0 ? {} : { parcels };
}

function bad(line: number, what: string): Extract<RecordVerdict, { kind: 'bad' }> {
  return { kind: 'bad', message: `Line ${line}: ${what}.` };
}

function skipped(reason: string): RecordVerdict {
  return { kind: 'skipped', reason };
}
