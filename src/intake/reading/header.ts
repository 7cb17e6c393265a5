import { UnreadableDropError } from '../../domain/failure.ts';
import { list, quoted } from '../wording.ts';
import { cutRecords, type Dialect } from './cells.ts';

/** Where the plain format's columns stand; null for one that the file does not have. */
export interface Columns {
  readonly order: number;
  readonly tracking: number;
  readonly carrier: number | null;
  readonly title: number | null;
  /** Both are there, or neither. */
  readonly sku: number | null;
  readonly quantity: number | null;
  /** Only in a report of ours that was dropped again. */
  readonly outcome: number | null;
}

/** The header line as it was understood. */
export interface HeaderLine {
  readonly fields: readonly string[];
  readonly dialect: Dialect;
  readonly columns: Columns;
}

const DELIMITERS = [',', ';', '\t', '|'];

/** Names as they are after `simplified`; what a person calls the column; whether a file must have it. */
const COLUMNS = [
  { key: 'order', name: 'ordernumber', written: 'order_number', isNeeded: true },
  { key: 'tracking', name: 'trackingnumber', written: 'tracking_number', isNeeded: true },
  { key: 'carrier', name: 'carriercode', written: 'carrier_code', isNeeded: false },
  { key: 'title', name: 'title', written: 'title', isNeeded: false },
  { key: 'sku', name: 'sku', written: 'sku', isNeeded: false },
  { key: 'quantity', name: 'quantity', written: 'quantity', isNeeded: false },
  { key: 'outcome', name: 'trackdropoutcome', written: 'trackdrop_outcome', isNeeded: false },
] as const;

/** A column's name without what differs between two exports of one system: case, `_`, `-`, dots and blanks. */
export function simplified(name: string): string {
  return name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[\s_\-.]/gu, '');
}

/**
 * Understands the first line of a file: the delimiter is the one with which the needed columns are found.
 * @throws UnreadableDropError `no-such-column` or `column-twice`, naming what is missing and what is there; `sku`
 * without `quantity`, or the other way round, is a missing column too.
 */
export function readHeaderLine(text: Uint8Array, lineEnd: Dialect['lineEnd'], line: number): HeaderLine {
  const readings = DELIMITERS.map((delimiter) => {
    const dialect: Dialect = { delimiter, lineEnd };
    const fields = cutRecords(text, dialect).records[0]?.cells ?? [];
    return { fields, dialect, places: placesOf(fields) };
  });
  const reading =
    readings.find(({ places }) =>
      COLUMNS.every(({ key, isNeeded }) => !isNeeded || places[key].length > 0),
    ) ?? readings.reduce((best, next) => (next.fields.length > best.fields.length ? next : best));
  const { fields, dialect, places } = reading;
  refuseTwice(fields, places, line);
  const [order, tracking] = [places.order[0], places.tracking[0]];
  if (order === undefined || tracking === undefined) throw missing(fields, places, line);
  refuseHalfAnItem(fields, places, line);
  const columns = {
    order,
    tracking,
    carrier: places.carrier[0] ?? null,
    title: places.title[0] ?? null,
    sku: places.sku[0] ?? null,
    quantity: places.quantity[0] ?? null,
    outcome: places.outcome[0] ?? null,
  };
  return { fields, dialect, columns };
}

type Places = Readonly<Record<keyof Columns, readonly number[]>>;

function placesOf(fields: readonly string[]): Places {
  const names = fields.map(simplified);
  const of = (wanted: string) => names.flatMap((name, index) => (name === wanted ? [index] : []));
  return Object.fromEntries(COLUMNS.map(({ key, name }) => [key, of(name)])) as unknown as Places;
}

function refuseTwice(fields: readonly string[], places: Places, line: number): void {
  for (const { key } of COLUMNS) {
    if (places[key].length < 2) continue;
    const names = list(places[key].map((index) => quoted(fields[index] ?? '')));
    const message = `Line ${line}: the columns ${names} mean the same; only one of them can be there.`;
    throw new UnreadableDropError('column-twice', message, line, 'Rename or remove one of them.');
  }
}

/** A misspelled `quantity` would ship one piece of each, a misspelled `sku` everything that is open. */
function refuseHalfAnItem(fields: readonly string[], { sku, quantity }: Places, line: number): void {
  if (sku.length === quantity.length) return;
  const [there, lacking] = sku.length > 0 ? ['sku', 'quantity'] : ['quantity', 'sku'];
  throw new UnreadableDropError(
    'no-such-column',
    `Line ${line} has a column ${there} and no column ${lacking}; they say together what a parcel holds. It has ${list(fields.map(quoted))}.`,
    line,
    `Add the column ${lacking}, or rename the column ${there} where it means something else.`,
  );
}

function missing(fields: readonly string[], places: Places, line: number): UnreadableDropError {
  const names = COLUMNS.filter(({ key, isNeeded }) => isNeeded && places[key].length === 0).map(
    (c) => c.written,
  );
  const found = fields.length === 0 ? 'no columns that can be read' : list(fields.map(quoted));
  return new UnreadableDropError(
    'no-such-column',
    `Line ${line} should be the header line, and has no ${names.length === 1 ? 'column' : 'columns'} ${list(names)}. It has ${found}.`,
    line,
    'The first line must name the columns: order_number, tracking_number and, if wanted, carrier_code, title, sku and quantity.',
  );
}
