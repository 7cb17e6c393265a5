import { fieldRequired, internalError, NO_SUCH_ENTITY, type Result } from './answer.ts';
import { ORDER_COLUMNS } from './order-view.ts';
import { type Columns, type Fields, parseFields, project, projectList, projectValue } from './projection.ts';
import { criteriaEcho, parseCriteria, parseQuery, search, type Table, UnknownColumnError } from './search.ts';
import { SHIPMENT_COLUMNS } from './shipment-view.ts';
import type { OrderRecord, ShipmentRecord, Store } from './store.ts';

/** GET /V1/orders; `query` is raw, as in all of these. */
export function findOrders(store: Store, query: string): Result {
  return answerSearch(orderTable(store), query);
}

/** GET /V1/shipments. */
export function findShipments(store: Store, query: string): Result {
  return answerSearch(shipmentTable(store), query);
}

/** GET /V1/orders/:id. */
export function readOrder(store: Store, id: number, query: string): Result {
  return answerOne(ORDER_COLUMNS, store.orders.get(id), query);
}

/** GET /V1/shipment/:id. */
export function readShipment(store: Store, id: number, query: string): Result {
  return answerOne(SHIPMENT_COLUMNS, store.shipments.get(id), query);
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

function answerSearch<Row>(table: Table<Row>, rawQuery: string): Result {
  const query = parseQuery(rawQuery);
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

function answerOne<Row>(columns: Columns<Row>, row: Row | undefined, rawQuery: string): Result {
  if (row === undefined) return NO_SUCH_ENTITY;
  const fields = wantedFields(parseQuery(rawQuery).fields);
  return { status: 200, value: fields === 'unreadable' ? [] : project(columns, row, fields) };
}

function wantedFields(parameter: unknown): Fields | null | 'unreadable' {
  if (typeof parameter !== 'string') return null;
  return parseFields(parameter) ?? 'unreadable';
}
