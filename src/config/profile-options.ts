import { choice, count, flag, list, orNothing, text } from './kinds.ts';
import { derived, needed, type Option, type OptionList, type WrittenOf, withDefault } from './option.ts';
import { carrierCode, filePattern, ourName, sourceCode, storeViewId } from './option-kinds.ts';
import {
  cellPattern,
  columnChoice,
  columnRef,
  delimiter,
  linearPattern,
  linkTemplate,
  separator,
} from './profile-kinds.ts';

const affix = text({ maxLength: 50 });
const optionalColumn = columnChoice('auto', 'none');

/**
 * Every option of a profile, below `profiles.NAME` or at the top of a file of its own. A default holds where neither the
 * profile nor the one that it extends says otherwise.
 */
const PROFILE_OPTIONS = {
  about: derived(text({ maxLength: 500 }), 'none', {
    doc: 'Whose files these are, in words.',
    example: "Acme's nightly export",
  }),
  extends: derived(ourName, 'none', {
    doc: 'Start from a preset or another profile; what is written here takes the place of what stands there, lists as a whole.',
    example: 'shipstation',
  }),
  files: withDefault(list(filePattern, 0), [], {
    doc: 'With `profile: auto`: names of files that are surely of this kind, as patterns of `*` and `?`.',
    example: ['ACME_*.csv'],
  }),
  headers: withDefault(list(text({ maxLength: 200 }), 0), [], {
    doc: 'With `profile: auto`: names of columns that together say that a file is of this kind.',
    example: ['Order - Number', 'Shipment - Tracking Number'],
  }),
  encoding: withDefault(
    choice(['auto', 'utf-8', 'utf-16le', 'utf-16be', 'windows-1252', 'iso-8859-1']),
    'auto',
    {
      doc: 'How the bytes are to be read; `auto` goes by the byte order mark, then by what the bytes can be.',
    },
  ),
  delimiter: withDefault(delimiter, 'auto', { doc: 'What stands between two cells.' }),
  quotes: withDefault(flag, true, {
    doc: 'While false, a quote is a character like any other.',
  }),
  header: withDefault(choice(['auto', 'none']), 'auto', {
    doc: '`auto` finds the header line, also below lines of prose; `none`: the first line is a row already, and the columns are given by position.',
  }),
  restColumn: withDefault(orNothing(count(1, 10_000)), null, {
    doc: 'The column, counted from 1, that takes the rest of the line with its delimiters. Needs `quotes: false`.',
  }),
  'columns.order': withDefault(columnChoice('auto'), 'auto', {
    doc: 'Where the order number stands: the name of the column, several names of which one is there, or its position counted from 1. `auto` finds it by the names that are known.',
    example: 'Order - Number',
  }),
  'columns.tracking': withDefault(columnChoice('auto'), 'auto', {
    doc: 'Where the tracking number stands. Columns of the same name with a number from 2 to 9 behind hold further ones.',
    example: ['Shipment - Tracking Number', 'Tracking'],
  }),
  'columns.carrier': withDefault(optionalColumn, 'auto', {
    doc: 'Where the file says in its own words who carries the parcel; `none`: nowhere.',
  }),
  'columns.carrierCode': withDefault(optionalColumn, 'auto', {
    doc: "Where Magento's own carrier code stands.",
  }),
  'columns.title': withDefault(optionalColumn, 'auto', {
    doc: 'Where it says what the customer reads above the number.',
  }),
  'columns.sku': withDefault(optionalColumn, 'auto', {
    doc: 'Where the SKU of what the parcel holds stands.',
  }),
  'columns.quantity': withDefault(optionalColumn, 'auto', { doc: 'How many pieces of it.' }),
  'columns.shipment': withDefault(optionalColumn, 'auto', {
    doc: "Where the number of Magento's shipment stands that gets the tracking number. Known by itself only under names such as `magento_shipment_number`: what else is called a shipment's number is mostly the warehouse's own.",
  }),
  'columns.storeView': withDefault(optionalColumn, 'auto', {
    doc: "Where Magento's id of the store view stands whose order is meant, or a word of `storeViews`.",
  }),
  'columns.source': withDefault(optionalColumn, 'auto', {
    doc: "Where Magento's code of the inventory source stands that the parcel left from, or a word of `sources`. Of new shipments.",
  }),
  'orderNumber.stripPrefixes': withDefault(list(affix, 0), [], {
    doc: 'The first of these that an order number begins with is taken off.',
    example: ['#', 'ACME-'],
  }),
  'orderNumber.stripSuffixes': withDefault(list(affix, 0), [], {
    doc: 'The first of these that it ends with is taken off.',
  }),
  'orderNumber.pattern': withDefault(orNothing(linearPattern), null, {
    doc: 'What the first group of this regular expression matches, or else the whole match, is the number; a cell without a match, with a second one, or with one that begins or ends among digits is a bad row. RE2 syntax, whose time is linear.',
  }),
  'orderNumber.padTo': withDefault(orNothing(count(1, 50)), null, {
    doc: 'A number of digits that is shorter gets zeros before it.',
    example: 9,
  }),
  'trackingNumber.stripPrefixes': withDefault(list(affix, 0), [], {
    doc: 'The same for a tracking number, before which the file may write its carrier.',
    example: ['UPS:', 'DHL:'],
  }),
  'trackingNumber.stripSuffixes': withDefault(list(affix, 0), [], {
    doc: 'The first of these that it ends with is taken off.',
  }),
  'trackingNumber.pattern': withDefault(orNothing(linearPattern), null, {
    doc: 'What this finds in a cell is the number, as for order numbers: in the address of a page, such as `/p/([0-9A-Z]+)`.',
  }),
  'split.order': withDefault(separator, 'auto', {
    doc: 'What stands between several order numbers in one cell; `auto`: `,`, `;` or `|` between what looks like numbers; blanks, `/`, `&` and `+` too where each has ten characters or more.',
  }),
  'split.tracking': withDefault(separator, 'auto', {
    doc: 'What stands between several tracking numbers in one cell.',
  }),
  'rows[].column': needed(columnRef, {
    doc: 'The column that says whether a row counts.',
    example: 'Status',
  }),
  'rows[].only': withDefault(list(cellPattern, 0), [], {
    doc: 'Only rows with one of these count; patterns of `*` and `?`, case and blanks aside; `""` is an empty cell.',
  }),
  'rows[].skip': withDefault(list(cellPattern, 0), [], {
    doc: 'Rows with one of these do not count.',
    example: ['Void*'],
  }),
  excelDamage: withDefault(choice(['refuse', 'warn']), 'refuse', {
    doc: 'What becomes of long numbers that end in zeros, as Excel leaves them; numbers with an exponent (`1.2E+17`) never pass, and `12E5`, which may be one as it stands, has a note.',
  }),
  'carriers.default': withDefault(orNothing(carrierCode), null, {
    doc: "Magento's carrier code of rows that no entry of the map fits; `null`: that of the inbox.",
  }),
  'carriers.defaultTitle': withDefault(orNothing(text({ maxLength: 255 })), null, {
    doc: 'What the customer reads above the number where the file says nothing; `null`: that of the inbox.',
  }),
  'carriers.defaultLink': withDefault(orNothing(linkTemplate), null, {
    doc: "The carrier's page for a number that no entry of the map fits, with `{number}` in it.",
  }),
  'carriers.recognise': withDefault(flag, false, {
    doc: 'Where the file names no carrier, tell it from the number.',
  }),
  'carriers.map[].says': needed(list(text({ maxLength: 255 })), {
    doc: 'What the file says of the carrier; patterns of `*` and `?`, case and blanks aside. The first entry that fits counts.',
    example: ['DHL*', 'Deutsche Post'],
  }),
  'carriers.map[].code': withDefault(carrierCode, 'custom', {
    doc: "Magento's carrier code; `ups`, `usps`, `fedex` and `dhl` only where the shop has an account with them configured, else the customer reads that tracking is not available.",
  }),
  'carriers.map[].title': withDefault(orNothing(text({ maxLength: 255 })), null, {
    doc: "What the customer reads above the number; `null`: the file's own title, or else what it says of the carrier.",
    example: 'DHL Paket',
  }),
  'carriers.map[].link': withDefault(orNothing(linkTemplate), null, {
    doc: "The carrier's page for a number, which takes the place of `{number}`, without blanks and percent-encoded; it is what `{link}` stands for in the `comment` of an inbox. `null`: none.",
    example: 'https://www.dhl.de/de/privatkunden.html?piececode={number}',
  }),
  'sources[].says': needed(list(text({ maxLength: 255 })), {
    doc: 'What the file says of the warehouse; patterns of `*` and `?`, case and blanks aside. The first entry that fits counts; where there is any, a cell that none fits makes a bad row.',
    example: ['Berlin*', 'WH 2'],
  }),
  'sources[].code': needed(sourceCode, {
    doc: "Magento's code of the inventory source that is meant (Stores > Sources).",
    example: 'berlin',
  }),
  'storeViews[].says': needed(list(text({ maxLength: 255 })), {
    doc: 'What the file says of the shop; patterns of `*` and `?`, case and blanks aside. The first entry that fits counts; where there is any, a cell that none fits makes a bad row, a number too.',
    example: ['Acme DE'],
  }),
  'storeViews[].id': needed(storeViewId, {
    doc: "Magento's id of the store view that is meant (Stores > All Stores; the number in the address of the view).",
    example: 2,
  }),
} as const satisfies Readonly<Record<string, Option>>;

/** The path of an option within its profile. */
export type ProfilePath = keyof typeof PROFILE_OPTIONS;

/** What was written at a path, once its kind has read it. */
export type ProfileWritten<P extends ProfilePath> = WrittenOf<(typeof PROFILE_OPTIONS)[P]>;

/** The table as a list, for those who go through it. */
export const PROFILE_OPTION_LIST: OptionList = Object.entries(PROFILE_OPTIONS);
