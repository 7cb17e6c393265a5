import type { Profile } from '../../domain/profile.ts';
import { orderKey, type RecordVerdict, type Row, trackingKey } from '../../domain/row.ts';
import { simplified } from '../profile/column-name.ts';
import { quoted } from '../wording.ts';
import { type CarrierDefaults, openCarriers } from './carriers.ts';
import { columnName } from './cell-problem.ts';
import { checkDigitDoubt } from './check-digit.ts';
import { earlierOutcome } from './earlier-outcome.ts';
import { openExcelDamage } from './excel-damage.ts';
import { openItemCells } from './item-cells.ts';
import type { DropLayout } from './layout.ts';
import { type FoundNumber, openNumberCell } from './number-cell.ts';
import { openOrderRules } from './order-number.ts';
import { openRecordShape } from './record-shape.ts';
import { openRowRules } from './row-rules.ts';
import { looksLikeANumber, looksLikeSeveral, openSplit } from './several-numbers.ts';
import { summaryRow } from './summary-row.ts';

/** `sales_order.increment_id` (Magento_Sales, etc/db_schema.xml): no longer number can be found. */
const ORDER_NUMBER_LENGTH = 50;
/** `sales_shipment_track.track_number`: the database cuts longer values without a word (recordings of POST shipment/track). */
const TRACKING_NUMBER_LENGTH = 255;

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
  const { fields, columns } = layout;
  const shapeProblem = openRecordShape(layout, given.fieldBytes);
  const damage = openExcelDamage(profile.excelDamage, given.damage);
  const carriers = openCarriers(layout, profile.carriers, given.carriers);
  const itemOf = openItemCells(layout);
  const isHeaderAgain = openHeaderAgain(layout);
  const uncountedFor = openRowRules(layout, profile.rows);
  const ordersOf = openNumberCell({
    index: columns.order,
    fields,
    longest: ORDER_NUMBER_LENGTH,
    pieces: openSplit(profile.split.order),
    clean: openOrderRules(profile.order),
    keyOf: orderKey,
    damage,
  });
  const trackingsOf = openNumberCell({
    index: columns.tracking,
    fields,
    longest: TRACKING_NUMBER_LENGTH,
    pieces: openSplit(profile.split.tracking),
    refuse: trackingFault,
    doubt: checkDigitDoubt,
    keyOf: trackingKey,
    damage,
  });

  function valuesOf(cells: readonly string[], line: number): RecordVerdict {
    const orders = ordersOf(cells);
    if ('problem' in orders) return bad(line, orders.problem);
    const trackings = trackingsOf(cells);
    if ('problem' in trackings) return bad(line, trackings.problem);
    const carrierProblem = carriers.problem(cells);
    if (carrierProblem !== undefined) return bad(line, carrierProblem);
    const item = itemOf(cells);
    if (item !== null && 'problem' in item) return bad(line, item.problem);
    const rowOf = (order: FoundNumber, tracking: FoundNumber, part: number): Row => {
      const { code, title } = carriers.of(cells, tracking.value);
      const note = joined(order.note, tracking.note);
      const numbers = { orderNumber: order.value, trackingNumber: tracking.value };
      return { line, part, ...numbers, carrierCode: code, title, item, note };
    };
    const [order, ...otherOrders] = orders.numbers;
    const [tracking, ...otherTrackings] = trackings.numbers;
    const rows: [Row, ...Row[]] = [rowOf(order, tracking, 0)];
    if (otherOrders.length === 0 && otherTrackings.length === 0) return { kind: 'row', rows };
    const problem = severalProblem(otherOrders.length > 0, otherTrackings.length > 0, item !== null);
    if (problem !== undefined) return bad(line, problem);
    for (const other of otherOrders) rows.push(rowOf(other, tracking, rows.length));
    for (const other of otherTrackings) rows.push(rowOf(order, other, rows.length));
    return { kind: 'row', rows };
  }

  /** Several numbers in one cell are a row each where it is clear what belongs to what. */
  function severalProblem(areOrders: boolean, areTrackings: boolean, hasItem: boolean): string | undefined {
    const [orderColumn, trackingColumn] = [
      columnName(layout, columns.order),
      columnName(layout, columns.tracking),
    ];
    if (areOrders && areTrackings)
      return `${orderColumn} and ${trackingColumn} both hold several numbers, and nothing says which belong together; give each number a row of its own`;
    if (!hasItem) return undefined;
    return `${areOrders ? orderColumn : trackingColumn} holds several numbers, and nothing says to which the SKU belongs; give each number a row of its own`;
  }

  return {
    judge(cells, line) {
      if (cells.every((cell) => cell === '' || cell.trim() === '')) return skipped('every cell is empty');
      const earlier = columns.outcome === null ? undefined : earlierOutcome(cells[columns.outcome] ?? '');
      if (earlier !== undefined) return earlier.isBad ? bad(line, earlier.words) : skipped(earlier.words);
      const misshapen = shapeProblem(cells);
      if (misshapen !== undefined) return bad(line, misshapen);
      if (isHeaderAgain(cells)) return skipped('the header line again');
      const uncounted = uncountedFor(cells);
      if (uncounted !== undefined) return skipped(uncounted);
      const verdict = valuesOf(cells, line);
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

function trackingFault(value: string): string | undefined {
  if (value === '0') return 'holds "0", which Magento takes for empty';
  if (looksLikeSeveral(value)) return `holds several numbers: ${quoted(value)}; give each a row of its own`;
  return undefined;
}

function joined(one: string | null, other: string | null): string | null {
  return one === null || other === null ? (one ?? other) : `${one}; ${other}`;
}

function bad(line: number, what: string): RecordVerdict {
  return { kind: 'bad', message: `Line ${line}: ${what}.` };
}

function skipped(reason: string): RecordVerdict {
  return { kind: 'skipped', reason };
}
