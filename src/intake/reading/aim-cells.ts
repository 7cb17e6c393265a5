import type { Profile, SourceEntry, StoreViewEntry } from '../../domain/profile.ts';
import type { Row } from '../../domain/row.ts';
import { isStorable } from '../../domain/storable.ts';
import { unwrapped } from '../protect.ts';
import { list, quoted } from '../wording.ts';
import { openEntries, remembered } from './cell-pattern.ts';
import { cellMissing, columnName, STANDS_FOR_NONE, UNPRINTABLE, valueProblem } from './cell-problem.ts';
import { type ExcelDamage, openExcelDamage } from './excel-damage.ts';
import type { DropLayout } from './layout.ts';
import { looksLikeSeveral } from './several-numbers.ts';

/** `sales_shipment.increment_id` (Magento_Sales, etc/db_schema.xml): no longer one can be found. */
const SHIPMENT_NUMBER_LENGTH = 50;
/** `inventory_source.source_code` (Magento_InventoryApi, etc/db_schema.xml). */
const SOURCE_LENGTH = 255;
/** `store.store_id` is a SMALLINT without a sign (Magento_Store, etc/db_schema.xml). */
const LARGEST_STORE_VIEW = 65_535;
/** Some programs write a whole number with decimals where another cell of the column is empty. */
const STORE_VIEW = /^(\d{1,5})(?:\.0{1,2})?$/;
/** What people and programs write into a cell that is to be empty; what a formula shows that has failed is none of it. */
const SAYS_NOTHING = /^(?:|[-–—]+|n\/a|none|null|nan)$/i;

/** What most shipment numbers are, and what nothing below would find fault with. */
const ORDINARY = /^[0-9A-Za-z]{0,14}\d$/;

/** What a record says itself of where its numbers belong. */
export type Aims = Pick<Row, 'shipmentNumber' | 'storeView' | 'source'>;

/** What a cell means; null where it says nothing; or what is wrong with it, in words that follow its column's name. */
type Meaning<Value> = { readonly value: Value | null } | { readonly fault: string };

const NO_AIMS: Aims = { shipmentNumber: null, storeView: null, source: null };

/**
 * Prepares reading for which shipment, store view and inventory source a record is; or what is wrong with the cells, in
 * words. What is not understood is never left out: a parcel would be booked out of the wrong warehouse without a word.
 */
export function openAimCells(
  layout: DropLayout,
  profile: Pick<Profile, 'sources' | 'storeViews' | 'excelDamage'>,
): (cells: readonly string[]) => Aims | { readonly problem: string } {
  const { shipment, storeView, source } = layout.columns;
  if (shipment === null && storeView === null && source === null) return () => NO_AIMS;
  const damage = openExcelDamage(profile.excelDamage, 'judge');
  const [storeViewIn, sourceIn] = [openStoreViews(profile.storeViews), openSources(profile.sources)];
  const shipmentOf = openCell(layout, shipment, (cell) =>
    ORDINARY.test(cell) ? { value: cell } : shipmentIn(unwrapped(cell), damage),
  );
  const storeViewOf = openCell(
    layout,
    storeView,
    remembered((cell) => storeViewIn(unwrapped(cell))),
  );
  const sourceOf = openCell(
    layout,
    source,
    remembered((cell) => sourceIn(unwrapped(cell))),
  );

  return (cells) => {
    const [shipmentNumber, view, code] = [shipmentOf(cells), storeViewOf(cells), sourceOf(cells)];
    if ('problem' in shipmentNumber) return shipmentNumber;
    if ('problem' in view) return view;
    if ('problem' in code) return code;
    return { shipmentNumber: shipmentNumber.value, storeView: view.value, source: code.value };
  };
}

function openCell<Value>(
  layout: DropLayout,
  index: number | null,
  meaningOf: (cell: string) => Meaning<Value>,
): (cells: readonly string[]) => { readonly value: Value | null } | { readonly problem: string } {
  if (index === null) return () => ({ value: null });
  return (cells) => {
    const cell = cells[index];
    if (cell === undefined) return { problem: cellMissing(index, cells, layout) };
    const meaning = meaningOf(cell);
    return 'fault' in meaning ? { problem: `${columnName(layout, index)} ${meaning.fault}` } : meaning;
  };
}

function shipmentIn(text: string, damage: ExcelDamage): Meaning<string> {
  if (SAYS_NOTHING.test(text)) return { value: null };
  const damaged = damage.look(text);
  const fault = damaged?.isBad ? damaged.words : valueProblem(text, SHIPMENT_NUMBER_LENGTH);
  if (fault !== undefined) return { fault };
  if (looksLikeSeveral(text)) return { fault: `holds several shipments: ${quoted(text)}; a row has one` };
  return { value: text };
}

function openStoreViews(entries: readonly StoreViewEntry[]): (text: string) => Meaning<number> {
  const entryOf = openEntries(entries);
  return (text) => {
    const entry = entryOf(text);
    if (entry !== undefined) return { value: entry.id };
    if (SAYS_NOTHING.test(text)) return { value: null };
    if (entries.length > 0) return unmapped(text, 'storeViews', entries);
    const id = Number(STORE_VIEW.exec(text)?.[1] ?? Number.NaN);
    if (id <= LARGEST_STORE_VIEW) return { value: id };
    return {
      fault: `holds ${quoted(text)}, which is no store view's id, a whole number from 0 to ${LARGEST_STORE_VIEW}; say in the profile which one it means (storeViews), or that the column means nothing (columns: { storeView: none })`,
    };
  };
}

function openSources(entries: readonly SourceEntry[]): (text: string) => Meaning<string> {
  const entryOf = openEntries(entries);
  return (text) => {
    const entry = entryOf(text);
    if (entry !== undefined) return { value: entry.code };
    if (SAYS_NOTHING.test(text)) return { value: null };
    if (entries.length > 0) return unmapped(text, 'sources', entries);
    if (STANDS_FOR_NONE.test(text)) return { fault: `holds ${quoted(text)}, which is no source's code` };
    if (UNPRINTABLE.test(text) || !isStorable(text))
      return { fault: `holds a character that no source's code has: ${quoted(text)}` };
    if (text.length > SOURCE_LENGTH)
      return { fault: `is longer than ${SOURCE_LENGTH} characters: ${quoted(text)}` };
    if (!/\s/.test(text)) return { value: text };
    return {
      fault: `holds ${quoted(text)}, which is no source's code, since it has a blank; say in the profile which source it means (sources), or that the column means nothing (columns: { source: none })`,
    };
  };
}

function unmapped(
  text: string,
  key: 'sources' | 'storeViews',
  entries: readonly { readonly says: readonly string[] }[],
): { readonly fault: string } {
  const known = list(entries.flatMap(({ says }) => says).map(quoted));
  return { fault: `holds ${quoted(text)}, which no entry of the profile's ${key} fits; it has ${known}` };
}
