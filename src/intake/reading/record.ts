import { OUTCOMES, outcomeClass } from '../../domain/outcome.ts';
import type { Item, RecordVerdict } from '../../domain/row.ts';
import { quoted } from '../wording.ts';
import { ASTRAL, cellMissing, columnName, type Layout, numberProblem, UNPRINTABLE } from './cell-problem.ts';
import { simplified } from './header.ts';
import { unwrapped } from './protect.ts';

/** `sales_order.increment_id` (Magento_Sales, etc/db_schema.xml): no longer number can be found. */
const ORDER_NUMBER_LENGTH = 50;
/** `sales_shipment_track`: the database cuts longer values without a word (recordings of POST shipment/track). */
const CARRIER_LENGTH = 32;
const TITLE_LENGTH = 255;
const TRACKING_NUMBER_LENGTH = 255;

/** What joins numbers in one cell; no carrier's number holds any of them. */
const SEVERAL = /[,;|]/;
/**
 * Decides what a record is: a row, a skipped row or a bad row. The message of a bad row names line, column and
 * value in the words of the file.
 */
export function judge(cells: readonly string[], line: number, layout: Layout): RecordVerdict {
  if (cells.every((cell) => cell.trim() === '')) return { kind: 'skipped', reason: 'every cell is empty' };
  return (
    judgeEarlierOutcome(cells, line, layout) ??
    judgeShape(cells, line, layout) ??
    judgeHeaderAgain(cells, layout) ??
    judgeValues(cells, line, layout)
  );
}

/** A report of ours: what was done before must not be done again, and a waiting row has its own drop. */
function judgeEarlierOutcome(
  cells: readonly string[],
  line: number,
  { columns }: Layout,
): RecordVerdict | undefined {
  if (columns.outcome === null) return undefined;
  const written = unwrapped(cells[columns.outcome] ?? '').toLowerCase();
  if (written === '') return undefined;
  const outcome = OUTCOMES.find((known) => known === written);
  if (outcome === undefined) {
    return bad(
      line,
      `the column trackdrop_outcome holds ${quoted(written)}, which is no outcome; empty the cell to have the row done`,
    );
  }
  const kind = outcomeClass(outcome);
  if (kind === 'failed') return undefined;
  if (kind === 'open')
    return { kind: 'skipped', reason: `${outcome}, and looked at again without this file` };
  return { kind: 'skipped', reason: `done before: ${outcome}` };
}

function judgeShape(cells: readonly string[], line: number, layout: Layout): RecordVerdict | undefined {
  const { fields, columns, dialect, fieldBytes } = layout;
  const filled = cells.findLastIndex((cell) => cell.trim() !== '') + 1;
  if (filled > fields.length) {
    return bad(
      line,
      `${filled} cells where the header has ${fields.length}; perhaps a ${nameOf(dialect.delimiter)} inside a cell without quotes`,
    );
  }
  for (const [index, cell] of cells.entries()) {
    if (cell.length * 3 > fieldBytes && Buffer.byteLength(cell) > fieldBytes) {
      return bad(
        line,
        `${columnName(layout, index)} holds more than ${fieldBytes} bytes, the most that is taken (limits.fieldBytes)`,
      );
    }
    if (!/[\r\n]/.test(cell)) continue;
    const [, ...continued] = cell.split(/\r\n|\r|\n/);
    const atLeast = Math.max(columns.order, columns.tracking);
    if (continued.some((text) => text.split(dialect.delimiter).length > atLeast)) {
      return bad(
        line,
        `a quote opens in ${columnName(layout, index)} and closes ${continued.length === 1 ? 'one line' : `${continued.length} lines`} later, with what looks like other rows between; remove the stray quote`,
      );
    }
  }
  return undefined;
}

/** Files that were joined carry the header line again in their middle. */
function judgeHeaderAgain(cells: readonly string[], { columns, fields }: Layout): RecordVerdict | undefined {
  const isHeader = [columns.order, columns.tracking].every(
    (index) => simplified(cells[index] ?? '') === simplified(fields[index] ?? ''),
  );
  return isHeader ? { kind: 'skipped', reason: 'the header line again' } : undefined;
}

function judgeValues(cells: readonly string[], line: number, layout: Layout): RecordVerdict {
  const { columns, carriers } = layout;
  const orderNumber = unwrapped(cells[columns.order] ?? '');
  const trackingNumber = unwrapped(cells[columns.tracking] ?? '');
  const carrierCode = columns.carrier === null ? '' : unwrapped(cells[columns.carrier] ?? '');
  const title = columns.title === null ? '' : (cells[columns.title] ?? '');
  const problem =
    numberProblem(orderNumber, columns.order, ORDER_NUMBER_LENGTH, cells, layout) ??
    numberProblem(trackingNumber, columns.tracking, TRACKING_NUMBER_LENGTH, cells, layout) ??
    (trackingNumber === '0'
      ? `${columnName(layout, columns.tracking)} holds "0", which Magento takes for empty`
      : undefined) ??
    (SEVERAL.test(trackingNumber)
      ? `${columnName(layout, columns.tracking)} holds several numbers: ${quoted(trackingNumber)}; give each a row of its own`
      : undefined) ??
    (columns.carrier === null ? undefined : carrierProblem(carrierCode, columns.carrier, layout)) ??
    itemProblem(cells, layout);
  if (problem !== undefined) return bad(line, problem);
  return {
    kind: 'row',
    rows: [
      {
        line,
        part: 0,
        orderNumber,
        trackingNumber,
        carrierCode: carrierCode || carriers.default,
        title: shownTitle(title) || carriers.defaultTitle,
        item: itemOf(cells, layout),
        note: null,
      },
    ],
  };
}

function carrierProblem(value: string, index: number, layout: Layout): string | undefined {
  const column = columnName(layout, index);
  if (value === '0') return `${column} holds "0", which Magento takes for empty`;
  if (UNPRINTABLE.test(value) || ASTRAL.test(value))
    return `${column} holds a character that no carrier code has: ${quoted(value)}`;
  if (value.length > CARRIER_LENGTH)
    return `${column} is longer than ${CARRIER_LENGTH} characters: ${quoted(value)}`;
  return undefined;
}

/** A title on one line, of characters that Magento can store, cut to what its column holds. */
function shownTitle(cell: string): string {
  const line = unwrapped(cell, 'text')
    .replace(new RegExp(ASTRAL, 'gu'), '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return line.slice(0, TITLE_LENGTH).trim();
}

function bad(line: number, what: string): RecordVerdict {
  return { kind: 'bad', message: `Line ${line}: ${what}.` };
}

function nameOf(delimiter: string): string {
  return { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' }[delimiter] ?? 'delimiter';
}

/** `sales_order_item.sku` (Magento_Sales, etc/db_schema.xml): no longer one can be found. */
const SKU_LENGTH = 255;
/** What Magento's DECIMAL(12,4) holds. With a comma nobody could tell 1,000 from 1.000. */
const QUANTITY = /^\d{1,8}(\.\d{1,4})?$/;

/** A SKU without a quantity is one piece; a row without both says nothing of what its parcel holds. */
function itemOf(cells: readonly string[], { columns }: Layout): Item | null {
  if (columns.sku === null || columns.quantity === null) return null;
  const sku = unwrapped(cells[columns.sku] ?? '');
  return sku === '' ? null : { sku, quantity: Number(unwrapped(cells[columns.quantity] ?? '') || 1) };
}

/** What keeps the cells of SKU and quantity from saying what the parcel holds, in words; undefined where nothing does. */
function itemProblem(cells: readonly string[], layout: Layout): string | undefined {
  const { sku: skuAt, quantity: quantityAt } = layout.columns;
  if (skuAt === null || quantityAt === null) return undefined;
  const missing = [skuAt, quantityAt].find((index) => index >= cells.length);
  if (missing !== undefined) return cellMissing(missing, cells, layout);
  const sku = unwrapped(cells[skuAt] ?? '');
  const quantity = unwrapped(cells[quantityAt] ?? '');
  if (sku === '' && quantity === '') return undefined;
  if (sku === '')
    return `${columnName(layout, quantityAt)} holds ${quoted(quantity)}, and ${columnName(layout, skuAt)} is empty`;
  if (UNPRINTABLE.test(sku))
    return `${columnName(layout, skuAt)} holds a line break or an invisible character: ${quoted(sku)}`;
  if (sku.length > SKU_LENGTH)
    return `${columnName(layout, skuAt)} is longer than ${SKU_LENGTH} characters: ${quoted(sku)}`;
  if (quantity === '' || (QUANTITY.test(quantity) && Number(quantity) > 0)) return undefined;
  return `${columnName(layout, quantityAt)} holds ${quoted(quantity)}, which is no quantity; it must be more than 0, such as 2 or 0.5, with at most four decimals`;
}
