import type { Row } from '../../domain/row.ts';
import { printable } from '../../runtime/printable.ts';
import { type Column, cutToWidth, table } from '../table.ts';

const WIDEST_CELL = 40;

/** Cut, so that one long title leaves room for the other columns. */
export function shortCell(text: string): string {
  return cutToWidth(printable(text), WIDEST_CELL);
}

interface RowColumn extends Column {
  readonly of: (row: Row) => string;
}

const ROW_COLUMNS: readonly RowColumn[] = [
  { head: 'LINE', align: 'right', of: ({ line }) => String(line) },
  { head: 'ORDER', of: ({ orderNumber }) => orderNumber },
  { head: 'TRACKING', of: ({ trackingNumber }) => trackingNumber },
  { head: 'CARRIER', of: ({ carrierCode }) => carrierCode },
  { head: 'TITLE', of: ({ title }) => title },
  { head: 'ITEM', of: ({ item }) => (item === null ? '' : `${item.quantity} x ${item.sku}`) },
  { head: 'SHIPMENT', of: ({ shipmentNumber }) => shipmentNumber ?? '' },
  { head: 'STORE VIEW', of: ({ storeView }) => (storeView === null ? '' : String(storeView)) },
  { head: 'SOURCE', of: ({ source }) => source ?? '' },
  { head: 'LINK', of: ({ link }) => link ?? '' },
  { head: 'NOTE', of: ({ note }) => note ?? '' },
];

/** The table of rows, without the columns that are empty in each of them; no lines for no rows. */
export function rowsTable(rows: readonly Row[], width: number): string[] {
  const columns = ROW_COLUMNS.filter(({ of }) => rows.some((row) => of(row) !== ''));
  if (rows.length === 0) return [];
  const last = columns.length - 1;
  const cells = rows.map((row) => columns.map(({ of }, at) => (at === last ? of(row) : shortCell(of(row)))));
  return table(columns, cells, { width });
}
