import type { Item } from '../../domain/row.ts';
import { quoted } from '../wording.ts';
import { cellMissing, columnName, type Layout, UNPRINTABLE } from './cell-problem.ts';
import { unwrapped } from './protect.ts';

/** `sales_order_item.sku` (Magento_Sales, etc/db_schema.xml): no longer one can be found. */
const SKU_LENGTH = 255;
/** What Magento's DECIMAL(12,4) holds. With a comma nobody could tell 1,000 from 1.000. */
const QUANTITY = /^\d{1,8}(\.\d{1,4})?$/;

/** A SKU without a quantity is one piece; a row without both says nothing of what its parcel holds. */
export function itemOf(cells: readonly string[], { columns }: Layout): Item | null {
  if (columns.sku === null || columns.quantity === null) return null;
  const sku = unwrapped(cells[columns.sku] ?? '');
  return sku === '' ? null : { sku, quantity: Number(unwrapped(cells[columns.quantity] ?? '') || 1) };
}

/** What keeps the cells of SKU and quantity from saying what the parcel holds, in words; undefined where nothing does. */
export function itemProblem(cells: readonly string[], layout: Layout): string | undefined {
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
