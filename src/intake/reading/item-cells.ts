import type { Item } from '../../domain/row.ts';
import { unwrapped } from '../protect.ts';
import { quoted } from '../wording.ts';
import { cellMissing, columnName, UNPRINTABLE } from './cell-problem.ts';
import type { DropLayout } from './layout.ts';

/** `sales_order_item.sku` (Magento_Sales, etc/db_schema.xml): no longer one can be found. */
const SKU_LENGTH = 255;
/** What Magento's DECIMAL(12,4) holds, with a point or a comma. */
const QUANTITY = /^\d{1,8}(?:[.,]\d{1,4})?$/;
/** Three digits after either sign: nobody can tell a thousand from one. A zero or a fourth digit before it can. */
const THOUSANDS_OR_DECIMALS = /^[1-9]\d{0,2}[.,]\d{3}$/;

/**
 * Prepares reading what a parcel holds: null where the record says nothing of it, or what is wrong with the cells, in
 * words. A SKU without a quantity is one piece, and one with the quantity 0 is not in the parcel.
 */
export function openItemCells(
  layout: DropLayout,
): (cells: readonly string[]) => Item | { readonly problem: string } | null {
  const { sku: skuAt, quantity: quantityAt } = layout.columns;
  if (skuAt === null) return () => null;

  return (cells) => {
    if (skuAt >= cells.length) return { problem: cellMissing(skuAt, cells, layout) };
    const sku = unwrapped(cells[skuAt] ?? '');
    if (quantityAt === null)
      return sku === '' ? null : (skuProblem(sku, skuAt, layout) ?? { sku, quantity: 1 });
    if (quantityAt >= cells.length) return { problem: cellMissing(quantityAt, cells, layout) };
    const written = unwrapped(cells[quantityAt] ?? '');
    if (sku !== '')
      return skuProblem(sku, skuAt, layout) ?? itemOf(sku, written, columnName(layout, quantityAt));
    if (written === '') return null;
    return {
      problem: `${columnName(layout, quantityAt)} holds ${quoted(written)}, and ${columnName(layout, skuAt)} is empty`,
    };
  };
}

function itemOf(sku: string, written: string, column: string): Item | { readonly problem: string } {
  if (written === '') return { sku, quantity: 1 };
  const decimal = written.replace(',', '.');
  if (THOUSANDS_OR_DECIMALS.test(written)) {
    const whole = decimal.replace('.', '');
    return {
      problem: `${column} holds ${quoted(written)}, which may be ${whole} or ${Number(decimal)}; write it without a sign for thousands, and with one, two or four decimals or none`,
    };
  }
  if (QUANTITY.test(written)) return { sku, quantity: Number(decimal) };
  return {
    problem: `${column} holds ${quoted(written)}, which is no quantity; it must be a number such as 2 or 0.5, with at most four decimals, or 0 where nothing of the item is in the parcel`,
  };
}

function skuProblem(
  sku: string,
  index: number,
  layout: DropLayout,
): { readonly problem: string } | undefined {
  if (UNPRINTABLE.test(sku))
    return {
      problem: `${columnName(layout, index)} holds a line break or an invisible character: ${quoted(sku)}`,
    };
  if (sku.length > SKU_LENGTH)
    return {
      problem: `${columnName(layout, index)} is longer than ${SKU_LENGTH} characters: ${quoted(sku)}`,
    };
  return undefined;
}
