/** What a column of a file can mean to us. */
export const COLUMN_ROLES = [
  'order',
  'tracking',
  'carrier',
  'carrierCode',
  'title',
  'sku',
  'quantity',
  'shipment',
  'storeView',
  'source',
] as const;

/** What a column of a file may be for. */
export type ColumnRole = (typeof COLUMN_ROLES)[number];

/**
 * Where a column stands: under one of these names (compared without case, blanks, `_`, `-` and dots), or at a
 * position counted from 1.
 */
export type ColumnRef =
  | { readonly kind: 'name'; readonly names: readonly string[] }
  | { readonly kind: 'position'; readonly position: number };

/** Where a role's column stands; `auto`: found by the names that are known for it; `none`: the file has none. */
export type ColumnChoice = ColumnRef | 'auto' | 'none';

/** The encodings that a file can be read in, by the names of the WHATWG Encoding Standard. */
export type ProfileEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' | 'iso-8859-1';

/** The delimiters by the names that a profile has for them. */
export const DELIMITERS = { comma: ',', semicolon: ';', tab: '\t', pipe: '|' } as const;

/** A character that parts the fields of a record. */
export type Delimiter = (typeof DELIMITERS)[keyof typeof DELIMITERS];

/** How a file of one 3PL is read, as decided: every key has its value. */
export interface Profile {
  readonly name: string;
  /** Whose files these are, in words. */
  readonly about: string;
  /** `own`: from the configuration; `preset`: comes with Trackdrop; `plain`: what holds where nothing else fits. */
  readonly origin: 'own' | 'preset' | 'plain';
  /** With `profile: auto`: names of files that are surely of this kind; patterns of `*` and `?`, case aside. */
  readonly files: readonly string[];
  /** With `profile: auto`: names of columns that together say that a file is of this kind. */
  readonly headers: readonly string[];
  readonly encoding: ProfileEncoding | 'auto';
  readonly delimiter: Delimiter | 'auto';
  /** False: a quote is a character like any other. */
  readonly quotes: boolean;
  /** `none`: the first line is a row already. */
  readonly header: 'auto' | 'none';
  /** The column, counted from 1, that takes the rest of the line with its delimiters, where nothing is quoted. */
  readonly restColumn: number | null;
  readonly columns: Readonly<Record<ColumnRole, ColumnChoice>>;
  readonly order: OrderRules;
  readonly tracking: NumberRules;
  readonly split: SplitRules;
  readonly rows: readonly RowRule[];
  /** `warn`: long numbers that end in zeros, as Excel leaves them, are taken all the same; exponents never are. */
  readonly excelDamage: 'refuse' | 'warn';
  readonly carriers: CarrierRules;
  /** Which inventory source the files' words mean; empty: they hold Magento's codes. The first entry that fits counts. */
  readonly sources: readonly SourceEntry[];
  /** Which store view the files' words mean; empty: they hold Magento's ids. The first entry that fits counts. */
  readonly storeViews: readonly StoreViewEntry[];
}

/** What is done to a number of a cell, in this order, before it counts as one. */
export interface NumberRules {
  /** The first one that fits is taken off; case aside. */
  readonly stripPrefixes: readonly string[];
  readonly stripSuffixes: readonly string[];
  /**
   * RE2 syntax; what its first group matches, or else the whole match, is the number. A number without a match is bad.
   */
  readonly pattern: string | null;
}

/** How an order number is made from what the file has. */
export interface OrderRules extends NumberRules {
  /** Zeros are put before a number of digits that is shorter. */
  readonly padTo: number | null;
}

/** What stands between several numbers in one cell; `auto`: what surely stands between two; null: never split. */
interface SplitRules {
  readonly order: 'auto' | string | null;
  readonly tracking: 'auto' | string | null;
}

/** Which rows count. Values are patterns of `*` and `?`, case and spacing aside; an empty one is an empty cell. */
export interface RowRule {
  readonly column: ColumnRef;
  /** Only rows with one of these; empty: any. */
  readonly only: readonly string[];
  /** No rows with one of these. */
  readonly skip: readonly string[];
}

/** How the carrier of a row is told. */
export interface CarrierRules {
  /** Magento's carrier code of rows that no entry fits; null: the inbox's. */
  readonly default: string | null;
  /** Above the number, where the file says nothing; null: the inbox's. */
  readonly defaultTitle: string | null;
  /** Template of the page of a number that no entry fits, see CarrierEntry; null: it has none. */
  readonly defaultLink: string | null;
  /** The first entry that fits counts. */
  readonly map: readonly CarrierEntry[];
  /** Where the file names no carrier, tell it from the number. */
  readonly recognise: boolean;
}

/** What one carrier is called in the files. */
export interface CarrierEntry {
  /** What the file says: patterns of `*` and `?`, case and spacing aside. */
  readonly says: readonly string[];
  /** Magento's carrier code. */
  readonly code: string;
  /** What the customer reads; null: the file's own title, or else what it says of the carrier. */
  readonly title: string | null;
  /** Address of the carrier's page for a number, with `{number}` once; null: its numbers have none. */
  readonly link: string | null;
}

/** What one inventory source is called in the files. */
export interface SourceEntry {
  /** Patterns of `*` and `?`, case and spacing aside. */
  readonly says: readonly string[];
  /** Magento's code of it. */
  readonly code: string;
}

/** What one store view is called in the files. */
export interface StoreViewEntry {
  /** Patterns of `*` and `?`, case and spacing aside. */
  readonly says: readonly string[];
  /** Magento's id of it. */
  readonly id: number;
}

/** What holds of a profile where nothing is said. */
export const PLAIN: Profile = {
  name: 'plain',
  about: 'Any file whose header names order and tracking number in a way that is known',
  origin: 'plain',
  files: [],
  headers: [],
  encoding: 'auto',
  delimiter: 'auto',
  quotes: true,
  header: 'auto',
  restColumn: null,
  columns: {
    order: 'auto',
    tracking: 'auto',
    carrier: 'auto',
    carrierCode: 'auto',
    title: 'auto',
    sku: 'auto',
    quantity: 'auto',
    shipment: 'auto',
    storeView: 'auto',
    source: 'auto',
  },
  order: { stripPrefixes: [], stripSuffixes: [], pattern: null, padTo: null },
  tracking: { stripPrefixes: [], stripSuffixes: [], pattern: null },
  split: { order: 'auto', tracking: 'auto' },
  rows: [],
  excelDamage: 'refuse',
  carriers: { default: null, defaultTitle: null, defaultLink: null, map: [], recognise: false },
  sources: [],
  storeViews: [],
};

/** The profiles that a file may be read by. */
export interface ProfileChoice {
  /** The one that the inbox names; null: `auto`. */
  readonly fixed: Profile | null;
  /** For `auto`: those of the configuration first, then the presets. */
  readonly known: readonly Profile[];
}

/** Which profile read a file, and why that one, in words for the log and the report. */
export interface ChosenProfile {
  readonly name: string;
  readonly why: string;
}

/** The columns without which nothing can be read, where there is no header to find them by. */
export function positionsMissing({ header, columns }: Profile): ('order' | 'tracking')[] {
  if (header === 'auto') return [];
  return (['order', 'tracking'] as const).filter((role) => typeof columns[role] === 'string');
}
