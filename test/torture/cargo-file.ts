import type { Outcome } from '../../src/domain/outcome.ts';
import type { Chance } from './chance.ts';

/** What a row is about, and so what must become of it. */
export type RowKind =
  /** The number is to stand on the order, once, however many rows say so. */
  | { readonly kind: 'number'; readonly order: string; readonly number: string }
  /** Nothing is written; the row ends like this. */
  | { readonly kind: 'fixed'; readonly outcome: Outcome };

export interface CargoRow {
  /** Line of the file, counted from 1. */
  readonly line: number;
  /** The record as it stands in the file, with its line end. */
  readonly record: string;
  readonly fields: readonly string[];
  readonly kind: RowKind;
}

/** A file to be dropped, with what is known of each of its rows. */
export interface CargoFile {
  readonly name: string;
  readonly bytes: Buffer;
  /** Byte order mark, header line and its end. */
  readonly head: string;
  readonly delimiter: ',' | ';';
  readonly rows: readonly CargoRow[];
  /** The file as a whole cannot be read: it fails, and nothing of it is pushed. */
  readonly isUnreadable: boolean;
  /** What its writer has written when it pauses; the file may be taken for that, and is read again once the rest came. */
  readonly part?: CargoFile;
  readonly end: {
    /** Its failed rows came back corrected, and are done. */
    isRedone?: boolean;
  };
}

/** A row that is to be written. */
export type Wanted = { readonly order: string; readonly number: string; readonly kind: RowKind };

const HEADERS = [
  ['order_number', 'tracking_number', 'carrier_code', 'title'],
  ['Order Number', 'Tracking-Number', 'Carrier Code', 'Title'],
  ['tracking_number', 'order_number', 'remark', 'carrier_code', 'title'],
  ['order_number', 'tracking_number'],
] as const;
/** More often than not one that was there before. */
export const NAMES = [
  'daily.csv',
  'daily.csv',
  'shipments.csv',
  'Tracking Export.txt',
  'übersicht.csv',
  'a.b.csv',
];

interface Dialect {
  readonly header: readonly string[];
  readonly delimiter: ',' | ';';
  readonly lineEnd: '\n' | '\r\n';
  readonly mark: '' | '\ufeff';
}

/** A file of these rows in a dialect by chance, with an empty row now and then. */
export function cargoFile(wanted: readonly Wanted[], chance: Chance): CargoFile {
  const dialect: Dialect = {
    header: chance.pick(HEADERS),
    delimiter: chance.pick([',', ';']),
    lineEnd: chance.pick(['\n', '\r\n']),
    mark: chance.pick(['', '\ufeff']),
  };
  const { header, delimiter, lineEnd, mark } = dialect;
  const head = `${mark}${header.join(delimiter)}${lineEnd}`;
  const rows: CargoRow[] = [];
  let line = 2;
  for (const each of wanted) {
    const row = cargoRow(each, line, dialect, chance);
    rows.push(row);
    line += row.record.split(lineEnd).length - 1;
    if (chance.hits(0.03)) {
      rows.push(emptyRow(line, dialect));
      line += 1;
    }
  }
  const bytes = Buffer.from(head + rows.map(({ record }) => record).join(''));
  return { name: chance.pick(NAMES), bytes, head, delimiter, rows, isUnreadable: false, end: {} };
}

function cargoRow(
  { order, number, kind }: Wanted,
  line: number,
  { header, delimiter, lineEnd }: Dialect,
  chance: Chance,
): CargoRow {
  const cells: Readonly<Record<string, string>> = {
    ordernumber: order,
    trackingnumber: number,
    carriercode: chance.pick(['ups', 'dhl', 'custom', '']),
    title: chance.pick(['Parcel', 'Box, the big one; fragile', `Two${lineEnd}lines`, '']),
    remark: 'x',
  };
  const fields = header.map((name) => cells[name.toLowerCase().replace(/[ _-]/g, '')] ?? '');
  const record = fields.map((cell) => (/[,;\r\n]/.test(cell) ? `"${cell}"` : cell)).join(delimiter);
  return { line, record: record + lineEnd, fields, kind };
}

function emptyRow(line: number, { header, delimiter, lineEnd }: Dialect): CargoRow {
  const fields = header.map(() => '');
  return {
    line,
    record: fields.join(delimiter) + lineEnd,
    fields,
    kind: { kind: 'fixed', outcome: 'skipped' },
  };
}
