import { fieldRequired, internalError, NO_SUCH_ENTITY, problem, type Result, typeInvalid } from './answer.ts';
import { readBody, TypeInvalidError, toNumber } from './body.ts';
import { ORDER_COLUMNS } from './order-view.ts';
import { type Columns, type Fields, parseFields, project, projectList, projectValue } from './projection.ts';
import { criteriaEcho, parseCriteria, parseQuery, search, type Table, UnknownColumnError } from './search.ts';
import { SHIPMENT_COLUMNS } from './shipment-view.ts';
import { prepareShipment, saveShipment } from './shipping.ts';
import type { Right } from './signing.ts';
import type { OrderRecord, ShipmentRecord, Store } from './store.ts';
import { addTrack, deleteTrack } from './tracks.ts';

/** The kinds in which requests are counted; `probe` is the daemon's question whether the shop is well. */
export const REQUEST_KINDS = [
  'orders',
  'shipments',
  'track',
  'ship',
  'untrack',
  'emails',
  'probe',
  'other',
] as const;
export type RequestKind = (typeof REQUEST_KINDS)[number];

/** A request that matched a route. */
export interface Route {
  readonly kind: RequestKind;
  readonly right: Right;
  readonly isWrite: boolean;
  /** The id in the path, as it came. */
  readonly id: string | null;
  readonly call: Call;
}

/** What is left of a request once route and rights are settled. */
export interface Arguments {
  readonly query: string;
  readonly body: string;
  readonly contentType: string | undefined;
}

/**
 * Checks a request and reads; a write comes back as the function that carries it out. Between the two a shop
 * without the order lock lets other requests in.
 */
type Call = (store: Store, id: string | null, args: Arguments) => Result | (() => Result);

/** A path below `/rest`, or why it has no route. */
export type PathMatch =
  | { readonly kind: 'route'; readonly route: Route }
  | { readonly kind: 'refused'; readonly refusal: Result }
  | { readonly kind: 'storefront' };

const NO_ROUTE: PathMatch = {
  kind: 'refused',
  refusal: problem(404, 'Request does not match any route.'),
};
const UNKNOWN_STORE: PathMatch = {
  kind: 'refused',
  refusal: problem(400, 'Specified request cannot be processed.'),
};

/** Finds the route of `/rest[/{store}]/V1/...`, with or without `index.php`. */
export function matchPath(method: string, path: string, storeCodes: ReadonlySet<string>): PathMatch {
  const parts = path.split('/').filter((part) => part !== '');
  if (parts[0] === 'index.php') parts.shift();
  if (parts.shift() !== 'rest') return { kind: 'storefront' };
  if (parts[0] !== 'V1') {
    const code = parts.shift();
    if (parts[0] !== 'V1') return NO_ROUTE;
    if (code === undefined || !storeCodes.has(code)) return UNKNOWN_STORE;
  }
  parts.shift();
  const ids: string[] = [];
  for (const route of ROUTES) {
    if (route.method !== method || route.parts.length !== parts.length) continue;
    ids.length = 0;
    const fits = route.parts.every(
      (part, i) => part === parts[i] || (part === ':id' && ids.push(parts[i] ?? '')),
    );
    if (fits) return { kind: 'route', route: { ...route.target, id: ids[0] ?? null } };
  }
  return NO_ROUTE;
}

interface RouteEntry {
  readonly method: string;
  readonly parts: readonly string[];
  readonly target: Omit<Route, 'id'>;
}

function entry(method: string, path: string, kind: RequestKind, right: Right, call: Call): RouteEntry {
  return { method, parts: path.split('/'), target: { kind, right, isWrite: method !== 'GET', call } };
}

const VIEW = 'Magento_Sales::actions_view';
const SHIPMENT = 'Magento_Sales::shipment';

/** More exact paths first: `shipment/track` would match `shipment/:id` otherwise. */
const ROUTES: readonly RouteEntry[] = [
  entry('POST', 'shipment/track', 'track', SHIPMENT, (store, _, args) =>
    withBody(args, (values) => () => addTrack(store, values)),
  ),
  entry('POST', 'order/:id/ship', 'ship', 'Magento_Sales::ship', (store, id, args) =>
    withBody(args, (values) =>
      withId(id, (orderId) => {
        const preparation = prepareShipment(store, orderId, values);
        if (preparation.kind === 'refused') return preparation.refusal;
        return () => saveShipment(store, preparation.shipment);
      }),
    ),
  ),
  entry('GET', 'orders', 'orders', VIEW, (store, _, args) => answerSearch(orderTable(store), args)),
  entry('GET', 'shipments', 'shipments', SHIPMENT, (store, _, args) =>
    answerSearch(shipmentTable(store), args),
  ),
  entry('GET', 'orders/:id', 'orders', VIEW, (store, id, args) =>
    withId(id, (orderId) => answerOne(ORDER_COLUMNS, store.orders.get(orderId), args)),
  ),
  entry('GET', 'shipment/:id', 'shipments', SHIPMENT, (store, id, args) =>
    withId(id, (shipmentId) => answerOne(SHIPMENT_COLUMNS, store.shipments.get(shipmentId), args)),
  ),
  entry('DELETE', 'shipment/track/:id', 'untrack', SHIPMENT, (store, id) =>
    withId(id, (trackId) => () => deleteTrack(store, trackId)),
  ),
  entry('POST', 'shipment/:id/emails', 'emails', SHIPMENT, (store, id, args) =>
    withBody(args, () =>
      withId(id, (shipmentId) => {
        const shipment = store.shipments.get(shipmentId);
        if (!shipment) return NO_SUCH_ENTITY;
        return () => {
          store.mail(shipment);
          return { status: 200, value: true };
        };
      }),
    ),
  ),
];

/** The question by which the daemon asks whether the shop is well: an order that cannot exist. */
export function isProbe(query: string): boolean {
  const filter = parseCriteria(parseQuery(query))?.groups[0]?.[0];
  return filter?.field === 'entity_id' && filter.condition === 'eq' && filter.value === '0';
}

function withBody(
  { body, contentType }: Arguments,
  call: (values: Readonly<Record<string, unknown>>) => Result | (() => Result),
): Result | (() => Result) {
  const read = readBody(body, contentType);
  return read.kind === 'refused' ? read.refusal : call(read.values);
}

function withId<Outcome>(id: string | null, call: (id: number) => Outcome): Outcome | Result {
  let number: number | null;
  try {
    number = toNumber(id, 'int');
  } catch (error) {
    if (error instanceof TypeInvalidError) return problem(400, typeInvalid(id, 'int'));
    throw error;
  }
  return call(number ?? 0);
}

function orderTable(store: Store): Table<OrderRecord> {
  return {
    columns: ORDER_COLUMNS,
    searchable: ORDER_SEARCHABLE,
    all: () => store.orders.values(),
    byIndex: (field, values) => {
      if (field === 'increment_id') return values.flatMap((value) => store.ordersByIncrementId(value));
      return field === 'entity_id' ? present(values, store.orders) : null;
    },
    id: (order) => order.entityId,
  };
}

function shipmentTable(store: Store): Table<ShipmentRecord> {
  return {
    columns: SHIPMENT_COLUMNS,
    searchable: SHIPMENT_SEARCHABLE,
    all: () => store.shipments.values(),
    byIndex: (field, values) => {
      if (field === 'order_id') return present(values, store.orders).flatMap((order) => order.shipments);
      return field === 'entity_id' ? present(values, store.shipments) : null;
    },
    id: (shipment) => shipment.entityId,
  };
}

function present<Row>(ids: readonly string[], rows: ReadonlyMap<number, Row>): Row[] {
  return ids.flatMap((id) => rows.get(Number.parseFloat(id)) ?? []);
}

const ORDER_SEARCHABLE = tableColumns(ORDER_COLUMNS, [
  'items',
  'billing_address',
  'payment',
  'status_histories',
  'extension_attributes',
]);
const SHIPMENT_SEARCHABLE = tableColumns(SHIPMENT_COLUMNS, [
  'items',
  'tracks',
  'comments',
  'packages',
  'extension_attributes',
]);

function tableColumns<Row>(columns: Columns<Row>, joined: readonly string[]): ReadonlySet<string> {
  return new Set(Object.keys(columns).filter((name) => !joined.includes(name)));
}

function answerSearch<Row>(table: Table<Row>, args: Arguments): Result {
  const query = parseQuery(args.query);
  const criteria = parseCriteria(query);
  if (!criteria) return fieldRequired('searchCriteria');
  const fields = wantedFields(query.fields);
  if (fields === 'unreadable') return { status: 200, value: [] };
  let found: ReturnType<typeof search<Row>>;
  try {
    found = search(table, criteria);
  } catch (error) {
    if (error instanceof UnknownColumnError) return internalError();
    throw error;
  }
  const { rows, totalCount } = found;
  const columns: Columns<null> = {
    items: (_, wanted) => projectList(table.columns, rows, wanted),
    search_criteria: (_, wanted) => projectValue(criteriaEcho(criteria), wanted),
    total_count: () => totalCount,
  };
  return { status: 200, value: project(columns, null, fields) };
}

function answerOne<Row>(columns: Columns<Row>, row: Row | undefined, args: Arguments): Result {
  if (row === undefined) return NO_SUCH_ENTITY;
  const fields = wantedFields(parseQuery(args.query).fields);
  return { status: 200, value: fields === 'unreadable' ? [] : project(columns, row, fields) };
}

function wantedFields(parameter: unknown): Fields | null | 'unreadable' {
  if (typeof parameter !== 'string') return null;
  return parseFields(parameter) ?? 'unreadable';
}
