import { parse as parseQueryString } from 'node:querystring';
import type { Columns } from './projection.ts';
import { collationKey } from './store.ts';

/** A `searchCriteria` as asked; what was left out is left out of the answer's echo too. */
interface SearchCriteria {
  readonly groups: readonly (readonly Filter[])[];
  readonly sortOrders: readonly { readonly field: string; readonly direction: 'ASC' | 'DESC' }[];
  readonly pageSize: number | undefined;
  readonly currentPage: number | undefined;
}

/** A condition of Magento's search, as it stands in the query. */
export interface Filter {
  readonly field: string;
  readonly value: string;
  readonly condition: string;
}

type Tree = { [key: string]: Tree | string };

/** Parameters of a query string, nested by their brackets as PHP does it. */
export function parseQuery(query: string): Tree {
  const root: Tree = Object.create(null);
  // 0: no limit. Node's own of 1,000 would drop filters without a word.
  for (const [name, values] of Object.entries(parseQueryString(query, '&', '=', { maxKeys: 0 }))) {
    const value = Array.isArray(values) ? values.at(-1) : values;
    const open = name.indexOf('[');
    const path = open > 0 ? [name.slice(0, open), ...brackets(name.slice(open))] : [name];
    let level = root;
    for (const key of path.slice(0, -1)) {
      const next = level[key];
      if (typeof next === 'object') {
        level = next;
      } else {
        const inner: Tree = Object.create(null);
        level[key] = inner;
        level = inner;
      }
    }
    level[path.at(-1) ?? ''] = value ?? '';
  }
  return root;
}

function brackets(text: string): string[] {
  return [...text.matchAll(/\[([^\]]*)\]/gu)].map(([, key]) => key ?? '');
}

/** The criteria of a request, in camel or snake case; null where the parameter is missing. */
export function parseCriteria(query: Tree): SearchCriteria | null {
  const raw = query.searchCriteria ?? query.search_criteria;
  if (raw === undefined) return null;
  const criteria: Tree = typeof raw === 'string' ? {} : raw;
  const groups = branches(criteria.filterGroups ?? criteria.filter_groups).map((group) =>
    branches(group.filters).map((filter) => ({
      field: leaf(filter.field) ?? '',
      value: leaf(filter.value) ?? '',
      condition: leaf(filter.conditionType ?? filter.condition_type) ?? 'eq',
    })),
  );
  const sortOrders = branches(criteria.sortOrders ?? criteria.sort_orders).map((order) => {
    const direction = leaf(order.direction)?.toUpperCase() === 'ASC' ? ('ASC' as const) : ('DESC' as const);
    return { field: leaf(order.field) ?? '', direction };
  });
  return {
    groups,
    sortOrders,
    pageSize: count(criteria.pageSize ?? criteria.page_size),
    currentPage: count(criteria.currentPage ?? criteria.current_page),
  };
}

function branches(tree: Tree | string | undefined): Tree[] {
  if (typeof tree !== 'object') return [];
  return Object.values(tree).filter((branch) => typeof branch === 'object');
}

function leaf(value: Tree | string | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function count(value: Tree | string | undefined): number | undefined {
  const text = leaf(value);
  return text === undefined ? undefined : Math.trunc(Number(text)) || 0;
}

/** The criteria as a search answer repeats them. */
export function criteriaEcho(criteria: SearchCriteria): Record<string, unknown> {
  const { groups, sortOrders, pageSize, currentPage } = criteria;
  return {
    filter_groups: groups.map((filters) => ({
      filters: filters.map(({ field, value, condition }) => ({ field, value, condition_type: condition })),
    })),
    ...(sortOrders.length > 0 ? { sort_orders: sortOrders } : {}),
    ...(pageSize === undefined ? {} : { page_size: pageSize }),
    ...(currentPage === undefined ? {} : { current_page: currentPage }),
  };
}

/** A column that the table does not have: the database refuses the query, the web API says 500. */
export class UnknownColumnError extends Error {}

/** A table with the columns that can be searched and an index or two. */
export interface Table<Row> {
  readonly columns: Columns<Row>;
  /** Columns of the table itself; all others can only be read. */
  readonly searchable: ReadonlySet<string>;
  all(): Iterable<Row>;
  /** The rows with one of these values, or null where this column has no index. */
  byIndex(field: string, values: readonly string[]): Iterable<Row> | null;
  id(row: Row): number;
}

/** A page of rows, and how many there are on all pages. */
export interface Found<Row> {
  readonly rows: readonly Row[];
  readonly totalCount: number;
}

/** Groups are AND, filters within a group OR; without a sort order the primary key's. */
export function search<Row>(table: Table<Row>, criteria: SearchCriteria): Found<Row> {
  const { groups, sortOrders } = criteria;
  for (const { field } of [...groups.flat(), ...sortOrders]) {
    if (!table.searchable.has(field)) throw new UnknownColumnError(field);
  }
  const tests = groups
    .filter((filters) => filters.length > 0)
    .map((filters) => filters.map((filter) => test(table, filter)));
  const candidates = new Set(startingRows(table, groups));
  const rows = [...candidates].filter((row) => tests.every((group) => group.some((matches) => matches(row))));
  rows.sort(comparison(table, sortOrders));
  const size = criteria.pageSize || rows.length;
  const first = (Math.max(criteria.currentPage ?? 1, 1) - 1) * size;
  return { rows: rows.slice(first, first + size), totalCount: rows.length };
}

function startingRows<Row>(table: Table<Row>, groups: readonly (readonly Filter[])[]): Iterable<Row> {
  for (const filters of groups) {
    const filter = filters[0];
    if (filters.length !== 1 || !filter || (filter.condition !== 'eq' && filter.condition !== 'in')) continue;
    const values = filter.condition === 'in' ? filter.value.split(',') : [filter.value];
    const indexed = table.byIndex(filter.field, values);
    if (indexed) return indexed;
  }
  return table.all();
}

function comparison<Row>(table: Table<Row>, orders: SearchCriteria['sortOrders']) {
  return (a: Row, b: Row): number => {
    for (const { field, direction } of orders) {
      const difference = compare(table.columns[field]?.(a, null), table.columns[field]?.(b, null));
      if (difference !== 0) return direction === 'ASC' ? difference : -difference;
    }
    return table.id(a) - table.id(b);
  };
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [collationKey(String(a ?? '')), collationKey(String(b ?? ''))];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** An unknown condition finds nothing and is no error (orders-invalid-condition). */
function test<Row>(table: Table<Row>, { field, value, condition }: Filter): (row: Row) => boolean {
  const column = (row: Row) => table.columns[field]?.(row, null);
  switch (condition) {
    case 'eq':
      return among(column, [value], true);
    case 'neq':
      return among(column, [value], false);
    case 'in':
    case 'finset':
      return among(column, value.split(','), true);
    case 'nin':
      return among(column, value.split(','), false);
    case 'gt':
      return (row) => order(column(row), value) > 0;
    case 'gteq':
    case 'moreq':
    case 'from':
      return (row) => order(column(row), value) >= 0;
    case 'lt':
      return (row) => order(column(row), value) < 0;
    case 'lteq':
    case 'to':
      return (row) => order(column(row), value) <= 0;
    case 'like': {
      const pattern = likePattern(value);
      return (row) => pattern.test(collationKey(String(column(row) ?? '')));
    }
    case 'nlike': {
      const pattern = likePattern(value);
      return (row) => !pattern.test(collationKey(String(column(row) ?? '')));
    }
    case 'null':
      return (row) => column(row) === undefined;
    case 'notnull':
      return (row) => column(row) !== undefined;
    default:
      return () => false;
  }
}

/** Whether the column's value is one of these; null is neither in nor out. */
function among<Row>(column: (row: Row) => unknown, values: readonly string[], wanted: boolean) {
  const keys = new Set(values.map(collationKey));
  const numbers = new Set(values.map(asNumber));
  return (row: Row): boolean => {
    const stored = column(row);
    if (stored === undefined || stored === null) return false;
    const found = typeof stored === 'number' ? numbers.has(stored) : keys.has(collationKey(String(stored)));
    return found === wanted;
  };
}

/** A column's value against a text, as the database casts it; NaN, which no comparison likes, for null. */
function order(stored: unknown, wanted: string): number {
  if (stored === undefined || stored === null) return Number.NaN;
  return typeof stored === 'number' ? stored - asNumber(wanted) : compare(stored, wanted);
}

/** MySQL reads the digits at the start of a text and calls everything else zero. */
function asNumber(text: string): number {
  return Number.parseFloat(text) || 0;
}

function likePattern(value: string): RegExp {
  const escaped = collationKey(value).replace(/[.*+?^${}()|[\]\\]/gu, '\\$&');
  return new RegExp(`^${escaped.replaceAll('%', '.*').replaceAll('_', '.')}$`, 'su');
}
