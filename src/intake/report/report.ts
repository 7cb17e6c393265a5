import { mailTold } from '../../domain/mail-told.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { printable } from '../../runtime/printable.ts';
import { simplified } from '../profile/column-name.ts';
import { protectedCell } from '../protect.ts';
import type { DropLayout } from '../reading/layout.ts';

/** What a report says of one record. */
export interface ReportRow {
  readonly line: number;
  /** The record's cells; null where it could not be parsed. */
  readonly fields: readonly string[] | null;
  readonly outcome: Outcome;
  readonly message: string;
  readonly orderId: number | null;
  readonly shipmentId: number | null;
  readonly trackId: number | null;
  /** See RecordEnd. */
  readonly mail: 'mailed' | 'unknown' | null;
}

/** The columns that a report adds; people and other programs rely on the names. */
export const REPORT_COLUMNS = [
  'trackdrop_line',
  'trackdrop_outcome',
  'trackdrop_message',
  'trackdrop_order_id',
  'trackdrop_shipment_id',
  'trackdrop_track_id',
  'trackdrop_profile',
  'trackdrop_drop',
  'trackdrop_mail',
] as const;

/** Those of a report that an older program wrote. */
export const EARLIER_REPORT_COLUMNS = REPORT_COLUMNS.slice(0, -1);

const BYTE_ORDER_MARK = '\ufeff';
const OWN_NAMES = new Set<string>(REPORT_COLUMNS.map(simplified));

/**
 * Writes the lines of a report: the drop's columns as they came, then ours; the drop's delimiter, CR LF, and a
 * UTF-8 mark, without which Excel guesses another encoding. Where the drop is a report itself, its old columns of
 * ours give way to the new ones.
 */
export class ReportWriter {
  readonly #delimiter: string;
  readonly #columns: readonly number[];
  readonly #fields: readonly string[];
  readonly #profile: string;
  readonly #drop: string;
  readonly #ours: readonly string[];

  /**
   * `layout` is null where the drop could not be read as a whole, or holds nothing but blanks; `drop` is its id; `ours` are
   * the columns that are added, the first so many of REPORT_COLUMNS.
   */
  constructor(
    layout: Pick<DropLayout, 'fields' | 'dialect' | 'profile'> | null,
    drop: string,
    ours: readonly string[] = REPORT_COLUMNS,
  ) {
    this.#drop = drop;
    this.#ours = ours;
    this.#delimiter = layout?.dialect.delimiter ?? ',';
    this.#fields = layout?.fields ?? [];
    this.#profile = layout === null ? '' : onOneLine(`${layout.profile.name}: ${layout.profile.why}`);
    this.#columns = [...this.#fields.keys()].filter(
      (at) => !OWN_NAMES.has(simplified(this.#fields[at] ?? '')),
    );
  }

  start(): string {
    return BYTE_ORDER_MARK + this.#line([...this.#original(this.#fields), ...this.#ours]);
  }

  row({ line, fields, outcome, message, orderId, shipmentId, trackId, mail }: ReportRow): string {
    const isTooWide = (fields ?? []).findLastIndex((cell) => cell.trim() !== '') >= this.#fields.length;
    const cells = fields === null || isTooWide ? [] : fields;
    // Cut to the header's width such a row looks whole, and would be believed when the report is dropped again.
    const words = isTooWide ? `${message} It reads: ${shown((fields ?? []).join(this.#delimiter))}` : message;
    const values = [
      ...[line, outcome, onOneLine(words), orderId, shipmentId, trackId],
      ...[this.#profile, this.#drop, mailTold(outcome, mail)],
    ];
    const ours = values.slice(0, this.#ours.length).map((value) => String(value ?? ''));
    return this.#line([...this.#original(cells), ...ours]);
  }

  #original(fields: readonly string[]): readonly string[] {
    return this.#columns.map((at) => fields[at] ?? '');
  }

  #line(cells: readonly string[]): string {
    return `${cells.map((cell) => this.#cell(cell)).join(this.#delimiter)}\r\n`;
  }

  #cell(value: string): string {
    const cell = protectedCell(value);
    const needsQuotes = /["\r\n]|^\s|\s$/.test(cell) || cell.includes(this.#delimiter);
    return needsQuotes ? `"${cell.replaceAll('"', '""')}"` : cell;
  }
}

/** Magento's sentences have line ends, and may hold what a terminal obeys: `less` shows a report as well as Excel. */
function onOneLine(words: string): string {
  return printable(words.replace(/\s*[\r\n]+\s*/g, ' ').trim());
}

/** Enough to find the row by. */
const SHOWN_LENGTH = 300;

function shown(row: string): string {
  return row.length > SHOWN_LENGTH ? `${row.slice(0, SHOWN_LENGTH)}…` : row;
}
