/** Shops may refuse larger pages (2.4.3, 2.3.7-p1 and others: 300), and some default to 20. */
export const PAGE_SIZE = 100;

/**
 * Encoded characters of the values of one search. nginx takes a request line of 8 KiB by default (recordings
 * orders-in-600-url-length, orders-in-700-url-length); the rest of the line needs below 800.
 */
const MAX_VALUE_LENGTH = 6_000;

/** A page of Magento's search by one field (SearchCriteriaInterface, `in`). */
export interface Search {
  readonly resource: 'orders' | 'shipments';
  readonly field: string;
  /** Several are joined by commas, so that none may hold one; see `windowsOf`. */
  readonly values: readonly (string | number)[];
  /** Counted from 1. */
  readonly page: number;
  readonly pageSize: number;
  /** What comes back: letters, digits, `_ [ ] ,` only. Magento answers with nothing to any other character. */
  readonly fields: string;
}

/** The path of a search below `/V1/`, sorted by `entity_id`, since pages have no order of their own. */
export function searchPath(search: Search): string {
  const { resource, field, values, page, pageSize, fields } = search;
  const value = encodeURIComponent(values.join(','));
  const condition = values.length === 1 ? 'eq' : 'in';
  return (
    `${resource}?${FILTER}%5Bfield%5D=${field}&${FILTER}%5Bvalue%5D=${value}&${FILTER}%5BconditionType%5D=${condition}` +
    `&${SORT}%5Bfield%5D=entity_id&${SORT}%5Bdirection%5D=ASC` +
    `&searchCriteria%5BpageSize%5D=${pageSize}&searchCriteria%5BcurrentPage%5D=${page}` +
    `&fields=${encodeURIComponent(fields)}`
  );
}

const FILTER = 'searchCriteria%5BfilterGroups%5D%5B0%5D%5Bfilters%5D%5B0%5D';
const SORT = 'searchCriteria%5BsortOrders%5D%5B0%5D';

const NOTHING = {
  field: 'entity_id',
  values: [0],
  page: 1,
  pageSize: 1,
  fields: 'items[entity_id],total_count',
} as const;

/** An order that cannot exist: the cheapest question that Magento's database has to answer. */
export const PROBE_PATH = searchPath({ ...NOTHING, resource: 'orders' });

/** The same for a shipment, which needs another right. */
export const SHIPMENTS_PROBE_PATH = searchPath({ ...NOTHING, resource: 'shipments' });

/**
 * Divides values into searches of up to `most`, each short enough for a request line. A value with a comma goes
 * alone: `in` would take it for two.
 */
export function windowsOf(values: readonly string[], most: number): string[][] {
  const windows: string[][] = [];
  let window: string[] = [];
  let length = 0;
  for (const value of values) {
    if (value.includes(',')) {
      windows.push([value]);
      continue;
    }
    const valueLength = encodeURIComponent(value).length + ENCODED_COMMA;
    if (window.length === most || (window.length > 0 && length + valueLength > MAX_VALUE_LENGTH)) {
      windows.push(window);
      window = [];
      length = 0;
    }
    window.push(value);
    length += valueLength;
  }
  if (window.length > 0) windows.push(window);
  return windows;
}

const ENCODED_COMMA = 3;
