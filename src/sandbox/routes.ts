import type { AdminUsers } from './admin-users.ts';
import { NO_ROUTE, NO_SUCH_ENTITY, problem, type Result, typeInvalid } from './answer.ts';
import { readBody, TypeInvalidError, toNumber } from './body.ts';
import type { Right } from './caller.ts';
import { findOrders, findShipments, readOrder, readShipment } from './reading.ts';
import { parseCriteria, parseQuery } from './search.ts';
import { addShipmentEntity } from './shipment-entity.ts';
import { prepareShipment, saveShipment } from './shipping.ts';
import type { Store } from './store.ts';
import { addTrack, deleteTrack } from './tracks.ts';

/** The kinds in which requests are counted; `probe` is the daemon's question whether the shop is well. */
export const REQUEST_KINDS = [
  'orders',
  'shipments',
  'track',
  'ship',
  'untrack',
  'emails',
  'signIn',
  'probe',
  'other',
] as const;
/** See REQUEST_KINDS. */
export type RequestKind = (typeof REQUEST_KINDS)[number];

/** A request that matched a route. */
export interface Route {
  readonly kind: RequestKind;
  /** Null: open to everybody, Magento's `anonymous`. */
  readonly right: Right | null;
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
type Call = (shop: Shop, id: string | null, args: Arguments) => Result | (() => Result);

/** What requests read and change. */
export interface Shop {
  readonly store: Store;
  readonly admins: AdminUsers;
}

/** A path below `/rest`, or why it has no route. */
export type PathMatch =
  | { readonly kind: 'route'; readonly route: Route }
  | { readonly kind: 'refused'; readonly refusal: Result }
  | { readonly kind: 'storefront' };

const UNKNOWN_PATH: PathMatch = { kind: 'refused', refusal: NO_ROUTE };
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
    if (parts[0] !== 'V1') return UNKNOWN_PATH;
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
  return UNKNOWN_PATH;
}

interface RouteEntry {
  readonly method: string;
  readonly parts: readonly string[];
  readonly target: Omit<Route, 'id'>;
}

function entry(method: string, path: string, kind: RequestKind, right: Right | null, call: Call): RouteEntry {
  return { method, parts: path.split('/'), target: { kind, right, isWrite: method !== 'GET', call } };
}

const VIEW = 'Magento_Sales::actions_view';
const SHIPMENT = 'Magento_Sales::shipment';

/** More exact paths first: `shipment/track` would match `shipment/:id` otherwise. */
const ROUTES: readonly RouteEntry[] = [
  entry('POST', 'shipment/track', 'track', SHIPMENT, ({ store }, _, args) =>
    withBody(args, (values) => () => addTrack(store, values)),
  ),
  entry('POST', 'order/:id/ship', 'ship', 'Magento_Sales::ship', ({ store }, id, args) =>
    withBody(args, (values) =>
      withId(id, (orderId) => {
        const preparation = prepareShipment(store, orderId, values);
        if (preparation.kind === 'refused') return preparation.refusal;
        return () => saveShipment(store, preparation.shipment);
      }),
    ),
  ),
  entry('GET', 'orders', 'orders', VIEW, ({ store }, _, { query }) => findOrders(store, query)),
  entry('GET', 'shipments', 'shipments', SHIPMENT, ({ store }, _, { query }) => findShipments(store, query)),
  entry('GET', 'orders/:id', 'orders', VIEW, ({ store }, id, { query }) =>
    withId(id, (orderId) => readOrder(store, orderId, query)),
  ),
  entry('GET', 'shipment/:id', 'shipments', SHIPMENT, ({ store }, id, { query }) =>
    withId(id, (shipmentId) => readShipment(store, shipmentId, query)),
  ),
  entry('DELETE', 'shipment/track/:id', 'untrack', SHIPMENT, ({ store }, id) =>
    withId(id, (trackId) => () => deleteTrack(store, trackId)),
  ),
  entry('POST', 'shipment/:id/emails', 'emails', SHIPMENT, ({ store }, id, args) =>
    withBody(args, () =>
      withId(id, (shipmentId) => {
        const shipment = store.shipments.get(shipmentId);
        if (!shipment) return NO_SUCH_ENTITY;
        return () => ({ status: 200, value: store.mailbox.mail(shipment) });
      }),
    ),
  ),
  entry('POST', 'shipment', 'other', SHIPMENT, ({ store }, _, args) =>
    withBody(args, (values) => () => addShipmentEntity(store, values)),
  ),
  entry('POST', 'integration/admin/token', 'signIn', null, ({ admins }, _, args) =>
    withBody(args, (values) => () => admins.signIn(values)),
  ),
  entry('POST', 'tfa/provider/google/authenticate', 'signIn', null, ({ admins }, _, args) =>
    withBody(args, (values) => () => admins.signInWithCode(values)),
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
